//! What a token endpoint answers (§2.2, §2.3).

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

/// A token, and for how long it was lent if that was told.
pub(super) struct Grant {
    pub(super) token: SecretString,
    pub(super) lifetime: Option<Duration>,
}

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "AccessToken", alias = "access_token")]
    access_token: String,
    #[serde(rename = "ExpiresIn", alias = "expires_in")]
    expires_in: Option<Value>,
}

/// Reads JSON in either spelling, or XML: it may come although JSON was asked for. `None` where there is no token in it.
///
/// The token itself is not looked into; only the server knows what it says.
pub(super) fn read(body: &[u8]) -> Option<Grant> {
    let text = std::str::from_utf8(body).ok()?.trim_start_matches('\u{feff}').trim();
    let (token, expires_in) = if text.starts_with('<') { of_xml(text)? } else { of_json(text)? };
    // A token of something else could not stand in a header.
    let stands = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    // A lifetime of nothing would have every call ask for a token of its own: it is as good as not told.
    let lifetime = expires_in.filter(|seconds| *seconds > 0).map(Duration::from_secs);
    stands.then(|| Grant { token: token.into(), lifetime })
}

fn of_json(text: &str) -> Option<(String, Option<u64>)> {
    let Body { access_token, expires_in } = serde_json::from_str(text).ok()?;
    let seconds = expires_in.and_then(|told| match &told {
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => told.as_u64(),
    });
    Some((access_token, seconds))
}

fn of_xml(text: &str) -> Option<(String, Option<u64>)> {
    let document = roxmltree::Document::parse(text).ok()?;
    let element = |name: &str| {
        let found = document.descendants().find(|node| node.tag_name().name() == name)?;
        Some(found.text()?.trim().to_owned())
    };
    Some((element("AccessToken")?, element("ExpiresIn").and_then(|seconds| seconds.parse().ok())))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use test_case::test_case;

    use super::*;

    #[test_case(r#"{"AccessToken":"a.b-c_d=","ExpiresIn":3600,"TokenType":"Bearer","RefreshToken":""}"#, Some(3600); "JSON of the server")]
    #[test_case(r#"{"access_token":"a.b-c_d=","expires_in":300,"token_type":"Bearer"}"#, Some(300); "JSON of an identity provider")]
    #[test_case(r#"{"AccessToken":"a.b-c_d=","ExpiresIn":"90"}"#, Some(90); "seconds as a text")]
    #[test_case(r#"{"AccessToken":"a.b-c_d="}"#, None; "no lifetime")]
    #[test_case(r#"{"AccessToken":"a.b-c_d=","ExpiresIn":0}"#, None; "a lifetime of nothing")]
    #[test_case(r#"{"AccessToken":"a.b-c_d=","ExpiresIn":-1}"#, None; "a lifetime that is none")]
    #[test_case("<Token><AccessToken>a.b-c_d=</AccessToken><ExpiresIn>1200</ExpiresIn><TokenType>Bearer</TokenType></Token>", Some(1200); "XML")]
    #[test_case("\u{feff}<?xml version=\"1.0\"?>\r\n<Token xmlns=\"urn:x\">\n <AccessToken> a.b-c_d= </AccessToken></Token>", None; "XML with all that may stand around it")]
    fn a_token_is_read(body: &str, seconds: Option<u64>) {
        let grant = read(body.as_bytes()).unwrap();
        assert_eq!(grant.token.expose_secret(), "a.b-c_d=");
        assert_eq!(grant.lifetime, seconds.map(Duration::from_secs));
    }

    #[test_case(""; "nothing")]
    #[test_case("{}"; "no token")]
    #[test_case(r#"{"AccessToken":""}"#; "an empty token")]
    #[test_case(r#"{"AccessToken":"a b"}"#; "a token with a blank")]
    #[test_case(r#"{"AccessToken":"a\r\nx-api-key: b"}"#; "a token that would be two headers")]
    #[test_case("<html><body>Sign in</body></html>"; "a page")]
    #[test_case("<Token><AccessToken/></Token>"; "an empty element")]
    #[test_case("<!DOCTYPE x [<!ENTITY e \"f\">]><Token><AccessToken>&e;</AccessToken></Token>"; "an entity of its own")]
    #[test_case("<html><br>"; "a page that is no XML")]
    fn what_holds_no_token_is_none(body: &str) {
        assert!(read(body.as_bytes()).is_none());
    }
}
