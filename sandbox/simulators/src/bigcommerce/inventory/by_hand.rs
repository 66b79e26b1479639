//! Stock as its owner sees and handles it in the control panel.

use jiff::{SignedDuration, Timestamp};

use super::{
    Move, What, item_of,
    stock::{Item, Settings, Shelf},
};
use crate::bigcommerce::{BackOffice, BigCommerceConfig, BigCommerceSim, store::Store};

impl Store {
    fn item_of_sku(&self, sku: &str) -> Option<Item> {
        let holder = self.catalog.by_sku(sku)?;
        Some(item_of(self.catalog.product(holder.product)?, holder.variant.unwrap_or_default()))
    }

    /// Changes a shelf at once; `false` without such a SKU.
    fn move_by_hand(
        &mut self,
        sku: &str,
        location: u64,
        what: What,
        now: Timestamp,
        config: &BigCommerceConfig,
    ) -> bool {
        let Some(item) = self.item_of_sku(sku) else { return false };
        self.move_stock(&Move { item, location, what }, false, now, config);
        true
    }

    fn shelf_of(&self, sku: &str, location: u64) -> Option<&Shelf> {
        self.inventory.shelf(self.item_of_sku(sku)?, location)
    }
}

impl BigCommerceSim {
    /// Pieces on hand of a SKU at a location, as far as adjustments were applied; `None` if nothing was ever set there.
    pub fn stock_of(&self, sku: &str, location: u64) -> Option<i64> {
        self.store().shelf_of(sku, location).map(|shelf| shelf.on_hand)
    }

    /// Pieces that can be sold of a SKU at a location: on hand without the safety stock.
    pub fn sellable_of(&self, sku: &str, location: u64) -> Option<i64> {
        self.store().shelf_of(sku, location).map(Shelf::sellable)
    }

    /// Somebody counts the stock and types it in: applied at once, and the hooks are told. `false` without such a SKU.
    pub fn set_stock(&self, sku: &str, location: u64, on_hand: i64) -> bool {
        self.move_by_hand(sku, location, What::Absolute(on_hand))
    }

    /// Somebody sets the safety stock. `false` without such a SKU.
    pub fn set_safety_stock(&self, sku: &str, location: u64, pieces: i64) -> bool {
        let settings = Settings { safety: Some(pieces), ..Settings::default() };
        self.move_by_hand(sku, location, What::Settings(settings))
    }

    fn move_by_hand(&self, sku: &str, location: u64, what: What) -> bool {
        let (now, config) = (self.shared.config.clock.now(), &self.shared.config);
        self.store().move_by_hand(sku, location, what, now, config)
    }

    /// Adds a location; answers its id. The first, 1, is there from the start and is the default one.
    pub fn add_location(&self, code: &str, label: &str) -> u64 {
        let now = self.shared.config.clock.now();
        self.store().inventory.add_location(code, label, now)
    }

    /// Opens or closes a location; `false` if there is none.
    pub fn enable_location(&self, id: u64, enabled: bool) -> bool {
        let mut store = self.store();
        let location = store.inventory.locations.get_mut(&id);
        location.map(|location| location.enabled = enabled).is_some()
    }

    /// From now on an adjustment is applied so long after it was accepted, and never before an earlier one.
    pub fn set_stock_lag(&self, lag: SignedDuration) {
        self.change_habits(|habits| habits.stock_lag = lag);
    }

    /// How many accepted requests wait to be applied.
    pub fn waiting_adjustments(&self) -> usize {
        self.store().inventory.waiting()
    }
}

impl BackOffice {
    /// As [`BigCommerceSim::set_stock`].
    pub fn set_stock(&self, sku: &str, location: u64, on_hand: i64) -> bool {
        let Some(shared) = self.shared() else { return false };
        let (mut store, now) = shared.settled();
        store.move_by_hand(sku, location, What::Absolute(on_hand), now, &shared.config)
    }
}
