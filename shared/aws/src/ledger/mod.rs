//! The ledger in DynamoDB; `docs/decisions/0016` says how its guarantees are kept.

mod claim;
mod entry;
mod search;
mod trail;
mod write;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{Clock, ConnectionId, Deadline, OrderId, Timestamp};
use connector_ports::{
    AuditEvent, Claim, ClaimOutcome, Ledger, LedgerError, LedgerRow, OrderKey, OrderState, Progress,
    StateName, TrailEntry, WriteBack,
};

use self::entry::Entry;
use crate::clients::Clients;
use crate::item::{Attributes, BadItem};
use crate::table::TableName;

/// How often a write is made anew because another came in between. Only a mark or a write-back can; a handful would be many.
const ROUNDS: usize = 20;

/// A [`Ledger`] in DynamoDB. Leases lapse on the clock it was given.
#[derive(Debug, Clone)]
pub struct AwsLedger {
    clients: Clients,
    table: TableName,
    clock: Arc<dyn Clock>,
    audit_kept: Option<Duration>,
}

impl AwsLedger {
    /// The ledger in `table`. Trails are kept for `audit_kept`, or for ever; orders always for ever.
    pub fn new(
        clients: &Clients,
        table: TableName,
        clock: Arc<dyn Clock>,
        audit_kept: Option<Duration>,
    ) -> Self {
        Self { clients: clients.clone(), table, clock, audit_kept }
    }

    fn lease_end(&self, lease: Duration) -> Timestamp {
        Deadline::after(self.clock.as_ref(), lease).moment()
    }

    fn entry(&self, item: &Attributes) -> Result<Entry, LedgerError> {
        Entry::read(item).map_err(|error| self.unreadable(&error))
    }

    fn unreadable(&self, error: &BadItem) -> LedgerError {
        LedgerError::Unavailable(format!(
            "an item of {} is not as this version writes it: {error}",
            self.table.0
        ))
    }

    fn contended(&self, order: &OrderKey) -> LedgerError {
        LedgerError::Unavailable(format!("{order} in {} is written by many at once", self.table.0))
    }
}

#[async_trait]
impl Ledger for AwsLedger {
    async fn claim(&self, key: &OrderKey, lease: Duration) -> Result<ClaimOutcome, LedgerError> {
        self.claim_or_mark(key, self.clock.now(), self.lease_end(lease)).await
    }

    async fn checkpoint(
        &self,
        claim: &Claim,
        progress: &Progress,
        events: Vec<AuditEvent>,
        lease: Duration,
    ) -> Result<(), LedgerError> {
        let until = self.lease_end(lease);
        let renewed = |row: &mut LedgerRow, _: &mut Vec<AuditEvent>, _| {
            row.take(progress);
            row.lease_until = Some(until);
        };
        self.under(claim, events, renewed).await
    }

    async fn complete(
        &self,
        claim: Claim,
        state: OrderState,
        progress: Progress,
        events: Vec<AuditEvent>,
    ) -> Result<(), LedgerError> {
        let completed = |row: &mut LedgerRow, events: &mut Vec<AuditEvent>, now| {
            row.take(&progress);
            let from = row.state.clone();
            row.enter(state.clone(), now);
            if from != state {
                events.push(AuditEvent::Transition { from, to: state.clone() });
            }
            row.lease_until = None;
        };
        self.under(&claim, events, completed).await
    }

    async fn release(&self, claim: Claim) -> Result<(), LedgerError> {
        self.under(&claim, Vec::new(), |row, _, _| row.lease_until = None).await
    }

    async fn write_back(&self, key: &OrderKey, outcome: WriteBack) -> Result<(), LedgerError> {
        self.beside(key, |row| row.write_back = outcome).await
    }

    async fn get(&self, key: &OrderKey) -> Result<Option<LedgerRow>, LedgerError> {
        Ok(self.find(key).await?.map(|entry| entry.row))
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<OrderKey>, LedgerError> {
        self.due_at(now, limit).await
    }

    async fn list(
        &self,
        connection: &ConnectionId,
        state: Option<StateName>,
        after: Option<OrderId>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        self.listed(connection, state, after, limit).await
    }

    async fn held(
        &self,
        connection: &ConnectionId,
        reason: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        self.held_for(connection, reason, after, limit).await
    }

    async fn trail(&self, key: &OrderKey) -> Result<Vec<TrailEntry>, LedgerError> {
        self.trail_of(key).await
    }
}
