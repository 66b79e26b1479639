//! Small facts that outlive an invocation: cursors, links, fingerprints.

use std::fmt::Debug;

use async_trait::async_trait;
use connector_domain::ConnectionId;
use serde_json::Value;
use thiserror::Error;

use crate::digest::Digest;

/// What pollers and mappings remember, each under its connection.
///
/// Guarantees, each tested by the conformance suite:
///
/// - Of two writers that read one cursor and both advance it, one succeeds.
/// - Documents come back as they were written. The last link and the last fingerprint win.
/// - Nothing of one connection is seen by another; names, kinds and keys are compared exactly.
#[async_trait]
pub trait State: Debug + Send + Sync {
    /// The cursor `name`.
    ///
    /// # Errors
    /// [`StateError::Unavailable`].
    async fn cursor(&self, connection: &ConnectionId, name: &str) -> Result<Option<Cursor>, StateError>;

    /// Advances a cursor from the one that was read (`None`: there was none) to `document`.
    ///
    /// # Errors
    /// [`StateError::Moved`] if somebody else advanced it meanwhile: read it again.
    async fn advance(
        &self,
        connection: &ConnectionId,
        name: &str,
        from: Option<&Cursor>,
        document: Value,
    ) -> Result<Cursor, StateError>;

    /// What `key` is linked to.
    ///
    /// # Errors
    /// [`StateError::Unavailable`].
    async fn link(
        &self,
        connection: &ConnectionId,
        kind: LinkKind,
        key: &str,
    ) -> Result<Option<Value>, StateError>;

    /// Links `key`; the last one wins.
    ///
    /// # Errors
    /// [`StateError::Unavailable`].
    async fn set_link(
        &self,
        connection: &ConnectionId,
        kind: LinkKind,
        key: &str,
        to: Value,
    ) -> Result<(), StateError>;

    /// The fingerprint of what was last published as `subject`.
    ///
    /// # Errors
    /// [`StateError::Unavailable`].
    async fn fingerprint(
        &self,
        connection: &ConnectionId,
        subject: &str,
    ) -> Result<Option<Digest>, StateError>;

    /// Remembers what was published as `subject`; the last one wins.
    ///
    /// # Errors
    /// [`StateError::Unavailable`].
    async fn set_fingerprint(
        &self,
        connection: &ConnectionId,
        subject: &str,
        fingerprint: Digest,
    ) -> Result<(), StateError>;
}

/// A cursor as read: an opaque document and which writing of it this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// What the poller wrote.
    pub document: Value,
    /// 1 for the first writing.
    pub version: u64,
}

/// What a link is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// A SKU → the shop's product and variant.
    Sku,
    /// A shopper → the Kinetic customer.
    Shopper,
}

impl LinkKind {
    /// The stable word, as in keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sku => "sku",
            Self::Shopper => "shopper",
        }
    }
}

/// What can go wrong with the state.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StateError {
    /// Somebody else advanced the cursor.
    #[error("the cursor {0} was advanced by somebody else")]
    Moved(String),
    /// It could not be reached, or what it holds could not be read.
    #[error("the state is unavailable: {0}")]
    Unavailable(String),
}
