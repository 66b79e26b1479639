//! The live secrets of a connection, ready to verify with.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::policy::VerifierError;

/// A key and from when on it counts no more; one that was not replaced counts for ever.
#[derive(Clone)]
struct Timed<K> {
    key: K,
    until: Option<Timestamp>,
}

impl<K> Timed<K> {
    const fn lasting(key: K) -> Self {
        Self { key, until: None }
    }

    fn counts(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// One or two client secrets, and perhaps one that was replaced, as keyed HMAC-SHA256 states: the key is the secret's own bytes
/// (`docs/facts/bigcommerce.md` §2.6).
#[derive(Clone)]
pub(super) struct SigningKeys(Vec<Timed<Hmac<Sha256>>>);

impl SigningKeys {
    /// Keys the states once, so that a delivery costs only its own bytes.
    pub(super) fn new(secrets: &[SecretString]) -> Result<Self, VerifierError> {
        if !(1..=2).contains(&secrets.len()) {
            return Err(VerifierError::SecretCount(secrets.len()));
        }
        secrets.iter().map(|secret| keyed(secret).map(Timed::lasting)).collect::<Result<_, _>>().map(Self)
    }

    /// The same with one that was replaced and counts until then.
    pub(super) fn add(&mut self, secret: &SecretString, until: Timestamp) -> Result<(), VerifierError> {
        self.0.push(Timed { key: keyed(secret)?, until: Some(until) });
        Ok(())
    }

    /// Those that count at `now`.
    pub(super) fn at(&self, now: Timestamp) -> Self {
        Self(self.0.iter().filter(|key| key.counts(now)).cloned().collect())
    }

    /// Whether `signature` is that of `parts`, one after another, under any of the secrets, compared in constant time.
    pub(super) fn verify(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.verify_any(parts, &[signature])
    }

    /// Whether any of `signatures` is that of `parts` under any of the secrets.
    pub(super) fn verify_any<S: AsRef<[u8]>>(&self, parts: &[&[u8]], signatures: &[S]) -> bool {
        self.0.iter().fold(false, |found, timed| {
            let mut mac = timed.key.clone();
            for part in parts {
                mac.update(part);
            }
            signatures
                .iter()
                .fold(found, |found, signature| found | mac.clone().verify_slice(signature.as_ref()).is_ok())
        })
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKeys({})", self.0.len())
    }
}

/// The secrets of the custom header, as digests: comparing digests hides even the length.
#[derive(Clone)]
pub(super) struct HeaderSecrets(Vec<Timed<[u8; 32]>>);

impl HeaderSecrets {
    /// None, one or two of them.
    pub(super) fn new(secrets: &[SecretString]) -> Result<Self, VerifierError> {
        secrets.iter().map(|secret| digest(secret).map(Timed::lasting)).collect::<Result<_, _>>().map(Self)
    }

    /// The same with one that was replaced and counts until then.
    pub(super) fn add(&mut self, secret: &SecretString, until: Timestamp) -> Result<(), VerifierError> {
        self.0.push(Timed { key: digest(secret)?, until: Some(until) });
        Ok(())
    }

    /// Whether `value` is one of those that count at `now`.
    pub(super) fn contain(&self, value: &[u8], now: Timestamp) -> bool {
        let value: [u8; 32] = Sha256::digest(value).into();
        let counting = self.0.iter().filter(|secret| secret.counts(now));
        let found = counting.fold(Choice::from(0), |found, secret| found | secret.key.ct_eq(&value));
        found.into()
    }
}

impl fmt::Debug for HeaderSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeaderSecrets({})", self.0.len())
    }
}

fn keyed(secret: &SecretString) -> Result<Hmac<Sha256>, VerifierError> {
    let bytes = filled(secret, "client secret")?;
    Hmac::new_from_slice(bytes).map_err(|_| VerifierError::EmptySecret("client secret"))
}

fn digest(secret: &SecretString) -> Result<[u8; 32], VerifierError> {
    filled(secret, "custom header secret").map(|bytes| Sha256::digest(bytes).into())
}

/// The bytes of a secret that is not blank.
pub(super) fn filled<'a>(secret: &'a SecretString, what: &'static str) -> Result<&'a [u8], VerifierError> {
    let text = secret.expose_secret();
    if text.trim().is_empty() { Err(VerifierError::EmptySecret(what)) } else { Ok(text.as_bytes()) }
}
