//! Who asks: the headers that every request carries (§2.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, InvalidHeaderValue};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::settings::{Login, Settings};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const CALL_SETTINGS: HeaderName = HeaderName::from_static("callsettings");

/// Key, identity and settings of each call.
pub(crate) struct Identity {
    api_key: SecretString,
    login: Login,
    call_settings: String,
}

impl Identity {
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            api_key: settings.api_key.clone(),
            login: settings.login.clone(),
            call_settings: call_settings(settings),
        }
    }

    /// Puts `x-api-key`, `Authorization` and `CallSettings` into the headers.
    pub(crate) fn sign(&self, headers: &mut HeaderMap) -> Result<(), InvalidHeaderValue> {
        headers.insert(API_KEY, sensitive(self.api_key.expose_secret())?);
        headers.insert(AUTHORIZATION, sensitive(&format!("Basic {}", self.basic()))?);
        headers.insert(CALL_SETTINGS, HeaderValue::from_str(&self.call_settings)?);
        Ok(())
    }

    /// Every text that must not come back in anybody's words.
    pub(crate) fn with_secrets<T>(&self, use_them: impl FnOnce(&[&str]) -> T) -> T {
        let Login::Basic { password, .. } = &self.login;
        use_them(&[self.api_key.expose_secret(), password.expose_secret(), &self.basic()])
    }

    fn basic(&self) -> String {
        let Login::Basic { username, password } = &self.login;
        STANDARD.encode(format!("{username}:{}", password.expose_secret()))
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
