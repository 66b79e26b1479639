//! Money and quantities: decimals with a name.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::exact;
use crate::ids::IdError;

/// An amount in the order's own currency. It may have more digits than the currency has cents: a unit price does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(#[serde(with = "exact")] Decimal);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// The amount `value`.
    pub const fn new(value: Decimal) -> Self {
        Self(value)
    }

    /// The decimal behind it.
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// Rounded to `places` digits, halves away from zero: the way both vendors round an amount.
    #[must_use]
    pub fn rounded(self, places: u32) -> Self {
        Self(self.0.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero))
    }

    /// The amount without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Money {
    /// At least two digits after the point, more only where they are not zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.normalize();
        if shown.scale() < 2 {
            shown.rescale(2);
        }
        write!(f, "{shown}")
    }
}

/// How many of something, in the unit it is sold in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(#[serde(with = "exact")] Decimal);

impl Quantity {
    /// The quantity `value`.
    pub const fn new(value: Decimal) -> Self {
        Self(value)
    }

    /// The decimal behind it.
    pub const fn decimal(self) -> Decimal {
        self.0
    }
}

impl From<u32> for Quantity {
    fn from(value: u32) -> Self {
        Self(Decimal::from(value))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.normalize())
    }
}

/// A three-letter currency code, in capitals.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CurrencyCode(String);

impl CurrencyCode {
    /// `XXX`, which ISO 4217 keeps for "no currency".
    pub fn none() -> Self {
        Self("XXX".to_owned())
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CurrencyCode {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        if text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(IdError::new("currency code", "three letters, such as USD"))
        }
    }
}

impl From<CurrencyCode> for String {
    fn from(code: CurrencyCode) -> Self {
        code.0
    }
}

impl fmt::Display for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn money(text: &str) -> Money {
        Money::new(exact::parse(text).unwrap())
    }

    #[test_case("2.345", "2.35")]
    #[test_case("-2.345", "-2.35")]
    #[test_case("2.344999", "2.34")]
    fn halves_round_away_from_zero(from: &str, to: &str) {
        assert_eq!(money(from).rounded(2), money(to));
    }

    #[test_case("12", "12.00")]
    #[test_case("12.5000", "12.50")]
    #[test_case("0.45250", "0.4525")]
    fn an_amount_is_shown_with_at_least_two_digits(from: &str, shown: &str) {
        assert_eq!(money(from).to_string(), shown);
    }

    #[test]
    fn a_sum_of_cents_is_exact() {
        let total: Money = std::iter::repeat_n(money("0.1"), 10).sum();
        assert_eq!(total, money("1"));
    }
}
