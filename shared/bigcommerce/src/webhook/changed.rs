//! The store tells that a product, or its stock, is another than before (`docs/facts/bigcommerce.md` §5.3, §6.4).

use serde_json::Value;

use super::event::{ParseError, addressed, unreadable, whole};
use super::verify::VerifiedDelivery;
use crate::ids::ProductId;

/// A product was saved, by whomever.
pub const PRODUCT_UPDATED: &str = "store/product/updated";

/// The stock of a product that is tracked as a whole was set.
pub const PRODUCT_STOCK_UPDATED: &str = "store/product/inventory/updated";

/// The stock of a variant was set.
pub const SKU_STOCK_UPDATED: &str = "store/sku/inventory/updated";

/// Something is another than before. What is never taken from here: it is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductChanged {
    /// Of which product.
    pub product: ProductId,
    /// Whether it is about stock alone.
    pub stock: bool,
}

impl ProductChanged {
    /// What a delivery of the store `store_hash` tells; `Ok(None)` if it is about something else.
    ///
    /// # Errors
    /// [`ParseError`], whose [`ParseError::status`] is the answer.
    pub fn parse(delivery: &VerifiedDelivery, store_hash: &str) -> Result<Option<Self>, ParseError> {
        let body: Value = serde_json::from_slice(delivery.body()).map_err(|_| ParseError::NotJson)?;
        let data = body.get("data");
        let inventory = data.and_then(|data| data.get("inventory"));
        let Some(scope) = body.get("scope").and_then(Value::as_str) else { return Ok(None) };
        let (product, stock) = match scope {
            PRODUCT_UPDATED => (data.and_then(|data| data.get("id")), false),
            PRODUCT_STOCK_UPDATED => {
                (data.and_then(|data| data.get("id")).or_else(|| inventory?.get("product_id")), true)
            }
            // Its own id is the older interface's, by which nothing can be read.
            SKU_STOCK_UPDATED => (inventory.and_then(|inventory| inventory.get("product_id")), true),
            _ => return Ok(None),
        };
        // Whoever does not say which store it is of could be any.
        let product = addressed(&body, store_hash)?.then_some(product).flatten();
        match product.and_then(whole).filter(|id| *id > 0) {
            Some(id) => Ok(Some(Self { product: ProductId(id), stock })),
            None => Err(unreadable(scope, data)),
        }
    }
}

#[cfg(test)]
mod tests;
