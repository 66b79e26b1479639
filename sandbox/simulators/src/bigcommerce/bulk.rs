//! How many bulk writes run at once (`docs/facts/bigcommerce.md` §8).

use std::{collections::BTreeMap, sync::Arc};

use axum::http::Method;
use parking_lot::Mutex;
use serde_json::json;

use super::{
    BigCommerceSim, Habits,
    answer::{Refused, v3},
    sim::Shared,
};

/// A kind of bulk write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bulk {
    /// A batch of products or variants.
    Catalog,
    /// Adjustments or settings of stock.
    Stock,
    /// An upsert of price records.
    PriceRecords,
}

impl Bulk {
    pub(crate) fn of(method: &Method, path: &str) -> Option<Self> {
        // `/stores/{hash}/v3/…`
        let parts: Vec<&str> = path.split('/').skip(4).collect();
        let put = *method == Method::PUT;
        match parts.as_slice() {
            ["catalog", "products" | "variants"] if put => Some(Self::Catalog),
            ["inventory", "adjustments", "absolute"] | ["inventory", "locations", _, "items"] if put => {
                Some(Self::Stock)
            }
            ["inventory", "adjustments", "relative"] if *method == Method::POST => Some(Self::Stock),
            ["pricelists", _, "records"] if put => Some(Self::PriceRecords),
            _ => None,
        }
    }
}

/// What runs by now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Running(Arc<Mutex<BTreeMap<Bulk, u32>>>);

impl Running {
    fn start(&self, kind: Bulk, may: impl FnOnce(&BTreeMap<Bulk, u32>) -> bool) -> Option<Busy> {
        let mut running = self.0.lock();
        if !may(&running) {
            return None;
        }
        *running.entry(kind).or_default() += 1;
        Some(Busy { kind, running: self.clone() })
    }
}

/// A bulk write that runs until this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Busy {
    kind: Bulk,
    running: Running,
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut running = self.running.0.lock();
        let count = running.entry(self.kind).or_default();
        *count = count.saturating_sub(1);
    }
}

fn may_start(kind: Bulk, habits: &Habits, running: &BTreeMap<Bulk, u32>) -> bool {
    let count = |kind: Bulk| running.get(&kind).copied().unwrap_or_default();
    match kind {
        Bulk::PriceRecords => count(kind) < habits.price_record_writers,
        Bulk::Stock => !habits.bulk_beside_refused || count(Bulk::Catalog) == 0,
        Bulk::Catalog => !habits.bulk_beside_refused || count(Bulk::Stock) == 0,
    }
}

impl Shared {
    /// Lets a bulk write start, or refuses it: 429 without the quota's headers, for the quota is not what is short.
    pub(super) fn start_bulk(&self, kind: Bulk) -> Result<Busy, Refused> {
        let habits = self.store.lock().habits.clone();
        let busy = self.running.start(kind, |running| may_start(kind, &habits, running));
        busy.ok_or_else(|| v3(429, "Too many requests", &json!({})))
    }
}

impl BigCommerceSim {
    /// Another app runs a bulk write of this kind until the answer is dropped.
    pub fn occupy(&self, kind: Bulk) -> Busy {
        let running = &self.shared.running;
        // Whoever is first is never refused, and another app's manners are not looked at.
        running.start(kind, |_| true).unwrap_or(Busy { kind, running: Running::default() })
    }
}
