//! The way of an order: claim, fetch, decide, map, look, plan, apply, prove, record.

mod after_import;
mod applied;
pub mod apply;
pub mod audit;
mod cancel;
mod consume;
mod credit;
pub mod decide;
pub mod desired;
mod header_field;
mod import;
mod in_hand;
mod link;
pub mod map;
pub mod plan;
pub mod prove;
pub(crate) mod seen;
mod settle;
#[cfg(test)]
pub(crate) mod testing;
mod work;
mod write_back;

use connector_domain::{ExternalRef, OrderId};

pub use consume::{Consumed, Consumer, consume};
pub(crate) use in_hand::InHand;
pub use link::{LinkError, Linked, link};
pub(crate) use settle::settled;

use crate::rules::Rules;

/// The name of a web order inside Kinetic.
pub fn reference(rules: &Rules, order: OrderId) -> ExternalRef {
    ExternalRef::of(&rules.orders.prefix, order)
}
