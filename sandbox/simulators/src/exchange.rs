//! One exchange, as it is kept.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Value, value::RawValue};

/// One request with what became of it, secrets redacted.
#[derive(Debug, Clone, Serialize)]
pub struct Exchange {
    /// `bigcommerce` or `kinetic`.
    pub vendor: &'static str,
    /// HTTP method.
    pub method: String,
    /// The full path as received, percent-encoding included.
    pub path: String,
    /// The raw query string, empty if there was none.
    pub query: String,
    /// Header names in lower case.
    pub request_headers: BTreeMap<String, String>,
    /// The body as text; in the file it is JSON where it is JSON and `null` where it is empty.
    #[serde(serialize_with = "as_json_where_json")]
    pub request_body: String,
    /// The status answered; `None` (`null`) if the connection was cut instead.
    pub status: Option<u16>,
    /// Header names in lower case.
    pub response_headers: BTreeMap<String, String>,
    /// As `request_body`. Of a cut exchange it is empty.
    #[serde(serialize_with = "as_json_where_json")]
    pub response_body: String,
}

impl Exchange {
    /// The request's body parsed, `Null` if it is not JSON.
    pub fn request_json(&self) -> Value {
        serde_json::from_str(&self.request_body).unwrap_or(Value::Null)
    }

    /// The answer's body parsed, `Null` if it is not JSON.
    pub fn response_json(&self) -> Value {
        serde_json::from_str(&self.response_body).unwrap_or(Value::Null)
    }
}

fn as_json_where_json<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text.is_empty() {
        return serializer.serialize_none();
    }
    // Line breaks can only stand between tokens of valid JSON, never inside a string: one line stays one line.
    match RawValue::from_string(text.replace(['\n', '\r'], " ")) {
        Ok(raw) if serde_json::from_str::<Value>(text).is_ok() => raw.serialize(serializer),
        Ok(_) | Err(_) => serializer.serialize_str(text),
    }
}
