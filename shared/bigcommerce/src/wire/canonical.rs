//! One text for one JSON value, whatever the order of its keys and the blanks between them.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// Feeds `json` to `digest` in canonical form: keys sorted, no blanks, numbers with the digits that were sent. The `left_out`
/// keys of the outermost object are skipped.
pub(crate) fn digest_into(digest: &mut Sha256, json: &RawValue, left_out: &[&str]) -> serde_json::Result<()> {
    let text = json.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
            digest.update(b"{");
            for (key, value) in fields.iter().filter(|(key, _)| !left_out.contains(&key.as_str())) {
                digest.update(serde_json::to_vec(key)?);
                digest.update(b":");
                digest_into(digest, value, &[])?;
                digest.update(b",");
            }
            digest.update(b"}");
        }
        Some(b'[') => {
            digest.update(b"[");
            for item in serde_json::from_str::<Vec<&RawValue>>(text)? {
                digest_into(digest, item, &[])?;
                digest.update(b",");
            }
            digest.update(b"]");
        }
        Some(b'"') => {
            let unescaped: String = serde_json::from_str(text)?;
            digest.update(serde_json::to_vec(&unescaped)?);
        }
        Some(_) | None => digest.update(text),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(json: &str, left_out: &[&str]) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest_into(&mut digest, &RawValue::from_string(json.to_owned()).unwrap(), left_out).unwrap();
        digest.finalize().into()
    }

    #[test]
    fn order_of_keys_blanks_and_escapes_make_no_difference() {
        let one = digest(r#"{"a":[1,{"x":"é","y":null}],"b":"1.0000"}"#, &[]);
        let other = digest("{ \"b\" : \"1.0000\", \"a\": [1, {\"y\":null,\"x\":\"\\u00e9\"}] }", &[]);
        assert_eq!(one, other);
    }

    #[test]
    fn every_other_difference_shows() {
        let one = digest(r#"{"a":[1,2],"b":"1.0000"}"#, &[]);
        for other in [
            r#"{"a":[2,1],"b":"1.0000"}"#,
            r#"{"a":[1,2],"b":"1.0001"}"#,
            r#"{"a":[12],"b":"1.0000"}"#,
            r#"{"a":[1,2],"b":1.0000}"#,
            r#"{"a":[1,2]}"#,
        ] {
            assert_ne!(one, digest(other, &[]), "{other}");
        }
    }

    #[test]
    fn left_out_keys_count_at_the_top_only() {
        let with = |note: &str, inner: &str| {
            digest(&format!(r#"{{"note":"{note}","inner":{{"note":"{inner}"}}}}"#), &["note"])
        };
        assert_eq!(with("a", "x"), with("b", "x"));
        assert_ne!(with("a", "x"), with("a", "y"));
    }
}
