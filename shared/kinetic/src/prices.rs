//! Price lists (§6).

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::odata::read::Set;
use crate::odata::root::SysRevId;
use crate::row::{ColumnError, Row};

/// `PriceLstSvc/PriceLsts`.
pub(crate) const LISTS: Set = Set {
    label: "GET Erp.BO.PriceLstSvc/PriceLsts",
    path: "Erp.BO.PriceLstSvc/PriceLsts",
    columns: &[
        "ListCode",
        "ListDescription",
        "CurrencyCode",
        "StartDate",
        "EndDate",
        "ListType",
        "WarehouseList",
        "UseZeroPrice",
        "SysRevID",
        "SysRowID",
    ],
};

/// `PriceLstPartsSvc/PriceLstParts`, the flat one. The set of the same name below `PriceLstSvc` is a child and is asked for nothing.
pub(crate) const LIST_PARTS: Set = Set {
    label: "GET Erp.BO.PriceLstPartsSvc/PriceLstParts",
    path: "Erp.BO.PriceLstPartsSvc/PriceLstParts",
    columns: &["ListCode", "PartNum", "UOMCode", "BasePrice", "SysRevID", "SysRowID"],
};

/// A price list. It has no flag for active: its dates tell, and an end that is not there is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceListRow {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub description: String,
    /// The currency of its prices, in Kinetic's own code.
    pub currency: String,
    /// From when it holds.
    pub start: Option<Date>,
    /// Until when it holds.
    pub end: Option<Date>,
    /// `P` price, `D` discount, `B` both.
    pub list_type: String,
    /// The warehouses it is for; empty for all.
    pub warehouses: String,
    /// Whether a price of 0 is one; else it is passed over.
    pub use_zero_price: bool,
    /// Its revision.
    pub revision: SysRevId,
    /// Its own id.
    pub row_id: String,
}

impl PriceListRow {
    pub(crate) fn of(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            code: row.text("ListCode")?,
            description: row.text("ListDescription")?,
            currency: row.text("CurrencyCode")?,
            start: row.date("StartDate")?,
            end: row.date("EndDate")?,
            list_type: row.text("ListType")?,
            warehouses: row.text("WarehouseList")?,
            use_zero_price: row.flag("UseZeroPrice")?,
            revision: SysRevId(row.long("SysRevID")?),
            row_id: row.text("SysRowID")?,
        })
    }
}

/// A part on a price list, in one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPartRow {
    /// Which list.
    pub list_code: String,
    /// Which part.
    pub part_num: String,
    /// For which unit.
    pub uom: String,
    /// The price before any break.
    pub base_price: Decimal,
    /// Its quantity breaks, the lowest quantity first. The columns `QtyBreak1` to `5` of the row are older and not read.
    pub breaks: Vec<PriceBreak>,
    /// Its revision, which a change of a break does not move.
    pub revision: SysRevId,
    /// Its own id.
    pub row_id: String,
}

/// What a part costs from some quantity on: a percent less, or a price, and not both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceBreak {
    /// From how many on.
    pub quantity: Decimal,
    /// So many percent less; 0 where a price is said.
    pub discount_percent: Decimal,
    /// The price of one; 0 where a percent is said.
    pub unit_price: Decimal,
    /// Its revision.
    pub revision: SysRevId,
}

impl ListPartRow {
    pub(crate) fn of(row: &Row) -> Result<Self, ColumnError> {
        // Without its breaks a part would be sold at its base price, so they must be there, if only as none.
        let mut breaks: Vec<PriceBreak> =
            row.rows("PLPartBrks")?.iter().map(PriceBreak::of).collect::<Result<_, _>>()?;
        breaks.sort_by_key(|at| at.quantity);
        Ok(Self {
            list_code: row.text("ListCode")?,
            part_num: row.text("PartNum")?,
            uom: row.text("UOMCode")?,
            base_price: row.decimal("BasePrice")?,
            breaks,
            revision: SysRevId(row.long("SysRevID")?),
            row_id: row.text("SysRowID")?,
        })
    }
}

impl PriceBreak {
    fn of(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            quantity: row.decimal("Quantity")?,
            discount_percent: row.decimal("DiscountPercent")?,
            unit_price: row.decimal("UnitPrice")?,
            revision: SysRevId(row.long("SysRevID")?),
        })
    }
}
