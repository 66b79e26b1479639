//! The fifteen statuses of an order.

use std::fmt;

/// Where an order stands in the shop. Merchants rename the labels; the numbers are fixed (`docs/facts/bigcommerce.md` §3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderStatus {
    /// 0: a checkout that was begun, not a real order.
    Incomplete,
    /// 1
    Pending,
    /// 2
    Shipped,
    /// 3
    PartiallyShipped,
    /// 4
    Refunded,
    /// 5: the only one that means cancelled; an archived order keeps its status.
    Cancelled,
    /// 6
    Declined,
    /// 7
    AwaitingPayment,
    /// 8
    AwaitingPickup,
    /// 9
    AwaitingShipment,
    /// 10
    Completed,
    /// 11
    AwaitingFulfillment,
    /// 12
    ManualVerificationRequired,
    /// 13
    Disputed,
    /// 14
    PartiallyRefunded,
    /// A number that no documentation names.
    Other(u64),
}

impl OrderStatus {
    /// All that are documented, by number.
    pub const ALL: [Self; 15] = [
        Self::Incomplete,
        Self::Pending,
        Self::Shipped,
        Self::PartiallyShipped,
        Self::Refunded,
        Self::Cancelled,
        Self::Declined,
        Self::AwaitingPayment,
        Self::AwaitingPickup,
        Self::AwaitingShipment,
        Self::Completed,
        Self::AwaitingFulfillment,
        Self::ManualVerificationRequired,
        Self::Disputed,
        Self::PartiallyRefunded,
    ];

    /// The status with the number `id`.
    pub fn from_id(id: u64) -> Self {
        Self::ALL.into_iter().find(|status| status.id() == id).unwrap_or(Self::Other(id))
    }

    /// `status_id` on the wire.
    pub const fn id(self) -> u64 {
        match self {
            Self::Incomplete => 0,
            Self::Pending => 1,
            Self::Shipped => 2,
            Self::PartiallyShipped => 3,
            Self::Refunded => 4,
            Self::Cancelled => 5,
            Self::Declined => 6,
            Self::AwaitingPayment => 7,
            Self::AwaitingPickup => 8,
            Self::AwaitingShipment => 9,
            Self::Completed => 10,
            Self::AwaitingFulfillment => 11,
            Self::ManualVerificationRequired => 12,
            Self::Disputed => 13,
            Self::PartiallyRefunded => 14,
            Self::Other(id) => id,
        }
    }

    /// The vendor's own name of it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Incomplete => "Incomplete",
            Self::Pending => "Pending",
            Self::Shipped => "Shipped",
            Self::PartiallyShipped => "Partially Shipped",
            Self::Refunded => "Refunded",
            Self::Cancelled => "Cancelled",
            Self::Declined => "Declined",
            Self::AwaitingPayment => "Awaiting Payment",
            Self::AwaitingPickup => "Awaiting Pickup",
            Self::AwaitingShipment => "Awaiting Shipment",
            Self::Completed => "Completed",
            Self::AwaitingFulfillment => "Awaiting Fulfillment",
            Self::ManualVerificationRequired => "Manual Verification Required",
            Self::Disputed => "Disputed",
            Self::PartiallyRefunded => "Partially Refunded",
            Self::Other(_) => "unknown",
        }
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.id(), self.name())
    }
}

impl<'de> serde::Deserialize<'de> for OrderStatus {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::lenient::required_count(deserializer).map(Self::from_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_comes_back_from_its_number() {
        for (id, status) in (0..).zip(OrderStatus::ALL) {
            assert_eq!((status.id(), OrderStatus::from_id(id)), (id, status));
        }
        assert_eq!(OrderStatus::from_id(15), OrderStatus::Other(15));
    }
}
