//! How far the job of prices is, and what it knows of the lists. Pure.

use std::collections::BTreeMap;

use connector_domain::{CurrencyCode, Timestamp};
use connector_kinetic::PriceListRow;
use connector_ports::Digest;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::catalogue::changes::ReadTo;
use crate::rules::Rules;

/// How far the prices of a connection are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::catalogue) struct Place {
    /// How far the heads of the lists were read.
    pub(super) heads: ReadTo,
    /// How far their rows were.
    pub(super) rows: ReadTo,
    /// How far the query over breaks was.
    pub(super) breaks: ReadTo,
    /// What is known of the lists.
    pub(super) lists: Lists,
    /// Lists all of whose rows are read again, and up to which revision that is done.
    pub(super) again: BTreeMap<String, i64>,
    /// When all of them were begun to be read again.
    pub(super) read_all: Option<Timestamp>,
    /// Since when the store takes no price lists; it is asked again later.
    pub(super) refused: Option<Timestamp>,
    /// Of the rules under which they were published.
    pub(super) rules: Option<Digest>,
    /// Kinetic's database was another at this moment: nothing goes out until a person has looked.
    pub(super) stopped: Option<Timestamp>,
}

/// What is known of the lists that the rules name, by their codes as the rules write them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::catalogue) struct Lists {
    /// Those that Kinetic has.
    pub(super) heads: BTreeMap<String, Head>,
    /// Which price list of the store they go to.
    pub(super) shop: BTreeMap<String, u64>,
}

/// What a list says of all its prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::catalogue) struct Head {
    currency: String,
    pub(super) start: Option<Date>,
    pub(super) end: Option<Date>,
    /// It has no prices.
    pub(super) discounts: bool,
    /// Whether a price of 0 is one.
    pub(super) zero: bool,
    /// Whether it holds, as it was when its rows were last read.
    pub(super) in_force: bool,
    /// By which it is known that it was deleted.
    pub(super) revision: i64,
}

impl Head {
    pub(super) fn of(row: &PriceListRow, today: Date) -> Self {
        let head = Self {
            currency: row.currency.trim().to_owned(),
            start: row.start,
            end: row.end,
            discounts: row.list_type.trim().eq_ignore_ascii_case("D"),
            zero: row.use_zero_price,
            in_force: false,
            revision: row.revision.0,
        };
        Self { in_force: head.holds(today), ..head }
    }

    /// Whether its prices hold on a day.
    pub(super) fn holds(&self, today: Date) -> bool {
        let begun = self.start.is_none_or(|start| start <= today);
        begun && self.end.is_none_or(|end| today <= end) && !self.discounts
    }

    /// It was deleted in Kinetic: it ends to be in force, and never begins again. Whether it was.
    pub(super) const fn discontinue(&mut self) -> bool {
        let was = !self.discounts;
        self.discounts = true;
        was
    }

    /// Whether all its prices mean the same as those of `other`.
    pub(super) fn means(&self, other: &Self) -> bool {
        Self { revision: 0, ..self.clone() } == Self { revision: 0, ..other.clone() }
    }

    /// Whether it is in the currency of products.
    pub(super) fn is_of_products(&self, rules: &Rules) -> bool {
        self.currency.is_empty() || self.currency.eq_ignore_ascii_case(rules.orders.kinetic_currency.trim())
    }

    /// Its currency in the store; `None` if nobody has said.
    pub(super) fn currency(&self, rules: &Rules) -> Option<CurrencyCode> {
        if let Some(named) = rules.prices.currencies.get(&self.currency.to_uppercase()) {
            return Some(named.clone());
        }
        if self.is_of_products(rules) {
            return Some(rules.orders.currency.clone());
        }
        CurrencyCode::try_from(self.currency.clone()).ok()
    }

    /// As Kinetic spells its currency.
    pub(super) fn spelled(&self) -> &str {
        &self.currency
    }
}

/// The code of a list as the rules write it, from Kinetic's, whose case does not count.
pub(super) fn as_named<'r>(rules: &'r Rules, code: &str) -> Option<&'r str> {
    rules.prices.codes().into_iter().find(|named| named.eq_ignore_ascii_case(code.trim()))
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    fn head(currency: &str) -> Head {
        let (start, end) = ("2026-04-01".parse().ok(), "2026-04-30".parse().ok());
        let currency = currency.to_owned();
        Head { currency, start, end, discounts: false, zero: false, in_force: false, revision: 1 }
    }

    #[test_case("2026-03-31", false)]
    #[test_case("2026-04-01", true)]
    #[test_case("2026-04-30", true)]
    #[test_case("2026-05-01", false)]
    fn a_list_holds_from_its_first_to_its_last_day(today: &str, holds: bool) {
        let today = today.parse().unwrap();
        assert_eq!(head("USD").holds(today), holds);
        assert!(!Head { discounts: true, ..head("USD") }.holds(today));
        assert!(Head { start: None, end: None, ..head("USD") }.holds(today));
    }

    #[test_case("US$", Some("USD"); "as Kinetic spells the store's")]
    #[test_case("", Some("USD"); "the base currency")]
    #[test_case("eur", Some("EUR"); "three letters")]
    #[test_case("Kr", Some("NOK"); "named by the rules")]
    #[test_case("XX$", None)]
    fn a_currency_is_told(code: &str, expected: Option<&str>) {
        let rules = Rules::parse(
            "orders = { prefix = \"BC-\", time_zone = \"America/Chicago\", currency = \"USD\", kinetic_currency = \"US$\" }\nguests = { cust_id = \"WEBGUEST\" }\nprices = { lists = { A = \"A\" }, currencies = { KR = \"NOK\" } }",
        )
        .unwrap();
        let told = head(code).currency(&rules);
        assert_eq!(told.as_ref().map(CurrencyCode::as_str), expected);
    }
}
