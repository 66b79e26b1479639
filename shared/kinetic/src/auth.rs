//! Who asks: the headers that every request carries (§2.1).

mod desk;
mod grant;
mod kept;
mod lender;
mod login;
mod session;
mod token;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector_domain::{Clock, Deadline};
use connector_http::{AuthorizeError, Remote, Vendor};
use http::header::{AUTHORIZATION, InvalidHeaderValue};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::lender::Lender;
pub use self::login::Login;
pub(crate) use self::session::Sessions;
use self::token::Tokens;
use crate::settings::{Settings, SettingsError};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const CALL_SETTINGS: HeaderName = HeaderName::from_static("callsettings");
const LICENSE: HeaderName = HeaderName::from_static("license");

/// Key, identity and settings of each call.
pub(crate) struct Identity {
    api_key: SecretString,
    proof: Proof,
    call_settings: String,
    license: Option<String>,
}

/// How the identity is proven.
enum Proof {
    /// By user and password, as they stand in the header.
    Basic { password: SecretString, encoded: SecretString },
    /// By a token that is lent for a while.
    Token(Box<Tokens>),
}

impl Identity {
    /// `reach` makes the remote of a token endpoint.
    ///
    /// # Errors
    /// User or password cannot stand in the headers that ask for a token.
    pub(crate) fn of(
        settings: &Settings,
        clock: Arc<dyn Clock>,
        reach: impl FnOnce(Url, Arc<dyn Vendor>) -> Remote,
    ) -> Result<Self, SettingsError> {
        let borrowed =
            |lender| Proof::Token(Box::new(Tokens::new(lender, settings.token_lifetime, clock, reach)));
        let proof = match &settings.login {
            Login::Basic { username, password } => {
                let encoded = STANDARD.encode(format!("{username}:{}", password.expose_secret()));
                Proof::Basic { password: password.clone(), encoded: encoded.into() }
            }
            Login::Token { username, password } => Lender::of_server(&settings.base_url, username, password)
                .map(borrowed)
                .map_err(|_| SettingsError::TokenHeaders)?,
            Login::ClientCredentials { token_url, client_id, client_secret, scope, audience } => {
                let (scope, audience) = (scope.as_deref(), audience.as_deref());
                borrowed(Lender::of_provider(token_url, client_id, client_secret, scope, audience))
            }
        };
        let license = settings.claimed_license.as_deref();
        Ok(Self {
            api_key: settings.api_key.clone(),
            proof,
            call_settings: call_settings(settings),
            license: license.map(|id| serde_json::json!({ "ClaimedLicense": id }).to_string()),
        })
    }

    /// Puts key, identity, `CallSettings` and `License` into the headers, and says the generation of the token in them; 0 if there is none.
    ///
    /// # Errors
    /// A setting cannot stand in a header, or no token was lent.
    pub(crate) async fn sign(
        &self,
        headers: &mut HeaderMap,
        deadline: Deadline,
    ) -> Result<u64, AuthorizeError> {
        headers.insert(API_KEY, sensitive(self.api_key.expose_secret())?);
        headers.insert(CALL_SETTINGS, HeaderValue::from_str(&self.call_settings)?);
        if let Some(license) = &self.license {
            headers.insert(LICENSE, HeaderValue::from_str(license)?);
        }
        let (shown, generation) = match &self.proof {
            Proof::Basic { encoded, .. } => (format!("Basic {}", encoded.expose_secret()), 0),
            Proof::Token(tokens) => {
                let (token, generation) = tokens.get(deadline).await?;
                (format!("Bearer {}", token.expose_secret()), generation)
            }
        };
        headers.insert(AUTHORIZATION, sensitive(&shown)?);
        Ok(generation)
    }

    /// Whether the identity is proven by a token, which can be lent anew.
    pub(crate) const fn has_token(&self) -> bool {
        matches!(self.proof, Proof::Token(_))
    }

    /// Gives up the token of `generation`.
    pub(crate) fn forget(&self, generation: u64) {
        if let Proof::Token(tokens) = &self.proof {
            tokens.forget(generation);
        }
    }

    /// Every text that must not come back in anybody's words.
    pub(crate) fn secrets(&self) -> Vec<SecretString> {
        let mut secrets = vec![self.api_key.clone()];
        match &self.proof {
            Proof::Basic { password, encoded } => secrets.extend([password.clone(), encoded.clone()]),
            Proof::Token(tokens) => secrets.extend(tokens.secrets()),
        }
        secrets
    }
}

fn sensitive(text: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The JSON of the `CallSettings` header. The plant decides defaults such as a line's warehouse; the language, in which
/// language a refusal is worded, which [`crate::taxonomy`] reads.
fn call_settings(settings: &Settings) -> String {
    let mut json = serde_json::json!({
        "Company": settings.company,
        "Language": settings.language,
        "FormatCulture": settings.format_culture,
    });
    if let (Some(plant), Some(object)) = (&settings.plant, json.as_object_mut()) {
        object.insert("Plant".to_owned(), plant.clone().into());
    }
    json.to_string()
}
