//! How fast and how many at once, before a request is sent.

mod fixed;
mod learned;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock, Deadline};
use http::{HeaderMap, StatusCode};
use tokio::sync::{Semaphore, SemaphorePermit};

use self::fixed::Fixed;
use self::learned::Learned;
pub use self::learned::RateHeaders;

/// Holds calls back so that a vendor is not asked faster than agreed. Clones share one budget.
#[derive(Debug, Clone)]
pub struct Pacer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pace: Pace,
    in_flight: Semaphore,
}

#[derive(Debug)]
enum Pace {
    Fixed(Fixed),
    Learned(Learned),
}

/// The right to have one request in flight; given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    _in_flight: Option<SemaphorePermit<'a>>,
}

/// The pace would hold the call back for longer than the deadline allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLate(pub(crate) Duration);

impl Pacer {
    /// A budget that we set: `per_second` requests, as many at once when rested, and at most `in_flight` unanswered.
    ///
    /// For vendors that tell no limit: Kinetic's are licences and load (`docs/facts/kinetic.md` §11.2).
    pub fn fixed(per_second: NonZeroU32, in_flight: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        Self::new(Pace::Fixed(Fixed::new(per_second, clock)), in_flight)
    }

    /// A budget that the vendor's headers tell, of which we spend `share_percent` (1 to 100) at most, and at most `in_flight` unanswered.
    ///
    /// Others spend the same quota, so every answer is read again (`docs/facts/bigcommerce.md` §8).
    /// Until the first answer with such headers, and where they are absent, only `in_flight` holds.
    pub fn learned(headers: RateHeaders, share_percent: u8, in_flight: NonZeroU32) -> Self {
        Self::new(Pace::Learned(Learned::new(headers, share_percent)), in_flight)
    }

    fn new(pace: Pace, in_flight: NonZeroU32) -> Self {
        let in_flight =
            usize::try_from(in_flight.get()).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS);
        Self(Arc::new(Inner { pace, in_flight: Semaphore::new(in_flight) }))
    }

    /// Waits for a turn; gives up at once when a call of `timeout` would no longer fit before the deadline.
    ///
    /// The wait for a free place needs no time-out: who holds one began a call that ends before the same invocation's deadline.
    pub(crate) async fn turn(
        &self,
        clock: &dyn Clock,
        deadline: Deadline,
        timeout: Duration,
    ) -> Result<Permit<'_>, TooLate> {
        if !deadline.fits(clock, timeout) {
            return Err(TooLate(Duration::ZERO));
        }
        // The semaphore is never closed, so there is always a permit.
        let permit = Permit { _in_flight: self.0.in_flight.acquire().await.ok() };
        loop {
            if !deadline.fits(clock, timeout) {
                return Err(TooLate(Duration::ZERO));
            }
            let wait = match &self.0.pace {
                Pace::Fixed(fixed) => fixed.spend(),
                Pace::Learned(learned) => learned.spend(clock.now()),
            };
            let Some(wait) = wait else { return Ok(permit) };
            if !deadline.fits(clock, wait.saturating_add(timeout)) {
                return Err(TooLate(wait));
            }
            clock.sleep(wait).await;
        }
    }

    /// Learns from an answer's headers.
    pub(crate) fn observe(&self, clock: &dyn Clock, status: StatusCode, headers: &HeaderMap) {
        match &self.0.pace {
            Pace::Fixed(_) => {}
            Pace::Learned(learned) => learned.observe(clock.now(), status, headers),
        }
    }
}

#[cfg(test)]
mod tests;
