//! What the store should have (`docs/facts/bigcommerce.md` §6).

use connector_domain::Sku;
use serde::Serialize;

use crate::ids::{LocationId, ProductId, VariantId};
use crate::refusal::Refusal;

/// The most that a location can have of something; more is not saved.
pub const MOST_STOCK: u32 = 2_147_483_647;

/// Of what the stock is. It has to fit how the product is tracked, or the call is refused: by product, or by variant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub enum ItemRef {
    /// A product that is tracked as a whole.
    #[serde(rename = "product_id")]
    Product(ProductId),
    /// A variant that is tracked by itself.
    #[serde(rename = "variant_id")]
    Variant(VariantId),
    /// The same, by its SKU.
    #[serde(rename = "sku")]
    Sku(Sku),
}

/// How many there shall be at a location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StockLevel {
    /// Where.
    location_id: LocationId,
    /// Of what; written as exactly one of the three fields.
    #[serde(flatten)]
    item: ItemRef,
    /// How many.
    quantity: u32,
}

impl StockLevel {
    /// So many of `item` at `location`; never more than [`MOST_STOCK`].
    pub fn new(location: LocationId, item: ItemRef, quantity: u32) -> Self {
        Self { location_id: location, item, quantity: quantity.min(MOST_STOCK) }
    }

    /// Where.
    pub const fn location(&self) -> LocationId {
        self.location_id
    }

    /// Of what.
    pub const fn item(&self) -> &ItemRef {
        &self.item
    }

    /// How many.
    pub const fn quantity(&self) -> u32 {
        self.quantity
    }
}

/// What became of a batch of levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StockSet {
    /// Accepted, and applied soon.
    Accepted {
        /// The store's name of it; nothing can be asked by it.
        transaction: String,
    },
    /// Some row is at fault. Whether the others were taken is documented nowhere: send them again.
    Refused(Refusal),
    /// The store takes fewer rows at once than is documented; its words.
    TooLarge(String),
}
