//! The clock of a running program.

use std::time::Duration;

use connector_domain::{BoxFuture, Clock, Timestamp};

/// The system's time; sleeps on tokio's timer.
///
/// Built once in a `main`; everything else takes a [`Clock`].
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the system's time becomes an argument"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where real sleep becomes an argument")]
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
