//! `OData` as Kinetic speaks it: literals, filters, and reads that never page by `$skip`.

mod batches;
pub(crate) mod changes;
mod filter;
mod key;
mod literal;
mod named;
mod raw;
pub(crate) mod read;
pub(crate) mod root;

pub(crate) use batches::batches;
pub use filter::Filter;
pub(crate) use key::{after, order};
pub use literal::Literal;
pub use raw::{RawFilter, RawFilterError};
