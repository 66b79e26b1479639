//! Stock by item and location (`docs/facts/bigcommerce.md` §6).

pub(crate) mod adjust_api;
mod by_hand;
mod identity;
pub(crate) mod items_api;
pub(crate) mod locations_api;
mod moves;
pub(crate) mod settings_api;
mod stock;
mod taken;

pub(crate) use moves::sku_id;
pub(crate) use stock::{Inventory, Levels, MAXIMUM, Move, What, item_of};
