//! Price lists as their owner handles them in the control panel.

use super::PriceRecord;
use crate::bigcommerce::{BigCommerceSim, dates::to_second};

impl BigCommerceSim {
    /// Makes an active price list; answers its id, `None` if the name is taken.
    pub fn create_price_list(&self, name: &str) -> Option<u64> {
        let now = to_second(self.shared.config.clock.now());
        self.store().price_lists.create(name, true, now)
    }

    /// Deletes a list with its records; `false` if there is none.
    pub fn delete_price_list(&self, list: u64) -> bool {
        self.store().price_lists.delete(list)
    }

    /// The record of a variant, or of a simple product, in a list.
    pub fn price_record(&self, list: u64, sku: &str, currency: &str) -> Option<PriceRecord> {
        let store = self.store();
        let variant = store.catalog.by_sku(sku)?.variant?;
        store.price_lists.record(list, variant, currency).cloned()
    }

    /// Somebody types a price into a list, new or known; `false` if there is no such list or variant.
    pub fn edit_price_record(
        &self,
        list: u64,
        sku: &str,
        currency: &str,
        edit: impl FnOnce(&mut PriceRecord),
    ) -> bool {
        let now = to_second(self.shared.config.clock.now());
        let mut store = self.store();
        let variant = store.catalog.by_sku(sku).and_then(|holder| holder.variant);
        let Some(variant) = variant.filter(|_| store.price_lists.lists.contains_key(&list)) else {
            return false;
        };
        let mut record = store.price_lists.record(list, variant, currency).cloned().unwrap_or_default();
        edit(&mut record);
        store.price_lists.put(list, (variant, currency.to_lowercase()), record, now);
        true
    }

    /// How many records a list has.
    pub fn price_records(&self, list: u64) -> usize {
        self.store().price_lists.records(list).count()
    }
}
