//! `[prices]`: which price lists of Kinetic the store shows.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use connector_domain::CurrencyCode;
use connector_kinetic::{BaqId, RawFilter};

use super::read::Section;

/// Which price lists of Kinetic the store shows, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRules {
    /// The list that a product's price comes from; `None`: `Part.UnitPrice`.
    pub base: Option<String>,
    /// What becomes of a part that the list lacks.
    pub without: WithoutPrice,
    /// For how many a list's price is.
    pub per: ListPricePer,
    /// The list whose prices are sale prices, for as long as it is in force.
    pub sale: Option<String>,
    /// Kinetic list → name of the store's price list.
    pub lists: BTreeMap<String, String>,
    /// Kinetic's currency code → the store's.
    pub currencies: BTreeMap<String, CurrencyCode>,
    /// The query over `PLPartBrk` that tells which breaks changed.
    pub breaks_baq: Option<BaqId>,
    /// How often all rows of the lists are read again, for breaks that changed or went; `None`: never.
    pub breaks_every: Option<Duration>,
    /// How often changed prices are asked for.
    pub every: Duration,
    /// Only rows of these lists; `None` where no list is named.
    pub only: Option<RawFilter>,
}

/// What becomes of a part that the list of base prices lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutPrice {
    /// It costs `Part.UnitPrice`, as in Kinetic.
    Part,
    /// It is held.
    Hold,
}

/// For how many the price of a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListPricePer {
    /// For as many as the part's `PricePerCode` says.
    Part,
    /// For one.
    Each,
}

impl PriceRules {
    /// The codes of all lists that are named, as they are written.
    pub fn codes(&self) -> BTreeSet<&str> {
        let named = self.base.iter().chain(&self.sale).chain(self.lists.keys());
        named.map(String::as_str).collect()
    }

    /// Whether a list is named from which more than the price comes.
    pub fn has_more_than_base(&self) -> bool {
        self.sale.is_some() || !self.lists.is_empty()
    }
}

/// A filter for rows of these lists. Quotes are doubled, so a code cannot become syntax.
pub(crate) fn only<'a>(column: &str, codes: impl IntoIterator<Item = &'a str>) -> Option<RawFilter> {
    let any: Vec<String> =
        codes.into_iter().map(|code| format!("{column} eq '{}'", code.replace('\'', "''"))).collect();
    any.join(" or ").parse().ok()
}

pub(super) fn prices(mut section: Section, all: &mut Vec<String>) -> PriceRules {
    let named = |section: &mut Section, key| {
        let code = |text: &str| {
            let text = text.trim();
            (text.len() <= CODE).then(|| text.to_owned())
        };
        section.parsed(key, "a code of at most 10 characters", code).filter(|code| !code.is_empty())
    };
    let (lists, wrong) = section.section("lists").entries("the name of a price list", |code, value| {
        let (code, name) = (code.trim(), value.as_str()?.trim());
        let fits = !code.is_empty() && code.len() <= CODE && !name.is_empty();
        fits.then(|| (code.to_owned(), name.to_owned()))
    });
    all.extend(wrong);
    let (currencies, wrong) =
        section.section("currencies").entries("a currency of three letters", |code, value| {
            Some((
                code.trim().to_uppercase(),
                CurrencyCode::try_from(value.as_str()?.trim().to_owned()).ok()?,
            ))
        });
    all.extend(wrong);
    let hours = section.whole("breaks_hours", 24, 0..=720);
    let mut rules = PriceRules {
        base: named(&mut section, "base"),
        without: section
            .parsed("without", "part or hold", |word| match word {
                "part" => Some(WithoutPrice::Part),
                "hold" => Some(WithoutPrice::Hold),
                _ => None,
            })
            .unwrap_or(WithoutPrice::Part),
        per: section
            .parsed("list_price_per", "part or each", |word| match word {
                "part" => Some(ListPricePer::Part),
                "each" => Some(ListPricePer::Each),
                _ => None,
            })
            .unwrap_or(ListPricePer::Part),
        sale: named(&mut section, "sale"),
        lists: lists.into_iter().collect(),
        currencies: currencies.into_iter().collect(),
        breaks_baq: section.parsed("breaks_baq", "the name of a BAQ", |name| name.parse().ok()),
        breaks_every: (hours > 0).then(|| Duration::from_hours(hours.into())),
        every: Duration::from_mins(section.whole("minutes", 5, 1..=1440).into()),
        only: None,
    };
    let distinct: BTreeSet<String> = rules.lists.values().map(|name| name.to_lowercase()).collect();
    if distinct.len() < rules.lists.len() {
        section.problem(
            "lists",
            "names a price list of the store twice: prices of one would take away the other's",
        );
    }
    let codes = rules.codes();
    if !codes.is_empty() {
        // The longer column, so that the query's filter fits as well.
        if only("PLPartBrk_ListCode", codes.iter().copied()).is_none() {
            section.problem("lists", "names more lists than can be asked for at once");
        }
        rules.only = only("ListCode", codes);
    }
    section.close(all);
    rules
}

/// `ListCode` is no longer.
const CODE: usize = 10;
