//! Outlines of connections: as much of each as tells it apart from the others, and no secret.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use connector_domain::ConnectionId;
use url::Url;

use crate::connections::{Connection, ConnectionsError, SourceError};

/// What must be known of a connection to say whether another one would take its orders for its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The connection's id.
    pub id: ConnectionId,
    /// Its rules, as TOML.
    pub rules: String,
    /// Kinetic's address, with the instance.
    pub kinetic_url: Url,
    /// The id of the Kinetic company.
    pub company: String,
}

impl From<&Connection> for Outline {
    fn from(connection: &Connection) -> Self {
        let kinetic = &connection.credentials.kinetic;
        Self {
            id: connection.id.clone(),
            rules: connection.rules.clone(),
            kinetic_url: kinetic.base_url.clone(),
            company: kinetic.company.clone(),
        }
    }
}

/// The outlines of all connections of this deployment.
///
/// Guarantees, each tested by the conformance suite:
///
/// - Outlines are as fresh as connections are, and are read anew by the call that finds them stale, one read at a time. Others are served
///   the old ones meanwhile; those that have none wait.
/// - Whoever asks is among them. If not, or not as it is, they are older than its change: they are read anew, once for each change. So
///   of two connections at least the one that was stored later sees the other.
/// - A failed read serves the old ones, is counted, and is not repeated at once. Where there are none, or none that show whoever asks, it
///   is an error.
/// - The same `Arc` is returned for as long as what is stored stays the same.
#[async_trait]
pub trait Outlines: Debug + Send + Sync {
    /// The outlines of all connections, `own` among them, in order of their ids.
    ///
    /// # Errors
    /// [`ConnectionsError::Unavailable`]: try again.
    async fn beside(&self, own: &Outline) -> Result<Arc<[Outline]>, ConnectionsError>;
}

/// Where outlines are stored: what [`CachedOutlines`](crate::CachedOutlines) reads through.
#[async_trait]
pub trait OutlineSource: Debug + Send + Sync {
    /// Reads the outlines of all connections at once, in order of their ids, and no secret for it.
    ///
    /// A connection that is not stored as this version writes it is left out and told about: it does not run, so it is in nobody's way.
    ///
    /// # Errors
    /// [`SourceError`].
    async fn outlines(&self) -> Result<Vec<Outline>, SourceError>;
}
