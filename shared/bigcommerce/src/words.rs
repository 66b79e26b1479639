//! What BigCommerce says about a failure, in words that may be kept.
//!
//! Every shape of `docs/facts/bigcommerce.md` §1.2 is read: an object (v3), a list (v2), either under `data`, problem+json,
//! `{"error": …}`, plain text, and the HTML of something in between.

use serde_json::Value;

/// The longest text that is kept, in characters.
const LONGEST: usize = 500;

/// The vendor's own words in an error's body, without keys and addresses; empty if there are none.
pub(crate) fn of(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let words = match serde_json::from_slice::<Value>(body) {
        Ok(value) => of_value(&value),
        Err(_) if text.trim_start().starts_with('<') => title(&text),
        Err(_) => text.trim().to_owned(),
    };
    kept(&words)
}

/// The same of a part of a body, which may be a map of fields.
pub(crate) fn of_json(value: &Value) -> String {
    let said = of_value(value);
    kept(&if said.is_empty() { of_fields(value) } else { said })
}

/// One line without keys and addresses, as long as may be kept.
fn kept(words: &str) -> String {
    let scrubbed: Vec<String> = words.split_whitespace().map(scrubbed).collect();
    scrubbed.join(" ").chars().take(LONGEST).collect()
}

/// The words in a JSON value, whatever its shape.
fn of_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => joined(items.iter().map(of_value)),
        Value::Object(object) => {
            let texts = ["title", "message", "detail", "error", "data", "batch_errors"];
            let said = texts.into_iter().filter_map(|key| object.get(key)).map(of_value);
            let fields = ["errors", "details", "field_errors"];
            let named = fields.into_iter().filter_map(|key| object.get(key)).map(of_fields);
            joined(said.chain(named))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

/// `field: what is wrong with it`, for each field.
fn of_fields(fields: &Value) -> String {
    match fields {
        Value::Object(fields) => joined(fields.iter().map(|(field, words)| {
            let words = of_fields(words);
            if words.is_empty() { field.clone() } else { format!("{field}: {words}") }
        })),
        Value::Array(items) => joined(items.iter().map(of_fields)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => of_value(fields),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// The title of a page: its text would say nothing more.
fn title(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let inner = lower.find("<title>").zip(lower.find("</title>"));
    let title = inner.and_then(|(start, end)| html.get(start.saturating_add("<title>".len())..end));
    title.map_or_else(|| "a page of HTML".to_owned(), |title| format!("a page of HTML: {}", title.trim()))
}

/// A word, unless it looks like an e-mail address or a key.
fn scrubbed(word: &str) -> String {
    let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let letters = bare.bytes().any(|b| b.is_ascii_alphabetic());
    let digits = bare.bytes().any(|b| b.is_ascii_digit());
    let key = bare.len() >= 20 && letters && digits && bare.bytes().all(|b| b.is_ascii_alphanumeric());
    if word.contains('@') {
        "[address]".to_owned()
    } else if key {
        "[key]".to_owned()
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    #[test_case(r#"[{"status":404,"message":"The requested resource was not found."}]"#, "The requested resource was not found."; "v2 list")]
    #[test_case(r#"[{"status":400,"message":"The field 'email' is invalid.","details":{"invalid_reason":"In use."}}]"#, "The field 'email' is invalid.; invalid_reason: In use."; "v2 with details")]
    #[test_case(r#"{"status":422,"title":"Bad input","type":"x","errors":{"name":"is missing","data.0":{"a":"b"}}}"#, "Bad input; data.0: a: b; name: is missing"; "v3 object with fields")]
    #[test_case(r#"{"status":401,"title":"Unauthorized","errors":{}}"#, "Unauthorized"; "v3 object with no fields")]
    #[test_case(r#"{"data":[{"status":503,"error":"Tax service gone away"}],"meta":{}}"#, "Tax service gone away"; "list under data")]
    #[test_case(r#"{"error":{"code":"SERVICE_DEGRADED","message":"Try later"}}"#, "Try later"; "error object")]
    #[test_case(r#"{"batch_errors":[{"status":422,"title":"Bad upc","errors":{"upc":"is long"}},{"data":{"sku":"A"},"field_errors":{"price":"is low"}}]}"#, "Bad upc; upc: is long; price: is low"; "rows of a batch")]
    #[test_case("Unauthorized", "Unauthorized"; "text")]
    #[test_case("<html><head><title>502 Bad Gateway</title></head></html>", "a page of HTML: 502 Bad Gateway"; "page")]
    #[test_case("<!doctype html><p>no", "a page of HTML"; "page without a title")]
    #[test_case("", ""; "nothing")]
    #[test_case("{}", ""; "empty object")]
    #[test_case("[", "["; "cut JSON is text")]
    fn every_shape_of_an_error_becomes_words(body: &str, words: &str) {
        assert_eq!(of(body.as_bytes()), words);
    }

    #[test]
    fn addresses_and_keys_are_left_out_and_long_texts_cut() {
        let words =
            of(br#"[{"message":"ada@example.com is taken, token 9f8e7d6c5b4a39281706f5e4d3c2b1a0."}]"#);
        assert_eq!(words, "[address] is taken, token [key]");
        assert_eq!(of("é".repeat(2000).as_bytes()).chars().count(), 500);
        assert!(!of(b"\xff\xfe").is_empty(), "bytes that are no text do not stop us");
    }
}
