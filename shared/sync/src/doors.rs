//! Where webhooks come in: what the receiver may know of a connection, ready to check a delivery.

use std::collections::HashMap;
use std::sync::Arc;

use connector_bigcommerce::webhook::{Verifier, VerifierError, VerifyPolicy};
use connector_domain::{Clock, ConnectionId};
use connector_ports::{Connections, ConnectionsError, Doorway};
use parking_lot::Mutex;
use secrecy::SecretString;
use thiserror::Error;

use crate::rules::{Problems, Rules};

/// A connection that cannot receive webhooks. The shop sends them again until it is corrected.
#[derive(Debug, Error)]
pub enum DoorError {
    /// There is no such connection: correct the address of the hook, or create the connection.
    #[error("no connection {0}")]
    Unknown(ConnectionId),
    /// The store of connections could not be read: the shop tries again.
    #[error(transparent)]
    Store(ConnectionsError),
    /// Its rules are wrong: correct every line named.
    #[error("rules of connection {connection}: {problems}")]
    Rules {
        /// Whose.
        connection: ConnectionId,
        /// What.
        problems: Problems,
    },
    /// Its webhook secrets are wrong: an empty one would let everybody in.
    #[error("webhook secrets of connection {connection}: {error}")]
    Verifier {
        /// Whose.
        connection: ConnectionId,
        /// What.
        error: VerifierError,
    },
}

/// Where the webhooks of one store come in.
#[derive(Debug)]
pub struct Door {
    /// The connection.
    pub id: ConnectionId,
    /// The hash of its store, which a webhook's producer must name.
    pub store_hash: String,
    /// Checks its webhooks.
    pub verifier: Verifier,
    /// Into how many lanes its orders go.
    pub lanes: u32,
    /// Whether products that changed in the store are marked.
    pub marks_products: bool,
    /// Whether those whose stock changed are.
    pub marks_stock: bool,
}

/// Finds doors, and keeps each for as long as what is stored stays the same.
#[derive(Debug)]
pub struct Doors {
    doorways: Arc<dyn Connections<Doorway>>,
    clock: Arc<dyn Clock>,
    built: Mutex<HashMap<ConnectionId, Built>>,
}

#[derive(Debug)]
struct Built {
    from: Arc<Doorway>,
    door: Arc<Door>,
}

impl Doors {
    /// Doors built from `doorways`; `clock` says how old a signature is.
    pub fn new(doorways: Arc<dyn Connections<Doorway>>, clock: Arc<dyn Clock>) -> Self {
        Self { doorways, clock, built: Mutex::default() }
    }

    /// The clock that deliveries are checked by.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// The door of connection `id`.
    ///
    /// # Errors
    /// See [`DoorError`].
    pub async fn get(&self, id: &ConnectionId) -> Result<Arc<Door>, DoorError> {
        let stored = match self.doorways.get(id).await {
            Ok(stored) => stored,
            Err(ConnectionsError::Unknown(id)) => return Err(DoorError::Unknown(id)),
            Err(error) => return Err(DoorError::Store(error)),
        };
        let known =
            self.built.lock().get(id).filter(|b| Arc::ptr_eq(&b.from, &stored)).map(|b| b.door.clone());
        if let Some(door) = known {
            return Ok(door);
        }
        let door = Arc::new(build(&stored)?);
        self.built.lock().insert(id.clone(), Built { from: stored, door: door.clone() });
        Ok(door)
    }
}

fn build(stored: &Doorway) -> Result<Door, DoorError> {
    let connection = || stored.id.clone();
    let rules = Rules::parse(&stored.rules)
        .map_err(|problems| DoorError::Rules { connection: connection(), problems })?;
    let mut policy = rules.webhooks;
    let mut header_secrets = Vec::new();
    if let Some((name, secret)) = &stored.header {
        policy.custom_header_name.clone_from(name);
        header_secrets.push(secret.clone());
    }
    let verifier = verifier(policy, stored, &header_secrets)
        .map_err(|error| DoorError::Verifier { connection: connection(), error })?;
    Ok(Door {
        id: connection(),
        store_hash: stored.store_hash.clone(),
        verifier,
        lanes: rules.orders.writers,
        marks_products: rules.catalogue.publish,
        marks_stock: rules.catalogue.publish && rules.stock.publish,
    })
}

/// With what was replaced: the clock says at each delivery whether it still counts, because a door is kept for as long as what is stored
/// stays the same.
fn verifier(
    policy: VerifyPolicy,
    stored: &Doorway,
    header_secrets: &[SecretString],
) -> Result<Verifier, VerifierError> {
    let mut verifier = Verifier::new(policy, &stored.client_secrets, header_secrets)?;
    if let Some(old) = &stored.old_client_secret {
        verifier = verifier.with_old_secret(&old.secret, old.until)?;
    }
    if let Some(old) = &stored.old_header {
        verifier = verifier.with_old_header(&old.secret, old.until)?;
    }
    Ok(verifier)
}
