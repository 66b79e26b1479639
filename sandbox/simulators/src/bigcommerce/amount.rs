//! Money as decimals, in code, in seed files and on the v2 wire.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

/// A decimal written as a literal in a story or a test: `dec("12.3400")`.
///
/// # Panics
/// The text is no decimal, which is a mistake of the author and not of the data.
#[expect(clippy::expect_used, reason = "for literals only: a wrong one must stop the author at once")]
pub fn dec(literal: &str) -> Decimal {
    literal.parse().expect("a decimal literal")
}

/// To the cent, half away from zero, as a shop rounds what it charges.
pub(crate) fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// The v2 text of an amount: four decimals always.
pub(crate) fn text(amount: Decimal) -> String {
    format!("{:.4}", amount.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero))
}

/// Seed files write amounts as strings, so that no number of theirs passes through a float.
pub(crate) fn serialize<S: Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(amount)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// An amount that may be absent, written alike.
pub(crate) mod optional {
    use rust_decimal::Decimal;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

    #[expect(clippy::ref_option, reason = "serde passes the field as it is")]
    pub(crate) fn serialize<S: Serializer>(
        amount: &Option<Decimal>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        amount.map(|amount| amount.to_string()).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Decimal>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_amounts_have_four_decimals() {
        assert_eq!(text(dec("15.67")), "15.6700");
        assert_eq!(text(Decimal::ZERO), "0.0000");
        assert_eq!(text(dec("0.03755")), "0.0376");
    }

    #[test]
    fn cents_round_half_away_from_zero() {
        assert_eq!(cents(dec("0.125")), dec("0.13"));
        assert_eq!(cents(dec("0.135")), dec("0.14"));
    }
}
