//! What Kinetic says about a failure, in words that may be kept.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// The longest text that is kept, in characters.
const LONGEST: usize = 500;

/// The body of a refusal, whatever its form (§11.1).
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Spoken {
    /// `ErrorType`, empty where there is none.
    pub(crate) kind: String,
    /// For people.
    pub(crate) words: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    error_message: Option<String>,
    error_type: Option<String>,
    error_details: Option<Vec<Detail>>,
    correlation_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Detail {
    message: Option<String>,
    table: Option<String>,
    field: Option<String>,
}

/// Reads a refusal's body: JSON, XML with the same names, a page of something in between, or plain text.
pub(crate) fn spoken(status: u16, body: &[u8]) -> Spoken {
    let text = String::from_utf8_lossy(body);
    match serde_json::from_str::<Body>(&text) {
        Ok(body) => of_json(status, body),
        Err(_) if text.contains("<ErrorMessage") => Spoken {
            kind: element(&text, "ErrorType").unwrap_or_default(),
            words: element(&text, "ErrorMessage").unwrap_or_default(),
        },
        Err(_) if text.trim_start().starts_with('<') => {
            let title = element(&text, "title").filter(|title| !title.is_empty());
            let words =
                title.map_or_else(|| "a page of HTML".to_owned(), |title| format!("a page of HTML: {title}"));
            Spoken { kind: String::new(), words }
        }
        Err(_) => Spoken { kind: String::new(), words: text.trim().to_owned() },
    }
}

/// The message, each detail that says more, and for an internal error the id by which the server's own log finds it.
fn of_json(status: u16, body: Body) -> Spoken {
    let message = body.error_message.unwrap_or_default();
    let mut parts = vec![message.clone()];
    for detail in body.error_details.unwrap_or_default() {
        let place = [detail.table, detail.field].into_iter().flatten().filter(|part| !part.is_empty());
        let place = place.collect::<Vec<_>>().join(".");
        let more = detail.message.filter(|more| !message.contains(more.as_str()));
        parts.push(match more {
            Some(more) if place.is_empty() => more,
            Some(more) => format!("{place}: {more}"),
            None if place.is_empty() => String::new(),
            None => format!("({place})"),
        });
    }
    if let (500, Some(id)) = (status, body.correlation_id) {
        parts.push(format!("(correlation {id})"));
    }
    parts.retain(|part| !part.is_empty());
    Spoken { kind: body.error_type.unwrap_or_default(), words: parts.join(" ") }
}

/// The text of the first element of that name.
fn element(text: &str, name: &str) -> Option<String> {
    let (_, after) = text.split_once(&format!("<{name}"))?;
    let (_, inner) = after.split_once('>')?;
    let (inner, _) = inner.split_once("</")?;
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    Some(plain.iter().fold(inner.trim().to_owned(), |text, (escaped, plain)| text.replace(escaped, plain)))
}

/// One line of at most 500 characters without secrets and e-mail addresses.
///
/// The API-key message repeats the key that was sent (§2.4), which need not be one we know any more: whatever follows those words goes. So does
/// what looks like a token, which may have been replaced since.
pub(crate) fn scrubbed(words: &str, secrets: &[&SecretString]) -> String {
    let known = secrets.iter().map(|secret| secret.expose_secret()).filter(|secret| !secret.is_empty());
    let words = known.fold(words.to_owned(), |words, secret| words.replace(secret, "[key]"));
    let mut kept: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        let after_key = kept.len() >= 2
            && kept.last().is_some_and(|last| last.eq_ignore_ascii_case("key"))
            && kept.iter().rev().nth(1).is_some_and(|last| last.eq_ignore_ascii_case("api"));
        kept.push(if after_key {
            "[key].".to_owned()
        } else if is_token(word) {
            "[key]".to_owned()
        } else if word.contains('@') {
            "[address]".to_owned()
        } else {
            word.to_owned()
        });
    }
    kept.join(" ").chars().take(LONGEST).collect()
}

/// Whether a word holds a signed token: three parts with dots between them, of which the first is JSON in base64 (§2.2).
fn is_token(word: &str) -> bool {
    word.find("eyJ").and_then(|at| word.get(at..)).is_some_and(|rest| rest.matches('.').count() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(400, r#"{"ErrorMessage":"Part is inactive.","ErrorType":"Ice.Common.BusinessObjectException","ErrorDetails":[{"Message":"Part is inactive.","Table":"OrderDtl","Field":"PartNum"}],"CorrelationId":"2f3d"}"#, "Ice.Common.BusinessObjectException", "Part is inactive. (OrderDtl.PartNum)"; "a business rule")]
    #[test_case(400, r#"{"ErrorMessage":"No.","ErrorDetails":[{"Message":"Too long.","Table":"OrderHed","Field":"OTSZIP"},{"Message":"Why."}]}"#, "", "No. OrderHed.OTSZIP: Too long. Why."; "details that say more")]
    #[test_case(500, r#"{"ErrorMessage":"We apologize.","CorrelationId":"2f3d"}"#, "", "We apologize. (correlation 2f3d)"; "an internal error")]
    #[test_case(401, r#"{"HttpStatus":401,"ReasonPhrase":"REST API Exception","ErrorMessage":"No."}"#, "", "No."; "without type")]
    #[test_case(400, "<RestError><ErrorMessage>A &amp; B</ErrorMessage><ErrorType>Ice.BLException</ErrorType></RestError>", "Ice.BLException", "A & B"; "XML")]
    #[test_case(502, "<html><head><TITLE>x</TITLE><title>502 Bad Gateway</title></head>", "", "a page of HTML: 502 Bad Gateway"; "a page")]
    #[test_case(502, "<!doctype html>", "", "a page of HTML"; "a page without title")]
    #[test_case(503, " Service Unavailable\n", "", "Service Unavailable"; "plain text")]
    #[test_case(500, "", "", ""; "nothing")]
    #[test_case(400, "[1]", "", "[1]"; "JSON of another shape")]
    fn every_form_of_a_body_is_read(status: u16, body: &str, kind: &str, words: &str) {
        let expected = Spoken { kind: kind.to_owned(), words: words.to_owned() };
        assert_eq!(spoken(status, body.as_bytes()), expected);
    }

    #[test]
    fn known_and_echoed_keys_and_addresses_are_left_out() {
        let words = scrubbed("Invalid API Key an-old-key.\r\nCompany EPIC06.", &[&"the-key".into()]);
        assert_eq!(words, "Invalid API Key [key]. Company EPIC06.");
        assert_eq!(
            scrubbed("bad (the-key) of ann@example.com", &[&"the-key".into(), &"".into()]),
            "bad ([key]) of [address]"
        );
        assert_eq!(scrubbed(&"é".repeat(900), &[]).chars().count(), LONGEST);
        assert_eq!(
            scrubbed("Token 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJlcGljb3IifQ.c2lnbg' is invalid.", &[]),
            "Token [key] is invalid."
        );
    }
}
