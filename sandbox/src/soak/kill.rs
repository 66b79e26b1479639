//! A process that dies in the middle of its work, at a call that is drawn beforehand.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use connector_simulators::Pause;
use tokio::sync::Notify;

/// Counts calls to the vendors, and kills whoever makes the one that was drawn: the call is never handled, and its maker never hears of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Kill(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// So many calls to go; 0 is nobody.
    left: AtomicU64,
    now: Notify,
}

impl Kill {
    /// The call number `calls` from now is the last of its maker.
    pub(super) fn after(&self, calls: u64) {
        self.0.left.store(calls, Ordering::SeqCst);
    }

    /// Nobody is killed any more.
    pub(super) fn none(&self) {
        self.after(0);
    }

    /// For the vendors: what happens before each request is handled.
    pub(super) fn pause(&self) -> Pause {
        let kill = self.clone();
        Pause::new(move || {
            let last =
                kill.0.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                    == Ok(1);
            if last {
                kill.0.now.notify_one();
                Box::pin(std::future::pending())
            } else {
                Box::pin(std::future::ready(()))
            }
        })
    }

    /// `work` to its end, or `None` if it was killed.
    pub(super) async fn at<T>(&self, work: Pin<Box<dyn Future<Output = T> + Send + '_>>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.0.now.notified() => None,
            done = work => Some(done),
        }
    }
}
