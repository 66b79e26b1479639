//! What a refusal of Kinetic means, on one screen (§2.4, §11.2).
//!
//! Statuses mislead: a wrong password, a wrong key and a missing permission are all 401, an empty licence pool is 400. So the type and the
//! words decide first, the status last. The words are English because `CallSettings` asks for it.

use std::time::Duration;

use connector_http::Class;

/// How long to leave a Kinetic alone whose licences are all taken: clients were seen to wait 30 to 480 seconds (§2.4).
const LICENCE_WAIT: Duration = Duration::from_secs(30);

/// What is known of a refusal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refusal<'a> {
    /// The HTTP status.
    pub(crate) status: u16,
    /// `ErrorType`, empty where the body has none.
    pub(crate) kind: &'a str,
    /// The whole body, for words that stand in any part of it.
    pub(crate) text: &'a str,
}

/// What it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// `None` leaves it to the general table of statuses.
    pub(crate) class: Option<Class>,
    /// A stable label.
    pub(crate) cause: &'static str,
    /// How long to wait, where that is known.
    pub(crate) retry_after: Option<Duration>,
}

/// Reads a refusal. The first rule that fits decides.
pub(crate) fn meaning(refusal: Refusal<'_>) -> Meaning {
    let Refusal { status, kind, text } = refusal;
    let is = |name: &str| kind.ends_with(name);
    let says = |words: &str| text.to_ascii_lowercase().contains(&words.to_ascii_lowercase());
    let business = is("BusinessObjectException") || is("BLException");
    let by = |class, cause| Meaning { class: Some(class), cause, retry_after: None };
    let general = |cause| Meaning { class: None, cause, retry_after: None };

    // Nothing happened: the call did not get as far as a session.
    if says("LicenseAccessException") || says("Maximum users exceeded") {
        return Meaning { retry_after: Some(LICENCE_WAIT), ..by(Class::Throttled, "kinetic.no_licence") };
    }
    // Status and type of this one are unknown, so its text decides (§11.2).
    if says("modified by another user") {
        return by(Class::Conflict, "kinetic.row_modified");
    }
    if is("ConversionsPendingException") {
        return by(Class::Unavailable, "kinetic.conversion_pending");
    }
    if is("InvalidSessionException") || status == 410 {
        return by(Class::Unauthorized, "kinetic.session_expired");
    }
    if is("RecordNotFoundException") {
        return by(Class::NotFound, "kinetic.not_found");
    }
    if is("DuplicateRecordException") {
        return by(Class::Conflict, "kinetic.duplicate");
    }
    if is("ODataException") {
        return by(Class::Rejected, "kinetic.odata");
    }
    if matches!(status, 401 | 403) || is("UnauthorizedAccessException") {
        return match () {
            () if says("Invalid username or password") => by(Class::Unauthorized, "kinetic.bad_credentials"),
            () if says("Access denied") || status == 403 => by(Class::Forbidden, "kinetic.access_denied"),
            () if says("API Key") => by(Class::Unauthorized, "kinetic.bad_api_key"),
            // How it words an expired token is in no source; that it names what is wrong is likely.
            () if says("token") => by(Class::Unauthorized, "kinetic.token_refused"),
            () => by(Class::Unauthorized, "kinetic.unauthorized"),
        };
    }
    if business {
        return by(Class::Rejected, "kinetic.business_rule");
    }
    match status {
        // A release that takes other parameters than our profile: the setup is wrong, no order is (§8.2).
        400 if says("parameter") && (says("not found") || says("missing") || says("required")) => {
            by(Class::Forbidden, "kinetic.method_drift")
        }
        400 => by(Class::Rejected, "kinetic.bad_request"),
        404 if is("ApiException") => by(Class::Forbidden, "kinetic.unknown_method"),
        // Not Kinetic's own words: the web server knows no such application, so the base URL is wrong.
        404 if kind.is_empty() => by(Class::Forbidden, "kinetic.unknown_address"),
        404 => by(Class::NotFound, "kinetic.not_found"),
        409 => by(Class::Conflict, "kinetic.conflict"),
        429 => general("kinetic.throttled"),
        500 => general("kinetic.internal"),
        502..=504 => general("kinetic.gateway"),
        _ => general(""),
    }
}

#[cfg(test)]
mod tests;
