//! Sending into the queues.

use async_trait::async_trait;
use connector_ports::{DedupId, JobMessage, Lane, OrderMessage, Queue, QueueError, QueueName};

use crate::clients::Clients;
use crate::failure;

/// The addresses of the queues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueUrls {
    /// The orders'.
    pub orders: String,
    /// The jobs'.
    pub jobs: String,
    /// That of the catalogue's jobs.
    pub catalogue: String,
}

impl QueueUrls {
    /// The address of `queue`.
    pub fn of(&self, queue: QueueName) -> &str {
        match queue {
            QueueName::Orders => &self.orders,
            QueueName::Jobs => &self.jobs,
            QueueName::Catalogue => &self.catalogue,
        }
    }
}

/// The sending side of the queues on SQS FIFO.
///
/// A message's lane is its group, and its deduplication id is always said: SQS would else take the body for it, and drop a second edit of
/// an order within five minutes.
#[derive(Debug, Clone)]
pub struct AwsQueue {
    clients: Clients,
    urls: QueueUrls,
}

impl AwsQueue {
    /// Sends to these queues.
    pub fn new(clients: &Clients, urls: QueueUrls) -> Self {
        Self { clients: clients.clone(), urls }
    }
}

#[async_trait]
impl Queue for AwsQueue {
    async fn send_order(&self, message: &OrderMessage, lanes: u32) -> Result<(), QueueError> {
        send(&self.clients, &self.urls.orders, &message.lane(lanes), &message.dedup, message.to_body()).await
    }

    async fn send_job(&self, message: &JobMessage) -> Result<(), QueueError> {
        send(&self.clients, &self.urls.jobs, &message.lane(), &message.dedup, message.to_body()).await
    }

    async fn send_catalogue(&self, message: &JobMessage) -> Result<(), QueueError> {
        send(&self.clients, &self.urls.catalogue, &message.lane(), &message.dedup, message.to_body()).await
    }
}

/// Returns once SQS has accepted the message.
pub(crate) async fn send(
    clients: &Clients,
    url: &str,
    lane: &Lane,
    dedup: &DedupId,
    body: String,
) -> Result<(), QueueError> {
    let sent = clients
        .sqs
        .send_message()
        .queue_url(url)
        .message_body(body)
        .message_group_id(lane.as_str())
        .message_deduplication_id(dedup.as_str())
        .send()
        .await;
    match sent {
        Ok(_) => Ok(()),
        Err(error) => Err(QueueError::Unavailable(failure::words("SendMessage", url, &error))),
    }
}
