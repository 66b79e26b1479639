//! What each of the 15 order statuses means to us.
//!
//! The ids and names are fixed, merchants only relabel them (`docs/facts/bigcommerce.md`, order statuses).

use connector_bigcommerce::OrderStatus;

/// What the shop's status says about an order that is not in Kinetic yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It is to be written to Kinetic.
    Import,
    /// The shop has not said go; a later webhook will.
    Wait,
    /// It will never be shipped.
    Cancel,
    /// It is none of our business.
    Ignore,
    /// A person must look first.
    Hold,
}

impl Meaning {
    pub(super) fn from_word(word: &str) -> Option<Self> {
        match word {
            "import" => Some(Self::Import),
            "wait" => Some(Self::Wait),
            "cancel" => Some(Self::Cancel),
            "ignore" => Some(Self::Ignore),
            "hold" => Some(Self::Hold),
            _ => None,
        }
    }
}

/// A status with the key of the rules, and what it means unless the rules say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// BigCommerce's status.
    pub status: OrderStatus,
    /// The key below `[statuses]`.
    pub key: &'static str,
    /// The default meaning.
    pub meaning: Meaning,
}

const fn row(status: OrderStatus, key: &'static str, meaning: Meaning) -> Status {
    Status { status, key, meaning }
}

/// The default table.
///
/// Unpaid orders wait. What was shipped, refunded in part or disputed before we ever saw it is held: importing it might ship it
/// twice, ignoring it would be silence.
pub const STATUSES: [Status; 15] = [
    row(OrderStatus::Incomplete, "incomplete", Meaning::Wait),
    row(OrderStatus::Pending, "pending", Meaning::Wait),
    row(OrderStatus::Shipped, "shipped", Meaning::Hold),
    row(OrderStatus::PartiallyShipped, "partially_shipped", Meaning::Hold),
    row(OrderStatus::Refunded, "refunded", Meaning::Ignore),
    row(OrderStatus::Cancelled, "cancelled", Meaning::Cancel),
    row(OrderStatus::Declined, "declined", Meaning::Cancel),
    row(OrderStatus::AwaitingPayment, "awaiting_payment", Meaning::Wait),
    row(OrderStatus::AwaitingPickup, "awaiting_pickup", Meaning::Import),
    row(OrderStatus::AwaitingShipment, "awaiting_shipment", Meaning::Import),
    row(OrderStatus::Completed, "completed", Meaning::Hold),
    row(OrderStatus::AwaitingFulfillment, "awaiting_fulfillment", Meaning::Import),
    row(OrderStatus::ManualVerificationRequired, "manual_verification_required", Meaning::Wait),
    row(OrderStatus::Disputed, "disputed", Meaning::Hold),
    row(OrderStatus::PartiallyRefunded, "partially_refunded", Meaning::Hold),
];

/// The key of a status below `[statuses]`; `unknown` for one that BigCommerce added later.
pub fn status_key(status: OrderStatus) -> &'static str {
    STATUSES.iter().find(|row| row.status == status).map_or("unknown", |row| row.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_the_shop_has_a_meaning() {
        assert_eq!(STATUSES.map(|row| row.status), OrderStatus::ALL);
    }
}
