//! How long a vendor takes, on a clock of the caller's choosing.

use std::{fmt, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;

type Wait = dyn Fn() -> BoxFuture<'static, ()> + Send + Sync;

/// What happens once to each request before it is handled: nothing, a hand that moves a clock, or a real sleep.
///
/// Requests at the same time wait at the same time; no lock is held meanwhile.
#[derive(Clone, Default)]
pub struct Pause(Option<Arc<Wait>>);

impl Pause {
    /// Answers at once.
    pub fn none() -> Self {
        Self::default()
    }

    /// Awaits what `wait` makes, once a request.
    pub fn new(wait: impl Fn() -> BoxFuture<'static, ()> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(wait)))
    }

    /// Sleeps in real time.
    pub fn real(by: Duration) -> Self {
        #[expect(clippy::disallowed_methods, reason = "taking real time is what this pause is for")]
        Self::new(move || Box::pin(tokio::time::sleep(by)))
    }

    pub(crate) async fn wait(&self) {
        if let Some(wait) = &self.0 {
            wait().await;
        }
    }
}

impl fmt::Debug for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Pause(..)" } else { "Pause(none)" })
    }
}
