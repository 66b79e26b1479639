//! `[stock]`: how much of each part the store offers, and where.

use std::collections::BTreeMap;
use std::time::Duration;

use connector_kinetic::BaqId;

use super::read::Section;

/// How much of each part the store offers, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockRules {
    /// Whether stock is published at all.
    pub publish: bool,
    /// Which location of the store a warehouse's stock is sold from; what is not listed is sold nowhere.
    pub warehouses: BTreeMap<String, u64>,
    /// What can be sold of what a row says.
    pub formula: Formula,
    /// The query over `PartWhse` that tells what changed; without one all rows are read each time.
    pub baq: Option<BaqId>,
    /// So many of each part are kept back at each location, in the unit it is sold in.
    pub buffer: u32,
    /// What becomes of the stock of parts that are not stocked.
    pub non_stock: Unstocked,
    /// What becomes of the stock of kits.
    pub kits: Unstocked,
    /// How often it is published.
    pub every: Duration,
    /// How far before a reading of Kinetic orders are looked at that it may not contain.
    pub orders_overlap: Duration,
}

/// What can be sold of what a row says (`docs/facts/kinetic.md` §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// `OnHandQty` − (`DemandQty` − `BuyToOrderQty`): all that is ordered is gone. Only a query tells it.
    Demand,
    /// `OnHandQty` − `AllocatedQty`, as Kinetic itself says.
    Allocated,
    /// `OnHandQty` − the larger of what is allocated and what is reserved, being picked and picked.
    Reserved,
    /// What the query says in `Calculated_Available`.
    Query,
}

impl Formula {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Demand, Self::Allocated, Self::Reserved, Self::Query];

    /// The word in the rules.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Demand => "demand",
            Self::Allocated => "allocated",
            Self::Reserved => "reserved",
            Self::Query => "query",
        }
    }

    /// Whether only a query has what it needs.
    const fn needs_query(self) -> bool {
        match self {
            Self::Demand | Self::Query => true,
            Self::Allocated | Self::Reserved => false,
        }
    }
}

/// What becomes of the stock of a part of which Kinetic keeps none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unstocked {
    /// It is the merchandiser's.
    Leave,
    /// None is offered.
    Zero,
}

pub(super) fn stock(mut section: Section, all: &mut Vec<String>) -> StockRules {
    let (warehouses, wrong) =
        section.section("warehouses").entries("the number of a location", |code, value| {
            let location = value.as_integer().and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0)?;
            Some((code.trim().to_uppercase(), location))
        });
    let formula = section.parsed("formula", "demand, allocated, reserved or query", |word| {
        Formula::ALL.into_iter().find(|formula| formula.as_str() == word)
    });
    let rules = StockRules {
        publish: section.flag("publish", false),
        warehouses: warehouses.into_iter().collect(),
        formula: formula.unwrap_or(Formula::Allocated),
        baq: section.parsed("baq", "the name of a BAQ", |name| name.parse().ok()),
        buffer: section.whole("buffer", 0, 0..=1_000_000),
        non_stock: unstocked(&mut section, "non_stock"),
        kits: unstocked(&mut section, "kits"),
        every: Duration::from_mins(section.whole("minutes", 5, 1..=1440).into()),
        orders_overlap: Duration::from_mins(section.whole("orders_overlap_minutes", 60, 5..=1440).into()),
    };
    all.extend(wrong);
    if rules.publish && formula.is_none() {
        section.problem(
            "formula",
            "is missing: which orders Kinetic takes off its stock differs from site to site, so somebody must say how it is to be counted",
        );
    }
    if rules.publish && rules.warehouses.is_empty() {
        section.problem("warehouses", "is missing: name each warehouse that is sold from, and its location in the store, as { MAIN = 1 }");
    }
    if rules.formula.needs_query() && rules.baq.is_none() {
        section.problem("baq", "is missing: this formula needs a query that tells what it is made of");
    }
    section.close(all);
    rules
}

fn unstocked(section: &mut Section, key: &'static str) -> Unstocked {
    let known = |word: &str| match word {
        "leave" => Some(Unstocked::Leave),
        "zero" => Some(Unstocked::Zero),
        _ => None,
    };
    section.parsed(key, "leave or zero", known).unwrap_or(Unstocked::Leave)
}
