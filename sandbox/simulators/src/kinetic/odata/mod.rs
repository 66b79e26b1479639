//! Reading sets: `$filter`, `$select`, `$orderby`, `$top`, `$skip`, `$count`, `$expand` (`docs/facts/kinetic.md` §3).

mod filter;
mod lexer;
mod page;
mod read;
mod scan;
mod spans;

pub(crate) use read::{query, read};
