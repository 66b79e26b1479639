//! What the shop's status says is to be done.

use connector_bigcommerce::FullOrder;

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
    /// A person must look.
    Hold(Hold),
}

/// Whether we wrote something of the order to Kinetic before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// Nothing was ever recorded as written.
    Unknown,
    /// It was written, at least in part.
    Written,
}

/// Decides by the order's status.
///
/// Once an order was written, statuses that only report progress (shipped, completed, waiting for something) change nothing: the
/// plan compares the order itself. A cancellation still counts.
pub fn decide(order: &FullOrder, rules: &Rules, history: History) -> Decision {
    let name = status_key(order.order.status);
    let rule = format!("status.{name}");
    match (rules.meaning(order.order.status), history) {
        (Meaning::Cancel, _) => Decision::Cancel,
        (_, History::Written) => Decision::Import,
        _ if order.order.is_deleted => Decision::Ignore("archived".to_owned()),
        (Meaning::Import, History::Unknown) => Decision::Import,
        (Meaning::Wait, History::Unknown) => Decision::Wait(rule),
        (Meaning::Ignore, History::Unknown) => Decision::Ignore(rule),
        (Meaning::Hold, History::Unknown) => Decision::Hold(Hold::about(
            HoldReason::StatusNeedsPerson,
            name,
            format!(
                "the shop's status is {name}, but the order is not in Kinetic; enter it by hand if it is to be shipped, \
                 or set what {name} means under [statuses]"
            ),
        )),
    }
}

#[cfg(test)]
mod tests;
