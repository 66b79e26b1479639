//! Items of the table: attributes with their types, read strictly.

use std::collections::HashMap;
use std::fmt;
use std::io::{Read as _, Write as _};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use connector_domain::Timestamp;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// What DynamoDB calls an item.
pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// JSON text longer than this is kept compressed: an order of 2,000 lines would not fit into an item otherwise. Shorter text stays
/// readable in the console.
const READABLE: usize = 16 * 1024;

/// A decompressed document is never longer; a longer one is damaged.
const AT_MOST: u64 = 64 * 1024 * 1024;

/// An item that is not as we write it. Somebody else wrote it, or a newer version of the connector.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("attribute {attribute}: {words}")]
pub(crate) struct BadItem {
    attribute: String,
    words: String,
}

pub(crate) fn bad(attribute: &str, words: impl fmt::Display) -> BadItem {
    BadItem { attribute: attribute.to_owned(), words: words.to_string() }
}

pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn n(number: impl fmt::Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// Nanoseconds since 1970: DynamoDB's numbers have 38 digits, and sort.
pub(crate) fn moment(at: Timestamp) -> AttributeValue {
    n(at.as_nanosecond())
}

pub(crate) fn key(pk: &str, sk: &str) -> Attributes {
    Attributes::from([("pk".to_owned(), s(pk)), ("sk".to_owned(), s(sk))])
}

pub(crate) fn text<'a>(item: &'a Attributes, name: &str) -> Result<&'a str, BadItem> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Ok(text),
        Some(_) => Err(bad(name, "is no text")),
        None => Err(bad(name, "is missing")),
    }
}

pub(crate) fn number<T: std::str::FromStr>(item: &Attributes, name: &str) -> Result<Option<T>, BadItem> {
    match item.get(name) {
        Some(AttributeValue::N(digits)) => {
            digits.parse().map(Some).map_err(|_| bad(name, "is no number of its kind"))
        }
        Some(_) => Err(bad(name, "is no number")),
        None => Ok(None),
    }
}

pub(crate) fn timestamp(item: &Attributes, name: &str) -> Result<Option<Timestamp>, BadItem> {
    let nanoseconds: Option<i128> = number(item, name)?;
    nanoseconds.map(|ns| Timestamp::from_nanosecond(ns).map_err(|error| bad(name, error))).transpose()
}

pub(crate) fn flag(item: &Attributes, name: &str) -> Result<bool, BadItem> {
    match item.get(name) {
        Some(AttributeValue::Bool(set)) => Ok(*set),
        Some(_) => Err(bad(name, "is no truth value")),
        None => Ok(false),
    }
}

/// A document as JSON *text*, so that no decimal loses a digit; compressed if it is long.
pub(crate) fn document(value: &impl Serialize) -> Result<AttributeValue, BadItem> {
    let json = serde_json::to_string(value).map_err(|error| bad("document", error))?;
    if json.len() <= READABLE {
        return Ok(s(json));
    }
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let packed = encoder.write_all(json.as_bytes()).and_then(|()| encoder.finish());
    packed.map(|bytes| AttributeValue::B(Blob::new(bytes))).map_err(|error| bad("document", error))
}

pub(crate) fn read_document<T: DeserializeOwned>(
    item: &Attributes,
    name: &str,
) -> Result<Option<T>, BadItem> {
    let parsed = match item.get(name) {
        None => return Ok(None),
        Some(AttributeValue::S(json)) => serde_json::from_str(json),
        Some(AttributeValue::B(packed)) => {
            let mut json = String::new();
            let mut decoder = DeflateDecoder::new(packed.as_ref()).take(AT_MOST);
            decoder.read_to_string(&mut json).map_err(|error| bad(name, error))?;
            serde_json::from_str(&json)
        }
        Some(_) => return Err(bad(name, "is no document")),
    };
    parsed.map(Some).map_err(|error| bad(name, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(value: &impl Serialize) -> Attributes {
        Attributes::from([("it".to_owned(), document(value).unwrap())])
    }

    #[test]
    fn a_short_document_stays_readable_and_a_long_one_is_packed() {
        let short = vec!["SKU-1".to_owned()];
        assert_eq!(stored(&short).get("it"), Some(&s(r#"["SKU-1"]"#)));
        let long: Vec<String> = (0..20_000).map(|n| format!("SKU-{n}")).collect();
        let item = stored(&long);
        let Some(AttributeValue::B(packed)) = item.get("it") else { panic!("{item:?}") };
        assert!(packed.as_ref().len() < 80_000, "{}", packed.as_ref().len());
        assert_eq!(read_document::<Vec<String>>(&item, "it").unwrap(), Some(long));
        assert_eq!(read_document::<Vec<String>>(&stored(&short), "it").unwrap(), Some(short));
    }

    #[test]
    fn what_is_not_as_we_write_it_is_named() {
        let item = Attributes::from([("until".to_owned(), s("soon")), ("rules".to_owned(), n(1))]);
        assert_eq!(timestamp(&item, "until").unwrap_err().to_string(), "attribute until: is no number");
        assert_eq!(text(&item, "rules").unwrap_err().to_string(), "attribute rules: is no text");
        assert_eq!(text(&item, "sk").unwrap_err().to_string(), "attribute sk: is missing");
    }

    #[test]
    fn a_moment_keeps_its_nanoseconds() {
        let at: Timestamp = "2026-03-31T10:05:00.123456789Z".parse().unwrap();
        let item = Attributes::from([("at".to_owned(), moment(at))]);
        assert_eq!(timestamp(&item, "at"), Ok(Some(at)));
    }
}
