//! The queue: ids on their way to the consumer.

use std::fmt::Debug;

use async_trait::async_trait;
use thiserror::Error;

use crate::message::{JobMessage, OrderMessage};

/// Three FIFO queues: one of orders, one of jobs, and one of the catalogue's jobs, which are a function's of their own.
///
/// Guarantees, each tested by the conformance suite:
///
/// - What was accepted arrives at least once, byte for byte.
/// - The messages of a group arrive in turn; while one is in work, no other of its group arrives. Groups do not wait for each other.
/// - Nothing is ever delayed. A message whose deduplication id was accepted in its group less than five minutes ago is accepted and
///   dropped, whatever became of the first.
/// - What is not deleted in time comes again, first of its group; what was received too often goes to the dead letters and frees its
///   group. A receipt is good for one receive, as long as its message is invisible.
///
/// The group of an order is its connection and lane; that of a job its connection and name.
#[async_trait]
pub trait Queue: Debug + Send + Sync {
    /// Accepts an order's id into one of `lanes` lanes of its connection.
    ///
    /// # Errors
    /// [`QueueError::Unavailable`]: nothing was accepted, as far as is known; send again.
    async fn send_order(&self, message: &OrderMessage, lanes: u32) -> Result<(), QueueError>;

    /// Accepts a job.
    ///
    /// # Errors
    /// As [`Queue::send_order`].
    async fn send_job(&self, message: &JobMessage) -> Result<(), QueueError>;

    /// Accepts a job of the catalogue.
    ///
    /// # Errors
    /// As [`Queue::send_order`].
    async fn send_catalogue(&self, message: &JobMessage) -> Result<(), QueueError>;
}

/// What can go wrong with the queue.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QueueError {
    /// It could not be reached.
    #[error("the queue is unavailable: {0}")]
    Unavailable(String),
}
