//! Events that are lost on purpose, as a real shop may lose them.

use std::{fmt, sync::Arc};

use super::BigCommerceSim;

type Takes = dyn Fn(&str, u64) -> bool + Send + Sync;

/// Decides which deliveries are lost; at the start none is.
#[derive(Clone, Default)]
pub(crate) struct Loss(Option<Arc<Takes>>);

impl Loss {
    pub(crate) fn takes(&self, scope: &str, order_id: u64) -> bool {
        self.0.as_ref().is_some_and(|takes| takes(scope, order_id))
    }
}

impl fmt::Debug for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Loss(..)" } else { "Loss(none)" })
    }
}

impl BigCommerceSim {
    /// From now on, an event for which `takes` says so is dropped without a trace. It is asked when an event happens, once
    /// for each hook that would be told, with the concrete scope and the order, or the product or price list that it is
    /// about; it must not call the simulator.
    pub fn lose_deliveries(&self, takes: impl Fn(&str, u64) -> bool + Send + Sync + 'static) {
        self.store().loss = Loss(Some(Arc::new(takes)));
    }

    /// From now on nothing is lost.
    pub fn lose_no_deliveries(&self) {
        self.store().loss = Loss::default();
    }
}
