//! The parts of an address that both vendors must agree about.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::IdError;

/// An ISO 3166-1 alpha-2 country code, in capitals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CountryCode(String);

impl CountryCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CountryCode {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        if text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(IdError::new("country code", "two letters, such as US"))
        }
    }
}

impl From<CountryCode> for String {
    fn from(code: CountryCode) -> Self {
        code.0
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An e-mail address as an identity: trimmed and in small letters, so that one shopper is one shopper.
///
/// `Debug` and logs never show it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// The address, if the text has the shape of one: something, `@`, something.
    pub fn normalised(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, host) = text.rsplit_once('@')?;
        let shaped = !local.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace);
        shaped.then(|| Self(text.to_lowercase()))
    }

    /// The address as text, for the one place that sends it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_shopper_is_one_address() {
        assert_eq!(Email::normalised(" Ada@Example.COM "), Email::normalised("ada@example.com"));
        assert_eq!(Email::normalised("no address"), None);
        assert_eq!(Email::normalised("@"), None);
    }

    #[test]
    fn debug_shows_no_address() {
        assert_eq!(format!("{:?}", Email::normalised("ada@example.com").unwrap()), "Email(…)");
    }
}
