//! `[catalogue]`: what of Kinetic the store shows.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use connector_kinetic::RawFilter;
use rust_decimal::Decimal;
use toml::Value;

use super::read::Section;
use crate::quota;

/// What of Kinetic the store shows, and how.
#[derive(Debug, Clone)]
pub struct CatalogueRules {
    /// Whether anything is published at all.
    pub publish: bool,
    /// Which parts go out.
    pub parts: PartRules,
    /// What a product that is created gets besides.
    pub new: NewProductRules,
    /// The fields that follow Kinetic; all others are the merchandiser's after the product was created.
    pub owned: BTreeSet<Owned>,
    /// How a product's name is made of the part.
    pub name: NameRule,
    /// Which weight of the part the store shows, and by what it is multiplied, by its unit.
    pub weight: WeightRule,
    /// What becomes of a price that four decimals do not carry.
    pub inexact: InexactPrice,
    /// The share of the store's request quota that the catalogue may spend, in percent.
    pub quota_share: u8,
    /// By what it is told which parts changed.
    pub changes: Changes,
    /// How often changed parts are asked for.
    pub every: Duration,
    /// By how much each reading begins before the end of the last: a transaction that was still open then has lower revisions.
    pub overlap: Duration,
}

/// By what it is told which parts changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changes {
    /// By `SysRevID`.
    Revision,
    /// By the day of `ChangedOn`, for a site that refuses to filter by revision.
    Date,
}

/// Which parts go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRules {
    /// An OData filter of the owner's own on `PartSvc/Parts`.
    pub filter: Option<RawFilter>,
    /// Only those with `WebPart`.
    pub web_only: bool,
    /// Only those of these classes (`ClassID`); all if empty.
    pub classes: BTreeSet<String>,
    /// Only those of these product groups (`ProdCode`); all if empty.
    pub groups: BTreeSet<String>,
    /// What becomes of one that is `InActive`, `OnHold`, or `RunOut`.
    pub inactive: Gone,
    /// See [`PartRules::inactive`].
    pub on_hold: Gone,
    /// See [`PartRules::inactive`].
    pub run_out: Gone,
}

/// What becomes of the product of a part that is not sold any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// It is hidden, and shown again when the part is back.
    Hide,
    /// It is shown on.
    Leave,
}

/// What a product that is created gets, and nobody changes afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProductRules {
    /// Its categories. A store may ask for one (`docs/facts/bigcommerce.md` §5).
    pub categories: Vec<u64>,
    /// The channels it is sold in.
    pub channels: Vec<u64>,
    /// Whether shoppers see it at once.
    pub visible: bool,
}

/// A field of the store's product that follows Kinetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owned {
    /// Its name.
    Name,
    /// Its price.
    Price,
    /// Its weight.
    Weight,
    /// Its bar code.
    Upc,
    /// Whether shoppers see it, as far as the part's flags say.
    Visible,
}

impl Owned {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Name, Self::Price, Self::Weight, Self::Upc, Self::Visible];

    /// The word in the rules, and on the shelf.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Price => "price",
            Self::Weight => "weight",
            Self::Upc => "upc",
            Self::Visible => "visible",
        }
    }
}

/// How a product's name is made of the part. Names are unique in a store; descriptions in Kinetic are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameRule {
    /// `Hex Bolt M8x40 (HB-M8-40)`.
    DescriptionAndPart,
    /// `Hex Bolt M8x40`; two alike are held.
    Description,
}

/// Which weight the store shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightRule {
    /// Which column.
    pub column: Weight,
    /// By what it is multiplied, by Kinetic's unit, in capital letters.
    pub units: BTreeMap<String, Decimal>,
}

/// A weight of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// `NetWeight`.
    Net,
    /// `GrossWeight`.
    Gross,
}

/// What becomes of a price that four decimals do not carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InexactPrice {
    /// It goes out rounded, and is flagged.
    Round,
    /// The part is held.
    Hold,
}

