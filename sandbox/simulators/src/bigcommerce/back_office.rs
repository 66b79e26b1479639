//! What a story does between two requests.

use std::{
    fmt,
    ops::Range,
    sync::{Arc, Weak},
};

use parking_lot::RwLock;

use super::{BigCommerceSim, NewOrder, sim::Shared};
use crate::late::Late;

type Watcher = dyn Fn(&str) + Send + Sync;

/// Who is told of each request before it is handled.
#[derive(Default)]
pub(crate) struct Watched(RwLock<Option<Arc<Watcher>>>);

impl Watched {
    /// Tells of a request. No lock is held meanwhile, so that the watcher may change the store, and the watcher too.
    pub(crate) fn tell(&self, path_and_query: &str) {
        let watcher = self.0.read().clone();
        if let Some(watcher) = watcher {
            watcher(path_and_query);
        }
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watched")
    }
}

/// A hand on the orders, products and stock of a store that can be given away, to [`BigCommerceSim::on_request`] above all. It does not keep
/// the store running: when the store is gone, nothing happens.
#[derive(Debug, Clone)]
pub struct BackOffice {
    shared: Weak<Shared>,
    late: Late,
}

impl BackOffice {
    /// The store, if it still runs, with what is due of late requests applied.
    pub(super) fn shared(&self) -> Option<Arc<Shared>> {
        let shared = self.shared.upgrade()?;
        self.late.apply_due(shared.config.clock.now());
        Some(shared)
    }

    /// As [`BigCommerceSim::place_order`].
    pub fn place_order(&self, order: NewOrder) -> Option<u64> {
        let shared = self.shared.upgrade()?;
        let now = shared.config.clock.now();
        self.late.apply_due(now);
        let id = shared.store.lock().place(order, now, &shared.config);
        Some(id)
    }

    /// As [`BigCommerceSim::update_order`].
    pub fn update_order(&self, id: u64, edit: impl FnOnce(&mut NewOrder)) -> bool {
        let Some(shared) = self.shared.upgrade() else { return false };
        let now = shared.config.clock.now();
        self.late.apply_due(now);
        shared.store.lock().change(id, now, &shared.config, edit).is_some()
    }
}

impl BigCommerceSim {
    /// A hand on the orders that can be given away.
    pub fn back_office(&self) -> BackOffice {
        BackOffice { shared: Arc::downgrade(&self.shared), late: self.late.clone() }
    }

    /// From now on `watcher` is called with the path and the query of each request, before the store looks at it: a listing
    /// can so be changed between two of its pages. One that a fault keeps from the store is not told, nor is one that is
    /// applied late told twice.
    pub fn on_request(&self, watcher: impl Fn(&str) + Send + Sync + 'static) {
        *self.shared.watched.0.write() = Some(Arc::new(watcher));
    }

    /// Leaves a gap of `n` numbers that never were an order's; answers the gap.
    pub fn skip_order_ids(&self, n: u64) -> Range<u64> {
        self.store().skip_order_ids(n)
    }
}
