//! The ways to show who asks.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::settings::SettingsError;

/// An identity beside the API key; v2 wants both (§2.1).
#[derive(Clone)]
pub enum Login {
    /// A Kinetic user, named in each call. Users made for single sign-on cannot use it (§2.3).
    Basic {
        /// The user's id.
        username: String,
        /// The user's password.
        password: SecretString,
    },
    /// A Kinetic user who is lent a token by the server itself, at `TokenResource.svc` (§2.2).
    Token {
        /// The user's id.
        username: String,
        /// The user's password.
        password: SecretString,
    },
    /// An application that an identity provider knows and that Kinetic maps to a user (§2.3). Nothing of it has a default, because each
    /// site has its own.
    ClientCredentials {
        /// Where tokens are lent.
        token_url: Url,
        /// The application's id.
        client_id: String,
        /// The application's secret.
        client_secret: SecretString,
        /// `scope`, where the provider wants one.
        scope: Option<String>,
        /// `audience`, where the provider wants one.
        audience: Option<String>,
    },
}

impl Login {
    /// # Errors
    /// The first thing with which nobody would be let in.
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        match self {
            Self::Basic { username, password } => {
                let user = !blank(username) && !username.contains(':');
                must(user && !blank(password.expose_secret()), SettingsError::Credentials)
            }
            Self::Token { username, password } => {
                let texts = [username.as_str(), password.expose_secret()];
                must(!texts.into_iter().any(blank), SettingsError::Credentials)?;
                must(texts.into_iter().all(stands_in_header), SettingsError::TokenHeaders)
            }
            Self::ClientCredentials { token_url, client_id, client_secret, scope, audience } => {
                let named = !token_url.username().is_empty() || token_url.password().is_some();
                let web = matches!(token_url.scheme(), "http" | "https");
                must(web && !named && token_url.fragment().is_none(), SettingsError::TokenUrl)?;
                let needed = [Some(client_id.as_str()), Some(client_secret.expose_secret())];
                let told = needed.into_iter().chain([scope.as_deref(), audience.as_deref()]);
                must(!told.flatten().any(blank), SettingsError::ClientCredentials)
            }
        }
    }
}

fn must(holds: bool, error: SettingsError) -> Result<(), SettingsError> {
    if holds { Ok(()) } else { Err(error) }
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether a text comes out of a header as it went in: how others would be written there is in no source (§2.2).
fn stands_in_header(text: &str) -> bool {
    text.trim() == text && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic { .. } => "Basic(…)",
            Self::Token { .. } => "Token(…)",
            Self::ClientCredentials { .. } => "ClientCredentials(…)",
        })
    }
}
