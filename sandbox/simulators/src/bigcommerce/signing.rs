//! Signatures of deliveries (`docs/facts/bigcommerce.md` §2.6).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::SignatureEncoding;

fn mac(secret: &str, parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of any length, so there is nothing to go wrong; an empty MAC would simply not verify.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return Vec::new() };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// The value of `webhook-signature`: one `v1` entry under the bytes of the client secret.
pub(crate) fn standard(secret: &str, id: &str, timestamp: i64, body: &[u8]) -> String {
    let head = format!("{id}.{timestamp}.");
    format!("v1,{}", STANDARD.encode(mac(secret, &[head.as_bytes(), body])))
}

/// The value of the compatibility header over the bare body.
pub(crate) fn compatibility(secret: &str, body: &[u8], encoding: SignatureEncoding) -> String {
    let mac = mac(secret, &[body]);
    match encoding {
        SignatureEncoding::Hex => hex::encode(mac),
        SignatureEncoding::Base64 => STANDARD.encode(mac),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "test_client_secret_value";
    const BODY: &[u8] = br#"{"scope":"store/order/created","store_id":"1025646","data":{"type":"order","id":250},"hash":"dd70c0976e06b67aaf671e73f49dcb79230ebf9d","created_at":1561479335,"producer":"stores/abc123"}"#;

    #[test]
    fn the_reference_vector_is_signed_as_written_there() {
        assert_eq!(BODY.len(), 186);
        assert_eq!(
            standard(SECRET, "msg_test_123", 1_561_479_336, BODY),
            "v1,+pAHA0eqymv+z6DwrQzNPyhymyo9hm+Kj60ddUc3aP8="
        );
        assert_eq!(
            compatibility(SECRET, BODY, SignatureEncoding::Hex),
            "0d7ed0ec42be1255e7b058b17a3eef6935fcf98c050b2fda2fdf8108803c0459"
        );
        assert_eq!(
            compatibility(SECRET, BODY, SignatureEncoding::Base64),
            "DX7Q7EK+ElXnsFixej7vaTX8+YwFCy/aL9+BCIA8BFk="
        );
    }
}
