//! Outlines, kept for a while after they were read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use connector_domain::{Clock, Deadline, Timestamp};
use parking_lot::Mutex;

use crate::cached_connections::Freshness;
use crate::connections::{ConnectionsError, SourceError};
use crate::outlines::{Outline, OutlineSource, Outlines};

/// [`Outlines`] read through an [`OutlineSource`] and kept for a while, in the way of [`CachedConnections`](crate::CachedConnections).
#[derive(Debug)]
pub struct CachedOutlines {
    source: Arc<dyn OutlineSource>,
    clock: Arc<dyn Clock>,
    freshness: Freshness,
    held: Mutex<Held>,
    /// Held by the one that reads.
    reading: tokio::sync::Mutex<()>,
    failed: AtomicU64,
}

/// What the last read left behind.
#[derive(Debug, Clone, Default)]
struct Held {
    known: Option<Arc<[Outline]>>,
    /// Who was looked for anew in vain: the connection as somebody knows it has changed since. It is not looked for once more.
    unseen: Vec<Outline>,
    /// Why the last read failed, if it did.
    failed: Option<SourceError>,
    /// `None` before the first read.
    fresh_until: Option<Timestamp>,
}

impl Held {
    fn is_fresh(&self, now: Timestamp) -> bool {
        self.fresh_until.is_some_and(|until| now < until)
    }

    /// What can be served to `own` while nothing newer is known.
    fn serves(&self, own: &Outline) -> Option<Arc<[Outline]>> {
        let shows = |known: &Arc<[Outline]>| known.contains(own) || self.unseen.contains(own);
        self.known.clone().filter(shows)
    }

    /// The answer that needs no read, as long as what is held is fresh.
    fn answer(&self, own: &Outline) -> Option<Result<Arc<[Outline]>, ConnectionsError>> {
        match (self.serves(own), &self.failed) {
            (Some(known), _) => Some(Ok(known)),
            (None, Some(error)) => Some(Err(ConnectionsError::Unavailable(error.to_string()))),
            (None, None) => None,
        }
    }
}

impl CachedOutlines {
    /// Nothing was read yet.
    pub fn new(source: Arc<dyn OutlineSource>, clock: Arc<dyn Clock>, freshness: Freshness) -> Self {
        Self {
            source,
            clock,
            freshness,
            held: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            failed: AtomicU64::new(0),
        }
    }

    /// How many reads have failed so far.
    pub fn failed_reads(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    fn fresh_answer(&self, own: &Outline) -> Option<Result<Arc<[Outline]>, ConnectionsError>> {
        let now = self.clock.now();
        let held = self.held.lock();
        if held.is_fresh(now) { held.answer(own) } else { None }
    }

    fn stale_value(&self, own: &Outline) -> Option<Arc<[Outline]>> {
        self.held.lock().serves(own)
    }

    /// Reads for `own`. Only the holder of `reading` may call it.
    async fn read(&self, own: &Outline) -> Result<Arc<[Outline]>, ConnectionsError> {
        let old = self.held.lock().clone();
        let begun = self.clock.now();
        let until = |fresh_for| Some(Deadline::after(self.clock.as_ref(), fresh_for).moment());
        match self.source.outlines().await {
            Ok(read) => {
                let mut unseen = if old.is_fresh(begun) { old.unseen } else { Vec::new() };
                let known = old.known.filter(|known| **known == *read).unwrap_or_else(|| Arc::from(read));
                unseen.retain(|other| other.id != own.id);
                if !known.contains(own) {
                    unseen.push(own.clone());
                }
                let fresh_until = until(self.freshness.time_to_live);
                let held = Held { known: Some(known.clone()), unseen, failed: None, fresh_until };
                *self.held.lock() = held;
                Ok(known)
            }
            Err(error) => {
                self.failed.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(%error, "the outlines of connections could not be read: {error}");
                let served = old.serves(own);
                let unavailable = ConnectionsError::Unavailable(error.to_string());
                let fresh_until = until(self.freshness.back_off);
                *self.held.lock() = Held { failed: Some(error), fresh_until, ..old };
                served.ok_or(unavailable)
            }
        }
    }
}

#[async_trait]
impl Outlines for CachedOutlines {
    async fn beside(&self, own: &Outline) -> Result<Arc<[Outline]>, ConnectionsError> {
        if let Some(answer) = self.fresh_answer(own) {
            return answer;
        }
        let _reading = match (self.reading.try_lock(), self.stale_value(own)) {
            (Ok(reading), _) => reading,
            (Err(_), Some(old)) => return Ok(old),
            (Err(_), None) => self.reading.lock().await,
        };
        // Somebody may have read them between our look and our turn.
        if let Some(answer) = self.fresh_answer(own) {
            return answer;
        }
        self.read(own).await
    }
}
