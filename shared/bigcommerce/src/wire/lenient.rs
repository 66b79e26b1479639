//! Values that BigCommerce writes in several ways: `""`, `null`, `{}` and nothing at all may all mean "empty", and numbers come
//! bare or in quotation marks (`docs/facts/bigcommerce.md` §1.5).
//!
//! Only what may be empty is read like this. An amount that an order cannot do without is read by `connector_domain::exact`.

use std::fmt;

use connector_domain::{Money, exact};
use rust_decimal::Decimal;
use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Text; a number or a truth value becomes its text, and everything empty the empty text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Text;
    impl<'de> Visitor<'de> for Text {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text")
        }
        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }
        fn visit_string<E>(self, text: String) -> Result<String, E> {
            Ok(text)
        }
        fn visit_u64<E>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }
        fn visit_i64<E>(self, number: i64) -> Result<String, E> {
            Ok(number.to_string())
        }
        fn visit_bool<E>(self, truth: bool) -> Result<String, E> {
            Ok(truth.to_string())
        }
        fn visit_unit<E>(self) -> Result<String, E> {
            Ok(String::new())
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
            match map.next_entry::<IgnoredAny, IgnoredAny>()? {
                None => Ok(String::new()),
                Some(_) => Err(A::Error::custom("expected text, got an object")),
            }
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<String, A::Error> {
            match list.next_element::<IgnoredAny>()? {
                None => Ok(String::new()),
                Some(_) => Err(A::Error::custom("expected text, got a list")),
            }
        }
    }
    deserializer.deserialize_any(Text)
}

/// Text that may be missing: everything empty is `None`.
pub(crate) fn maybe_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Some(text(deserializer)?).filter(|text| !text.is_empty()))
}

/// An amount, nothing where it is empty.
pub(crate) fn money<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
    Ok(maybe_money(deserializer)?.unwrap_or_default())
}

/// An amount that may be missing.
pub(crate) fn maybe_money<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Money>, D::Error> {
    Ok(decimal(deserializer)?.map(Money::new))
}

/// A whole number that is not negative, such as an id or a count; 0 where it is empty.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Ok(maybe_count(deserializer)?.unwrap_or_default())
}

/// A whole number that may be missing. `"4.0000"` is one.
pub(crate) fn maybe_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let Some(value) = decimal(deserializer)? else { return Ok(None) };
    let whole = value.is_integer().then(|| u64::try_from(value).ok()).flatten();
    whole.map(Some).ok_or_else(|| D::Error::custom("expected a whole number that is not negative"))
}

/// The number of something, or `None` where it is 0 or empty: that is how "there is none" is written.
pub(crate) fn id_or_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(maybe_count(deserializer)?.filter(|id| *id != 0))
}

/// A whole number that must be there.
pub(crate) fn required_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    maybe_count(deserializer)?.ok_or_else(|| D::Error::custom("expected a whole number, got nothing"))
}

/// How many pieces; must be there.
pub(crate) fn pieces<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    u32::try_from(required_count(deserializer)?).map_err(|_| D::Error::custom("too many pieces"))
}

/// How many pieces, 0 where it is empty.
pub(crate) fn maybe_pieces<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    u32::try_from(count(deserializer)?).map_err(|_| D::Error::custom("too many pieces"))
}

/// A truth value, also as 0 and 1; false where it is empty.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    match raw.get().trim_matches('"') {
        "true" | "1" => Ok(true),
        "false" | "0" | "null" | "" => Ok(false),
        _ => Err(D::Error::custom("expected true or false")),
    }
}

/// A list; `null`, `{}` and `""` are empty ones.
pub(crate) fn list<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: serde::de::DeserializeOwned,
    D: Deserializer<'de>,
{
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    if raw.get().starts_with('[') {
        serde_json::from_str(raw.get()).map_err(|error| D::Error::custom(super::read::without_values(&error)))
    } else if is_empty(raw.get()) {
        Ok(Vec::new())
    } else {
        Err(D::Error::custom("expected a list"))
    }
}

/// The exact decimal, `None` where it is empty.
fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    if is_empty(raw.get()) {
        return Ok(None);
    }
    exact::parse(raw.get()).map(Some).ok_or_else(|| D::Error::custom("expected a decimal number"))
}

/// Whether a JSON text is one of the ways to write nothing.
fn is_empty(json: &str) -> bool {
    matches!(json.split_whitespace().collect::<String>().as_str(), "null" | "\"\"" | "{}" | "[]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Seen {
        #[serde(default, deserialize_with = "text")]
        text: String,
        #[serde(default, deserialize_with = "maybe_money")]
        money: Option<Money>,
        #[serde(default, deserialize_with = "maybe_count")]
        count: Option<u64>,
        #[serde(default, deserialize_with = "flag")]
        flag: bool,
        #[serde(default, deserialize_with = "list")]
        list: Vec<u64>,
    }

    fn seen(json: &str) -> Seen {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn everything_empty_is_empty() {
        for empty in ["{}", r#"{"text":null,"money":null,"count":null,"flag":null,"list":null}"#] {
            let seen = seen(empty);
            assert_eq!((seen.text.as_str(), seen.money, seen.count), ("", None, None), "{empty}");
            assert!(!seen.flag && seen.list.is_empty());
        }
        let seen = seen(r#"{"text":{},"money":"","count":"","flag":"","list":{}}"#);
        assert_eq!((seen.text.as_str(), seen.money, seen.count), ("", None, None));
        assert!(!seen.flag && seen.list.is_empty());
    }

    #[test]
    fn numbers_come_bare_and_in_quotation_marks_and_lose_no_digit() {
        let text = seen(r#"{"text":78701,"money":"0.1000","count":"4.0000","flag":"1","list":[1]}"#);
        assert_eq!((text.text.as_str(), text.count, text.flag), ("78701", Some(4), true));
        assert_eq!(text.money.unwrap().decimal().to_string(), "0.1000");
        assert_eq!(seen(r#"{"money":10.99994}"#).money.unwrap().decimal().to_string(), "10.99994");
    }

    #[test]
    fn what_is_neither_empty_nor_of_the_kind_is_refused() {
        for json in [
            r#"{"text":{"a":1}}"#,
            r#"{"money":"ten"}"#,
            r#"{"count":1.5}"#,
            r#"{"count":-1}"#,
            r#"{"flag":"maybe"}"#,
            r#"{"list":"x"}"#,
        ] {
            assert!(serde_json::from_str::<Seen>(json).is_err(), "{json}");
        }
    }
}
