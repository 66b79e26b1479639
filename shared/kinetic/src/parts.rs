//! Parts: what an order needs to know before it names one.

pub(crate) mod more;
pub(crate) mod rows;

use connector_domain::{Deadline, Text};

use crate::error::KineticError;
use crate::invoke::Door;
use crate::odata::read::{Key, Set, page_call};
use crate::odata::{Filter, batches};
use crate::row::{ColumnError, Row};

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

const PART_NUM: &str = "PartNum";

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
        let mut wanted: Vec<&str> =
            part_nums.iter().map(Text::as_str).filter(|part| !part.is_empty()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut found: Vec<PartFound> = Vec::new();
        let longest = wanted.iter().max_by_key(|part| part.len()).copied().unwrap_or_default();
        let second_page = |batch: &[&str]| {
            page_call(PARTS, &any_of(batch).and(Filter::above(PART_NUM, longest)), Some(PART_NUM))
        };
        for batch in batches(&wanted, self.door, second_page) {
            let rows = self.door.read_all(PARTS, &any_of(batch), Key::Text(PART_NUM), deadline).await?;
            let asked = |part: &PartFound| batch.iter().any(|wanted| same(wanted, &part.part_num));
            let new: Vec<_> = rows.read(part)?.into_iter().filter(asked).collect();
            for part in new {
                if !found.iter().any(|known| known.part_num == part.part_num) {
                    found.push(part);
                }
            }
        }
        Ok(found)
    }
}

pub(crate) fn any_of(part_nums: &[&str]) -> Filter {
    match part_nums {
        [one] => Filter::equals(PART_NUM, *one),
        several => Filter::Any(several.iter().map(|part| Filter::equals(PART_NUM, *part)).collect()),
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
