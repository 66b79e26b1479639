//! Deliveries that wait to be sent, and when they are tried again (`docs/facts/bigcommerce.md` §2.4).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::events::Event;

/// Seconds before each retry; after the last the hook is switched off.
const RETRY_AFTER: [i64; 11] = [60, 180, 300, 600, 900, 1800, 3600, 7200, 21_600, 50_400, 86_400];

/// What became of one attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The hook it was for.
    pub hook_id: u64,
    /// The event's own scope, also if the hook asked for a wildcard.
    pub scope: String,
    /// The order it tells of; 0 if it tells of anything else.
    pub order_id: u64,
    /// The receiver's answer; `None` if there was none.
    pub status: Option<u16>,
}

/// One event on its way to one hook.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) hook_id: u64,
    pub(crate) event: Event,
    /// Stays the same over retries.
    pub(crate) webhook_id: String,
    failures: usize,
    due: Timestamp,
}

impl Pending {
    /// After another failure: when to try again, or `None` when the hook must be switched off.
    /// The waits are divided by `scale`.
    pub(crate) fn failed(mut self, now: Timestamp, scale: u32) -> Option<Self> {
        let delay = SignedDuration::from_secs(*RETRY_AFTER.get(self.failures)?);
        let delay = SignedDuration::from_millis(
            i64::try_from(delay.as_millis()).unwrap_or(i64::MAX) / i64::from(scale.max(1)),
        );
        self.failures += 1;
        self.due = now.saturating_add(delay).unwrap_or(Timestamp::MAX);
        Some(self)
    }
}

/// All deliveries of the store that were not acknowledged yet.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: Vec<Pending>,
    last: BTreeMap<(String, u64), (Event, String)>,
    numbered: u64,
}

impl Outbox {
    pub(crate) fn push(&mut self, hook_id: u64, event: Event, now: Timestamp) {
        let webhook_id = self.next_id(&event);
        self.waiting.push(Pending { hook_id, event, webhook_id, failures: 0, due: now });
    }

    pub(crate) fn push_back(&mut self, pending: Pending) {
        self.waiting.push(pending);
    }

    /// Takes out what is due, the oldest first.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Vec<Pending> {
        let (due, later) = std::mem::take(&mut self.waiting).into_iter().partition(|one| one.due <= now);
        self.waiting = later;
        due
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// The next `webhook-id`: opaque, and never given twice in a store.
    pub(crate) fn next_id(&mut self, event: &Event) -> String {
        self.numbered += 1;
        let seed = [self.numbered.to_be_bytes().as_slice(), event.body.as_slice()].concat();
        format!("msg_{}", hex::encode(Sha256::digest(seed)).chars().take(27).collect::<String>())
    }

    /// Remembers what was sent last for a scope and order, so that it can be sent once more.
    pub(crate) fn remember(&mut self, event: &Event, webhook_id: &str) {
        let key = (event.scope.clone(), event.order_id);
        self.last.insert(key, (event.clone(), webhook_id.to_owned()));
    }

    pub(crate) fn last(&self, scope: &str, order_id: u64) -> Option<(Event, String)> {
        self.last.get(&(scope.to_owned(), order_id)).cloned()
    }
}
