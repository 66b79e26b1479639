//! A clock that goes by itself, and leaps over the days that nobody wants to watch.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{BoxFuture, Clock, Timestamp};
use parking_lot::Mutex;

/// Another clock, ahead of it by what was leapt over. Clones show the same time. A wait takes as long as on the other clock.
#[derive(Debug, Clone)]
pub struct LeapClock {
    base: Arc<dyn Clock>,
    ahead: Arc<Mutex<Duration>>,
}

impl LeapClock {
    /// It shows the time of `base` until it leaps.
    pub fn on(base: Arc<dyn Clock>) -> Self {
        Self { base, ahead: Arc::default() }
    }

    /// What the other clock shows: the time that passed for whoever watches.
    pub fn watched(&self) -> Timestamp {
        self.base.now()
    }

    /// From now on it is later by `time`. Whoever has a deadline at this moment may find it passed.
    pub fn leap(&self, time: Duration) {
        let mut ahead = self.ahead.lock();
        *ahead = ahead.saturating_add(time);
    }
}

impl Clock for LeapClock {
    fn now(&self) -> Timestamp {
        let ahead = *self.ahead.lock();
        self.base.now().checked_add(ahead).unwrap_or(Timestamp::MAX)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.base.sleep(duration)
    }
}

#[cfg(test)]
mod tests {
    use connector_domain::ManualClock;

    use super::*;

    #[test]
    fn it_is_ahead_by_all_that_was_leapt_over() {
        let base = ManualClock::at(Timestamp::UNIX_EPOCH);
        let clock = LeapClock::on(Arc::new(base.clone()));
        clock.clone().leap(Duration::from_hours(24));
        clock.leap(Duration::from_hours(1));
        base.advance(Duration::from_secs(5));
        assert_eq!((clock.now().as_second(), clock.watched().as_second()), (25 * 3600 + 5, 5));
    }
}
