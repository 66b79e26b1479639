//! What is on hand (§5.2, way B).

use connector_domain::{Deadline, Text};
use connector_http::Call;
use rust_decimal::Decimal;

use crate::error::KineticError;
use crate::invoke::Door;
use crate::odata::changes::{moves_on, read};
use crate::odata::read::Set;
use crate::odata::{Filter, RawFilter, after, order};
use crate::parts::more::of_parts;
use crate::row::{ColumnError, Row};

/// `PartWhseSearchSvc/PartWhseSearches`, flat over all parts. It has no revision, so it can only be read whole.
const SEARCHES: Set = Set {
    label: "GET Erp.BO.PartWhseSearchSvc/PartWhseSearches",
    path: "Erp.BO.PartWhseSearchSvc/PartWhseSearches",
    columns: &[
        "PartNum",
        "WarehouseCode",
        "Plant",
        "DefaultWhse",
        "OnHandQty",
        "NonNettableQty",
        "SalesReservedQty",
        "SalesPickingQty",
        "SalesPickedQty",
        "AllocQty",
        "SalesAllocQty",
        "JobAllocQty",
    ],
};

const KEY: &[&str] = &["PartNum", "WarehouseCode"];

/// Which row: a part in a warehouse.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StockKey {
    /// Which part.
    pub part_num: String,
    /// In which warehouse.
    pub warehouse: String,
}

/// What there is of a part in a warehouse, in the unit that its stock is counted in (`IUM`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockRow {
    /// Of what, and where.
    pub key: StockKey,
    /// The site of the warehouse. The server fills it in, so no filter may name it.
    pub plant: String,
    /// Whether the site takes from this warehouse first.
    pub default_warehouse: bool,
    /// In bins that count.
    pub on_hand: Decimal,
    /// In bins that do not; it cannot be sold.
    pub non_nettable: Decimal,
    /// Reserved for sales orders.
    pub sales_reserved: Decimal,
    /// Being picked for sales orders.
    pub sales_picking: Decimal,
    /// Picked for sales orders.
    pub sales_picked: Decimal,
    /// Allocated to any demand. The server fills it in, like the next two.
    pub allocated: Decimal,
    /// Allocated to sales orders.
    pub sales_allocated: Decimal,
    /// Allocated to jobs.
    pub job_allocated: Decimal,
}

/// Stock of one company.
#[derive(Debug, Clone, Copy)]
pub struct Stock<'a> {
    door: &'a Door,
}

impl<'a> Stock<'a> {
    pub(crate) const fn new(door: &'a Door) -> Self {
        Self { door }
    }

    /// One page of stock in the server's order of parts and warehouses, behind `behind`; empty at the end, and never before: a site may give
    /// fewer rows than asked for. `only` may name stored columns.
    ///
    /// # Errors
    /// The call's; `Unreadable` where a site gives a row again.
    pub async fn page(
        &self,
        behind: Option<&StockKey>,
        only: Option<&RawFilter>,
        top: u16,
        deadline: Deadline,
    ) -> Result<Vec<StockRow>, KineticError> {
        let behind = behind.map(|key| [key.part_num.clone(), key.warehouse.clone()]);
        let behind = behind.as_ref().map(<[String; 2]>::as_slice);
        let goes_on = behind.and_then(|key| after(KEY, key));
        let filter = match (goes_on, only.cloned().map(Filter::Raw)) {
            (Some(goes_on), Some(only)) => Some(goes_on.and(only)),
            (one, other) => one.or(other),
        };
        let mut call = Call::get(SEARCHES.label, SEARCHES.path);
        if let Some(filter) = filter {
            call = call.query("$filter", filter.to_string());
        }
        let call = call.query("$select", SEARCHES.columns.join(",")).query("$orderby", order(KEY));
        let (page, answer) = self.door.page(&call.query("$top", top.to_string()), deadline).await?;
        let rows = read(&page, &answer, SEARCHES.path, StockRow::of)?;
        let keys: Vec<[String; 2]> =
            rows.iter().map(|row| [row.key.part_num.clone(), row.key.warehouse.clone()]).collect();
        moves_on(keys.iter().map(<[String; 2]>::as_slice), behind, &answer, SEARCHES.path)?;
        Ok(rows)
    }

    /// All stock of these parts.
    ///
    /// # Errors
    /// The call's; `Unreadable` where one part has more than a page of it.
    pub async fn of_parts(
        &self,
        part_nums: &[Text<50>],
        deadline: Deadline,
    ) -> Result<Vec<StockRow>, KineticError> {
        of_parts(self.door, SEARCHES, part_nums, StockRow::of, |row| &row.key.part_num, deadline).await
    }
}

impl StockRow {
    fn of(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            key: StockKey { part_num: row.text("PartNum")?, warehouse: row.text("WarehouseCode")? },
            plant: row.text("Plant")?,
            default_warehouse: row.flag("DefaultWhse")?,
            on_hand: row.decimal("OnHandQty")?,
            non_nettable: row.decimal("NonNettableQty")?,
            sales_reserved: row.decimal("SalesReservedQty")?,
            sales_picking: row.decimal("SalesPickingQty")?,
            sales_picked: row.decimal("SalesPickedQty")?,
            allocated: row.decimal("AllocQty")?,
            sales_allocated: row.decimal("SalesAllocQty")?,
            job_allocated: row.decimal("JobAllocQty")?,
        })
    }
}
