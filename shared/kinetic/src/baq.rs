//! Queries of the site's own (§1): stock (§5.2 way D), since `PartWhse` has a revision and no index on it, and no flat set shows it; and the breaks
//! of price lists (§6), whose changes do not move the revision of the part's row.

use std::fmt;
use std::str::FromStr;

use connector_domain::{Deadline, Text};
use connector_http::Call;
use rust_decimal::Decimal;
use thiserror::Error;

use crate::error::KineticError;
use crate::invoke::Door;
use crate::odata::changes::{Changed, Since, changed_page};
use crate::odata::root::SysRevId;
use crate::odata::{Filter, batches};
use crate::parts::more::asked_for;
use crate::parts::{any_of, same};
use crate::row::{ColumnError, Row};
use crate::stock::StockKey;

const REVISION: &str = "PartWhse_SysRevID";

const PART_NUM: &str = "PartWhse_PartNum";

/// So many rows come everywhere (§3).
const TOP: u16 = 100;
const BREAK_REVISION: &str = "PLPartBrk_SysRevID";

/// The query's own figure, if it has one.
const AVAILABLE: &str = "Calculated_Available";

/// The name of a query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BaqId(String);

/// A text that cannot be the name of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the name of a BAQ is letters, digits, - and _")]
pub struct BaqIdError;

impl FromStr for BaqId {
    type Err = BaqIdError;

    fn from_str(text: &str) -> Result<Self, BaqIdError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        // It stands in a path.
        if text.is_empty() || !text.bytes().all(plain) {
            return Err(BaqIdError);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for BaqId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A row of a query over `PartWhse`; each quantity is in the unit that stock is counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaqStockRow {
    /// Of what, and where.
    pub key: StockKey,
    /// In bins that count.
    pub on_hand: Decimal,
    /// In bins that do not.
    pub non_nettable: Decimal,
    /// Outstanding for orders and jobs, however far ahead.
    pub demand: Decimal,
    /// The part of the demand that is bought for it.
    pub buy_to_order: Decimal,
    /// Allocated to any demand.
    pub allocated: Decimal,
    /// Reserved for sales orders.
    pub sales_reserved: Decimal,
    /// Being picked.
    pub picking: Decimal,
    /// Picked.
    pub picked: Decimal,
    /// What the query itself says can be sold, in a column `Calculated_Available`.
    pub available: Option<Decimal>,
    /// The revision of the row.
    pub revision: SysRevId,
}

/// A query that the site's own people made.
#[derive(Debug, Clone, Copy)]
pub struct Baq<'a> {
    door: &'a Door,
    id: &'a BaqId,
}

impl<'a> Baq<'a> {
    pub(crate) const fn new(door: &'a Door, id: &'a BaqId) -> Self {
        Self { door, id }
    }

    /// One page of stock that changed, by revision; from revision 0 on it is all there is.
    ///
    /// # Errors
    /// The call's; `Unreadable` names a column that the query lacks, or rows that were not asked for. A query that is not there, not shared or
    /// not for us is refused with 404 or 400.
    pub async fn page(
        &self,
        since: Since<'_>,
        deadline: Deadline,
    ) -> Result<Changed<BaqStockRow>, KineticError> {
        self.read(since, REVISION, BaqStockRow::of, deadline).await
    }

    /// One page of breaks of price lists that changed, by revision; what was deleted does not come.
    ///
    /// # Errors
    /// As [`Self::page`].
    pub async fn breaks(
        &self,
        since: Since<'_>,
        deadline: Deadline,
    ) -> Result<Changed<BaqBreakRow>, KineticError> {
        self.read(since, BREAK_REVISION, BaqBreakRow::of, deadline).await
    }

    async fn read<T>(
        &self,
        since: Since<'_>,
        revision: &'static str,
        one: impl Fn(&Row) -> Result<T, ColumnError>,
        deadline: Deadline,
    ) -> Result<Changed<T>, KineticError> {
        let mut filter = Filter::above(revision, since.after.0);
        if let Some(only) = since.only {
            filter = filter.and(Filter::Raw(only.clone()));
        }
        let (page, answer) = self.door.page(&self.call(&filter, revision, since.top), deadline).await?;
        changed_page(&page, &answer, "BaqSvc", revision, since.after, one)
    }

    /// All stock of these parts, by batches of part numbers.
    ///
    /// # Errors
    /// As [`Self::page`].
    pub async fn of_parts(
        &self,
        part_nums: &[Text<50>],
        deadline: Deadline,
    ) -> Result<Vec<BaqStockRow>, KineticError> {
        let wanted = asked_for(part_nums);
        let behind = |batch: &[&str], after: i64| any_of(PART_NUM, batch).and(Filter::above(REVISION, after));
        let mut found: Vec<BaqStockRow> = Vec::new();
        for batch in batches(&wanted, self.door, |batch| self.call(&behind(batch, i64::MAX), REVISION, TOP)) {
            let mut after = SysRevId(0);
            loop {
                let call = self.call(&behind(batch, after.0), REVISION, TOP);
                let (page, answer) = self.door.page(&call, deadline).await?;
                let changed = changed_page(&page, &answer, "BaqSvc", REVISION, after, BaqStockRow::of)?;
                let asked = |row: &BaqStockRow| batch.iter().any(|part| same(part, &row.key.part_num));
                found.extend(changed.rows.into_iter().filter(asked));
                match changed.highest {
                    Some(highest) if changed.more => after = highest,
                    Some(_) | None => break,
                }
            }
        }
        Ok(found)
    }

    fn call(&self, filter: &Filter, revision: &'static str, top: u16) -> Call {
        Call::get("GET BaqSvc/{BaqID}/Data", format!("BaqSvc/{}/Data", self.id))
            .query("$filter", filter.to_string())
            .query("$orderby", revision)
            .query("$top", top.to_string())
            .query("$count", "true")
    }
}

/// A row of a query over `PLPartBrk`: which break of which part on which list changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaqBreakRow {
    /// Which list.
    pub list_code: String,
    /// Which part.
    pub part_num: String,
    /// For which unit.
    pub uom: String,
    /// From how many on.
    pub quantity: Decimal,
    /// The revision of the break.
    pub revision: SysRevId,
}

impl BaqBreakRow {
    fn of(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            list_code: row.text("PLPartBrk_ListCode")?,
            part_num: row.text("PLPartBrk_PartNum")?,
            uom: row.text("PLPartBrk_UOMCode")?,
            quantity: row.decimal("PLPartBrk_Quantity")?,
            revision: SysRevId(row.long(BREAK_REVISION)?),
        })
    }
}

impl BaqStockRow {
    fn of(row: &Row) -> Result<Self, ColumnError> {
        let warehouse = row.text("PartWhse_WarehouseCode")?;
        Ok(Self {
            key: StockKey { part_num: row.text("PartWhse_PartNum")?, warehouse },
            on_hand: row.decimal("PartWhse_OnHandQty")?,
            non_nettable: row.decimal("PartWhse_NonNettableQty")?,
            demand: row.decimal("PartWhse_DemandQty")?,
            buy_to_order: row.decimal("PartWhse_BuyToOrderQty")?,
            allocated: row.decimal("PartWhse_AllocatedQty")?,
            sales_reserved: row.decimal("PartWhse_SalesReservedQty")?,
            picking: row.decimal("PartWhse_PickingQty")?,
            picked: row.decimal("PartWhse_PickedQty")?,
            available: row.raw(AVAILABLE).is_some().then(|| row.decimal(AVAILABLE)).transpose()?,
            revision: SysRevId(row.long(REVISION)?),
        })
    }
}
