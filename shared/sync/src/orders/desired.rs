//! The order that should be in Kinetic.

use connector_domain::{CurrencyCode, CustNum, Money};
use connector_kinetic::{NewCharge, NewHeader, NewLine};
use connector_ports::Digest;

use crate::rules::CreditRule;

/// What Kinetic is to hold for one web order, in Kinetic's words.
#[derive(Debug, Clone)]
pub struct DesiredOrder {
    /// The customer's number, to compare with what is found.
    pub cust_num: CustNum,
    /// The header.
    pub header: NewHeader,
    /// The lines, each under a reference of its own.
    pub lines: Vec<NewLine>,
    /// The miscellaneous charges of the header.
    pub charges: Vec<NewCharge>,
    /// What it must add up to.
    pub totals: ExpectedTotals,
    /// What becomes of it where Kinetic warns of the customer's credit.
    pub credit: CreditRule,
    /// What of the shop's order it was made from.
    pub content: Digest,
    /// Which rules fired, for the audit.
    pub notes: Vec<Note>,
}

/// What the shop says the order adds up to, in its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedTotals {
    /// Before tax, in cents.
    pub before_tax: Money,
    /// Tax, in cents.
    pub tax: Money,
    /// Whether the tax is among the charges; then Kinetic must add none.
    pub tax_is_charge: bool,
    /// The currency.
    pub currency: CurrencyCode,
}

impl ExpectedTotals {
    /// With tax.
    pub fn total(&self) -> Money {
        self.before_tax + self.tax
    }
}

/// A rule that fired while an order was mapped: named in the audit, never with anything personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The rule's code.
    pub rule: &'static str,
    /// What it applied to: a column, a SKU, an amount.
    pub detail: String,
}
