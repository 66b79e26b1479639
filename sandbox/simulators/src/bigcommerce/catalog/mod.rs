//! The catalogue: products, variants, categories, channel assignments (`docs/facts/bigcommerce.md` §5).

pub(crate) mod by_hand;
pub(crate) mod categories_api;
pub(crate) mod channels_api;
mod fields;
mod listing;
mod product;
pub(crate) mod products_api;
mod rules;
mod save;
mod tables;
mod variant_fields;
pub(crate) mod variants_api;
mod wire;

pub(crate) use fields::positive;
pub use product::{OptionValue, Product, Tracking, Variant};
pub(crate) use rules::{Conflict, elements, invalid};
pub(crate) use tables::Catalog;
pub(crate) use wire::{include_only, money, number};
