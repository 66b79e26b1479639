//! How products come into the store, and what is told of it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Conflict, Product, Tracking};
use crate::bigcommerce::{
    BigCommerceConfig, dates,
    inventory::{MAXIMUM, Move, What, item_of},
    store::Store,
};

impl Store {
    /// Saves products, new or known, all of them or none; answers their ids, or which one conflicts.
    pub(crate) fn save_products(
        &mut self,
        products: Vec<Product>,
        now: Timestamp,
        config: &BigCommerceConfig,
    ) -> Result<Vec<u64>, (usize, Conflict)> {
        let mut saved: Vec<(u64, Option<Product>)> = Vec::new();
        for (at, mut product) in products.into_iter().enumerate() {
            product.modified = dates::to_second(now);
            if self.catalog.product(product.id).is_none() {
                product.created = product.modified;
            }
            match self.catalog.save(product) {
                Ok(one) => saved.push(one),
                Err(conflict) => {
                    for (id, before) in saved.into_iter().rev() {
                        self.catalog.put_back(id, before);
                    }
                    return Err((at, conflict));
                }
            }
        }
        let mut ids = Vec::new();
        for (id, before) in saved {
            self.tell_of_product(id, before.as_ref(), now, config);
            ids.push(id);
        }
        Ok(ids)
    }

    /// Saves one product.
    pub(crate) fn save_product(
        &mut self,
        product: Product,
        now: Timestamp,
        config: &BigCommerceConfig,
    ) -> Result<u64, Conflict> {
        let ids = self.save_products(vec![product], now, config).map_err(|(_, conflict)| conflict)?;
        Ok(ids.first().copied().unwrap_or_default())
    }

    /// Takes a product out of the store with its stock and its price records.
    pub(crate) fn delete_product(&mut self, id: u64, now: Timestamp, config: &BigCommerceConfig) -> bool {
        let Some(product) = self.catalog.remove(id) else { return false };
        self.inventory.forget(&product);
        self.price_lists.forget(&product);
        self.emit_about("store/product/deleted", &about(id), id, now, config);
        true
    }

    /// Sets the stock at the default location as the catalogue does: at once, and never above the maximum.
    pub(crate) fn set_level(
        &mut self,
        product_id: u64,
        variant_id: u64,
        level: i64,
        now: Timestamp,
        config: &BigCommerceConfig,
    ) {
        let Some(product) = self.catalog.product(product_id) else { return };
        if product.inventory_tracking == Tracking::None {
            return;
        }
        let one = Move {
            item: item_of(product, variant_id),
            location: self.inventory.default_location(),
            what: What::Absolute(level.min(MAXIMUM)),
        };
        self.move_stock(&one, false, now, config);
    }

    fn tell_of_product(
        &mut self,
        id: u64,
        before: Option<&Product>,
        now: Timestamp,
        config: &BigCommerceConfig,
    ) {
        let scope = if before.is_some() { "store/product/updated" } else { "store/product/created" };
        self.emit_about(scope, &about(id), id, now, config);
    }
}

/// `{"type":"product","id":…}`.
pub(crate) fn about(id: u64) -> Value {
    json!({"type": "product", "id": id})
}
