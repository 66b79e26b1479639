//! What every queue guarantees, as far as it shows without waiting.

mod arriving;
mod settling;

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::OrderId;
use serde_json::Value;

pub use arriving::*;
pub use settling::*;

use super::samples::connection;
use crate::memory::MemoryQueue;
use crate::message::{DedupId, JobMessage, OrderMessage, Origin};
use crate::queue::Queue;
use crate::received::{QueueName, Receipt, ReceiptError, Received};

/// The receiving side of a queue, one message at a time.
#[async_trait]
pub trait Receiver: Debug + Send + Sync {
    /// Receives a message, or `None` if surely none can be received at this moment.
    async fn receive(&self, which: QueueName) -> Option<Received>;

    /// Deletes what was received.
    async fn delete(&self, receipt: &Receipt) -> Result<(), ReceiptError>;

    /// Makes what was received invisible for `visibility` from now; zero shows it at once.
    async fn change_visibility(&self, receipt: &Receipt, visibility: Duration) -> Result<(), ReceiptError>;

    /// The bodies of what was received too often.
    async fn dead_letters(&self, which: QueueName) -> Vec<String>;
}

#[async_trait]
impl Receiver for MemoryQueue {
    async fn receive(&self, which: QueueName) -> Option<Received> {
        Self::receive(self, which)
    }

    async fn delete(&self, receipt: &Receipt) -> Result<(), ReceiptError> {
        Self::delete(self, receipt)
    }

    async fn change_visibility(&self, receipt: &Receipt, visibility: Duration) -> Result<(), ReceiptError> {
        Self::change_visibility(self, receipt, visibility)
    }

    async fn dead_letters(&self, which: QueueName) -> Vec<String> {
        Self::dead_letters(self, which).into_iter().map(|letter| letter.body).collect()
    }
}

/// An empty queue with both its sides. What is received stays invisible longer than a test lasts.
#[derive(Debug, Clone)]
pub struct QueueSubject {
    /// The sending side.
    pub queue: Arc<dyn Queue>,
    /// The receiving side.
    pub receiver: Arc<dyn Receiver>,
    /// How often a message is received before it becomes a dead letter.
    pub max_receives: u32,
}

/// One test a sentence of [`Queue`]; each evaluates `$subject`, an empty [`QueueSubject`].
#[macro_export]
macro_rules! queue_suite {
    ($subject:expr) => {
        $crate::queue_suite_where_stale_receipts_delete!($subject);
        $crate::one_test_a_sentence! { queue, $subject;
            a_receipt_is_refused_when_its_message_was_shown,
        }
    };
}

/// [`queue_suite`] without the one sentence that an emulator breaks: it deletes with a receipt whose time ran out.
#[macro_export]
macro_rules! queue_suite_where_stale_receipts_delete {
    ($subject:expr) => {
        $crate::one_test_a_sentence! { queue, $subject;
            an_order_arrives_byte_for_byte,
            a_job_arrives_byte_for_byte,
            of_many_sent_at_once_none_is_lost,
            of_many_concurrent_receivers_one_gets_a_message,
            the_messages_of_a_group_arrive_in_turn,
            while_one_is_in_work_no_other_of_its_group_arrives,
            groups_do_not_wait_for_each_other,
            a_job_never_overlaps_itself,
            a_job_of_the_catalogue_arrives_byte_for_byte,
            the_queues_do_not_meet,
            what_is_not_deleted_comes_again_first_of_its_group,
            what_is_deleted_does_not_come_again,
            nothing_is_delayed,
            a_repeated_deduplication_id_is_accepted_and_dropped,
            a_deduplication_id_counts_within_its_group,
            a_receipt_is_refused_when_its_message_was_received_again,
            a_message_received_too_often_is_a_dead_letter_and_frees_its_group,
        }
    };
}

const LANES: u32 = 2;

fn order(number: u64, dedup: &str) -> OrderMessage {
    let dedup = DedupId::received(dedup.to_owned());
    OrderMessage::new(connection("main-store"), OrderId(number), Origin::Hook, dedup)
}

fn job(name: &str, dedup: &str, position: Value) -> JobMessage {
    let dedup = DedupId::received(dedup.to_owned());
    JobMessage { connection: connection("main-store"), job: name.to_owned(), position, dedup }
}

async fn send(subject: &QueueSubject, number: u64, dedup: &str) {
    subject.queue.send_order(&order(number, dedup), LANES).await.unwrap();
}

async fn arrived(subject: &QueueSubject, which: QueueName) -> Received {
    subject.receiver.receive(which).await.expect("a message")
}

async fn shown(subject: &QueueSubject, received: &Received) {
    subject.receiver.change_visibility(&received.receipt, Duration::ZERO).await.unwrap();
}

/// Receives and deletes all orders, and says which they were.
async fn drained(subject: &QueueSubject) -> Vec<u64> {
    let mut numbers = Vec::new();
    while let Some(received) = subject.receiver.receive(QueueName::Orders).await {
        let message = OrderMessage::from_body(&received.body, received.dedup).unwrap();
        numbers.push(message.order.0);
        subject.receiver.delete(&received.receipt).await.unwrap();
    }
    numbers
}
