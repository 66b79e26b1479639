//! Reading sets: `$filter`, `$select`, `$orderby`, `$top`, `$skip`, `$count` (`docs/facts/kinetic.md` §3).

mod filter;
mod lexer;
mod read;

pub(crate) use read::read;
