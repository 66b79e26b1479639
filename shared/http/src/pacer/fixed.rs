//! A steady number of requests a second.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock, Timestamp};
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

/// GCRA on our clock.
#[derive(Debug)]
pub(super) struct Fixed {
    clock: SinceStart,
    limiter: RateLimiter<NotKeyed, InMemoryState, SinceStart, NoOpMiddleware<Duration>>,
}

impl Fixed {
    pub(super) fn new(per_second: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        let clock = SinceStart { start: clock.now(), clock };
        Self { limiter: RateLimiter::direct_with_clock(Quota::per_second(per_second), clock.clone()), clock }
    }

    /// Spends one request, or says how long to wait for it.
    pub(super) fn spend(&self) -> Option<Duration> {
        let refused = self.limiter.check().err()?;
        // Never zero, so that a waiter makes progress on a clock that moves only when somebody sleeps.
        Some(refused.wait_time_from(self.clock.now()).max(Duration::from_nanos(1)))
    }
}

/// Our clock as governor reads it: the time since the pacer was built.
#[derive(Debug, Clone)]
struct SinceStart {
    clock: Arc<dyn Clock>,
    start: Timestamp,
}

impl governor::clock::Clock for SinceStart {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::try_from(self.clock.now().duration_since(self.start)).unwrap_or(Duration::ZERO)
    }
}
