//! `OData` as Kinetic speaks it: literals, filters, and reads that never page by `$skip`.

mod filter;
mod literal;
pub(crate) mod read;

pub use filter::Filter;
pub use literal::Literal;
