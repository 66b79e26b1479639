//! The live secrets of a connection, ready to verify with.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::policy::VerifierError;

/// One or two client secrets as keyed HMAC-SHA256 states: the key is the secret's own bytes
/// (`docs/facts/bigcommerce.md` §2.6).
#[derive(Clone)]
pub(super) struct SigningKeys(Vec<Hmac<Sha256>>);

impl SigningKeys {
    /// Keys the states once, so that a delivery costs only its own bytes.
    pub(super) fn new(secrets: &[SecretString]) -> Result<Self, VerifierError> {
        if !(1..=2).contains(&secrets.len()) {
            return Err(VerifierError::SecretCount(secrets.len()));
        }
        let keyed = |secret: &SecretString| {
            let bytes = filled(secret, "client secret")?;
            Hmac::new_from_slice(bytes).map_err(|_| VerifierError::EmptySecret("client secret"))
        };
        secrets.iter().map(keyed).collect::<Result<_, _>>().map(Self)
    }

    /// Whether `signature` is that of `parts`, one after another, under any of the secrets, compared in constant time.
    pub(super) fn verify(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.verify_any(parts, &[signature])
    }

    /// Whether any of `signatures` is that of `parts` under any of the secrets.
    pub(super) fn verify_any<S: AsRef<[u8]>>(&self, parts: &[&[u8]], signatures: &[S]) -> bool {
        self.0.iter().fold(false, |found, key| {
            let mut mac = key.clone();
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
pub(super) struct HeaderSecrets(Vec<[u8; 32]>);

impl HeaderSecrets {
    /// None, one or two of them.
    pub(super) fn new(secrets: &[SecretString]) -> Result<Self, VerifierError> {
        let digest = |secret: &SecretString| {
            filled(secret, "custom header secret").map(|bytes| Sha256::digest(bytes).into())
        };
        secrets.iter().map(digest).collect::<Result<_, _>>().map(Self)
    }

    /// Whether `value` is one of them.
    pub(super) fn contain(&self, value: &[u8]) -> bool {
        let value: [u8; 32] = Sha256::digest(value).into();
        let found = self.0.iter().fold(Choice::from(0), |found, secret| found | secret.ct_eq(&value));
        found.into()
    }
}

impl fmt::Debug for HeaderSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeaderSecrets({})", self.0.len())
    }
}

/// The bytes of a secret that is not blank.
pub(super) fn filled<'a>(secret: &'a SecretString, what: &'static str) -> Result<&'a [u8], VerifierError> {
    let text = secret.expose_secret();
    if text.trim().is_empty() { Err(VerifierError::EmptySecret(what)) } else { Ok(text.as_bytes()) }
}
