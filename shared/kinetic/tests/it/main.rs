//! Exact requests and each failure class of every operation, on the wire.

mod charge;
mod customers;
mod door;
mod failures;
mod find;
mod header;
mod lifecycle;
mod line;
mod parts;
mod polite;
mod read_back;
mod save;
mod support;
