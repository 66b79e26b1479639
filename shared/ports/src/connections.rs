//! Connections: the rules and credentials of each store with its Kinetic company.

mod replaced;
mod rotate;

use std::fmt;
use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use connector_domain::ConnectionId;
use secrecy::SecretString;
use thiserror::Error;
use url::Url;

pub use self::replaced::{KNOWN, OVERLAP, Old, Replaced};
pub use self::rotate::NotRotated;

/// The connections of this deployment, or of each what one function may know of it: a [`Connection`], or only its [`Doorway`].
///
/// Guarantees, each tested by the conformance suite:
///
/// - A stale connection is refreshed inline by the call that finds it stale, one refresh at a time a connection. Others are served the
///   old value meanwhile; those that have none wait.
/// - A failed refresh serves the old value, is counted, and is not repeated at once; a connection never seen is an error. A connection
///   that was removed is unknown.
/// - The same `Arc` is returned for as long as what is stored stays the same.
/// - `Debug` of a connection prints no secret.
#[async_trait]
pub trait Connections<T = Connection>: Debug + Send + Sync {
    /// The ids of all connections, in order.
    ///
    /// # Errors
    /// [`ConnectionsError::Unavailable`].
    async fn list(&self) -> Result<Vec<ConnectionId>, ConnectionsError>;

    /// One connection.
    ///
    /// # Errors
    /// [`ConnectionsError::Unknown`], or [`ConnectionsError::Unavailable`] if it was never read before.
    async fn get(&self, id: &ConnectionId) -> Result<Arc<T>, ConnectionsError>;
}

/// What can go wrong with connections.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConnectionsError {
    /// There is no such connection.
    #[error("no connection {0}")]
    Unknown(ConnectionId),
    /// They could not be reached, or what is stored could not be read.
    #[error("connections are unavailable: {0}")]
    Unavailable(String),
}

/// One store and one Kinetic company, as stored.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Its rules, as TOML.
    pub rules: String,
    /// Its credentials.
    pub credentials: Credentials,
}

/// What the receiver of webhooks may know of a connection: enough to check one, and nothing that opens a vendor's door.
#[derive(Clone)]
pub struct Doorway {
    /// The connection's id.
    pub id: ConnectionId,
    /// Its rules, as TOML.
    pub rules: String,
    /// As in `/stores/{hash}/`.
    pub store_hash: String,
    /// The client secrets, any of which may have signed a webhook.
    pub client_secrets: Vec<SecretString>,
    /// The client secret of the API account that was replaced.
    pub old_client_secret: Option<Replaced>,
    /// The secret header that we set on our hooks: its name and value.
    pub header: Option<(String, SecretString)>,
    /// The value that the header had before.
    pub old_header: Option<Replaced>,
}

impl fmt::Debug for Doorway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Doorway({} to stores/{})", self.id, self.store_hash)
    }
}

impl From<Connection> for Doorway {
    fn from(connection: Connection) -> Self {
        let Connection { id, rules, credentials: Credentials { bigcommerce, kinetic: _ } } = connection;
        let ShopCredentials { store_hash, client_secrets, header, old, base_url: _, access_token: _ } =
            bigcommerce;
        let Old { header: old_header, client_secret: old_client_secret, access_token: _ } = old;
        Self { id, rules, store_hash, client_secrets, old_client_secret, header, old_header }
    }
}

/// Both credential sets of a connection.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The store's.
    pub bigcommerce: ShopCredentials,
    /// Kinetic's.
    pub kinetic: KineticCredentials,
}

/// How to be let into a store, and how its webhooks prove themselves.
#[derive(Clone)]
pub struct ShopCredentials {
    /// All before `/stores/`.
    pub base_url: Url,
    /// As in `/stores/{hash}/`.
    pub store_hash: String,
    /// The API account's token.
    pub access_token: SecretString,
    /// The API account's client secret, which signs webhooks; two while it is being changed.
    pub client_secrets: Vec<SecretString>,
    /// The secret header that we set on our hooks: its name and value.
    pub header: Option<(String, SecretString)>,
    /// What they took the place of.
    pub old: Old,
}

impl fmt::Debug for ShopCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShopCredentials({}stores/{})", self.base_url, self.store_hash)
    }
}

/// How to be let into a Kinetic company.
#[derive(Clone)]
pub struct KineticCredentials {
    /// With the instance.
    pub base_url: Url,
    /// The company's id.
    pub company: String,
    /// The API key.
    pub api_key: SecretString,
    /// The identity beside it.
    pub login: Login,
    /// The certificates, as PEM, of an authority that only this plant trusts. No secret.
    pub ca_pem: Option<String>,
}

impl fmt::Debug for KineticCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KineticCredentials({}, {})", self.base_url, self.company)
    }
}

/// A Kinetic identity.
#[derive(Clone)]
pub enum Login {
    /// User and password.
    Basic {
        /// The user.
        username: String,
        /// The password.
        password: SecretString,
    },
    /// User and password, for which Kinetic's own token service gives a token.
    Token {
        /// The user.
        username: String,
        /// The password.
        password: SecretString,
    },
    /// An application of an identity provider (OAuth 2 client credentials).
    ClientCredentials {
        /// Where tokens are asked for.
        token_url: Url,
        /// The application.
        client_id: String,
        /// Its secret.
        client_secret: SecretString,
        /// What is asked for, if the provider wants it said.
        scope: Option<String>,
        /// For whom, if the provider wants it said.
        audience: Option<String>,
    },
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic { .. } => "Basic(…)",
            Self::Token { .. } => "Token(…)",
            Self::ClientCredentials { .. } => "ClientCredentials(…)",
        })
    }
}

/// Where connections are stored: what [`CachedConnections`](crate::CachedConnections) reads through.
#[async_trait]
pub trait ConnectionSource<T = Connection>: Debug + Send + Sync {
    /// The ids of all connections, in order.
    ///
    /// # Errors
    /// [`SourceError`].
    async fn list(&self) -> Result<Vec<ConnectionId>, SourceError>;

    /// Reads one connection; `None` if there is none.
    ///
    /// # Errors
    /// [`SourceError`].
    async fn read(&self, id: &ConnectionId) -> Result<Option<T>, SourceError>;
}

/// The source could not be reached, or what it holds could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct SourceError(pub String);
