//! Reading a value with a path to what is wrong, and never the value itself.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// What could not be read, for people: a path and a reason, no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drift(pub(crate) String);

/// Reads `json` as `T`; `at` names it in the error: `products[3]`.
pub(crate) fn read<T: DeserializeOwned>(at: &str, json: &RawValue) -> Result<T, Drift> {
    let deserializer = &mut serde_json::Deserializer::from_str(json.get());
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        let dot = if path.starts_with('[') { "" } else { "." };
        let path = if path == "." { String::new() } else { format!("{dot}{path}") };
        Drift(format!("{at}{path}: {}", without_values(error.inner())))
    })
}

/// Reads each item of a list.
pub(crate) fn read_all<T: DeserializeOwned>(at: &str, items: &[Box<RawValue>]) -> Result<Vec<T>, Drift> {
    items.iter().enumerate().map(|(index, item)| read(&format!("{at}[{index}]"), item)).collect()
}

/// The items of a JSON list, unread.
pub(crate) fn items(at: &str, json: &str) -> Result<Vec<Box<RawValue>>, Drift> {
    serde_json::from_str(json).map_err(|error| Drift(format!("{at}: {}", without_values(&error))))
}

/// The reason, without the value that some of `serde`'s messages repeat.
pub(crate) fn without_values(error: &serde_json::Error) -> String {
    let message = error.to_string();
    if let Some((kind, expected)) =
        message.strip_prefix("invalid type: ").and_then(|m| m.rsplit_once(", expected "))
    {
        let kind = kind.split([' ', '`', '"']).next().unwrap_or_default();
        let expected = expected.split(" at line ").next().unwrap_or_default();
        return format!("invalid type: {kind}, expected {expected}");
    }
    if message.starts_with("invalid value: ") {
        return "invalid value".to_owned();
    }
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_names_the_path_and_no_value() {
        #[derive(Debug, serde::Deserialize)]
        struct Inner {
            #[expect(dead_code, reason = "only read")]
            size: u64,
        }
        let items = items("products", r#"[{"size":1},{"size":"ada@example.com"}]"#).unwrap();
        let drift = read_all::<Inner>("products", &items).unwrap_err();
        assert_eq!(drift.0, "products[1].size: invalid type: string, expected u64");
    }
}
