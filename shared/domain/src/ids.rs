//! Ids as types, so that a customer number can never stand where an order number belongs.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A text that is not the id it should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a {what}: expected {expected}")]
pub struct IdError {
    what: &'static str,
    expected: &'static str,
}

impl IdError {
    pub(crate) const fn new(what: &'static str, expected: &'static str) -> Self {
        Self { what, expected }
    }
}

/// One store and one Kinetic company, by the name its owner gave it: `main-store`.
///
/// It stands in every key, message and log line, so it is short and plain: 1 to 40 of `a-z`, `0-9` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectionId(String);

impl ConnectionId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ConnectionId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=40).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text))
        } else {
            Err(IdError::new("connection id", "1 to 40 of a-z, 0-9 and -"))
        }
    }
}

impl std::str::FromStr for ConnectionId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::try_from(text.to_owned())
    }
}

impl From<ConnectionId> for String {
    fn from(id: ConnectionId) -> Self {
        id.0
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

number!(
    /// BigCommerce's number of an order.
    OrderId(u64)
);
number!(
    /// BigCommerce's number of a registered shopper (never 0: that is how a guest is written on the wire).
    ShopperId(u64)
);
number!(
    /// Kinetic's `OrderNum`.
    OrderNum(i32)
);
number!(
    /// Kinetic's `CustNum`.
    CustNum(i32)
);

/// What the shop calls an article. Compared exactly; an alias table deals with other spellings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sku(pub String);

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The shop's name for an order inside Kinetic: connection prefix + order id, such as `BC-173331`.
///
/// It is written with the very first save, because it is the only way to find an order whose answer was lost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExternalRef(String);

impl ExternalRef {
    /// The reference of `order` under `prefix`.
    pub fn of(prefix: &str, order: OrderId) -> Self {
        Self(format!("{prefix}{order}"))
    }

    /// The reference as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExternalRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("main-store", true)]
    #[test_case("", false; "empty")]
    #[test_case("Main", false; "capital")]
    #[test_case("a/b", false; "slash")]
    #[test_case("0123456789012345678901234567890123456789x", false; "too long")]
    fn a_connection_id_is_short_and_plain(text: &str, good: bool) {
        assert_eq!(text.parse::<ConnectionId>().is_ok(), good);
    }

    #[test]
    fn a_reference_is_prefix_and_id() {
        assert_eq!(ExternalRef::of("BC-", OrderId(173_331)).as_str(), "BC-173331");
    }
}
