//! Price lists, their records and who gets them (`docs/facts/bigcommerce.md` §7).

pub(crate) mod assignments_api;
mod by_hand;
pub(crate) mod lists_api;
mod paging;
mod record_fields;
pub(crate) mod records_api;
pub(crate) mod records_write_api;
mod tables;

pub(crate) use tables::PriceLists;
pub use tables::{PriceRecord, Tier, TierKind};
