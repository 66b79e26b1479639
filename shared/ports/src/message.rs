//! What travels through the queue: ids, never a payload.

use std::fmt;

use connector_domain::{ConnectionId, OrderId, Random};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use uuid::Uuid;

/// The form of the messages; a body of another is refused, never guessed at.
const VERSION: u32 = 1;

/// One order of one connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrderKey {
    /// Whose.
    pub connection: ConnectionId,
    /// The shop's number.
    pub order: OrderId,
}

impl fmt::Display for OrderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.connection, self.order)
    }
}

/// Who asks for an order to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A webhook.
    Hook,
    /// The poller, for what webhooks missed.
    Poll,
    /// The waker, because it is due.
    Wake,
    /// A person.
    Replay,
    /// The consumer itself, for the rest of a long order.
    Continuation,
    /// What it was held for is there now.
    Unblocked,
}

impl Origin {
    /// Whether what it reports may be nothing but the echo of our own writing.
    pub const fn may_be_echo(self) -> bool {
        match self {
            Self::Hook | Self::Poll => true,
            Self::Wake | Self::Replay | Self::Continuation | Self::Unblocked => false,
        }
    }
}

/// "Look at this order": the one way into the consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderMessage {
    /// Whose order.
    pub connection: ConnectionId,
    /// Which order.
    pub order: OrderId,
    /// Who asks.
    pub origin: Origin,
    /// How many messages in a row the consumer has sent itself about this order; a function that feeds its own queue needs an end.
    pub hops: u32,
    /// Travels beside the body.
    pub dedup: DedupId,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderBody {
    version: u32,
    connection: ConnectionId,
    order: OrderId,
    origin: Origin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hops: Option<u32>,
}

impl OrderMessage {
    /// A message about `order`.
    pub const fn new(connection: ConnectionId, order: OrderId, origin: Origin, dedup: DedupId) -> Self {
        Self { connection, order, origin, hops: 0, dedup }
    }

    /// The next of the messages that the consumer sends itself, for the rest of a long order.
    #[must_use]
    pub fn continued(&self, dedup: DedupId) -> Self {
        let (connection, order, hops) = (self.connection.clone(), self.order, self.hops.saturating_add(1));
        Self { connection, order, origin: Origin::Continuation, hops, dedup }
    }

    /// The body, as JSON.
    pub fn to_body(&self) -> String {
        let body = OrderBody {
            version: VERSION,
            connection: self.connection.clone(),
            order: self.order,
            origin: self.origin,
            hops: Some(self.hops).filter(|hops| *hops > 0),
        };
        serde_json::json!(body).to_string()
    }

    /// Reads a body.
    ///
    /// # Errors
    /// [`MessageError`]: not ours, or of a newer version.
    pub fn from_body(body: &str, dedup: DedupId) -> Result<Self, MessageError> {
        let OrderBody { version, connection, order, origin, hops } = parse(body)?;
        versioned(version)?;
        Ok(Self { connection, order, origin, hops: hops.unwrap_or_default(), dedup })
    }

    /// The lane among `lanes`, which is the group: the messages of one order always come in turn.
    pub fn lane(&self, lanes: u32) -> Lane {
        let number = self.order.0 % u64::from(lanes.max(1));
        Lane(format!("{}/{number}", self.connection))
    }
}

/// "Go on with this job of a connection."
#[derive(Debug, Clone, PartialEq)]
pub struct JobMessage {
    /// Whose.
    pub connection: ConnectionId,
    /// Which job: `order-poller`.
    pub job: String,
    /// Where it left off; `null` at the start.
    pub position: Value,
    /// Travels beside the body.
    pub dedup: DedupId,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JobBody {
    version: u32,
    connection: ConnectionId,
    job: String,
    position: Value,
}

impl JobMessage {
    /// The body, as JSON.
    pub fn to_body(&self) -> String {
        let body = JobBody {
            version: VERSION,
            connection: self.connection.clone(),
            job: self.job.clone(),
            position: self.position.clone(),
        };
        serde_json::json!(body).to_string()
    }

