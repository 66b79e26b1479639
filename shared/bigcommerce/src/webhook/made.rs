//! A delivery as the store would make it (`docs/facts/bigcommerce.md` §2.2 to §2.6): to try a receiver, never to pass as the store.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector_domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::keys::filled;
use super::policy::VerifierError;
use super::standard;

/// What a delivery is made of.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// The concrete scope.
    pub scope: &'a str,
    /// What it says.
    pub data: Value,
    /// Whose event it is.
    pub store_hash: &'a str,
    /// Makes it an event that was never seen.
    pub id: u128,
    /// When it happened, and when it is sent.
    pub now: Timestamp,
}

/// How it is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedBy<'a> {
    /// `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    StandardWebhooks,
    /// HMAC of the body in the header of this name, as hex.
    BcSignature(&'a str),
}

/// A delivery, ready to be sent.
#[derive(Clone)]
pub struct MadeDelivery {
    /// Names in small letters, and values; a secret may be among them.
    pub headers: BTreeMap<String, String>,
    /// The raw bytes that were signed.
    pub body: String,
}

impl fmt::Debug for MadeDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MadeDelivery({:?})", self.headers.keys().collect::<Vec<_>>())
    }
}

impl Draft<'_> {
    /// Signs it under `secret` in each of these ways.
    ///
    /// # Errors
    /// The secret is blank.
    pub fn signed(
        &self,
        secret: &SecretString,
        ways: &[SignedBy<'_>],
    ) -> Result<MadeDelivery, VerifierError> {
        let body = self.body();
        let mut headers = BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]);
        for way in ways {
            match way {
                SignedBy::StandardWebhooks => {
                    let (id, sent) = (format!("msg_{:032x}", self.id), self.now.as_second());
                    let signed = mac(secret, &[format!("{id}.{sent}.").as_bytes(), body.as_bytes()])?;
                    headers.insert(standard::ID.to_owned(), id);
                    headers.insert(standard::TIMESTAMP.to_owned(), sent.to_string());
                    headers.insert(standard::SIGNATURE.to_owned(), format!("v1,{}", STANDARD.encode(signed)));
                }
                SignedBy::BcSignature(name) => {
                    headers.insert(name.to_lowercase(), hex::encode(mac(secret, &[body.as_bytes()])?));
                }
            }
        }
        Ok(MadeDelivery { headers, body })
    }

    /// The documented payload. Its hash is opaque; this one is like no other.
    fn body(&self) -> String {
        let mut hash = hex::encode(Sha256::digest(self.id.to_be_bytes()));
        hash.truncate(40);
        json!({
            "scope": self.scope,
            "data": self.data,
            "hash": hash,
            "created_at": self.now.as_second(),
            "producer": format!("stores/{}", self.store_hash),
        })
        .to_string()
    }
}

impl MadeDelivery {
    /// With the secret header of the hooks among the headers.
    #[must_use]
    pub fn with_header(mut self, name: &str, secret: &SecretString) -> Self {
        self.headers.insert(name.to_lowercase(), secret.expose_secret().to_owned());
        self
    }

    /// The headers as they are sent; `None` if a value cannot stand in one.
    pub fn header_map(&self) -> Option<HeaderMap> {
        let raw = |(name, value): (&String, &String)| {
            let mut value: HeaderValue = value.parse().ok()?;
            value.set_sensitive(true);
            Some((name.parse::<HeaderName>().ok()?, value))
        };
        self.headers.iter().map(raw).collect()
    }
}

fn mac(secret: &SecretString, parts: &[&[u8]]) -> Result<Vec<u8>, VerifierError> {
    let bytes = filled(secret, "client secret")?;
    let mut mac =
        Hmac::<Sha256>::new_from_slice(bytes).map_err(|_| VerifierError::EmptySecret("client secret"))?;
    for part in parts {
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::super::{RawDelivery, Verifier, VerifyPolicy, WebhookEvent};
    use super::*;

    fn draft(now: Timestamp) -> Draft<'static> {
        Draft { scope: "store/none", data: json!({}), store_hash: "abc123", id: 7, now }
    }

    #[test]
    fn it_proves_itself_in_each_way_and_a_scope_of_nobody_is_not_acted_on() {
        let (now, secret) = (Timestamp::UNIX_EPOCH, SecretString::from("the-client-secret"));
        let header_secret = SecretString::from("of-the-header");
        let policy = VerifyPolicy { custom_header_name: "X-Ours".to_owned(), ..VerifyPolicy::default() };
        let receiver =
            Verifier::new(policy, std::slice::from_ref(&secret), std::slice::from_ref(&header_secret))
                .unwrap();
        let ways = [SignedBy::StandardWebhooks, SignedBy::BcSignature("X-BC-Signature")];
        let made = draft(now).signed(&secret, &ways).unwrap().with_header("X-Ours", &header_secret);
        let headers = made.header_map().unwrap();
        let shown = format!("{made:?} {headers:?}");
        assert!(!shown.contains("of-the-header"), "{shown}");
        let raw = RawDelivery { headers, body: Bytes::from(made.body) };
        let accepted = receiver.verify(raw, now).unwrap();
        assert_eq!(WebhookEvent::parse(&accepted, "abc123"), Ok(None));
    }

    #[test]
    fn nothing_is_signed_under_a_blank_secret() {
        assert!(draft(Timestamp::UNIX_EPOCH).signed(&" ".into(), &[SignedBy::StandardWebhooks]).is_err());
    }
}
