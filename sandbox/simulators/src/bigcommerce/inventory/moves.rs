//! Stock that changes, and what is told of it.

use jiff::Timestamp;
use serde_json::json;

use super::stock::{Item, Move, What};
use crate::bigcommerce::{BigCommerceConfig, store::Store};

impl Store {
    /// Applies all accepted adjustments that are due by now, in the sequence in which they were accepted.
    pub(crate) fn settle_stock(&mut self, now: Timestamp, config: &BigCommerceConfig) {
        while let Some((due, moves)) = self.inventory.take_due(now) {
            for one in &moves {
                self.move_stock(one, false, due, config);
            }
        }
    }

    /// Applies one change and tells the hooks; those that an order made have scopes of their own.
    pub(crate) fn move_stock(
        &mut self,
        one: &Move,
        by_order: bool,
        now: Timestamp,
        config: &BigCommerceConfig,
    ) {
        let (product_id, variant) = match one.item {
            Item::Product(id) => (id, None),
            Item::Variant(id) => match self.catalog.variants().get(&id) {
                Some(product) => (*product, Some(id)),
                None => return,
            },
        };
        let Some(product) = self.catalog.product(product_id) else { return };
        let variant_id = variant.or_else(|| product.base_variant_id());
        let Some(on_hand) = self.inventory.apply(one, by_order) else { return };
        let (method, value) = match one.what {
            What::Relative(by) => ("relative", by),
            What::Absolute(_) | What::Settings(_) => ("absolute", on_hand),
        };
        let ending = if by_order { "order/updated" } else { "updated" };
        let mut inventory = json!({"product_id": product_id, "method": method, "value": value});
        let told = match variant {
            None => json!({"type": "product", "id": product_id, "inventory": inventory}),
            Some(id) => {
                if let Some(fields) = inventory.as_object_mut() {
                    fields.insert("variant_id".to_owned(), id.into());
                }
                json!({"type": "sku", "id": sku_id(id), "inventory": inventory})
            }
        };
        let kind = if variant.is_some() { "sku" } else { "product" };
        self.emit_about(&format!("store/{kind}/inventory/{ending}"), &told, product_id, now, config);
        let product = json!({"type": "product", "id": product_id});
        self.emit_about("store/product/updated", &product, product_id, now, config);
        if !by_order {
            let at = json!({"variant_id": variant_id, "product_id": product_id, "location_id": one.location});
            let scope = "store/channel/*/inventory/product/stock_changed";
            self.emit_about(scope, &at, product_id, now, config);
        }
    }
}

/// The older interface's id of a variant with options.
pub(crate) fn sku_id(variant_id: u64) -> u64 {
    variant_id.saturating_sub(4_000_000)
}
