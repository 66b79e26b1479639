//! A store of connections in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use connector_domain::ConnectionId;
use parking_lot::Mutex;

use crate::connections::{Connection, ConnectionSource, Doorway, SourceError};
use crate::outlines::{Outline, OutlineSource};

/// A [`ConnectionSource`] and [`OutlineSource`] in memory.
#[derive(Debug, Default)]
pub struct MemoryConnections {
    stored: Mutex<BTreeMap<ConnectionId, Connection>>,
}

impl MemoryConnections {
    /// No connection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stores a connection, in place of the one with its id.
    pub fn put(&self, connection: Connection) {
        self.stored.lock().insert(connection.id.clone(), connection);
    }

    /// Removes a connection, and says whether there was one.
    pub fn remove(&self, id: &ConnectionId) -> bool {
        self.stored.lock().remove(id).is_some()
    }
}

#[async_trait]
impl ConnectionSource for MemoryConnections {
    async fn list(&self) -> Result<Vec<ConnectionId>, SourceError> {
        Ok(self.stored.lock().keys().cloned().collect())
    }

    async fn read(&self, id: &ConnectionId) -> Result<Option<Connection>, SourceError> {
        Ok(self.stored.lock().get(id).cloned())
    }
}

#[async_trait]
impl ConnectionSource<Doorway> for MemoryConnections {
    async fn list(&self) -> Result<Vec<ConnectionId>, SourceError> {
        ConnectionSource::<Connection>::list(self).await
    }

    async fn read(&self, id: &ConnectionId) -> Result<Option<Doorway>, SourceError> {
        Ok(ConnectionSource::<Connection>::read(self, id).await?.map(Doorway::from))
    }
}

#[async_trait]
impl OutlineSource for MemoryConnections {
    async fn outlines(&self) -> Result<Vec<Outline>, SourceError> {
        Ok(self.stored.lock().values().map(Outline::from).collect())
    }
}