    /// Reads a body.
    ///
    /// # Errors
    /// [`MessageError`]: not ours, or of a newer version.
    pub fn from_body(body: &str, dedup: DedupId) -> Result<Self, MessageError> {
        let JobBody { version, connection, job, position } = parse(body)?;
        versioned(version)?;
        Ok(Self { connection, job, position, dedup })
    }

    /// The same job once more, at once: for one that was cut off.
    #[must_use]
    pub fn again(&self, dedup: DedupId) -> Self {
        Self { dedup, ..self.clone() }
    }

    /// The group: a job never overlaps itself.
    pub fn lane(&self) -> Lane {
        Lane(format!("{}/{}", self.connection, self.job))
    }
}

fn parse<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, MessageError> {
    serde_json::from_str(body).map_err(|error| MessageError::Unreadable(error.to_string()))
}

const fn versioned(version: u32) -> Result<(), MessageError> {
    if version == VERSION { Ok(()) } else { Err(MessageError::Version(version)) }
}

/// The group of a FIFO queue. What is in one lane comes in turn; lanes do not wait for each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lane(String);

impl Lane {
    /// One that came off a queue.
    pub const fn received(text: String) -> Self {
        Self(text)
    }

    /// The lane as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What tells a repeated sending from a new event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DedupId(String);

impl DedupId {
    /// Of a webhook: the digest of what identifies the event, so that a second delivery of it is dropped.
    pub fn from_digest(digest: [u8; 32]) -> Self {
        Self(hex::encode(digest))
    }

    /// Of everything else: never seen before, so that it is never dropped.
    pub fn fresh(random: &dyn Random) -> Self {
        Self(Uuid::from_u128(random.next_u128()).to_string())
    }

    /// One that came off a queue.
    pub const fn received(text: String) -> Self {
        Self(text)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A body that is no message of ours. It goes to the dead letters: retrying cannot mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MessageError {
    /// Not JSON, or not of this shape.
    #[error("the message cannot be read: {0}")]
    Unreadable(String),
    /// Written by another version of the connector.
    #[error("the message has version {0}, this connector reads version {VERSION}")]
    Version(u32),
}

#[cfg(test)]
mod tests {
    use connector_domain::SeededRandom;

    use super::*;

    fn message(order: u64) -> OrderMessage {
        let dedup = DedupId::fresh(&SeededRandom::new(1));
        OrderMessage::new("main-store".parse().unwrap(), OrderId(order), Origin::Hook, dedup)
    }

    #[test]
    fn a_message_survives_its_body() {
        let sent = message(173_331);
        assert_eq!(
            sent.to_body(),
            r#"{"connection":"main-store","order":173331,"origin":"hook","version":1}"#
        );
        assert_eq!(OrderMessage::from_body(&sent.to_body(), sent.dedup.clone()), Ok(sent));
    }

    #[test]
    fn a_continuation_counts_how_many_came_before_it() {
        let dedup = || DedupId::received("x".to_owned());
        let second = message(7).continued(dedup()).continued(dedup());
        assert_eq!((second.origin, second.hops), (Origin::Continuation, 2));
        assert_eq!(OrderMessage::from_body(&second.to_body(), dedup()), Ok(second));
    }

    #[test]
    fn what_is_not_ours_is_refused_with_its_reason() {
        let dedup = || DedupId::received("x".to_owned());
        let newer = r#"{"connection":"a","order":1,"origin":"hook","version":2}"#;
        assert_eq!(OrderMessage::from_body(newer, dedup()), Err(MessageError::Version(2)));
        let more = r#"{"connection":"a","order":1,"origin":"hook","version":1,"email":"x"}"#;
        assert!(matches!(OrderMessage::from_body(more, dedup()), Err(MessageError::Unreadable(_))));
    }

    #[test]
    fn an_order_always_has_the_same_lane() {
        assert_eq!(message(5).lane(2).as_str(), "main-store/1");
        assert_eq!(message(7).lane(2).as_str(), "main-store/1");
        assert_eq!(message(6).lane(2).as_str(), "main-store/0");
        assert_eq!(message(6).lane(0).as_str(), "main-store/0", "no lanes are one lane");
    }

    #[test]
    fn fresh_ids_differ() {
        let random = SeededRandom::new(1);
        assert_ne!(DedupId::fresh(&random), DedupId::fresh(&random));
    }
}
