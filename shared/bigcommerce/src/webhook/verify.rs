//! From raw bytes to bytes of known origin.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;
use secrecy::SecretString;
use thiserror::Error;

use super::headers::{Said, said};
use super::keys::{HeaderSecrets, SigningKeys};
use super::policy::{Checked, MethodName, Need, VerifierError, VerifyPolicy};
use super::{bc_signature, standard};

/// The longest body that is looked at: 64 KiB. The documented payloads are a few hundred bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// What came over the wire, untouched: nobody can read meaning out of it before it is verified.
pub struct RawDelivery {
    /// The headers, every instance of them.
    pub headers: HeaderMap,
    /// The body, byte for byte: a signature covers bytes, not JSON.
    pub body: Bytes,
}

impl fmt::Debug for RawDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawDelivery({} headers, {} bytes)", self.headers.len(), self.body.len())
    }
}

/// A delivery that the connection's policy accepted. Only [`Verifier::verify`] makes one, so unverified bytes cannot be parsed.
///
/// ```compile_fail,E0451
/// use connector_bigcommerce::webhook::VerifiedDelivery;
/// let forged = VerifiedDelivery { body: Default::default(), webhook_id: None, methods: Vec::new() };
/// ```
#[derive(Clone)]
pub struct VerifiedDelivery {
    body: Bytes,
    webhook_id: Option<String>,
    methods: Vec<MethodName>,
}

impl VerifiedDelivery {
    /// The bytes that were verified.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The `webhook-id`, only if the method that signs it passed: an unsigned header is anybody's.
    pub fn webhook_id(&self) -> Option<&str> {
        self.webhook_id.as_deref()
    }

    /// The methods that passed, at least one.
    pub fn methods(&self) -> &[MethodName] {
        &self.methods
    }
}

impl fmt::Debug for VerifiedDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifiedDelivery({} bytes, {:?})", self.body.len(), self.methods)
    }
}

/// Why a method that is present did not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    /// One of the method's headers is missing.
    #[error("one of its headers is missing")]
    Incomplete,
    /// A header has several different values.
    #[error("a header contradicts itself")]
    Contradicting,
    /// A header cannot be read.
    #[error("a header is malformed")]
    Malformed,
    /// The signed time is more than five minutes away, either way.
    #[error("the signed time is more than five minutes away")]
    Stale,
    /// Signed by somebody else, or changed on the way.
    #[error("it does not match")]
    Mismatch,
}

/// A delivery that is refused. It carries no value of the delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// Answer 413.
    #[error("the body is longer than 64 KiB")]
    TooLarge,
    /// Nothing in the delivery proves anything. Answer 401.
    #[error("no method of verification is present")]
    Unsigned,
    /// The policy requires a method that is not there. Answer 401.
    #[error("the required method {0} is absent")]
    Missing(MethodName),
    /// A method that is there failed. Answer 401.
    #[error("{method} failed: {fault}")]
    Failed {
        /// Which one.
        method: MethodName,
        /// How.
        fault: Fault,
    },
}

impl VerifyError {
    /// The HTTP status to answer. A 401 counts as a failed delivery at BigCommerce, which tries again and in the end blocks
    /// the domain (`docs/facts/bigcommerce.md` §2.4): whoever answers it also raises a metric.
    pub const fn status(self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::Unsigned | Self::Missing(_) | Self::Failed { .. } => 401,
        }
    }
}

/// A connection's policy and live secrets, ready to judge deliveries. It keeps no delivery and no plain secret.
#[derive(Debug, Clone)]
pub struct Verifier {
    policy: Checked,
    keys: SigningKeys,
    header_secrets: HeaderSecrets,
}

impl Verifier {
    /// A verifier for a connection with one or two live `secrets` (the client secret), and up to two of the custom header.
    ///
    /// # Errors
    /// Secrets that are missing, too many or empty; header names that are none or serve twice; a policy that refuses all.
    pub fn new(
        policy: VerifyPolicy,
        secrets: &[SecretString],
        header_secrets: &[SecretString],
    ) -> Result<Self, VerifierError> {
        Ok(Self {
            keys: SigningKeys::new(secrets)?,
            policy: Checked::of(policy, header_secrets.len())?,
            header_secrets: HeaderSecrets::new(header_secrets)?,
        })
    }

