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
pub use self::learned::RateHeaders;
use self::learned::{Learned, Ticket};

/// Holds calls back so that a vendor is not asked faster than agreed. Clones share one budget.
#[derive(Debug, Clone)]
pub struct Pacer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pace: Pace,
    in_flight: Semaphore,
    /// One place for whoever asks before the quota is known.
    first: Semaphore,
}

#[derive(Debug)]
enum Pace {
    Fixed(Fixed),
    Learned(Learned),
}

/// The right to have one request in flight; given back when it is answered or dropped.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    spent: Option<Spent<'a>>,
    // After what was spent: whoever takes a free place finds the books in order.
    _first: Option<SemaphorePermit<'a>>,
    _in_flight: Option<SemaphorePermit<'a>>,
}

/// One request of a learned pace.
#[derive(Debug)]
struct Spent<'a> {
    of: &'a Learned,
    ticket: Ticket,
}

impl Permit<'_> {
    /// Learns from the answer's headers, and gives the place back.
    pub(crate) fn answered(self, clock: &dyn Clock, status: StatusCode, headers: &HeaderMap) {
        if let Some(Spent { of, ticket }) = &self.spent {
            of.observe(*ticket, clock.now(), status, headers);
        }
    }
}

impl Drop for Spent<'_> {
    fn drop(&mut self) {
        self.of.ended();
    }
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
    /// Until an answer with such headers one asks at a time; where a good answer lacks them, only `in_flight` holds.
    pub fn learned(headers: RateHeaders, share_percent: u8, in_flight: NonZeroU32) -> Self {
        Self::new(Pace::Learned(Learned::new(headers, share_percent)), in_flight)
    }

    fn new(pace: Pace, in_flight: NonZeroU32) -> Self {
        let in_flight =
            usize::try_from(in_flight.get()).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS);
        Self(Arc::new(Inner { pace, in_flight: Semaphore::new(in_flight), first: Semaphore::new(1) }))
    }

    /// Waits for a turn; gives up at once when a call of `timeout` would no longer fit before the deadline.
    ///
    /// The wait for a free place, or for the first answer, needs no time-out: who holds one began a call that ends before the same
    /// invocation's deadline.
    pub(crate) async fn turn(
        &self,
        clock: &dyn Clock,
        deadline: Deadline,
        timeout: Duration,
    ) -> Result<Permit<'_>, TooLate> {
        if !deadline.fits(clock, timeout) {
            return Err(TooLate(Duration::ZERO));
        }
        // The semaphores are never closed, so there is always a permit.
        let in_flight = self.0.in_flight.acquire().await.ok();
        let first = match &self.0.pace {
            Pace::Learned(learned) if learned.is_cold() => {
                // Who had it before may have learned meanwhile what there is to know.
                self.0.first.acquire().await.ok().filter(|_| learned.is_cold())
            }
            Pace::Fixed(_) | Pace::Learned(_) => None,
        };
        loop {
            if !deadline.fits(clock, timeout) {
                return Err(TooLate(Duration::ZERO));
            }
            let spent = match &self.0.pace {
                Pace::Fixed(fixed) => fixed.spend().map_or(Ok(None), Err),
                Pace::Learned(of) => of.spend(clock.now()).map(|ticket| Some(Spent { of, ticket })),
            };
            let wait = match spent {
                Ok(spent) => return Ok(Permit { spent, _first: first, _in_flight: in_flight }),
                Err(wait) => wait,
            };
            if !deadline.fits(clock, wait.saturating_add(timeout)) {
                return Err(TooLate(wait));
            }
            clock.sleep(wait).await;
        }
    }
}

#[cfg(test)]
mod share_tests;
#[cfg(test)]
mod tests;
