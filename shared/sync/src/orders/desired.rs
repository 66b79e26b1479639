//! The order that should be in Kinetic.

use connector_domain::{CurrencyCode, CustNum, Money, Text};
use connector_kinetic::{NewCharge, NewHeader, NewLine};
use connector_ports::Digest;
use sha2::{Digest as _, Sha256};

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

impl DesiredOrder {
    /// The digest of the header without address and comment.
    pub fn header_digest(&self) -> Digest {
        let h = &self.header;
        let parts = [
            h.cust_id.as_str().to_owned(),
            optional(h.ship_via.as_ref()),
            optional(h.terms.as_ref()),
            optional(h.tax_region.as_ref()),
        ];
        digest(&parts.join("\u{1f}"))
    }

    /// The digest of the one-time ship-to.
    pub fn address_digest(&self) -> Digest {
        let Some(to) = &self.header.one_time else { return digest("") };
        let parts = [
            to.name.as_str(),
            to.address1.as_str(),
            to.address2.as_str(),
            to.address3.as_str(),
            to.city.as_str(),
            to.state.as_str(),
            to.zip.as_str(),
            &to.country_num.to_string(),
            to.contact.as_str(),
            to.phone.as_str(),
        ];
        digest(&parts.join("\u{1f}"))
    }

    /// The digest of the comment.
    pub fn comment_digest(&self) -> Digest {
        digest(&self.header.comment)
    }
}

fn optional<const N: usize>(text: Option<&Text<N>>) -> String {
    text.map(|text| text.as_str().to_owned()).unwrap_or_default()
}

fn digest(text: &str) -> Digest {
    Digest::new(Sha256::digest(text.as_bytes()).into())
}
