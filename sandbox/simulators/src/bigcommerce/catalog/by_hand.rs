//! The catalogue as its owner handles it in the control panel.

use super::Product;
use crate::bigcommerce::{BackOffice, BigCommerceSim};

impl BigCommerceSim {
    /// All products, in the sequence of their ids.
    pub fn products(&self) -> Vec<Product> {
        self.store().catalog.products().values().cloned().collect()
    }

    /// A product by its id.
    pub fn product(&self, id: u64) -> Option<Product> {
        self.store().catalog.product(id).cloned()
    }

    /// The product that has this SKU, or a variant of it has, whatever the case.
    pub fn product_by_sku(&self, sku: &str) -> Option<Product> {
        let store = self.store();
        let holder = store.catalog.by_sku(sku)?;
        store.catalog.product(holder.product).cloned()
    }

    /// Adds a product and queues the event; answers its id, `None` if the name, a SKU or a category is not allowed.
    pub fn add_product(&self, product: Product) -> Option<u64> {
        let now = self.shared.config.clock.now();
        self.store().save_product(product, now, &self.shared.config).ok()
    }

    /// A merchandiser changes a product; `date_modified` moves and the event is queued. `false` if there is no such
    /// product, or it would conflict with another one.
    pub fn edit_product(&self, id: u64, edit: impl FnOnce(&mut Product)) -> bool {
        let now = self.shared.config.clock.now();
        let mut store = self.store();
        let Some(mut product) = store.catalog.product(id).cloned() else { return false };
        edit(&mut product);
        product.id = id;
        store.save_product(product, now, &self.shared.config).is_ok()
    }

    /// Deletes a product and queues the event.
    pub fn delete_product(&self, id: u64) -> bool {
        let now = self.shared.config.clock.now();
        self.store().delete_product(id, now, &self.shared.config)
    }

    /// Adds a category at the top; answers its id.
    pub fn add_category(&self, name: &str) -> u64 {
        self.store().catalog.add_category(name, 0)
    }
}

impl BackOffice {
    /// As [`BigCommerceSim::edit_product`].
    pub fn edit_product(&self, id: u64, edit: impl FnOnce(&mut Product)) -> bool {
        let Some(shared) = self.shared() else { return false };
        let (mut store, now) = shared.settled();
        let Some(mut product) = store.catalog.product(id).cloned() else { return false };
        edit(&mut product);
        product.id = id;
        store.save_product(product, now, &shared.config).is_ok()
    }
}
