//! What orders take of the stock: demand, and what the warehouse has reserved, picks and has picked
//! (`docs/facts/kinetic.md` §5.2).

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::kinetic::{
    catalogue_seed::Stock,
    company::{Company, Order},
    row::Row,
};

/// What the warehouse has set aside for a line, in the unit that is kept in stock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Allocation {
    reserved: Decimal,
    picking: Decimal,
    picked: Decimal,
}

/// A step of the warehouse.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Reserve,
    StartPicking,
    Pick,
}

impl Allocation {
    fn total(&self) -> Decimal {
        self.reserved + self.picking + self.picked
    }

    /// Takes up to `quantity` out, of what is furthest first.
    pub(super) fn take(&mut self, quantity: Decimal) {
        let mut left = quantity;
        for part in [&mut self.picked, &mut self.picking, &mut self.reserved] {
            let taken = left.min(*part);
            *part -= taken;
            left -= taken;
        }
    }
}

/// What an order takes of one stock row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Need {
    outstanding: Decimal,
    buy_to_order: Decimal,
    shipped: Decimal,
    allocated: Allocation,
}

type Needs<'a> = BTreeMap<(&'a str, &'a str), Need>;

/// What of a release has still to leave the stock.
fn outstanding(release: &Row) -> Decimal {
    if !release.flag("OpenRelease") {
        return Decimal::ZERO;
    }
    (release.decimal("OurStockQty") - release.decimal("OurStockShippedQty")).max(Decimal::ZERO)
}

fn needs(order: &Order) -> Needs<'_> {
    let mut needs = Needs::new();
    for release in &order.releases {
        let need = needs.entry((release.text("PartNum"), release.text("WarehouseCode"))).or_default();
        let open = outstanding(release);
        need.outstanding += open;
        need.shipped += release.decimal("OurStockShippedQty");
        if release.flag("BuyToOrder") {
            need.buy_to_order += open;
        }
        // A line has one release here (§8.1).
        if let Some(part) = order.allocated.get(&release.key("OrderLine")) {
            need.allocated.reserved += part.reserved;
            need.allocated.picking += part.picking;
            need.allocated.picked += part.picked;
        }
    }
    needs
}

impl Company {
    /// Stores an order, and lets the stock rows of its releases follow.
    pub(crate) fn keep(&mut self, mut order: Order) {
        let open: BTreeMap<i32, Decimal> =
            order.releases.iter().map(|row| (row.key("OrderLine"), outstanding(row))).collect();
        order.allocated.retain(|line, allocated| {
            let open = open.get(line).copied().unwrap_or_default();
            allocated.take((allocated.total() - open).max(Decimal::ZERO));
            !allocated.total().is_zero()
        });
        let order_num = order.head.key("OrderNum");
        let before = self.orders.get(&order_num).map(needs).unwrap_or_default();
        let after = needs(&order);
        let touched: BTreeSet<(&str, &str)> = before.keys().chain(after.keys()).copied().collect();
        let moves: Vec<(String, String, Need, Need)> = touched
            .into_iter()
            .map(|at| {
                (
                    at,
                    before.get(&at).copied().unwrap_or_default(),
                    after.get(&at).copied().unwrap_or_default(),
                )
            })
            .filter(|(_, before, after)| before != after)
            .map(|((part, warehouse), before, after)| (part.to_owned(), warehouse.to_owned(), before, after))
            .collect();
        self.orders.insert(order_num, order);
        for (part, warehouse, before, after) in moves {
            self.move_stock(&part, &warehouse, &before, &after);
        }
    }

    fn move_stock(&mut self, part: &str, warehouse: &str, before: &Need, after: &Need) {
        // Kits have no stock of their own.
        let stocked =
            |row: &Row| !row.flag("NonStock") && row.flag("QtyBearing") && row.text("TypeCode") != "K";
        if warehouse.is_empty() || !self.find("Part", "PartNum", part).is_some_and(stocked) {
            return;
        }
        if self.stock(part, warehouse).is_none() {
            self.add_stock(&Stock::new(part, warehouse, Decimal::ZERO));
        }
        let Some(mut row) = self.stock(part, warehouse).cloned() else { return };
        let free = |need: &Need| need.outstanding - need.allocated.total();
        let at_once = if self.config.orders_allocate { Decimal::ONE } else { Decimal::ZERO };
        let all = |need: &Need| need.allocated.total() + free(need) * at_once;
        let mut add = |columns: &[&str], more: Decimal| {
            for column in columns {
                row.set(column, row.decimal(column) + more);
            }
        };
        add(&["DemandQty", "SalesDemandQty"], after.outstanding - before.outstanding);
        add(&["BuyToOrderQty"], after.buy_to_order - before.buy_to_order);
        add(&["SalesAllocatedQty"], free(after) - free(before));
        add(&["AllocatedQty"], all(after) - all(before));
        add(&["ReservedQty", "SalesReservedQty"], after.allocated.reserved - before.allocated.reserved);
        add(&["PickingQty", "SalesPickingQty"], after.allocated.picking - before.allocated.picking);
        add(&["PickedQty", "SalesPickedQty"], after.allocated.picked - before.allocated.picked);
        add(&["OnHandQty"], before.shipped - after.shipped);
        self.store(row);
    }
}

/// The warehouse sets aside so much of a line. False if not so much of it is there to be taken a step further.
pub(crate) fn allocate(
    company: &mut Company,
    order_num: i32,
    order_line: i32,
    quantity: Decimal,
    step: Step,
) -> bool {
    let Some(mut order) = company.orders.get(&order_num).cloned() else { return false };
    let of_line = order.releases.iter().filter(|row| row.key("OrderLine") == order_line);
    let open: Decimal = of_line.map(outstanding).sum();
    let allocated = order.allocated.entry(order_line).or_default();
    let mut left = quantity;
    let mut from = |part: &mut Decimal| {
        let taken = left.min(*part);
        *part -= taken;
        left -= taken;
    };
    let mut free = open - allocated.total();
    match step {
        Step::Reserve => from(&mut free),
        Step::StartPicking => [&mut allocated.reserved, &mut free].into_iter().for_each(from),
        Step::Pick => [&mut allocated.picking, &mut allocated.reserved, &mut free].into_iter().for_each(from),
    }
    if !left.is_zero() {
        return false;
    }
    match step {
        Step::Reserve => allocated.reserved += quantity,
        Step::StartPicking => allocated.picking += quantity,
        Step::Pick => allocated.picked += quantity,
    }
    company.keep(order);
    true
}
