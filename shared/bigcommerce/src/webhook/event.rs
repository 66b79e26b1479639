//! From verified bytes to meaning.

use connector_domain::{OrderId, Timestamp};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::scope::{OrderField, order_field};
use super::verify::VerifiedDelivery;

/// Something happened to an order. What it was hardly matters: the order is read again anyway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEvent {
    /// Which order.
    pub order: OrderId,
    /// The concrete scope, such as `store/order/statusUpdated`.
    pub scope: String,
    /// The vendor's hash: opaque, and the same for different events of one order, so never an identity by itself
    /// (`docs/facts/bigcommerce.md` §2.3).
    pub hash: String,
    /// When it happened; a genuine retry may come 48 hours later.
    pub created_at: Timestamp,
}

/// Verified bytes that do not say what a delivery should say.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseError {
    /// Not UTF-8, or not JSON. Answer 400.
    #[error("the body is not JSON")]
    NotJson,
    /// Another store's event, signed with this store's secret. Answer 400.
    #[error("the event is of another store")]
    ForeignStore,
    /// A scope that we know, with data that we cannot read. Answer 200 (a genuine event that is refused for 48 hours would
    /// deactivate the hook, and a later event, or a poller, brings the order), with an error in the log and a metric.
    #[error("{scope} has data that cannot be read, with the keys [{}]", .keys.join(", "))]
    Unreadable {
        /// The scope, as far as it could be read.
        scope: String,
        /// The names of the keys in `data`, never a value.
        keys: Vec<String>,
    },
}

impl ParseError {
    /// The HTTP status to answer.
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotJson | Self::ForeignStore => 400,
            Self::Unreadable { .. } => 200,
        }
    }
}

impl WebhookEvent {
    /// Reads the event for the store `store_hash`; `Ok(None)` is an event that is not about orders, to be answered 200.
    ///
    /// # Errors
    /// [`ParseError`], whose [`ParseError::status`] is the answer.
    pub fn parse(delivery: &VerifiedDelivery, store_hash: &str) -> Result<Option<Self>, ParseError> {
        let body: Value = serde_json::from_slice(delivery.body()).map_err(|_| ParseError::NotJson)?;
        let addressed = addressed(&body, store_hash)?;
        let Value::Object(body) = body else { return Err(unreadable("", None)) };
        let Some(scope) = body.get("scope").and_then(Value::as_str) else {
            return Err(unreadable("", body.get("data")));
        };
        let Some(field) = order_field(scope) else { return Ok(None) };
        let event = addressed.then(|| Self::read(&body, scope, field)).flatten();
        event.map(Some).ok_or_else(|| unreadable(scope, body.get("data")))
    }

    fn read(body: &Map<String, Value>, scope: &str, field: OrderField) -> Option<Self> {
        let order = body.get("data")?.get(field.name()).and_then(whole).filter(|id| *id > 0)?;
        let created_at = body.get("created_at").and_then(whole)?;
        Some(Self {
            order: OrderId(order),
            scope: scope.to_owned(),
            hash: body.get("hash")?.as_str()?.to_owned(),
            created_at: Timestamp::from_second(i64::try_from(created_at).ok()?).ok()?,
        })
    }

    /// What makes two deliveries the same event: SHA-256 of the `webhook-id` where that was verified, else of scope, order,
    /// hash and time (`docs/facts/bigcommerce.md` §2.4).
    pub fn dedup_id(&self, delivery: &VerifiedDelivery) -> [u8; 32] {
        let mut digest = Sha256::new();
        if let Some(id) = delivery.webhook_id() {
            digest.update(b"webhook-id\0");
            digest.update(id);
        } else {
            // Each part goes with its length, so that no two events run together.
            digest.update(b"event\0");
            let (order, created_at) = (self.order.to_string(), self.created_at.as_second().to_string());
            for part in [&self.scope, &order, &self.hash, &created_at] {
                digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
                digest.update(part);
            }
        }
        digest.finalize().into()
    }
}

/// Whether it says that it is of this store; it may say nothing.
///
/// # Errors
/// [`ParseError::ForeignStore`]: it says that it is of another.
pub(super) fn addressed(body: &Value, store_hash: &str) -> Result<bool, ParseError> {
    match body.get("producer").and_then(Value::as_str) {
        Some(producer) if producer.strip_prefix("stores/") == Some(store_hash) => Ok(true),
        Some(_) => Err(ParseError::ForeignStore),
        None => Ok(false),
    }
}

/// A whole number, bare or in quotation marks: both occur for one and the same id.
pub(super) fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The error that names keys only, few and short, since even they come from outside.
pub(super) fn unreadable(scope: &str, data: Option<&Value>) -> ParseError {
    let keys = data.and_then(Value::as_object).into_iter().flat_map(Map::keys);
    ParseError::Unreadable {
        scope: scope.chars().take(100).collect(),
        keys: keys.take(20).map(|key| key.chars().take(40).collect()).collect(),
    }
}

#[cfg(test)]
mod tests;
