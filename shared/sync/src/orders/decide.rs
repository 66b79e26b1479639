//! What the shop's status says is to be done.

use connector_bigcommerce::{FullOrder, OrderStatus};

use super::after_import::Ahead;
use crate::hold::{Hold, HoldReason};
use crate::rules::{Meaning, Rules, status_key};

/// What is to be done with an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It belongs into Kinetic.
    Import,
    /// It will never be shipped.
    Cancel,
    /// The shop has not said go.
    Wait(String),
    /// It is none of our business, by this rule.
    Ignore(String),
    /// It is in Kinetic, and the shop went on with it in a way that must be compared.
    Ahead(Ahead),
    /// A person must look.
    Hold(Hold),
}

/// How far we got with the order in Kinetic before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// Nothing was ever sent.
    Nothing,
    /// Something was sent: a header, perhaps, that stands there staged.
    Begun,
    /// All of it was written and proven.
    Written,
}

/// Decides by the order's status.
///
/// Once an order was written, statuses that only wait for something change nothing: the plan compares the order itself. A cancellation
/// still counts, and what the shop says of shipments, money and the archive is compared with Kinetic.
pub fn decide(order: &FullOrder, rules: &Rules, history: History) -> Decision {
    let name = status_key(order.order.status);
    let rule = format!("status.{name}");
    match (rules.meaning(order.order.status), history) {
        (Meaning::Cancel, _) => Decision::Cancel,
        (_, History::Begun) if order.order.is_deleted => begun("archived"),
        (_, History::Nothing) if order.order.is_deleted => Decision::Ignore("archived".to_owned()),
        (_, History::Written) => written(order),
        (Meaning::Import, _) => Decision::Import,
        (Meaning::Wait, History::Nothing | History::Begun) => Decision::Wait(rule),
        (Meaning::Ignore | Meaning::Hold, History::Begun) => begun(name),
        (Meaning::Ignore, History::Nothing) => Decision::Ignore(rule),
        (Meaning::Hold, History::Nothing) => Decision::Hold(Hold::about(
            HoldReason::StatusNeedsPerson,
            name,
            format!(
                "the shop's status is {name}, but the order is not in Kinetic; enter it by hand if it is to be shipped, \
                 or set what {name} means under [statuses]"
            ),
        )),
    }
}

/// An order that is in Kinetic.
const fn written(order: &FullOrder) -> Decision {
    match order.order.status {
        OrderStatus::Refunded | OrderStatus::PartiallyRefunded | OrderStatus::Disputed => {
            Decision::Ahead(Ahead::Refunded)
        }
        OrderStatus::Shipped | OrderStatus::PartiallyShipped | OrderStatus::Completed => {
            Decision::Ahead(Ahead::Shipped)
        }
        OrderStatus::Incomplete
        | OrderStatus::Pending
        | OrderStatus::Cancelled
        | OrderStatus::Declined
        | OrderStatus::AwaitingPayment
        | OrderStatus::AwaitingPickup
        | OrderStatus::AwaitingShipment
        | OrderStatus::AwaitingFulfillment
        | OrderStatus::ManualVerificationRequired
        | OrderStatus::Other(_) => {
            if order.order.is_deleted {
                Decision::Ahead(Ahead::Archived)
            } else {
                Decision::Import
            }
        }
    }
}

/// What was begun must not be forgotten: it may stand in Kinetic, staged and incomplete.
fn begun(name: &str) -> Decision {
    Decision::Hold(Hold::about(
        HoldReason::StatusNeedsPerson,
        name,
        format!(
            "the shop's order became {name} while it was being written; look for it in Kinetic by its reference, \
             and void it or complete it by hand"
        ),
    ))
}

#[cfg(test)]
mod tests;
