//! Which company, and how to be let in.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

use crate::auth::Login;
use crate::profile::MethodProfiles;

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
    /// How long a token is good whose lender does not say; lenders were seen to say 20 minutes to an hour (§2.2).
    pub token_lifetime: Duration,
    /// Whether all calls share one server session, made by `Ice.LIB.SessionModSvc/Login`, instead of a session for each (§2.1). End it by
    /// [`Kinetic::logout`](crate::Kinetic::logout).
    pub session: bool,
    /// `ClaimedLicense` of the `License` header: which kind of licence a call takes, e.g. that of web services instead of a full user's. The
    /// guid is in no public source, so there is no default (§2.1).
    pub claimed_license: Option<String>,
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
            token_lifetime: Duration::from_mins(20),
            session: false,
            claimed_license: None,
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
        let nothing_more = base.username().is_empty() && base.password().is_none();
        let nothing_more = nothing_more && base.query().is_none() && base.fragment().is_none();
        if !matches!(base.scheme(), "http" | "https") || !nothing_more {
            return Err(SettingsError::BaseUrl);
        }
        if self.company.is_empty() || self.company.len() > 8 || !plain(&self.company) {
            return Err(SettingsError::Company);
        }
        let told = [self.plant.as_deref(), Some(&self.language), Some(&self.format_culture)];
        if !told.into_iter().flatten().all(|text| !text.is_empty() && plain(text)) {
            return Err(SettingsError::CallSettings);
        }
        if self.api_key.expose_secret().trim().is_empty() {
            return Err(SettingsError::Credentials);
        }
        self.login.check()?;
        if self.token_lifetime.is_zero() {
            return Err(SettingsError::TokenLifetime);
        }
        if !self.claimed_license.as_deref().is_none_or(is_guid) {
            return Err(SettingsError::License);
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

/// Whether a text is a guid as Kinetic writes it: hex digits in groups of 8, 4, 4, 4 and 12.
fn is_guid(text: &str) -> bool {
    let hex = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(hex)
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({}, {})", self.base_url, self.company)
    }
}

/// Settings with which no call could succeed. A person must correct the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// Neither `http` nor `https`, or with a user or a query.
    #[error(
        "the base URL of Kinetic must be http or https, with the instance, without user, query or fragment"
    )]
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
    /// They would come out of the header otherwise than they went in.
    #[error(
        "user and password of a token login go in headers: give the integration a user and a password of plain ASCII without blanks at either end"
    )]
    TokenHeaders,
    /// No token could be asked for.
    #[error(
        "the token URL must be the whole http or https address of the identity provider's token endpoint, without user or fragment"
    )]
    TokenUrl,
    /// Nobody would be lent a token.
    #[error(
        "client id and client secret must not be empty; leave scope and audience out where the provider wants none"
    )]
    ClientCredentials,
    /// Each call would ask for a token of its own.
    #[error("the lifetime of a token that comes without one must be longer than nothing")]
    TokenLifetime,
    /// Would not fit the header.
    #[error(
        "the claimed license must be a guid such as 01234567-89ab-cdef-0123-456789abcdef, without braces"
    )]
    License,
    /// Nothing could be asked.
    #[error("a batch must be 1 to 50 terms, and a URL at least 200 bytes")]
    Batches,
    /// Nothing could be sent.
    #[error("requests per second and in flight must be at least 1")]
    Pace,
}

#[cfg(test)]
mod tests;