    /// The same, which also takes a client secret that was replaced, until then: the store signs a delivery that it tries again under the
    /// account that it was made for, for two days (`docs/facts/bigcommerce.md` §2.7).
    ///
    /// # Errors
    /// It is empty.
    pub fn with_old_secret(mut self, secret: &SecretString, until: Timestamp) -> Result<Self, VerifierError> {
        self.keys.add(secret, until)?;
        Ok(self)
    }

    /// The same, which also takes a value that the custom header had before, until then. Where there is no such header it changes nothing.
    ///
    /// # Errors
    /// It is empty.
    pub fn with_old_header(mut self, secret: &SecretString, until: Timestamp) -> Result<Self, VerifierError> {
        self.header_secrets.add(secret, until)?;
        Ok(self)
    }

    /// Judges a delivery at the moment `now`: at least one method must pass, none that is present may fail.
    ///
    /// # Errors
    /// [`VerifyError`], whose [`VerifyError::status`] is the answer.
    pub fn verify(&self, delivery: RawDelivery, now: Timestamp) -> Result<VerifiedDelivery, VerifyError> {
        let RawDelivery { headers, body } = delivery;
        if body.len() > MAX_BODY {
            return Err(VerifyError::TooLarge);
        }
        let standard = self.standard(&headers, &body, now);
        let webhook_id = match &standard {
            Verdict::Passed(id) => Some(id.clone()),
            Verdict::Absent | Verdict::Failed(_) => None,
        };
        let verdicts = [
            (MethodName::BcSignature, self.policy.bc_signature, self.bc_signature(&headers, &body, now)),
            (MethodName::Standard, self.policy.standard, standard.forget()),
            (MethodName::CustomHeader, self.policy.custom, self.custom(&headers, now)),
        ];
        let mut methods = Vec::with_capacity(verdicts.len());
        for (method, wanted, verdict) in verdicts {
            match (wanted, verdict) {
                (Need::Off, _) | (Need::Optional, Verdict::Absent) => {}
                (Need::Required, Verdict::Absent) => return Err(VerifyError::Missing(method)),
                (Need::Required | Need::Optional, Verdict::Passed(())) => methods.push(method),
                (Need::Required | Need::Optional, Verdict::Failed(fault)) => {
                    return Err(VerifyError::Failed { method, fault });
                }
            }
        }
        if methods.is_empty() {
            return Err(VerifyError::Unsigned);
        }
        Ok(VerifiedDelivery { body, webhook_id, methods })
    }

    fn standard(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Verdict<String> {
        if self.policy.standard == Need::Off || !standard::present(headers) {
            return Verdict::Absent;
        }
        standard::check(&self.keys.at(now), headers, body, now).into()
    }

    fn bc_signature(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Verdict<()> {
        if self.policy.bc_signature == Need::Off {
            return Verdict::Absent;
        }
        match said(headers, &self.policy.bc_header) {
            Said::Nothing => Verdict::Absent,
            Said::Contradicting => Verdict::Failed(Fault::Contradicting),
            Said::Once(value) => bc_signature::check(&self.keys.at(now), value, body).into(),
        }
    }

    fn custom(&self, headers: &HeaderMap, now: Timestamp) -> Verdict<()> {
        let Some(name) = self.policy.custom_header.as_ref().filter(|_| self.policy.custom != Need::Off)
        else {
            return Verdict::Absent;
        };
        match said(headers, name) {
            Said::Nothing => Verdict::Absent,
            Said::Contradicting => Verdict::Failed(Fault::Contradicting),
            Said::Once(value) if self.header_secrets.contain(value, now) => Verdict::Passed(()),
            Said::Once(_) => Verdict::Failed(Fault::Mismatch),
        }
    }
}

/// What one method says about a delivery.
enum Verdict<T> {
    Absent,
    Passed(T),
    Failed(Fault),
}

impl<T> Verdict<T> {
    fn forget(self) -> Verdict<()> {
        match self {
            Self::Absent => Verdict::Absent,
            Self::Passed(_) => Verdict::Passed(()),
            Self::Failed(fault) => Verdict::Failed(fault),
        }
    }
}

impl<T> From<Result<T, Fault>> for Verdict<T> {
    fn from(result: Result<T, Fault>) -> Self {
        match result {
            Ok(value) => Self::Passed(value),
            Err(fault) => Self::Failed(fault),
        }
    }
}

#[cfg(test)]
mod tests;
