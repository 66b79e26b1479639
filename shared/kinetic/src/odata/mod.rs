//! `OData` as Kinetic speaks it: literals, filters, and reads that never page by `$skip`.

mod batches;
mod filter;
mod literal;
pub(crate) mod read;

pub(crate) use batches::batches;
pub use filter::Filter;
pub use literal::Literal;
