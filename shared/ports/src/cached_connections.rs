//! Connections, kept for a while after they were read.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{Clock, ConnectionId, Deadline, Timestamp};
use parking_lot::Mutex;

use crate::connections::{Connection, ConnectionSource, Connections, ConnectionsError, SourceError};
use crate::sameness::Stored;

/// How many ids are remembered before those without a connection are forgotten: anybody can name an id in a webhook's address.
const MANY: usize = 1000;

/// How long what was read is taken for true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// For how long a connection that was read is served without looking. Five minutes.
    pub time_to_live: Duration,
    /// How long to wait after a failed read, or after finding nothing, before looking again. Ten seconds.
    pub back_off: Duration,
}

impl Default for Freshness {
    fn default() -> Self {
        Self { time_to_live: Duration::from_mins(5), back_off: Duration::from_secs(10) }
    }
}

/// [`Connections`] read through a [`ConnectionSource`] and kept for a while.
///
/// The call that finds a connection stale reads it anew, inline: a Lambda function has no time between calls. Other callers that come
/// meanwhile are served the old value at once; only where there is no old value do they wait. A failed read is counted and logged, and
/// is not repeated before the back-off has passed. [`Connections::list`] always reads, and falls back to the last list.
#[derive(Debug)]
pub struct CachedConnections<T = Connection> {
    source: Arc<dyn ConnectionSource<T>>,
    clock: Arc<dyn Clock>,
    freshness: Freshness,
    slots: Mutex<HashMap<ConnectionId, Arc<Slot<T>>>>,
    last_list: Mutex<Option<Vec<ConnectionId>>>,
    failed: AtomicU64,
}

/// What is known of one id.
#[derive(Debug)]
struct Slot<T> {
    held: Mutex<Option<Held<T>>>,
    /// Held by the one that reads.
    reading: tokio::sync::Mutex<()>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { held: Mutex::default(), reading: tokio::sync::Mutex::default() }
    }
}

#[derive(Debug, Clone)]
struct Held<T> {
    known: Known<T>,
    fresh_until: Timestamp,
}

#[derive(Debug, Clone)]
enum Known<T> {
    Present(Arc<T>),
    Absent,
    /// It was never read; why the last attempt failed.
    Unread(SourceError),
}

impl<T> Known<T> {
    fn answer(&self, id: &ConnectionId) -> Result<Arc<T>, ConnectionsError> {
        match self {
            Self::Present(connection) => Ok(connection.clone()),
            Self::Absent => Err(ConnectionsError::Unknown(id.clone())),
            Self::Unread(error) => Err(ConnectionsError::Unavailable(error.to_string())),
        }
    }

    /// Whether it can be served while somebody else looks for something newer.
    const fn is_value(&self) -> bool {
        match self {
            Self::Present(_) => true,
            Self::Absent | Self::Unread(_) => false,
        }
    }
}

impl<T: Stored> CachedConnections<T> {
    /// Nothing was read yet.
    pub fn new(source: Arc<dyn ConnectionSource<T>>, clock: Arc<dyn Clock>, freshness: Freshness) -> Self {
        Self {
            source,
            clock,
            freshness,
            slots: Mutex::default(),
            last_list: Mutex::default(),
            failed: AtomicU64::new(0),
        }
    }

    /// How many reads have failed so far.
    pub fn failed_refreshes(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    fn slot(&self, id: &ConnectionId) -> Arc<Slot<T>> {
        let mut slots = self.slots.lock();
        if slots.len() >= MANY && !slots.contains_key(id) {
            slots.retain(|_, slot| slot.held.lock().as_ref().is_some_and(|held| held.known.is_value()));
        }
        slots.entry(id.clone()).or_default().clone()
    }

    /// Reads `id`. Only the holder of the slot's `reading` may call it.
    async fn refresh(&self, id: &ConnectionId, old: Option<Known<T>>) -> Held<T> {
        let read = self.source.read(id).await;
        let (known, fresh_for) = match (read, old) {
            (Ok(Some(new)), Some(Known::Present(old))) if old.is_same_as(&new) => {
                (Known::Present(old), self.freshness.time_to_live)
            }
            (Ok(Some(new)), _) => (Known::Present(Arc::new(new)), self.freshness.time_to_live),
            (Ok(None), _) => (Known::Absent, self.freshness.back_off),
            (Err(error), old) => {
                self.count_failure();
                tracing::warn!(connection = %id, %error, "connection {id} could not be read: {error}");
                let known = match old {
                    Some(old @ (Known::Present(_) | Known::Absent)) => old,
                    Some(Known::Unread(_)) | None => Known::Unread(error),
                };
                (known, self.freshness.back_off)
            }
        };
        Held { known, fresh_until: Deadline::after(self.clock.as_ref(), fresh_for).moment() }
    }

    fn count_failure(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }
}

impl<T: Clone> Slot<T> {
    fn held(&self) -> Option<Held<T>> {
        self.held.lock().clone()
    }

    fn fresh(&self, now: Timestamp) -> Option<Known<T>> {
        self.held().filter(|held| now < held.fresh_until).map(|held| held.known)
    }

    fn stale_value(&self) -> Option<Known<T>> {
        self.held().map(|held| held.known).filter(Known::is_value)
    }
}

#[async_trait]
impl<T: Stored> Connections<T> for CachedConnections<T> {
    async fn list(&self) -> Result<Vec<ConnectionId>, ConnectionsError> {
        match self.source.list().await {
            Ok(list) => {
                *self.last_list.lock() = Some(list.clone());
                Ok(list)
            }
            Err(error) => {
                self.count_failure();
                tracing::warn!(%error, "the connections could not be listed: {error}");
                self.last_list.lock().clone().ok_or_else(|| ConnectionsError::Unavailable(error.to_string()))
            }
        }
    }

    async fn get(&self, id: &ConnectionId) -> Result<Arc<T>, ConnectionsError> {
        let slot = self.slot(id);
        if let Some(known) = slot.fresh(self.clock.now()) {
            return known.answer(id);
        }
        let _reading = match (slot.reading.try_lock(), slot.stale_value()) {
            (Ok(reading), _) => reading,
            (Err(_), Some(old)) => return old.answer(id),
            (Err(_), None) => slot.reading.lock().await,
        };
        // Somebody may have read it between our look and our turn.
        if let Some(known) = slot.fresh(self.clock.now()) {
            return known.answer(id);
        }
        let held = self.refresh(id, slot.held().map(|held| held.known)).await;
        let answer = held.known.answer(id);
        *slot.held.lock() = Some(held);
        answer
    }
}
