//! The cursors of a sandbox; the rest of its state is its own.

use async_trait::async_trait;
use connector_domain::ConnectionId;
use connector_http::{Call, CallError, Class, absent};
use connector_ports::{Cursor, Digest, LinkKind, State, StateError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::sandbox::{Sandbox, refused};

#[derive(Debug, Serialize, Deserialize)]
struct Told {
    document: Value,
    version: u64,
}

const NOT_TOLD: &str = "the sandbox tells only cursors";

fn path(connection: &ConnectionId, name: &str) -> String {
    format!("connections/{connection}/cursors/{name}")
}

fn lost(error: &CallError) -> StateError {
    StateError::Unavailable(refused(error).to_string())
}

fn not_told<T>() -> Result<T, StateError> {
    Err(StateError::Unavailable(NOT_TOLD.to_owned()))
}

#[async_trait]
impl State for Sandbox {
    async fn cursor(&self, connection: &ConnectionId, name: &str) -> Result<Option<Cursor>, StateError> {
        let call = Call::get("GET cursors/{name}", path(connection, name));
        let answer = absent(self.send(&call).await).map_err(|error| lost(&error))?;
        let told = answer.map(|answer| answer.json::<Told>().map_err(|error| lost(&error))).transpose()?;
        Ok(told.map(|Told { document, version }| Cursor { document, version }))
    }

    async fn advance(
        &self,
        connection: &ConnectionId,
        name: &str,
        from: Option<&Cursor>,
        document: Value,
    ) -> Result<Cursor, StateError> {
        let from = from.map(|cursor| Told { document: cursor.document.clone(), version: cursor.version });
        let call = Call::put("PUT cursors/{name}", path(connection, name));
        let call = call.json(&json!({ "from": from, "document": document }));
        let call = call.map_err(|error| StateError::Unavailable(error.to_string()))?;
        match self.send(&call).await.and_then(|answer| answer.json::<Told>()) {
            Ok(Told { document, version }) => Ok(Cursor { document, version }),
            Err(error) if error.class == Class::Conflict => Err(StateError::Moved(name.to_owned())),
            Err(error) => Err(lost(&error)),
        }
    }

    async fn link(&self, _: &ConnectionId, _: LinkKind, _: &str) -> Result<Option<Value>, StateError> {
        not_told()
    }

    async fn set_link(&self, _: &ConnectionId, _: LinkKind, _: &str, _: Value) -> Result<(), StateError> {
        not_told()
    }

    async fn fingerprint(&self, _: &ConnectionId, _: &str) -> Result<Option<Digest>, StateError> {
        not_told()
    }

    async fn set_fingerprint(&self, _: &ConnectionId, _: &str, _: Digest) -> Result<(), StateError> {
        not_told()
    }
}
