//! The shelf of a sandbox, which is only read from here.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{ConnectionId, Sku, Timestamp};
use connector_http::{Call, CallError, Safety};
use connector_ports::{Lease, Leases, LeasesError, Mark, Published, Shelf, ShelfError, Shelved};

use super::sandbox::{Sandbox, refused};

const READ_ONLY: &str = "only the sandbox itself writes to its store";

fn lost(error: &CallError) -> ShelfError {
    ShelfError::Unavailable(refused(error).to_string())
}

impl Sandbox {
    async fn shelved(
        &self,
        connection: &ConnectionId,
        after: Option<&Sku>,
        limit: usize,
        with_issue: bool,
    ) -> Result<Vec<(Sku, Shelved)>, ShelfError> {
        let mut call = Call::get("GET shelf", format!("connections/{connection}/shelf"));
        call = call.query("limit", limit.to_string()).query("with_issue", with_issue.to_string());
        if let Some(after) = after {
            call = call.query("after", after.0.clone());
        }
        self.send(&call).await.and_then(|answer| answer.json()).map_err(|error| lost(&error))
    }
}

#[async_trait]
impl Shelf for Sandbox {
    async fn get(
        &self,
        connection: &ConnectionId,
        skus: &[Sku],
    ) -> Result<BTreeMap<Sku, Shelved>, ShelfError> {
        let path = format!("connections/{connection}/shelf/records");
        let call = Call::post("POST shelf/records", path, Safety::Idempotent).json(&skus);
        let call = call.map_err(|error| ShelfError::Unavailable(error.to_string()))?;
        let found: Result<Vec<(Sku, Shelved)>, CallError> =
            self.send(&call).await.and_then(|answer| answer.json());
        found.map(|found| found.into_iter().collect()).map_err(|error| lost(&error))
    }

    async fn put(&self, _: &ConnectionId, _: &[(Sku, Shelved)], _: &[Published]) -> Result<(), ShelfError> {
        Err(ShelfError::Unavailable(READ_ONLY.to_owned()))
    }

    async fn list(
        &self,
        connection: &ConnectionId,
        after: Option<&Sku>,
        limit: usize,
    ) -> Result<Vec<(Sku, Shelved)>, ShelfError> {
        self.shelved(connection, after, limit, false).await
    }

    async fn with_issue(
        &self,
        connection: &ConnectionId,
        after: Option<&Sku>,
        limit: usize,
    ) -> Result<Vec<(Sku, Shelved)>, ShelfError> {
        self.shelved(connection, after, limit, true).await
    }

    async fn changes(
        &self,
        connection: &ConnectionId,
        sku: &Sku,
        limit: usize,
    ) -> Result<Vec<Published>, ShelfError> {
        let call = Call::get("GET shelf/changes", format!("connections/{connection}/shelf/changes"));
        let call = call.query("sku", sku.0.clone()).query("limit", limit.to_string());
        self.send(&call).await.and_then(|answer| answer.json()).map_err(|error| lost(&error))
    }

    async fn mark(&self, _: &ConnectionId, _: &[u64], _: Timestamp) -> Result<(), ShelfError> {
        Err(ShelfError::Unavailable(READ_ONLY.to_owned()))
    }

    async fn marked(&self, _: &ConnectionId, _: usize) -> Result<Vec<Mark>, ShelfError> {
        Err(ShelfError::Unavailable("the sandbox does not tell its marks".to_owned()))
    }

    async fn unmark(&self, _: &ConnectionId, _: &[Mark]) -> Result<(), ShelfError> {
        Err(ShelfError::Unavailable(READ_ONLY.to_owned()))
    }
}

/// Whoever only looks asks for none.
#[async_trait]
impl Leases for Sandbox {
    async fn acquire(&self, _: &str, _: Duration) -> Result<Option<Lease>, LeasesError> {
        Err(LeasesError::Unavailable(READ_ONLY.to_owned()))
    }

    async fn renew(&self, _: &mut Lease, _: Duration) -> Result<(), LeasesError> {
        Err(LeasesError::Unavailable(READ_ONLY.to_owned()))
    }

    async fn release(&self, _: Lease) -> Result<(), LeasesError> {
        Err(LeasesError::Unavailable(READ_ONLY.to_owned()))
    }
}
