//! One file a command.

pub(crate) mod demo;
mod ended;
pub(crate) mod load;
pub(crate) mod parts_load;
pub(crate) mod shares;
pub(crate) mod simulate_bigcommerce;
pub(crate) mod simulate_kinetic;
pub(crate) mod soak;
pub(crate) mod up;

use connector_sandbox::terminal::print;
