//! Leases in memory.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{Clock, Deadline, Timestamp};
use parking_lot::Mutex;

use crate::leases::{Lease, Leases, LeasesError};

/// [`Leases`] in memory. They lapse on the clock they were given.
#[derive(Debug)]
pub struct MemoryLeases {
    clock: Arc<dyn Clock>,
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    /// One counter for all keys, so that a key whose lease was given back need not be remembered.
    last_fence: u64,
    held: HashMap<String, Held>,
}

#[derive(Debug)]
struct Held {
    fence: u64,
    until: Timestamp,
}

impl MemoryLeases {
    /// Nothing is leased.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, book: Mutex::default() }
    }

    fn end(&self, ttl: Duration) -> Timestamp {
        Deadline::after(self.clock.as_ref(), ttl).moment()
    }
}

impl Book {
    /// What is held under `lease`, if it is still good.
    fn good(&mut self, lease: &Lease, now: Timestamp) -> Result<&mut Held, LeasesError> {
        let held = self.held.get_mut(lease.key());
        held.filter(|held| held.fence == lease.fence() && now < held.until)
            .ok_or_else(|| LeasesError::Lost(lease.key().to_owned()))
    }
}

#[async_trait]
impl Leases for MemoryLeases {
    async fn acquire(&self, key: &str, ttl: Duration) -> Result<Option<Lease>, LeasesError> {
        let (now, until) = (self.clock.now(), self.end(ttl));
        let mut book = self.book.lock();
        if book.held.get(key).is_some_and(|held| now < held.until) {
            return Ok(None);
        }
        let fence = book.last_fence.saturating_add(1);
        book.last_fence = fence;
        book.held.insert(key.to_owned(), Held { fence, until });
        Ok(Some(Lease::granted(key.to_owned(), fence, until)))
    }

    async fn renew(&self, lease: &mut Lease, ttl: Duration) -> Result<(), LeasesError> {
        let (now, until) = (self.clock.now(), self.end(ttl));
        self.book.lock().good(lease, now)?.until = until;
        lease.extend(until);
        Ok(())
    }

    async fn release(&self, lease: Lease) -> Result<(), LeasesError> {
        let now = self.clock.now();
        let mut book = self.book.lock();
        book.good(&lease, now)?;
        book.held.remove(lease.key());
        Ok(())
    }
}
