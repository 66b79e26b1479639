//! The scopes that say something happened to an order, and where each says which order.
//!
//! `docs/facts/bigcommerce.md` §2.3. Shipments (`store/shipment/*`) are not among them: they are our own doing, or show in the
//! order as `store/order/updated` does.

/// The field of `data` that carries the order's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrderField {
    /// `data.id`.
    Id,
    /// `data.order_id`.
    OrderId,
    /// `data.resource_id`.
    ResourceId,
}

impl OrderField {
    /// Its name in `data`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::OrderId => "order_id",
            Self::ResourceId => "resource_id",
        }
    }
}

/// Where the events of `scope` carry the order's number; `None` if they are not about orders.
pub(super) fn order_field(scope: &str) -> Option<OrderField> {
    if let Some(event) = scope.strip_prefix("store/order/") {
        return match event {
            "transaction/created" | "transaction/updated" => Some(OrderField::OrderId),
            "metafield/created" | "metafield/updated" | "metafield/deleted" => Some(OrderField::ResourceId),
            event => of_the_order(event).then_some(OrderField::Id),
        };
    }
    let (channel, event) = scope.strip_prefix("store/channel/")?.split_once("/order/")?;
    let numbered = !channel.is_empty() && channel.bytes().all(|b| b.is_ascii_digit());
    (numbered && of_the_order(event)).then_some(OrderField::OrderId)
}

/// The events that exist both for the store and for one of its channels.
fn of_the_order(event: &str) -> bool {
    ["created", "updated", "archived", "statusUpdated", "message/created", "refund/created"].contains(&event)
}
