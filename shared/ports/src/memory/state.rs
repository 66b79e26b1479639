//! Cursors, links and fingerprints in memory.

use std::collections::HashMap;

use async_trait::async_trait;
use connector_domain::ConnectionId;
use parking_lot::Mutex;
use serde_json::Value;

use crate::digest::Digest;
use crate::state::{Cursor, LinkKind, State, StateError};

/// [`State`] in memory.
#[derive(Debug, Default)]
pub struct MemoryState {
    cursors: Mutex<HashMap<(ConnectionId, String), Cursor>>,
    links: Mutex<HashMap<(ConnectionId, LinkKind, String), Value>>,
    fingerprints: Mutex<HashMap<(ConnectionId, String), Digest>>,
}

impl MemoryState {
    /// Nothing is remembered.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl State for MemoryState {
    async fn cursor(&self, connection: &ConnectionId, name: &str) -> Result<Option<Cursor>, StateError> {
        Ok(self.cursors.lock().get(&(connection.clone(), name.to_owned())).cloned())
    }

    async fn advance(
        &self,
        connection: &ConnectionId,
        name: &str,
        from: Option<&Cursor>,
        document: Value,
    ) -> Result<Cursor, StateError> {
        let key = (connection.clone(), name.to_owned());
        let mut cursors = self.cursors.lock();
        let stored = cursors.get(&key).map(|cursor| cursor.version);
        if stored != from.map(|cursor| cursor.version) {
            return Err(StateError::Moved(name.to_owned()));
        }
        let advanced = Cursor { document, version: stored.unwrap_or(0).saturating_add(1) };
        cursors.insert(key, advanced.clone());
        Ok(advanced)
    }

    async fn link(
        &self,
        connection: &ConnectionId,
        kind: LinkKind,
        key: &str,
    ) -> Result<Option<Value>, StateError> {
        Ok(self.links.lock().get(&(connection.clone(), kind, key.to_owned())).cloned())
    }

    async fn set_link(
        &self,
        connection: &ConnectionId,
        kind: LinkKind,
        key: &str,
        to: Value,
    ) -> Result<(), StateError> {
        self.links.lock().insert((connection.clone(), kind, key.to_owned()), to);
        Ok(())
    }

    async fn fingerprint(
        &self,
        connection: &ConnectionId,
        subject: &str,
    ) -> Result<Option<Digest>, StateError> {
        Ok(self.fingerprints.lock().get(&(connection.clone(), subject.to_owned())).copied())
    }

    async fn set_fingerprint(
        &self,
        connection: &ConnectionId,
        subject: &str,
        fingerprint: Digest,
    ) -> Result<(), StateError> {
        self.fingerprints.lock().insert((connection.clone(), subject.to_owned()), fingerprint);
        Ok(())
    }
}
