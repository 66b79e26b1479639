//! Signing, as the other side does it, and the known delivery of `docs/facts/bigcommerce.md` §2.6.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use connector_domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderName, HeaderValue};
use sha2::Sha256;

use super::{RawDelivery, VerifiedDelivery, Verifier, VerifyPolicy};

pub(super) const SECRET: &str = "test_client_secret_value";
pub(super) const NOW: i64 = 1_561_479_336;
pub(super) const VECTOR: &[u8] = br#"{"scope":"store/order/created","store_id":"1025646","data":{"type":"order","id":250},"hash":"dd70c0976e06b67aaf671e73f49dcb79230ebf9d","created_at":1561479335,"producer":"stores/abc123"}"#;

fn mac(secret: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
    STANDARD.encode(bytes).into_bytes()
}

/// The hex form of `X-BC-Signature`.
pub(super) fn bc_hex(secret: &str, body: &[u8]) -> Vec<u8> {
    hex::encode(mac(secret, &[body])).into_bytes()
}

/// Its base64 form.
pub(super) fn bc_base64(secret: &str, body: &[u8]) -> Vec<u8> {
    base64(&mac(secret, &[body]))
}

/// A `webhook-signature`.
pub(super) fn standard(secret: &str, id: &str, sent: i64, body: &[u8]) -> Vec<u8> {
    let signed = format!("{id}.{sent}.");
    [b"v1,".as_slice(), &base64(&mac(secret, &[signed.as_bytes(), body]))].concat()
}

/// A verifier with the known secret.
fn verifier() -> Verifier {
    Verifier::new(VerifyPolicy::default(), &[SECRET.into()], &[]).unwrap()
}

fn verify(headers: &[(&'static str, Vec<u8>)], body: &[u8]) -> VerifiedDelivery {
    let headers = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap()))
        .collect();
    let delivery = RawDelivery { headers, body: Bytes::copy_from_slice(body) };
    verifier().verify(delivery, Timestamp::from_second(NOW).unwrap()).unwrap()
}

/// A delivery verified by `X-BC-Signature`.
pub(super) fn verified(body: &[u8]) -> VerifiedDelivery {
    verify(&[("x-bc-signature", bc_hex(SECRET, body))], body)
}

/// A delivery verified by Standard Webhooks under this id.
pub(super) fn verified_with_id(id: &str, body: &[u8]) -> VerifiedDelivery {
    let headers = [
        ("webhook-id", id.as_bytes().to_vec()),
        ("webhook-timestamp", NOW.to_string().into_bytes()),
        ("webhook-signature", standard(SECRET, id, NOW, body)),
    ];
    verify(&headers, body)
}