pub(super) fn catalogue(mut section: Section, all: &mut Vec<String>) -> CatalogueRules {
    let minutes = |section: &mut Section, key, default, range| {
        Duration::from_mins(section.whole(key, default, range).into())
    };
    let column = section.parsed("weight", "net or gross", |word| match word {
        "net" => Some(Weight::Net),
        "gross" => Some(Weight::Gross),
        _ => None,
    });
    let (units, wrong) = section.section("weight_units").entries("a number above 0 in quotes", factor);
    let filter = section.text("filter").and_then(|text| match text.parse::<RawFilter>() {
        Ok(filter) => Some(filter),
        Err(error) => {
            section.problem("filter", &format!("cannot be used: {error}"));
            None
        }
    });
    let rules = CatalogueRules {
        publish: section.flag("publish", false),
        parts: PartRules {
            filter,
            web_only: section.flag("web_parts_only", true),
            classes: texts(&mut section, "classes"),
            groups: texts(&mut section, "product_groups"),
            inactive: gone(&mut section, "inactive", Gone::Hide),
            on_hold: gone(&mut section, "on_hold", Gone::Hide),
            run_out: gone(&mut section, "run_out", Gone::Leave),
        },
        new: NewProductRules {
            categories: numbers(&mut section, "categories"),
            channels: numbers(&mut section, "channels"),
            visible: section.flag("visible", false),
        },
        owned: owned(&mut section),
        name: section
            .parsed("name", "description or description_and_part", |word| match word {
                "description" => Some(NameRule::Description),
                "description_and_part" => Some(NameRule::DescriptionAndPart),
                _ => None,
            })
            .unwrap_or(NameRule::DescriptionAndPart),
        weight: WeightRule { column: column.unwrap_or(Weight::Net), units: units.into_iter().collect() },
        inexact: section
            .parsed("inexact_price", "round or hold", |word| match word {
                "round" => Some(InexactPrice::Round),
                "hold" => Some(InexactPrice::Hold),
                _ => None,
            })
            .unwrap_or(InexactPrice::Round),
        quota_share: u8::try_from(section.whole("quota_share", u32::from(quota::CATALOGUE), 1..=100))
            .unwrap_or(quota::CATALOGUE),
        changes: section
            .parsed("changes", "revision or date", |word| match word {
                "revision" => Some(Changes::Revision),
                "date" => Some(Changes::Date),
                _ => None,
            })
            .unwrap_or(Changes::Revision),
        every: minutes(&mut section, "parts_minutes", 5, 1..=1440),
        overlap: minutes(&mut section, "overlap_minutes", 10, 1..=1440),
    };
    all.extend(wrong);
    section.close(all);
    rules
}

fn gone(section: &mut Section, key: &'static str, default: Gone) -> Gone {
    let known = |word: &str| match word {
        "hide" => Some(Gone::Hide),
        "leave" => Some(Gone::Leave),
        _ => None,
    };
    section.parsed(key, "hide or leave", known).unwrap_or(default)
}

fn owned(section: &mut Section) -> BTreeSet<Owned> {
    let Some(words) = section.list("owned", "texts", |value| value.as_str().map(str::to_owned)) else {
        return Owned::ALL.into();
    };
    let known = |word: &String| Owned::ALL.into_iter().find(|field| field.as_str() == word);
    if words.iter().any(|word| known(word).is_none()) {
        let all: Vec<_> = Owned::ALL.into_iter().map(Owned::as_str).collect();
        section.problem("owned", &format!("may hold {}", all.join(", ")));
    }
    words.iter().filter_map(known).collect()
}

fn texts(section: &mut Section, key: &'static str) -> BTreeSet<String> {
    section
        .list(key, "texts", |value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
        .into_iter()
        .collect()
}

fn numbers(section: &mut Section, key: &'static str) -> Vec<u64> {
    let number = |value: &Value| value.as_integer().and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0);
    section.list(key, "whole numbers", number).unwrap_or_default()
}

fn factor(unit: &str, value: &Value) -> Option<(String, Decimal)> {
    let factor = Decimal::from_str_exact(value.as_str()?).ok().filter(|factor| *factor > Decimal::ZERO)?;
    Some((unit.to_uppercase(), factor))
}
