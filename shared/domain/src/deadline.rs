//! The moment by which an invocation must be done.

use std::time::Duration;

use jiff::Timestamp;

use crate::clock::{Clock, later};

/// The moment after which nothing of this invocation may still be in flight.
///
/// No call is begun whose own time-out does not fit before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Timestamp);

impl Deadline {
    /// The deadline at `moment`.
    pub const fn at(moment: Timestamp) -> Self {
        Self(moment)
    }

    /// The deadline `duration` from now.
    pub fn after(clock: &dyn Clock, duration: Duration) -> Self {
        Self(later(clock.now(), duration))
    }

    /// The moment itself.
    pub const fn moment(self) -> Timestamp {
        self.0
    }

    /// What is left, zero when it has passed.
    pub fn time_left(self, clock: &dyn Clock) -> Duration {
        Duration::try_from(self.0.duration_since(clock.now())).unwrap_or(Duration::ZERO)
    }

    /// Whether something that takes at most `duration` ends before the deadline.
    pub fn fits(self, clock: &dyn Clock, duration: Duration) -> bool {
        duration <= self.time_left(clock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ManualClock;

    #[test]
    fn time_left_shrinks_and_ends_at_zero() {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        let deadline = Deadline::after(&clock, Duration::from_secs(10));
        clock.advance(Duration::from_secs(4));
        assert_eq!(deadline.time_left(&clock), Duration::from_secs(6));
        assert!(deadline.fits(&clock, Duration::from_secs(6)));
        assert!(!deadline.fits(&clock, Duration::from_millis(6001)));
        clock.advance(Duration::from_mins(1));
        assert_eq!(deadline.time_left(&clock), Duration::ZERO);
    }
}
