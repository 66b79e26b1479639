//! The time of a simulator, handed in by whoever starts it.

use std::{fmt, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

/// A source of the present instant, shared by everything inside one simulator.
#[derive(Clone)]
pub struct SimClock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl SimClock {
    /// A clock that asks `now` each time.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The machine's own clock, for simulators that run alone.
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one place where a simulator meets the real time")]
        Self::new(Timestamp::now)
    }

    /// A clock that stands at `start` until its hands are moved.
    pub fn manual(start: Timestamp) -> (Self, Hands) {
        let hands = Hands(Arc::new(Mutex::new(start)));
        let read = hands.clone();
        (Self::new(move || *read.0.lock()), hands)
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for SimClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SimClock").field(&self.now()).finish()
    }
}

/// The hands of a clock made with [`SimClock::manual`].
#[derive(Debug, Clone)]
pub struct Hands(Arc<Mutex<Timestamp>>);

impl Hands {
    /// Moves the clock on by `by`; at the end of time it stands still.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock();
        *now = now.saturating_add(by).unwrap_or(Timestamp::MAX);
    }

    /// Puts the clock to `at`.
    pub fn set(&self, at: Timestamp) {
        *self.0.lock() = at;
    }
}
