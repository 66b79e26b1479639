//! The ledger in memory.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{Clock, ConnectionId, Deadline, OrderId, Timestamp};
use parking_lot::Mutex;

use crate::audit::{AuditEvent, TrailEntry};
use crate::ledger::{Claim, ClaimOutcome, Ledger, LedgerError};
use crate::message::OrderKey;
use crate::order_state::{OrderState, StateName};
use crate::row::{LedgerRow, Progress, WriteBack};

/// A [`Ledger`] in memory. Leases lapse on the clock it was given.
#[derive(Debug)]
pub struct MemoryLedger {
    clock: Arc<dyn Clock>,
    entries: Mutex<BTreeMap<OrderKey, Entry>>,
}

/// One order: its row, how often it was claimed, and its trail.
#[derive(Debug)]
struct Entry {
    row: LedgerRow,
    fence: u64,
    trail: Vec<TrailEntry>,
}

impl MemoryLedger {
    /// An empty ledger.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, entries: Mutex::default() }
    }

    /// Changes the entry that `claim` is on, if the claim is still good.
    fn under(&self, claim: &Claim, change: impl FnOnce(&mut Entry, Timestamp)) -> Result<(), LedgerError> {
        let now = self.clock.now();
        let mut entries = self.entries.lock();
        match entries.get_mut(claim.key()) {
            Some(entry) if entry.fence == claim.fence() && entry.row.is_leased(now) => {
                change(entry, now);
                Ok(())
            }
            Some(_) | None => Err(LedgerError::Lost(claim.key().clone())),
        }
    }

    fn lease_end(&self, lease: Duration) -> Timestamp {
        Deadline::after(self.clock.as_ref(), lease).moment()
    }
}

impl Entry {
    fn new(key: OrderKey, now: Timestamp) -> Self {
        Self { row: LedgerRow::new(key, now), fence: 0, trail: Vec::new() }
    }

    fn write_down(&mut self, events: impl IntoIterator<Item = AuditEvent>, at: Timestamp) {
        for event in events {
            let number = self.trail.last().map_or(1, |last| last.number.saturating_add(1));
            self.trail.push(TrailEntry { number, at, event });
        }
    }

    fn move_to(&mut self, state: OrderState, now: Timestamp) {
        let from = self.row.state.clone();
        self.row.enter(state.clone(), now);
        if from != state {
            self.write_down([AuditEvent::Transition { from, to: state }], now);
        }
    }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn claim(&self, key: &OrderKey, lease: Duration) -> Result<ClaimOutcome, LedgerError> {
        let (now, until) = (self.clock.now(), self.lease_end(lease));
        let mut entries = self.entries.lock();
        let entry = entries.entry(key.clone()).or_insert_with(|| Entry::new(key.clone(), now));
        if let Some(busy_until) = entry.row.lease_until.filter(|end| now < *end) {
            entry.row.again = true;
            return Ok(ClaimOutcome::Busy(busy_until));
        }
        let before = entry.row.clone();
        entry.fence = entry.fence.saturating_add(1);
        entry.row.lease_until = Some(until);
        entry.row.again = false;
        Ok(ClaimOutcome::Granted(Claim::granted(key.clone(), entry.fence), before))
    }

    async fn checkpoint(
        &self,
        claim: &Claim,
        progress: &Progress,
        events: Vec<AuditEvent>,
        lease: Duration,
    ) -> Result<(), LedgerError> {
        let until = self.lease_end(lease);
        self.under(claim, |entry, now| {
            entry.row.take(progress);
            entry.write_down(events, now);
            entry.row.lease_until = Some(until);
        })
    }

    async fn complete(
        &self,
        claim: Claim,
        state: OrderState,
        progress: Progress,
        events: Vec<AuditEvent>,
    ) -> Result<(), LedgerError> {
        self.under(&claim, |entry, now| {
            entry.row.take(&progress);
            entry.write_down(events, now);
            entry.move_to(state, now);
            entry.row.lease_until = None;
        })
    }

    async fn release(&self, claim: Claim) -> Result<(), LedgerError> {
        self.under(&claim, |entry, _| entry.row.lease_until = None)
    }

    async fn write_back(&self, key: &OrderKey, outcome: WriteBack) -> Result<(), LedgerError> {
        let mut entries = self.entries.lock();
        let entry = entries.get_mut(key).ok_or_else(|| LedgerError::Unknown(key.clone()))?;
        entry.row.write_back = outcome;
        Ok(())
    }

    async fn get(&self, key: &OrderKey) -> Result<Option<LedgerRow>, LedgerError> {
        Ok(self.entries.lock().get(key).map(|entry| entry.row.clone()))
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<OrderKey>, LedgerError> {
        let entries = self.entries.lock();
        let mut due: Vec<(Timestamp, &OrderKey)> =
            entries.iter().filter_map(|(key, entry)| Some((entry.row.due_since(now)?, key))).collect();
        due.sort_unstable();
        Ok(due.into_iter().take(limit).map(|(_, key)| key.clone()).collect())
    }

    async fn list(
        &self,
        connection: &ConnectionId,
        state: Option<StateName>,
        after: Option<OrderId>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        let key = |order| OrderKey { connection: connection.clone(), order };
        let from =
            after.map_or_else(|| Bound::Included(key(OrderId(0))), |order| Bound::Excluded(key(order)));
        let entries = self.entries.lock();
        let rows = entries.range((from, Bound::Unbounded)).map(|(_, entry)| &entry.row);
        let ours = rows.take_while(|row| row.key.connection == *connection);
        Ok(ours
            .filter(|row| state.is_none_or(|name| row.state.name() == name))
            .take(limit)
            .cloned()
            .collect())
    }

    async fn held(
        &self,
        connection: &ConnectionId,
        reason: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        let entries = self.entries.lock();
        let ours = entries.values().map(|entry| &entry.row).filter(|row| row.key.connection == *connection);
        let held = ours.filter_map(|row| Some((row.held_by()?, row)));
        let mut held: Vec<(String, &LedgerRow)> = held
            .filter(|(_, row)| matches!(&row.state, OrderState::Held { reason: said, .. } if said == reason))
            .filter(|(place, _)| after.is_none_or(|after| place.as_str() > after))
            .collect();
        held.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(held.into_iter().take(limit).map(|(_, row)| row.clone()).collect())
    }

    async fn trail(&self, key: &OrderKey) -> Result<Vec<TrailEntry>, LedgerError> {
        Ok(self.entries.lock().get(key).map(|entry| entry.trail.clone()).unwrap_or_default())
    }
}
