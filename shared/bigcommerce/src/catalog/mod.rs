//! Products and variants, v3 (`docs/facts/bigcommerce.md` §5).

mod channels;
mod product;
mod products;
mod variant;
mod variants;
mod write;

use connector_http::Remote;

pub use crate::wire::money::{Measure, Sale};
pub use channels::{CHANNEL_ASSIGNMENTS, ChannelAssignment, ChannelsAssigned};
pub use product::{Availability, InventoryTracking, Product, ProductKind, ProductPage};
pub use products::PRODUCTS;
pub use variant::{OptionValue, Variant, VariantChange};
pub use variants::{RowRefusal, VARIANTS, Variants, VariantsUpdated};
pub use write::{
    Created, CustomField, DuplicateOf, NewProduct, ProductChange, ProductFields, ProductsUpdated, Written,
};

/// Products and variants of the store.
#[derive(Debug, Clone, Copy)]
pub struct Catalog<'a> {
    remote: &'a Remote,
}

impl<'a> Catalog<'a> {
    pub(crate) const fn new(remote: &'a Remote) -> Self {
        Self { remote }
    }

    /// Variants in bulk, whatever product they are of.
    pub const fn variants(&self) -> Variants<'a> {
        Variants::new(self.remote)
    }
}
