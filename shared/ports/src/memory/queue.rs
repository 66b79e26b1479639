//! All queues in memory, with the semantics of SQS FIFO on the injected clock.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{Clock, Deadline, Timestamp};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::fifo::{DeadLetter, Fifo};
use crate::dead_letters::{AT_ONCE, DeadLetters, DeadLettersError, Letter};
use crate::message::{DedupId, JobMessage, Lane, OrderMessage};
use crate::queue::{Queue, QueueError};
use crate::received::{QueueName, Receipt, ReceiptError, Received};

/// How a queue treats what was received and not deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueSettings {
    /// How long a received message is invisible, unless its receiver says otherwise. Half an hour.
    pub visibility: Duration,
    /// How often a message is received before it becomes a dead letter (`maxReceiveCount`). 5.
    pub max_receives: u32,
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self { visibility: Duration::from_mins(30), max_receives: 5 }
    }
}

/// A [`Queue`] in memory, with its receiving side.
///
/// It behaves as SQS FIFO with batches of one and high throughput does: only the first message of a lane is in flight; a message that
/// is not deleted in time becomes visible again at the head of its lane; one that was received `max_receives` times goes to the dead
/// letters when it would be received once more, and frees its lane; a deduplication id counts within its lane, for five minutes from
/// its acceptance, whatever became of the message.
#[derive(Debug)]
pub struct MemoryQueue {
    clock: Arc<dyn Clock>,
    visibility: Duration,
    orders: Mutex<Fifo>,
    jobs: Mutex<Fifo>,
    catalogue: Mutex<Fifo>,
    changed: Notify,
}

impl MemoryQueue {
    /// Empty queues with the same settings.
    pub fn new(clock: Arc<dyn Clock>, settings: QueueSettings) -> Self {
        let QueueSettings { visibility, max_receives } = settings;
        Self {
            clock,
            visibility,
            orders: Mutex::new(Fifo::new(QueueName::Orders, max_receives)),
            jobs: Mutex::new(Fifo::new(QueueName::Jobs, max_receives)),
            catalogue: Mutex::new(Fifo::new(QueueName::Catalogue, max_receives)),
            changed: Notify::new(),
        }
    }

    /// Receives the oldest message whose lane is not at work; `None` if there is none at this moment.
    pub fn receive(&self, which: QueueName) -> Option<Received> {
        let (now, until) = (self.clock.now(), self.after(self.visibility));
        self.fifo(which).lock().receive(now, until)
    }

    /// Deletes a message that was received.
    ///
    /// # Errors
    /// [`ReceiptError`] if the receipt is no longer good; the message stays.
    pub fn delete(&self, receipt: &Receipt) -> Result<(), ReceiptError> {
        self.fifo(receipt.queue()).lock().delete(receipt.handle(), self.clock.now())?;
        self.changed.notify_waiters();
        Ok(())
    }

    /// Makes a message that was received invisible for `visibility` from now; zero shows it, and ends the receipt, at once.
    ///
    /// # Errors
    /// [`ReceiptError`] if the receipt is no longer good; nothing changes.
    pub fn change_visibility(&self, receipt: &Receipt, visibility: Duration) -> Result<(), ReceiptError> {
        let (now, until) = (self.clock.now(), self.after(visibility));
        self.fifo(receipt.queue()).lock().show_at(receipt.handle(), until, now)?;
        self.changed.notify_waiters();
        Ok(())
    }

    /// What was received too often, in the order in which it was given up.
    pub fn dead_letters(&self, which: QueueName) -> Vec<DeadLetter> {
        self.fifo(which).lock().dead_letters()
    }

    /// Puts `body` among the dead letters as it is: what a function does with what is none of its messages. Its own message is deleted
    /// apart from that.
    pub fn send_to_dead_letters(&self, which: QueueName, body: String, lane: Lane, dedup: DedupId) {
        let letter = DeadLetter { body, dedup, lane, receive_count: 0 };
        self.fifo(which).lock().send_to_dead_letters(letter, self.clock.now());
    }

    /// How many messages wait or are in flight.
    pub fn len(&self, which: QueueName) -> usize {
        self.fifo(which).lock().len()
    }

    /// Whether nothing waits and nothing is in flight, in any queue. Dead letters do not count.
    pub fn is_empty(&self) -> bool {
        QueueName::ALL.iter().all(|which| self.len(*which) == 0)
    }

    /// When the next message in flight becomes visible by itself; a moment that has passed means that one is visible already. `None` if
    /// nothing is in flight.
    pub fn next_change(&self) -> Option<Timestamp> {
        QueueName::ALL.iter().filter_map(|which| self.fifo(*which).lock().next_visible()).min()
    }

    /// Completes when something was sent, deleted or shown after this call: receive again then.
    ///
    /// Call it *before* receiving and await it after receiving nothing, so that nothing slips between. The passing of time completes
    /// nothing; [`MemoryQueue::next_change`] says until when to sleep.
    pub fn arrived(&self) -> impl Future<Output = ()> + Send + '_ {
        self.changed.notified()
    }

    fn send(&self, which: QueueName, lane: Lane, dedup: &DedupId, body: String) {
        self.fifo(which).lock().send(lane, dedup.clone(), body, self.clock.now());
        self.changed.notify_waiters();
    }

    const fn fifo(&self, which: QueueName) -> &Mutex<Fifo> {
        match which {
            QueueName::Orders => &self.orders,
            QueueName::Jobs => &self.jobs,
            QueueName::Catalogue => &self.catalogue,
        }
    }

    fn after(&self, duration: Duration) -> Timestamp {
        Deadline::after(self.clock.as_ref(), duration).moment()
    }
}

#[async_trait]
impl Queue for MemoryQueue {
    async fn send_order(&self, message: &OrderMessage, lanes: u32) -> Result<(), QueueError> {
        self.send(QueueName::Orders, message.lane(lanes), &message.dedup, message.to_body());
        Ok(())
    }

    async fn send_job(&self, message: &JobMessage) -> Result<(), QueueError> {
        self.send(QueueName::Jobs, message.lane(), &message.dedup, message.to_body());
        Ok(())
    }

    async fn send_catalogue(&self, message: &JobMessage) -> Result<(), QueueError> {
        self.send(QueueName::Catalogue, message.lane(), &message.dedup, message.to_body());
        Ok(())
    }
}

#[async_trait]
impl DeadLetters for MemoryQueue {
    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden: Duration,
    ) -> Result<Vec<Letter>, DeadLettersError> {
        let (now, until) = (self.clock.now(), self.after(hidden));
        Ok(self.fifo(queue).lock().receive_dead(limit.min(AT_ONCE), now, until))
    }

    async fn send_back(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        let (lane, dedup) = (letter.lane.clone(), letter.id.sent_back());
        self.send(letter.receipt.queue(), lane, &dedup, letter.body.clone());
        Ok(())
    }

    async fn show(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        let receipt = &letter.receipt;
        Ok(self.fifo(receipt.queue()).lock().show_dead(receipt.handle(), self.clock.now())?)
    }

    async fn delete(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        let receipt = &letter.receipt;
        Ok(self.fifo(receipt.queue()).lock().delete_dead(receipt.handle(), self.clock.now())?)
    }

    async fn count(&self, queue: QueueName) -> Result<usize, DeadLettersError> {
        Ok(self.dead_letters(queue).len())
    }
}
