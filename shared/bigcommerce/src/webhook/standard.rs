//! Standard Webhooks 1.0.0 with the client secret's bytes as key, `docs/facts/bigcommerce.md` §2.6.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName};
use jiff::Timestamp;

use super::headers::{Said, said};
use super::keys::SigningKeys;
use super::verify::Fault;

pub(super) const ID: &str = "webhook-id";
pub(super) const TIMESTAMP: &str = "webhook-timestamp";
pub(super) const SIGNATURE: &str = "webhook-signature";

/// How far `webhook-timestamp` may be from now, either way, in seconds. It is refreshed with each attempt, so a genuine retry
/// two days late passes; the body's `created_at` is never looked at.
const TOLERANCE: i64 = 300;

/// Whether any of the three headers is there.
pub(super) fn present(headers: &HeaderMap) -> bool {
    [ID, TIMESTAMP, SIGNATURE].into_iter().any(|name| headers.contains_key(name))
}

/// Checks the three headers against the body, and gives the id.
pub(super) fn check(
    keys: &SigningKeys,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<String, Fault> {
    let id = one(headers, &HeaderName::from_static(ID))?;
    let timestamp = one(headers, &HeaderName::from_static(TIMESTAMP))?;
    let signatures = one(headers, &HeaderName::from_static(SIGNATURE))?;
    let sent = seconds(timestamp).ok_or(Fault::Malformed)?;
    if sent.abs_diff(now.as_second()) > TOLERANCE.unsigned_abs() {
        return Err(Fault::Stale);
    }
    let signatures = versioned(signatures);
    let signed: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    if keys.verify_any(&signed, &signatures) { Ok(id.to_owned()) } else { Err(Fault::Mismatch) }
}

/// The one value of a header: visible ASCII and not empty.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a str, Fault> {
    match said(headers, name) {
        Said::Nothing => Err(Fault::Incomplete),
        Said::Contradicting => Err(Fault::Contradicting),
        Said::Once(value) => match std::str::from_utf8(value) {
            Ok(text) if !text.is_empty() && text.bytes().all(|b| (b' '..=b'~').contains(&b)) => Ok(text),
            Ok(_) | Err(_) => Err(Fault::Malformed),
        },
    }
}

/// Unix seconds, written in the one canonical way: `+5` and `05` are not what was signed by any library.
fn seconds(text: &str) -> Option<i64> {
    let seconds: i64 = text.parse().ok()?;
    (seconds.to_string() == text).then_some(seconds)
}

/// The signatures of version 1 in a list parted by blanks; other versions are not ours to judge.
fn versioned(list: &str) -> Vec<Vec<u8>> {
    list.split(' ')
        .filter_map(|entry| entry.strip_prefix("v1,"))
        .filter_map(|signature| STANDARD.decode(signature).ok())
        .collect()
}
