//! What comes out of a queue, and the right to settle it.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::message::{DedupId, Lane};

/// Which of the queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueName {
    /// The orders'.
    Orders,
    /// The jobs'.
    Jobs,
    /// That of the catalogue's jobs.
    Catalogue,
}

impl QueueName {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Orders, Self::Jobs, Self::Catalogue];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Jobs => "jobs",
            Self::Catalogue => "catalogue",
        }
    }
}

impl fmt::Display for QueueName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A message that is in flight: no other of its lane arrives until it is deleted or becomes visible again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The body, as it was sent.
    pub body: String,
    /// The deduplication id it was sent with.
    pub dedup: DedupId,
    /// Its lane.
    pub lane: Lane,
    /// How often it was received, this time included.
    pub receive_count: u32,
    /// With what it is deleted, or shown again.
    pub receipt: Receipt,
}

/// The right to settle a message that was received, as long as it is invisible to others.
///
/// Its text is the queue's own and means nothing to anybody else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    queue: QueueName,
    handle: String,
}

impl Receipt {
    /// The receipt `handle` of `queue`. For implementations of queues only.
    pub const fn new(queue: QueueName, handle: String) -> Self {
        Self { queue, handle }
    }

    /// Whose it is.
    pub const fn queue(&self) -> QueueName {
        self.queue
    }

    /// The queue's own text.
    pub fn handle(&self) -> &str {
        &self.handle
    }
}

/// The receipt is no longer good: its time ran out, its message was received by somebody else since, or is deleted.
///
/// Whoever gets it has worked beside somebody else, or will have; the message stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the receipt is no longer good")]
pub struct ReceiptError;
