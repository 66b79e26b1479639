//! What orders take off the shelf, and what comes back (`docs/facts/bigcommerce.md` §6.5).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Move, What, item_of};
use crate::bigcommerce::{BigCommerceConfig, Habits, NewOrder, StockTaken, Tracking, store::Store};

/// Pieces by SKU.
pub(crate) type Taken = BTreeMap<String, u32>;

impl Store {
    /// Takes from the default location what an order wants by now and has not taken, or puts back what it took too much.
    pub(crate) fn take_stock(&mut self, order_id: u64, now: Timestamp, config: &BigCommerceConfig) {
        let Some(order) = self.orders.get(&order_id) else { return };
        let taken = self.inventory.taken.get(&order_id).cloned().unwrap_or_default();
        let wanted = wanted(&order.spec, &taken, &self.habits);
        if wanted == taken {
            return;
        }
        let pieces = |of: &Taken, sku: &str| i64::from(of.get(sku).copied().unwrap_or_default());
        let skus: BTreeSet<&String> = taken.keys().chain(wanted.keys()).collect();
        for sku in skus {
            let by = pieces(&taken, sku) - pieces(&wanted, sku);
            let Some(holder) = self.catalog.by_sku(sku).filter(|_| by != 0) else { continue };
            let Some(product) = self.catalog.product(holder.product) else { continue };
            if product.inventory_tracking == Tracking::None {
                continue;
            }
            let item = item_of(product, holder.variant.unwrap_or_default());
            let location = self.inventory.default_location();
            self.move_stock(&Move { item, location, what: What::Relative(by) }, true, now, config);
        }
        self.inventory.taken.insert(order_id, wanted);
    }
}

fn wanted(order: &NewOrder, taken: &Taken, habits: &Habits) -> Taken {
    let lines = || {
        let mut pieces = Taken::new();
        for line in &order.lines {
            let of_sku = pieces.entry(line.sku.clone()).or_default();
            *of_sku = of_sku.saturating_add(line.quantity);
        }
        pieces
    };
    // Refunded, cancelled, declined.
    if [4, 5, 6].contains(&order.status_id) {
        return if habits.cancel_restocks { Taken::new() } else { taken.clone() };
    }
    let is_due = match habits.stock_taken {
        StockTaken::Placed => order.status_id != 0,
        StockTaken::CompletedOrShipped => [2, 10].contains(&order.status_id),
        StockTaken::Never => false,
    };
    if taken.is_empty() {
        if is_due { lines() } else { Taken::new() }
    } else if habits.edit_restocks {
        lines()
    } else {
        taken.clone()
    }
}
