//! Parts: what an order needs to know before it names one.

pub(crate) mod more;
pub(crate) mod rows;

use connector_domain::{Deadline, Text};

use self::more::asked_for;
use crate::error::KineticError;
use crate::invoke::Door;
use crate::odata::read::{Key, Set, page_call};
use crate::odata::{Filter, RawFilter, batches};
use crate::row::{ColumnError, Row};
use rows::PartRow;

/// `PartSvc/Parts` (§5.1).
const PARTS: Set = Set {
    label: "GET Erp.BO.PartSvc/Parts",
    path: "Erp.BO.PartSvc/Parts",
    columns: &[
        "PartNum",
        "PartDescription",
        "InActive",
        "OnHold",
        "RunOut",
        "SalesUM",
        "PricePerCode",
        "TypeCode",
        "TrackLots",
        "TrackSerialNum",
    ],
};

pub(crate) const PART_NUM: &str = "PartNum";

/// For how many a price is (§5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PricePer {
    /// `E`.
    Each,
    /// `C`.
    Hundred,
    /// `M`.
    Thousand,
    /// A code nobody has explained to us.
    Other(String),
}

impl PricePer {
    /// As Kinetic writes it.
    pub fn code(&self) -> &str {
        match self {
            Self::Each => "E",
            Self::Hundred => "C",
            Self::Thousand => "M",
            Self::Other(code) => code,
        }
    }

    /// What a code means.
    pub fn of(code: String) -> Self {
        match code.as_str() {
            "E" => Self::Each,
            "C" => Self::Hundred,
            "M" => Self::Thousand,
            _ => Self::Other(code),
        }
    }
}

/// A part of the company.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own in Kinetic")]
pub struct PartFound {
    /// As Kinetic spells it; the shop's SKU may differ in case (§12.21).
    pub part_num: String,
    /// What it is.
    pub description: String,
    /// No longer used.
    pub inactive: bool,
    /// On hold, which is something else than inactive.
    pub on_hold: bool,
    /// What is left is sold and no more is bought; a warning only.
    pub run_out: bool,
    /// The unit it is sold in.
    pub sales_um: String,
    /// For how many its price is.
    pub price_per: PricePer,
    /// `M` made, `P` bought, `K` sales kit, `B`.
    pub type_code: String,
    /// Whether lots are tracked.
    pub track_lots: bool,
    /// Whether serial numbers are tracked.
    pub track_serials: bool,
}

impl PartFound {
    /// Whether SQL Server would take `part_num` for this part: without case and trailing blanks (§3).
    pub fn is_called(&self, part_num: &str) -> bool {
        same(&self.part_num, part_num)
    }
}

/// Which rows of which set.
#[derive(Clone, Copy)]
struct Of<'f> {
    set: Set,
    only: Option<&'f RawFilter>,
}

/// Parts of one company.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    door: &'a Door,
}

impl<'a> Parts<'a> {
    pub(crate) const fn new(door: &'a Door) -> Self {
        Self { door }
    }

    /// Those of `part_nums` that exist, in batches of `or` terms; each at most once.
    ///
    /// A part number is asked for in a filter and never in a path, where a slash would break it (§1.12). Compared again here without
    /// case and trailing blanks, which is how SQL Server keeps them apart (§3).
    ///
    /// # Errors
    /// The call's.
    pub async fn by_part_nums(
        &self,
        part_nums: &[Text<50>],
        deadline: Deadline,
    ) -> Result<Vec<PartFound>, KineticError> {
        self.found(Of { set: PARTS, only: None }, part_nums, part, |part| &part.part_num, deadline).await
    }

    /// The same with all that the catalogue needs, of those that fit `only` too.
    ///
    /// # Errors
    /// The call's.
    pub async fn rows_by_part_nums(
        &self,
        part_nums: &[Text<50>],
        only: Option<&RawFilter>,
        deadline: Deadline,
    ) -> Result<Vec<PartRow>, KineticError> {
        let of = Of { set: rows::PARTS, only };
        self.found(of, part_nums, PartRow::of, |part| &part.part_num, deadline).await
    }

    async fn found<T>(
        &self,
        Of { set, only }: Of<'_>,
        part_nums: &[Text<50>],
        one: impl Fn(&Row) -> Result<T, ColumnError>,
        part_num: impl Fn(&T) -> &str,
        deadline: Deadline,
    ) -> Result<Vec<T>, KineticError> {
        let wanted = asked_for(part_nums);
        let mut found: Vec<T> = Vec::new();
        let longest = wanted.iter().max_by_key(|part| part.len()).copied().unwrap_or_default();
        let filter = |batch: &[&str]| match only {
            Some(only) => any_of(PART_NUM, batch).and(Filter::Raw(only.clone())),
            None => any_of(PART_NUM, batch),
        };
        let second_page = |batch: &[&str]| {
            page_call(set, &filter(batch).and(Filter::above(PART_NUM, longest)), Some(PART_NUM))
        };
        for batch in batches(&wanted, self.door, second_page) {
            let rows = self.door.read_all(set, &filter(batch), Key::Text(PART_NUM), deadline).await?;
            for part in rows.read(&one)? {
                let asked = batch.iter().any(|wanted| same(wanted, part_num(&part)));
                if asked && !found.iter().any(|known| part_num(known) == part_num(&part)) {
                    found.push(part);
                }
            }
        }
        Ok(found)
    }
}

/// One of these part numbers, in the column that a set keeps them in.
pub(crate) fn any_of(column: &'static str, part_nums: &[&str]) -> Filter {
    match part_nums {
        [one] => Filter::equals(column, *one),
        several => Filter::Any(several.iter().map(|part| Filter::equals(column, *part)).collect()),
    }
}

/// Whether SQL Server would take two part numbers for one.
pub(crate) fn same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// What SQL Server compares.
pub(crate) fn folded(text: &str) -> String {
    text.trim_end().to_lowercase()
}

fn part(row: &Row) -> Result<PartFound, ColumnError> {
    Ok(PartFound {
        part_num: row.text("PartNum")?,
        description: row.text("PartDescription")?,
        inactive: row.flag("InActive")?,
        on_hold: row.flag("OnHold")?,
        run_out: row.flag("RunOut")?,
        sales_um: row.text("SalesUM")?,
        price_per: PricePer::of(row.text("PricePerCode")?),
        type_code: row.text("TypeCode")?,
        track_lots: row.flag("TrackLots")?,
        track_serials: row.flag("TrackSerialNum")?,
    })
}
