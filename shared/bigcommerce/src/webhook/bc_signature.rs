//! `X-BC-Signature`: HMAC-SHA256 of the raw body in one header, `docs/facts/bigcommerce.md` §2.5.
//!
//! It covers no time, so a recorded delivery stays valid for ever: what a replay may do is decided by what the order is, never
//! by when the delivery came.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::keys::SigningKeys;
use super::verify::Fault;

/// Checks the header's value against the body.
pub(super) fn check(keys: &SigningKeys, value: &[u8], body: &[u8]) -> Result<(), Fault> {
    let signature = decode(value).ok_or(Fault::Malformed)?;
    if keys.verify(&[body], &signature) { Ok(()) } else { Err(Fault::Mismatch) }
}

/// 32 bytes from hex of either case or base64, with or without `sha256=` before it.
fn decode(value: &[u8]) -> Option<Vec<u8>> {
    let text = value.strip_prefix(b"sha256=").unwrap_or(value);
    let bytes = if text.len() == 64 { hex::decode(text).ok()? } else { STANDARD.decode(text).ok()? };
    (bytes.len() == 32).then_some(bytes)
}
