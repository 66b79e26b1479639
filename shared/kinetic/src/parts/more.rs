//! What belongs to a part: its units and its bar codes (§5.1).
//!
//! Both are child sets of `PartSvc`, whose filter is read against the part (§3). `PartNum` is a column of both, and nothing else is asked for. A
//! page cut inside a part could not go on behind it, so a batch whose rows do not all come is halved.

use connector_domain::{Deadline, Text};
use rust_decimal::Decimal;

use super::{PART_NUM, Parts, any_of, same};
use crate::error::KineticError;
use crate::invoke::Door;
use crate::odata::batches;
use crate::odata::read::{Set, page_call};
use crate::row::{ColumnError, Row};

const UNITS: Set = Set {
    label: "GET Erp.BO.PartSvc/PartUOMs",
    path: "Erp.BO.PartSvc/PartUOMs",
    columns: &["PartNum", "UOMCode", "ConvFactor", "ConvOperator", "Active", "WebUOM"],
};

const BAR_CODES: Set = Set {
    label: "GET Erp.BO.PartSvc/PartPCs",
    path: "Erp.BO.PartSvc/PartPCs",
    columns: &["PartNum", "PCType", "ProdCode", "UOMCode"],
};

/// A unit that a part may be counted or sold in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRow {
    /// Which part.
    pub part_num: String,
    /// Which unit.
    pub uom: String,
    /// Between this unit and the base unit of its class.
    pub factor: Decimal,
    /// `*` multiplies; `\` and `/` divide.
    pub operator: String,
    /// Whether it is in use.
    pub active: bool,
    /// Whether it is meant for the web.
    pub web: bool,
}

/// A bar code of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarCode {
    /// Which part.
    pub part_num: String,
    /// `EAN-13`, for example.
    pub kind: String,
    /// The code itself. Kinetic calls the column `ProdCode`, and it is no product group.
    pub code: String,
    /// For which unit.
    pub uom: String,
}

impl Parts<'_> {
    /// The units of these parts.
    ///
    /// # Errors
    /// The call's; `Unreadable` where one part has more than a page of them.
    pub async fn units(
        &self,
        part_nums: &[Text<50>],
        deadline: Deadline,
    ) -> Result<Vec<UnitRow>, KineticError> {
        let one = |row: &Row| {
            Ok(UnitRow {
                part_num: row.text(PART_NUM)?,
                uom: row.text("UOMCode")?,
                factor: row.decimal("ConvFactor")?,
                operator: row.text("ConvOperator")?,
                active: row.flag("Active")?,
                web: row.flag("WebUOM")?,
            })
        };
        of_parts(self.door, UNITS, part_nums, one, |row| &row.part_num, deadline).await
    }

    /// The bar codes of these parts.
    ///
    /// # Errors
    /// As [`Self::units`].
    pub async fn bar_codes(
        &self,
        part_nums: &[Text<50>],
        deadline: Deadline,
    ) -> Result<Vec<BarCode>, KineticError> {
        let one = |row: &Row| {
            Ok(BarCode {
                part_num: row.text(PART_NUM)?,
                kind: row.text("PCType")?,
                code: row.text("ProdCode")?,
                uom: row.text("UOMCode")?,
            })
        };
        of_parts(self.door, BAR_CODES, part_nums, one, |row| &row.part_num, deadline).await
    }
}

/// The rows of a set that belong to these parts, by batches of part numbers.
pub(crate) async fn of_parts<T>(
    door: &Door,
    set: Set,
    part_nums: &[Text<50>],
    one: impl Fn(&Row) -> Result<T, ColumnError>,
    part_num: impl Fn(&T) -> &str,
    deadline: Deadline,
) -> Result<Vec<T>, KineticError> {
    let wanted = asked_for(part_nums);
    let mut left = batches(&wanted, door, |batch| page_call(set, &any_of(PART_NUM, batch), None));
    left.reverse();
    let mut found = Vec::new();
    while let Some(batch) = left.pop() {
        let rows = match door.read_whole(set, &any_of(PART_NUM, batch), deadline).await? {
            Ok(rows) => rows,
            Err(cut) if batch.len() == 1 => return Err(cut),
            Err(_) => {
                let (first, second) = batch.split_at(batch.len() / 2);
                left.extend([second, first]);
                continue;
            }
        };
        let asked = |row: &T| batch.iter().any(|wanted| same(wanted, part_num(row)));
        found.extend(rows.read(&one)?.into_iter().filter(asked));
    }
    Ok(found)
}

/// Each part number once, and none that is empty.
pub(crate) fn asked_for(part_nums: &[Text<50>]) -> Vec<&str> {
    let mut wanted: Vec<&str> = part_nums.iter().map(Text::as_str).filter(|part| !part.is_empty()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}
