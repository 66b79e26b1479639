//! From what Kinetic says it has to the level that the store may offer. Pure.

use std::collections::BTreeMap;

use connector_bigcommerce::MOST_STOCK;
use connector_kinetic::{BaqStockRow, StockRow, UnitRow};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::rules::Formula;

/// What can be sold of a part in one warehouse, in the unit that its stock is counted in. It may be below nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InWarehouse {
    pub(super) part_num: String,
    pub(super) warehouse: String,
    pub(super) available: Decimal,
    /// Of the row, where it has one.
    pub(super) revision: Option<i64>,
}

/// The formula needs a column that the query does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotTold;

impl InWarehouse {
    /// By a row of the flat set, which knows only some of what a query can tell; the rules let only these formulas be used with it.
    pub(super) fn of_search(row: &StockRow, formula: Formula) -> Self {
        let picked = row.sales_reserved + row.sales_picking + row.sales_picked;
        let taken = match formula {
            Formula::Reserved => row.allocated.max(picked),
            Formula::Allocated | Formula::Demand | Formula::Query => row.allocated,
        };
        Self::new(&row.key.part_num, &row.key.warehouse, row.on_hand - taken, None)
    }

    /// By a row of a query.
    pub(super) fn of_query(row: &BaqStockRow, formula: Formula) -> Result<Self, NotTold> {
        let picked = row.sales_reserved + row.picking + row.picked;
        let available = match formula {
            Formula::Demand => row.on_hand - (row.demand - row.buy_to_order),
            Formula::Allocated => row.on_hand - row.allocated,
            Formula::Reserved => row.on_hand - row.allocated.max(picked),
            Formula::Query => row.available.ok_or(NotTold)?,
        };
        Ok(Self::new(&row.key.part_num, &row.key.warehouse, available, Some(row.revision.0)))
    }

    fn new(part_num: &str, warehouse: &str, available: Decimal, revision: Option<i64>) -> Self {
        let (part_num, warehouse) = (part_num.trim_end().to_owned(), warehouse.trim().to_uppercase());
        Self { part_num, warehouse, available, revision }
    }
}

/// The formula with the numbers of a row, for a person.
pub(super) fn arithmetic_of_query(row: &BaqStockRow, formula: Formula) -> String {
    let BaqStockRow { on_hand, demand, buy_to_order, allocated, sales_reserved, picking, picked, .. } = row;
    match formula {
        Formula::Demand => format!(
            "OnHandQty {} − (DemandQty {} − BuyToOrderQty {})",
            on_hand.normalize(),
            demand.normalize(),
            buy_to_order.normalize()
        ),
        Formula::Allocated => {
            format!("OnHandQty {} − AllocatedQty {}", on_hand.normalize(), allocated.normalize())
        }
        Formula::Reserved => format!(
            "OnHandQty {} − the larger of AllocatedQty {} and SalesReservedQty {} + PickingQty {} + PickedQty {}",
            on_hand.normalize(),
            allocated.normalize(),
            sales_reserved.normalize(),
            picking.normalize(),
            picked.normalize()
        ),
        Formula::Query => match row.available {
            Some(available) => format!("Calculated_Available {}", available.normalize()),
            None => "the query has no Calculated_Available".to_owned(),
        },
    }
}

/// The same for a row of the flat set.
pub(super) fn arithmetic_of_search(row: &StockRow, formula: Formula) -> String {
    let StockRow { on_hand, allocated, sales_reserved, sales_picking, sales_picked, .. } = row;
    match formula {
        Formula::Reserved => format!(
            "OnHandQty {} − the larger of AllocQty {} and SalesReservedQty {} + SalesPickingQty {} + SalesPickedQty {}",
            on_hand.normalize(),
            allocated.normalize(),
            sales_reserved.normalize(),
            sales_picking.normalize(),
            sales_picked.normalize()
        ),
        Formula::Allocated | Formula::Demand | Formula::Query => {
            format!("OnHandQty {} − AllocQty {}", on_hand.normalize(), allocated.normalize())
        }
    }
}

/// How many of the unit that stock is counted in make one of the unit it is sold in, as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Conversion {
    many: Decimal,
    per: Decimal,
}

impl Conversion {
    /// Both are the same unit.
    pub(super) const SAME: Self = Self { many: Decimal::ONE, per: Decimal::ONE };

    /// From the part's units (`docs/facts/kinetic.md` §5.1); `None` if one of the two is not among them, or makes no sense.
    pub(super) fn of(units: &[&UnitRow], stock_um: &str, sales_um: &str) -> Option<Self> {
        if same(stock_um, sales_um) {
            return Some(Self::SAME);
        }
        let in_base = |wanted: &str| {
            let unit = units.iter().find(|unit| same(&unit.uom, wanted))?;
            let factor = Some(unit.factor).filter(|factor| *factor > Decimal::ZERO)?;
            match unit.operator.trim() {
                "*" => Some((factor, Decimal::ONE)),
                "\\" | "/" => Some((Decimal::ONE, factor)),
                _ => None,
            }
        };
        let (stock, sales) = (in_base(stock_um)?, in_base(sales_um)?);
        Some(Self { many: sales.0.checked_mul(stock.1)?, per: sales.1.checked_mul(stock.0)? })
    }

    /// How many whole units can be sold of `available`: rounded down, so that no part of one is.
    pub(super) fn whole(self, available: Decimal) -> i64 {
        let (Some(top), true) = (available.checked_mul(self.per), self.many > Decimal::ZERO) else {
            return 0;
        };
        let Some(mut whole) = top.checked_div(self.many).map(|whole| whole.floor()) else { return 0 };
        // A quotient of 28 digits may have been rounded up to the next whole.
        if whole.checked_mul(self.many).is_none_or(|back| back > top) {
            whole -= Decimal::ONE;
        }
        whole.to_i64().unwrap_or(if whole > Decimal::ZERO { i64::MAX } else { 0 })
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// What each location may offer: never below nothing, never more than the store takes, and in all of them never more than there is.
///
/// From `sellable`, whole units by location, `buffer` is kept back at each. What the store has sold and Kinetic does not know, `owed`, is
/// taken off the locations in the order of their numbers, and so is what is missing elsewhere: the store does not say from which it sold.
pub(super) fn levels(sellable: &BTreeMap<u64, i64>, owed: Decimal, buffer: u32) -> BTreeMap<u64, u32> {
    let kept = |units: i64| units.saturating_sub(buffer.into());
    let missing = sellable.values().map(|units| (*units).min(0)).fold(0_i64, i64::saturating_add);
    let mut off = owed.max(Decimal::ZERO).ceil().to_i64().unwrap_or(i64::MAX).saturating_sub(missing);
    let mut levels = BTreeMap::new();
    for (location, units) in sellable {
        let here = kept(*units).max(0);
        let taken = off.min(here);
        off = off.saturating_sub(taken);
        let level = u32::try_from(here.saturating_sub(taken)).unwrap_or(MOST_STOCK).min(MOST_STOCK);
        levels.insert(*location, level);
    }
    levels
}

#[cfg(test)]
mod tests;
