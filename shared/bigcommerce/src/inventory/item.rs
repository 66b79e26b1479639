//! What the store has of something, and where (`docs/facts/bigcommerce.md` §6).

use connector_domain::Sku;
use serde::Deserialize;

use crate::ids::{LocationId, ProductId, VariantId};
use crate::wire::lenient;

/// Which items.
#[derive(Debug, Clone, Copy)]
pub enum ItemsOf<'a> {
    /// Those with one of these SKUs; none may have a comma.
    Skus(&'a [Sku]),
    /// Those of these variants.
    Variants(&'a [VariantId]),
    /// Those of these products.
    Products(&'a [ProductId]),
    /// All at a location.
    Location(LocationId),
}

/// A variant with its stock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct Item {
    /// The SKU, as the store spells it.
    pub sku: Sku,
    /// The variant.
    pub variant_id: VariantId,
    /// Its product.
    pub product_id: ProductId,
    /// What there is, by location.
    pub stock: Vec<ItemStock>,
}

/// What there is at one location.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ItemStock {
    /// Where.
    pub location_id: LocationId,
    /// On hand less the safety stock; what can be bought.
    pub available_to_sell: i64,
    /// What an absolute adjustment sets.
    pub total_inventory_onhand: i64,
    /// A disabled location cannot be written to.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub location_enabled: bool,
}

#[derive(Deserialize)]
struct Wire {
    identity: Identity,
    #[serde(default, deserialize_with = "lenient::list")]
    locations: Vec<ItemStock>,
}

#[derive(Deserialize)]
struct Identity {
    #[serde(default, deserialize_with = "lenient::text")]
    sku: String,
    variant_id: VariantId,
    product_id: ProductId,
}

impl From<Wire> for Item {
    fn from(wire: Wire) -> Self {
        let Identity { sku, variant_id, product_id } = wire.identity;
        Self { sku: Sku(sku), variant_id, product_id, stock: wire.locations }
    }
}
