//! Time and sleep as arguments, so that no test waits.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

/// A boxed future: what a trait object returns where `async fn` cannot stand.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where the time comes from and how to wait.
pub trait Clock: Debug + Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// Returns when `duration` has passed on this clock.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

/// A clock that stands still until somebody moves it.
///
/// Sleeping moves it: a sleeper's deadline becomes the present, and the sleeper goes on at once. Two concurrent sleepers of
/// five seconds therefore move it by five seconds, not ten, just as real time would.
#[derive(Debug, Clone)]
pub struct ManualClock {
    now: Arc<Mutex<Timestamp>>,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self { now: Arc::new(Mutex::new(now)) }
    }

    /// Moves the clock forward.
    pub fn advance(&self, duration: Duration) {
        let target = later(*self.now.lock(), duration);
        self.advance_to(target);
    }

    /// Moves the clock forward to `moment`; a moment that has passed changes nothing.
    pub fn advance_to(&self, moment: Timestamp) {
        let mut now = self.now.lock();
        *now = (*now).max(moment);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.lock()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        let until = later(self.now(), duration);
        Box::pin(async move { self.advance_to(until) })
    }
}

/// `moment + duration`, at the end of time where that would overflow.
pub(crate) fn later(moment: Timestamp, duration: Duration) -> Timestamp {
    SignedDuration::try_from(duration).ok().and_then(|d| moment.checked_add(d).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advancing_moves_the_clock_and_never_back() {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.now().as_second(), 90);
        clock.advance_to(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now().as_second(), 90);
    }

    #[test]
    fn a_duration_beyond_the_end_of_time_is_the_end_of_time() {
        assert_eq!(later(Timestamp::UNIX_EPOCH, Duration::MAX), Timestamp::MAX);
    }
}
