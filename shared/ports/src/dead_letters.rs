//! What a queue has given up, for a person to look at, send back or drop.

use std::fmt::{self, Debug};
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::message::{DedupId, Lane};
use crate::received::{QueueName, Receipt, ReceiptError};

/// So many letters come at once, at most (`docs/facts/aws.md` 1.9).
pub const AT_ONCE: usize = 10;

/// The dead letters of all queues.
///
/// Guarantees, each tested by the conformance suite:
///
/// - A letter comes with its body and its lane as they were sent, and is the same letter each time it comes.
/// - What was received is hidden until its time is over or it is shown, and with it what is behind it in its lane; other lanes do not
///   wait. One call brings several of a lane, in their order. So whoever looks sees the first ten of each lane at most: the rest comes
///   once those are gone.
/// - What is sent back arrives in its own queue and lane, byte for byte, whatever id it was first sent with. Sent back twice within five
///   minutes it arrives once. What has died again since is another letter.
/// - Only deleting takes a letter away. A receipt is good for one receive, as long as its letter is hidden.
#[async_trait]
pub trait DeadLetters: Debug + Send + Sync {
    /// Receives up to `limit` letters of `queue`, and [`AT_ONCE`] at most; nobody else gets them for `hidden`, in whole
    /// seconds. None means that surely none can be received at this moment.
    ///
    /// # Errors
    /// [`DeadLettersError::Unavailable`].
    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden: Duration,
    ) -> Result<Vec<Letter>, DeadLettersError>;

    /// Sends a letter to the end of its own lane in its own queue. It stays a letter until it is deleted.
    ///
    /// # Errors
    /// [`DeadLettersError::Unavailable`]: nothing was accepted, as far as is known; the letter is still there.
    async fn send_back(&self, letter: &Letter) -> Result<(), DeadLettersError>;

    /// Shows a letter to others at once, first of its lane.
    ///
    /// # Errors
    /// [`DeadLettersError::Receipt`]: it is hidden no more, or somebody else has it. [`DeadLettersError::Unavailable`].
    async fn show(&self, letter: &Letter) -> Result<(), DeadLettersError>;

    /// Deletes a letter.
    ///
    /// # Errors
    /// As [`DeadLetters::show`]; the letter stays.
    async fn delete(&self, letter: &Letter) -> Result<(), DeadLettersError>;

    /// About how many letters `queue` has, hidden ones too.
    ///
    /// # Errors
    /// [`DeadLettersError::Unavailable`].
    async fn count(&self, queue: QueueName) -> Result<usize, DeadLettersError>;
}

/// A dead letter that was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// Which one.
    pub id: LetterId,
    /// The body, as it was sent.
    pub body: String,
    /// The lane it was sent in.
    pub lane: Lane,
    /// The deduplication id that it bears now; SQS replaces the one it was sent with.
    pub dedup: DedupId,
    /// How often it was received, this time included. Whether receives before its death count is the queue's affair.
    pub receive_count: u32,
    /// Since when it is a dead letter, as the queue says.
    pub since: Timestamp,
    /// Who gave it up.
    pub given_up_by: GivenUpBy,
    /// With what it is shown or deleted.
    pub receipt: Receipt,
}

/// What stays the same about a letter for as long as it is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LetterId(String);

impl LetterId {
    /// The queue's own id of a letter. For implementations only.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The deduplication id with which the letter is sent back: always the same for this letter, so that a redrive which was killed
    /// between sending and deleting does not double what it repeats; never one that its message was sent with before.
    pub fn sent_back(&self) -> DedupId {
        DedupId::received(format!("redriven-{}", self.0))
    }
}

impl fmt::Display for LetterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who gave a message up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GivenUpBy {
    /// The queue: it was received too often.
    Queue,
    /// A function, because it was none of its messages.
    Function,
}

/// What can go wrong with dead letters.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeadLettersError {
    /// The letter is hidden no more, or somebody else has it. It stays as it is.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// They could not be reached.
    #[error("the dead letters are unavailable: {0}")]
    Unavailable(String),
}
