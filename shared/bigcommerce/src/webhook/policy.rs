//! Which proofs of origin a connection asks of a delivery.

use http::HeaderName;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How much a connection needs one method of verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
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
    /// HMAC of the body in one header; BigCommerce's documentation never mentions it (`docs/facts/bigcommerce.md` §2.5).
    BcSignature,
    /// The Standard Webhooks headers (`docs/facts/bigcommerce.md` §2.6).
    Standard,
    /// The header that we set ourselves when we registered the hook (`docs/facts/bigcommerce.md` §2.5).
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
    pub bc_signature: Need,
    /// The header that carries it: third parties disagree about its name.
    pub bc_signature_header: String,
    /// `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    pub standard: Need,
    /// A secret of our own in a header of our own.
    pub custom_header: Need,
    /// The name of that header; empty where there is none.
    pub custom_header_name: String,
}

impl Default for VerifyPolicy {
    fn default() -> Self {
        Self {
            bc_signature: Need::Optional,
            bc_signature_header: "X-BC-Signature".to_owned(),
            standard: Need::Optional,
            custom_header: Need::Optional,
            custom_header_name: String::new(),
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
    pub(super) bc_signature: Need,
    pub(super) bc_header: HeaderName,
    pub(super) standard: Need,
    pub(super) custom: Need,
    pub(super) custom_header: Option<HeaderName>,
}

impl Checked {
    /// Reads the names and refuses what could not work.
    pub(super) fn of(policy: VerifyPolicy, header_secrets: usize) -> Result<Self, VerifierError> {
        let bc_header = header_name(policy.bc_signature_header)?;
        let name = Some(policy.custom_header_name).filter(|name| !name.is_empty());
        let custom_header = name.map(header_name).transpose()?;
        let custom = match (policy.custom_header, &custom_header, header_secrets) {
            (Need::Off, _, _) | (Need::Optional, None, 0) => Need::Off,
            (wanted, Some(_), 1..=2) => wanted,
            (Need::Required | Need::Optional, _, _) => return Err(VerifierError::CustomHeaderIncomplete),
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
        if [policy.bc_signature, policy.standard, custom] == [Need::Off; 3] {
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

fn header_name(text: String) -> Result<HeaderName, VerifierError> {
    HeaderName::from_bytes(text.as_bytes()).map_err(|_| VerifierError::HeaderName(text))
}
