//! What webhooks tell: scopes, payloads, and the envelope around them (`docs/facts/bigcommerce.md` §2.2, §2.3).

use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{BigCommerceConfig, store::Order};

/// Something that happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderEvent {
    /// Placed, incomplete ones too.
    Created,
    /// Any change.
    Updated,
    /// Archived.
    Archived,
    /// The status changed.
    StatusUpdated,
    /// A message was written.
    MessageCreated,
    /// A refund was submitted.
    RefundCreated,
    /// Money moved.
    TransactionCreated,
    /// A money movement changed.
    TransactionUpdated,
}

impl OrderEvent {
    fn ending(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Archived => "archived",
            Self::StatusUpdated => "statusUpdated",
            Self::MessageCreated => "message/created",
            Self::RefundCreated => "refund/created",
            Self::TransactionCreated => "transaction/created",
            Self::TransactionUpdated => "transaction/updated",
        }
    }

    /// `store/order/…`.
    pub(crate) fn scope(self) -> String {
        format!("store/order/{}", self.ending())
    }

    /// `store/channel/{id}/order/…`, where that exists.
    pub(crate) fn channel_scope(self, channel_id: u64) -> Option<String> {
        match self {
            Self::TransactionCreated | Self::TransactionUpdated => None,
            Self::Created
            | Self::Updated
            | Self::Archived
            | Self::StatusUpdated
            | Self::MessageCreated
            | Self::RefundCreated => Some(format!("store/channel/{channel_id}/order/{}", self.ending())),
        }
    }
}

/// The `data` of a scope for an order. Channel scopes tell `order_id` only; unknown scopes tell type and id.
pub(crate) fn data(scope: &str, order: &Order) -> Value {
    let id = order.id;
    if scope.starts_with("store/channel/") {
        return json!({"order_id": id});
    }
    match scope.strip_prefix("store/order/").unwrap_or_default() {
        "statusUpdated" => json!({
            "type": "order", "id": id,
            "status": {"previous_status_id": order.previous_status, "new_status_id": order.spec.status_id},
        }),
        "message/created" => json!({"type": "order", "id": id, "message": {"order_message_id": 3}}),
        "refund/created" => json!({"type": "order", "id": id, "refund": {"refund_id": 6}}),
        "transaction/created" | "transaction/updated" => json!({
            "type": "transaction", "order_id": id.to_string(), "transaction_id": format!("{id}01"),
            "transaction_status": "ok", "transaction_type": "capture",
            "result": {"code": "ok", "message": "", "type": ""},
            "platform_transaction_id": "", "provider_transaction_id": "",
        }),
        "metafield/created" | "metafield/updated" | "metafield/deleted" => {
            json!({"metafield_id": 9, "resource_id": id.to_string()})
        }
        _ => json!({"type": "order", "id": id}),
    }
}

/// One event as every hook is told it; a retry and a duplicate carry the same bytes.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) scope: String,
    pub(crate) order_id: u64,
    pub(crate) body: Vec<u8>,
}

impl Event {
    pub(crate) fn new(
        scope: &str,
        data: &Value,
        order_id: u64,
        at: Timestamp,
        config: &BigCommerceConfig,
    ) -> Self {
        let body = json!({
            "scope": scope,
            "store_id": config.store_id.to_string(),
            "hash": hash(data),
            "data": data,
            "created_at": at.as_second(),
            "producer": format!("stores/{}", config.store_hash),
        });
        Self { scope: scope.to_owned(), order_id, body: body.to_string().into_bytes() }
    }
}

/// Forty hexadecimal digits over the data, so that two events about one resource may share them, as real ones do.
fn hash(data: &Value) -> String {
    hex::encode(Sha256::digest(data.to_string())).chars().take(40).collect()
}
