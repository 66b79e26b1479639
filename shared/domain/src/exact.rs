//! Decimals from JSON text to JSON text.
//!
//! `serde_json` would read `0.1` as a binary float first. Here the characters of the number go to the decimal unchanged, and come
//! back the same way. BigCommerce's v2 writes money as strings, its v3 and Kinetic as numbers; both are read.
//!
//! Use it on a field: `#[serde(with = "connector_domain::exact")]`. It does not work below `#[serde(flatten)]` or in an untagged
//! enum, because `serde` buffers such values and the text is gone by then.

use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Reads a JSON number, or a string that holds one.
///
/// # Errors
/// Anything else: another JSON type, an empty string, more digits than a decimal carries.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    parse(raw.get()).ok_or_else(|| D::Error::custom("expected a decimal number, as JSON number or string"))
}

/// Writes a JSON number with exactly the decimal's digits.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(value.to_string()).map_err(S::Error::custom)?.serialize(serializer)
}

/// The decimal in a JSON text: `12.50`, `"12.5000"`, `1e3`.
pub fn parse(json: &str) -> Option<Decimal> {
    let text = json.trim();
    let text = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?.trim(),
        None => text,
    };
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    Decimal::from_str_exact(text).ok().or_else(|| Decimal::from_scientific(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Priced {
        #[serde(with = "super")]
        price: Decimal,
    }

    #[test]
    fn a_string_and_a_number_are_the_same_decimal() {
        for text in [r#"{"price":"69.8400"}"#, r#"{"price":69.8400}"#, r#"{ "price" : 69.84 }"#] {
            let priced: Priced = serde_json::from_str(text).unwrap();
            assert_eq!(priced.price, Decimal::new(6984, 2));
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            r#"{"price":""}"#,
            r#"{"price":true}"#,
            r#"{"price":null}"#,
            r#"{"price":"1,5"}"#,
            r#"{"price":"."}"#,
        ] {
            assert!(serde_json::from_str::<Priced>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_no_float_can_hold_survives() {
        let text = r#"{"price":1234567890123456.12345678}"#;
        let priced: Priced = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&priced).unwrap(), text);
    }

    proptest! {
        #[test]
        fn text_to_text_is_the_identity(mantissa in any::<i64>(), scale in 0u32..10) {
            let price = Decimal::new(mantissa, scale);
            let text = serde_json::to_string(&Priced { price }).unwrap();
            let back: Priced = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(back.price.to_string(), price.to_string());
        }
    }
}
