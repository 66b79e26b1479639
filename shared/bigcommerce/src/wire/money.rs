//! Amounts as they are written.

use connector_domain::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize, Serializer};

/// A weight or a length, in the unit of the store; exact like an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Measure(#[serde(with = "connector_domain::exact")] pub Decimal);

/// A sale price to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sale {
    /// This one.
    At(Money),
    /// None: whatever there is goes away.
    Off,
}

/// No sale price is 0 on a product: that is how one without it is read (`docs/facts/bigcommerce.md` §5.1).
#[expect(clippy::ref_option, reason = "serde gives a field like this")]
pub(crate) fn or_zero<S: Serializer>(sale: &Option<Sale>, serializer: S) -> Result<S::Ok, S::Error> {
    match sale {
        Some(Sale::At(money)) => money.serialize(serializer),
        Some(Sale::Off) | None => serializer.serialize_u8(0),
    }
}

/// No sale price is `null` on a variant and on a record (`docs/facts/bigcommerce.md` §5.2, §7).
#[expect(clippy::ref_option, reason = "serde gives a field like this")]
pub(crate) fn or_null<S: Serializer>(sale: &Option<Sale>, serializer: S) -> Result<S::Ok, S::Error> {
    match sale {
        Some(Sale::At(money)) => money.serialize(serializer),
        Some(Sale::Off) | None => serializer.serialize_none(),
    }
}
