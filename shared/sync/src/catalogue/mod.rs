//! Parts, prices and stock on their way from Kinetic to the store.
//!
//! Pure at the core: what the store should show of a part ([`wanted`]), and what is to be done about it ([`plan`]), from the part, the
//! rules and what was published before. What was published stands on the shelf, so that what is unchanged costs nothing.

mod change;
pub mod changes;
mod create;
pub mod explain;
mod find;
mod halves;
mod job;
mod keeper;
pub mod outlook;
mod parts;
pub mod plan;
pub mod price;
mod prices;
mod publish;
mod stock;
mod sweep;
mod turn;
pub mod wanted;
mod written;

pub use job::CatalogueJob;
pub use turn::Catalogue;
