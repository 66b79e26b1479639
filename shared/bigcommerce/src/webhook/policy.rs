//! Which proofs of origin a connection asks of a delivery.

use http::HeaderName;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a connection asks of one method of verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A delivery without it is refused.
    Required,
    /// It may be missing, but if it is there it must pass.
    #[default]
    Optional,
    /// Its headers are not looked at.
    Off,
}

/// The three ways in which a delivery can prove where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MethodName {
    /// HMAC of the body in one header; BigCommerce's documentation never mentions it (`docs/facts/bigcommerce.md` §6.3).
    BcSignature,
    /// The Standard Webhooks headers (`docs/facts/bigcommerce.md` §6.2).
    Standard,
    /// The header that we set ourselves when we registered the hook (`docs/facts/bigcommerce.md` §6.4).
    CustomHeader,
}

impl MethodName {
    /// The stable name for metrics and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BcSignature => "bc_signature",
            Self::Standard => "standard_webhooks",
            Self::CustomHeader => "custom_header",
        }
    }
}

impl std::fmt::Display for MethodName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A connection's policy: at least one method must pass, and none that is present may fail.
///
/// The default asks for any one of the three. The custom header has no name by default, and without a name it is not looked
/// at: a name makes it count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VerifyPolicy {
    /// HMAC-SHA256 of the raw body under the client secret, as hex or base64.
    pub bc_signature: Method,
    /// The header that carries it: third parties disagree about its name.
    pub bc_signature_header: String,
    /// `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    pub standard: Method,
    /// A secret of our own in a header of our own.
    pub custom_header: Method,
    /// The name of that header.
    pub custom_header_name: Option<String>,
}

impl Default for VerifyPolicy {
    fn default() -> Self {
        Self {
            bc_signature: Method::Optional,
            bc_signature_header: "X-BC-Signature".to_owned(),
            standard: Method::Optional,
            custom_header: Method::Optional,
            custom_header_name: None,
        }
    }
}

/// A policy or a secret with which no delivery could be judged. A person must correct the connection.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VerifierError {
    /// One or two client secrets are needed: the live one, and the next or last one while they are exchanged.
    #[error("{0} client secrets, expected one or two")]
    SecretCount(usize),
    /// An empty key would let anybody sign.
    #[error("a {0} is empty")]
    EmptySecret(&'static str),
    /// The name cannot stand in a header.
    #[error("{0:?} is not a header name")]
    HeaderName(String),
    /// One header cannot serve two methods.
    #[error("the header {0} is used by two methods of verification")]
    HeaderTwice(String),
    /// A header secret without a header's name, or a name without a secret, or neither though it is required.
    #[error("the custom header needs both a name and one or two secrets")]
    CustomHeaderIncomplete,
    /// Every delivery would be refused.
    #[error("all methods of verification are off")]
    AllOff,
}

/// The policy with its header names read, as [`crate::webhook::Verifier`] keeps it.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub(super) bc_signature: Method,
    pub(super) bc_header: HeaderName,
    pub(super) standard: Method,
    pub(super) custom: Method,
    pub(super) custom_header: Option<HeaderName>,
}

impl Checked {
    /// Reads the names and refuses what could not work.
    pub(super) fn of(policy: &VerifyPolicy, header_secrets: usize) -> Result<Self, VerifierError> {
        let bc_header = header_name(&policy.bc_signature_header)?;
        let custom_header = policy.custom_header_name.as_deref().map(header_name).transpose()?;
        let custom = match (policy.custom_header, &custom_header, header_secrets) {
            (Method::Off, _, _) => Method::Off,
            (Method::Optional, None, 0) => Method::Off,
            (wanted, Some(_), 1..=2) => wanted,
            (Method::Required | Method::Optional, _, _) => return Err(VerifierError::CustomHeaderIncomplete),
        };
        let standard_names = [super::standard::ID, super::standard::TIMESTAMP, super::standard::SIGNATURE];
        for name in [Some(&bc_header), custom_header.as_ref()].into_iter().flatten() {
            if standard_names.contains(&name.as_str()) {
                return Err(VerifierError::HeaderTwice(name.to_string()));
            }
        }
        if custom_header.as_ref() == Some(&bc_header) {
            return Err(VerifierError::HeaderTwice(bc_header.to_string()));
        }
        if [policy.bc_signature, policy.standard, custom] == [Method::Off; 3] {
            return Err(VerifierError::AllOff);
        }
        Ok(Self {
            bc_signature: policy.bc_signature,
            bc_header,
            standard: policy.standard,
            custom,
            custom_header,
        })
    }
}

fn header_name(text: &str) -> Result<HeaderName, VerifierError> {
    HeaderName::from_bytes(text.as_bytes()).map_err(|_| VerifierError::HeaderName(text.to_owned()))
}
