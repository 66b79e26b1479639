//! Secrets taken out of whatever is recorded.

use std::sync::Arc;

use parking_lot::RwLock;

/// What stands where a secret stood.
pub(crate) const REDACTED: &str = "[redacted]";

const SECRET_HEADERS: [&str; 8] = [
    "x-auth-token",
    "authorization",
    "x-api-key",
    "cookie",
    "set-cookie",
    "proxy-authorization",
    "password",
    "sessioninfo",
];

/// Where identities are exchanged for tokens: neither body is kept, whoever sent it.
const SECRET_PATHS: [&str; 2] = ["/TokenResource.svc", "/connect/token"];

/// The secrets known so far; both vendors add theirs to one list, so that neither's key survives in the other's text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets(Arc<RwLock<Vec<String>>>);

impl Secrets {
    /// Remembers a secret in each spelling that it can have on the wire. Shorter than 4 characters it is left alone:
    /// it would tear ordinary text apart.
    pub(crate) fn add(&self, secret: &str) {
        if secret.chars().count() < 4 {
            return;
        }
        let encoded =
            percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC).to_string();
        let in_form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let quoted = serde_json::to_string(secret).unwrap_or_default();
        let escaped = quoted.trim_matches('"').to_owned();
        let mut known = self.0.write();
        for form in [secret.to_owned(), encoded, in_form, escaped] {
            if form.len() >= 4 && !known.contains(&form) {
                known.push(form);
            }
        }
        // The longest first: a secret that contains another must not leave its rest behind.
        known.sort_by_key(|form| std::cmp::Reverse(form.len()));
    }

    /// `text` without any known secret.
    pub(crate) fn scrub(&self, text: &str) -> String {
        self.0.read().iter().fold(text.to_owned(), |text, secret| {
            if text.contains(secret.as_str()) { text.replace(secret.as_str(), REDACTED) } else { text }
        })
    }

    /// A body as it may be kept, of a request or of its answer at this path.
    pub(crate) fn body(&self, path: &str, bytes: &[u8]) -> String {
        if !bytes.is_empty() && SECRET_PATHS.iter().any(|secret| path.contains(secret)) {
            REDACTED.to_owned()
        } else {
            self.scrub(&String::from_utf8_lossy(bytes))
        }
    }

    /// A header's value as it may be kept.
    pub(crate) fn header(&self, name: &str, value: &str) -> String {
        if SECRET_HEADERS.iter().any(|secret| secret.eq_ignore_ascii_case(name)) {
            REDACTED.to_owned()
        } else {
            self.scrub(value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_out_in_each_of_its_spellings() {
        let secrets = Secrets::default();
        secrets.add("a\"b-c d/e");
        for text in ["a\"b-c d/e", "a%22b%2Dc%20d%2Fe", "a%22b-c+d%2Fe", "a\\\"b-c d/e"] {
            assert_eq!(secrets.scrub(&format!("<{text}>")), "<[redacted]>");
        }
    }

    #[test]
    fn the_headers_that_carry_keys_are_hidden_whatever_they_hold() {
        let secrets = Secrets::default();
        assert_eq!(secrets.header("X-Auth-Token", "unknown"), REDACTED);
        assert_eq!(secrets.header("password", "unknown"), REDACTED);
        assert_eq!(secrets.header("SessionInfo", "{}"), REDACTED);
        assert_eq!(secrets.header("accept", "application/json"), "application/json");
    }
}
