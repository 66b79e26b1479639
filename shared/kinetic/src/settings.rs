//! Which company, and how to be let in.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

use crate::profile::MethodProfiles;

/// An identity beside the API key; v2 wants both (§2.1).
#[derive(Clone)]
pub enum Login {
    /// A Kinetic user. Users made for single sign-on cannot use it (§2.3).
    Basic {
        /// The user's id.
        username: String,
        /// The user's password.
        password: SecretString,
    },
}

/// One Kinetic company and how to treat it.
#[derive(Clone)]
pub struct Settings {
    /// With the instance: `https://host/KineticLive`.
    pub base_url: Url,
    /// The company's id, as in every path and key.
    pub company: String,
    /// The site in `CallSettings`; `None` takes the user's own. It decides the warehouse of a new line (§2.1).
    pub plant: Option<String>,
    /// The language of refusals. Leave it English: the taxonomy reads the words (§2.4).
    pub language: String,
    /// How Kinetic writes numbers in its words.
    pub format_culture: String,
    /// The API key.
    pub api_key: SecretString,
    /// The identity.
    pub login: Login,
    /// Requests a second at most. Kinetic tells no limit; licences and load are it (§11.2).
    pub requests_per_second: u32,
    /// Requests at once at most: 2 to 4 an instance were suggested (§11.2).
    pub in_flight: u32,
    /// The parameters that this release's methods take.
    pub profile: MethodProfiles,
    /// `or` terms in a filter at most.
    pub or_terms: usize,
    /// Bytes of a URL at most.
    pub url_bytes: usize,
    /// Total time-out of a saving call; `None` takes the transport's. Clients were seen to wait longer for writes than for reads (§11.2).
    pub save_timeout: Option<Duration>,
}

impl Settings {
    /// The settings of a company that is like most.
    pub fn new(base_url: Url, company: String, api_key: SecretString, login: Login) -> Self {
        Self {
            base_url,
            company,
            plant: None,
            language: "en-us".to_owned(),
            format_culture: "en-US".to_owned(),
            api_key,
            login,
            requests_per_second: 20,
            in_flight: 4,
            profile: MethodProfiles::dump(),
            or_terms: 20,
            url_bytes: 1800,
            save_timeout: None,
        }
    }

    /// What the client needs of them, or the first thing that cannot work.
    pub(crate) fn checked(&self) -> Result<(NonZeroU32, NonZeroU32), SettingsError> {
        let base = &self.base_url;
        if !matches!(base.scheme(), "http" | "https") || base.query().is_some() || base.fragment().is_some() {
            return Err(SettingsError::BaseUrl);
        }
        if self.company.is_empty() || self.company.len() > 8 || !plain(&self.company) {
            return Err(SettingsError::Company);
        }
        let told = [self.plant.as_deref(), Some(&self.language), Some(&self.format_culture)];
        if !told.into_iter().flatten().all(|text| !text.is_empty() && plain(text)) {
            return Err(SettingsError::CallSettings);
        }
        let Login::Basic { username, password } = &self.login;
        let empty = [self.api_key.expose_secret(), username, password.expose_secret()];
        if empty.iter().any(|text| text.trim().is_empty()) || username.contains(':') {
            return Err(SettingsError::Credentials);
        }
        if self.or_terms == 0 || self.or_terms > MOST_TERMS || self.url_bytes < 200 {
            return Err(SettingsError::Batches);
        }
        NonZeroU32::new(self.requests_per_second)
            .zip(NonZeroU32::new(self.in_flight))
            .ok_or(SettingsError::Pace)
    }
}

/// More terms than that could find more rows than come in one page (§3).
const MOST_TERMS: usize = 50;

/// Whether a text can stand in a header and in JSON as it is.
fn plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Basic { .. } => f.write_str("Basic(…)"),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({}, {})", self.base_url, self.company)
    }
}

/// Settings with which no call could succeed. A person must correct the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// Neither `http` nor `https`, or with a query.
    #[error("the base URL of Kinetic must be http or https, with the instance, without query or fragment")]
    BaseUrl,
    /// No company id.
    #[error("the Kinetic company must be 1 to 8 plain characters")]
    Company,
    /// Would not fit a header.
    #[error("plant, language and format culture must be plain text")]
    CallSettings,
    /// Nobody would be let in.
    #[error("API key, user and password must not be empty, and a user has no colon")]
    Credentials,
    /// Nothing could be asked.
    #[error("a batch must be 1 to 50 terms, and a URL at least 200 bytes")]
    Batches,
    /// Nothing could be sent.
    #[error("requests per second and in flight must be at least 1")]
    Pace,
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    fn settings() -> Settings {
        let login = Login::Basic { username: "INTEG".to_owned(), password: "pass-word".into() };
        Settings::new("https://host/Live".parse().unwrap(), "EPIC06".to_owned(), "the-key".into(), login)
    }

    #[test]
    fn the_usual_settings_work() {
        assert!(settings().checked().is_ok());
    }

    #[test_case(|s| s.base_url = "ftp://x/".parse().unwrap(), SettingsError::BaseUrl; "no web")]
    #[test_case(|s| s.base_url = "https://x/?a=1".parse().unwrap(), SettingsError::BaseUrl; "a query")]
    #[test_case(|s| s.company = String::new(), SettingsError::Company; "no company")]
    #[test_case(|s| s.company = "EPIC 06".to_owned(), SettingsError::Company; "a blank in it")]
    #[test_case(|s| s.plant = Some("Werk Süd".to_owned()), SettingsError::CallSettings; "a plant no header can hold")]
    #[test_case(|s| s.api_key = " ".into(), SettingsError::Credentials; "no key")]
    #[test_case(|s| s.login = Login::Basic { username: "a:b".to_owned(), password: "x".into() }, SettingsError::Credentials; "a colon in the user")]
    #[test_case(|s| s.or_terms = 0, SettingsError::Batches; "no terms")]
    #[test_case(|s| s.in_flight = 0, SettingsError::Pace; "nothing in flight")]
    fn settings_that_cannot_work_are_refused(spoil: fn(&mut Settings), error: SettingsError) {
        let mut settings = settings();
        spoil(&mut settings);
        assert_eq!(settings.checked().unwrap_err(), error);
    }

    #[test]
    fn no_secret_can_be_printed() {
        let shown = format!("{:?} {:?}", settings(), settings().login);
        assert!(
            !shown.contains("the-key") && !shown.contains("pass-word") && !shown.contains("INTEG"),
            "{shown}"
        );
    }
}
