//! Requests whose answer was cut and that are applied later, as a server does that goes on working after its client left.

use std::{fmt, sync::Arc};

use axum::{extract::Request, middleware::Next};
use futures_util::FutureExt as _;
use jiff::Timestamp;
use parking_lot::Mutex;

/// Put into a late request's extensions: when it was received, and so let in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Received(pub(crate) Timestamp);

/// The late requests of one simulator.
#[derive(Clone, Default)]
pub(crate) struct Late(Arc<Mutex<Vec<Held>>>);

struct Held {
    due: Timestamp,
    request: Request,
    /// The way on into the vendor.
    next: Next,
}

impl Late {
    /// Keeps a request until `due`.
    pub(crate) fn hold(&self, due: Timestamp, request: Request, next: Next) {
        self.0.lock().push(Held { due, request, next });
    }

    /// Applies what is due by now, the earliest first. Whoever reads or writes the vendor's state calls this before.
    ///
    /// The lock is held to the end, so that nobody who comes meanwhile overtakes what was due before.
    pub(crate) fn apply_due(&self, now: Timestamp) {
        let mut held = self.0.lock();
        if held.iter().all(|one| one.due > now) {
            return;
        }
        let (mut due, later): (Vec<Held>, Vec<Held>) =
            std::mem::take(&mut *held).into_iter().partition(|one| one.due <= now);
        *held = later;
        due.sort_by_key(|one| one.due);
        for one in due {
            let path = one.request.uri().path().to_owned();
            // Everything of a vendor is in memory, so its answer is there at the first look.
            if one.next.run(one.request).now_or_never().is_none() {
                tracing::error!(path, "a late request could not be applied at once");
            }
        }
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.0.lock().len()
    }
}

impl fmt::Debug for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Late").field(&self.waiting()).finish()
    }
}
