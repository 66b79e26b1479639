//! Stock by item and location (`docs/facts/bigcommerce.md` §6).

mod moves;
mod stock;

pub(crate) use moves::sku_id;
pub(crate) use stock::{Inventory, Levels, MAXIMUM, Move, What, item_of};
