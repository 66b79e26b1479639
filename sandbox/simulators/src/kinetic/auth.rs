//! Who asks, and for which site (`docs/facts/kinetic.md` §2).

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde::Deserialize;

use super::{company::Company, config::KineticConfig, refusal::Refusal};

/// The `CallSettings` header; what it may hold is known.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
struct CallSettings {
    plant: Option<String>,
    #[serde(rename = "Company")]
    _company: Option<String>,
    #[serde(rename = "Language")]
    _language: Option<String>,
    #[serde(rename = "FormatCulture")]
    _format_culture: Option<String>,
}

/// Refuses whoever has no key or no identity; `at` is when the call was received.
pub(crate) fn identify(
    company: &Company,
    headers: &HeaderMap,
    query: &str,
    at: Timestamp,
) -> Result<(), Refusal> {
    let config = &company.config;
    if let Some(token) = bearer(headers) {
        if !company.tokens.holds(token, at) {
            return Err(Refusal::unauthorized(401, config.token_refusal.as_str()));
        }
    } else {
        let known = basic(headers).is_some_and(|(user, password)| knows(company, &user, &password));
        if !known || !config.logins.basic {
            return Err(Refusal::bad_credentials());
        }
    }
    let in_query =
        url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "api-key").map(|(_, key)| key);
    let in_header = headers.get("x-api-key").map(|key| String::from_utf8_lossy(key.as_bytes()));
    let key = in_header.or(in_query).unwrap_or_default();
    if *key == config.api_key {
        return Ok(());
    }
    config.recorder.redact(&key);
    let text = format!("Invalid API Key {key}.\r\nCompany {}.", config.company);
    Err(Refusal::unauthorized(401, text))
}

/// Whether this is the company's user.
pub(crate) fn knows(company: &Company, user: &str, password: &str) -> bool {
    user.eq_ignore_ascii_case(&company.config.username) && password == company.config.password
}

/// User and password of a Basic header.
pub(crate) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let plain = STANDARD.decode(authorization(headers, "Basic ")?.trim()).ok()?;
    let plain = String::from_utf8(plain).ok()?;
    plain.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    authorization(headers, "Bearer ").map(str::trim)
}

fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix(scheme)
}

/// Refuses what the user may not do; `Erp.BO.SalesOrderSvc` is spoken of without its `Svc`.
pub(crate) fn permit(config: &KineticConfig, service: &str, method: &str) -> Result<(), Refusal> {
    let action = format!("{}.{method}", service.strip_suffix("Svc").unwrap_or(service));
    if config.denied.contains(&action) {
        return Err(Refusal::unauthorized(config.denied_status, format!("Access denied ({action}).")));
    }
    Ok(())
}

/// The site of the call: that of the header, else the user's own.
pub(crate) fn plant(config: &KineticConfig, headers: &HeaderMap) -> Result<String, Refusal> {
    let own = config.plants.first().map(|(plant, _)| plant.clone()).unwrap_or_default();
    let Some(header) = headers.get("callsettings") else { return Ok(own) };
    let settings: CallSettings = serde_json::from_slice(header.as_bytes())
        .map_err(|error| Refusal::request(format!("CallSettings cannot be read: {error}")))?;
    match settings.plant {
        None => Ok(own),
        Some(plant) if config.plants.iter().any(|(known, _)| *known == plant) => Ok(plant),
        Some(plant) => Err(Refusal::request(format!("Site {plant} is not valid."))),
    }
}
