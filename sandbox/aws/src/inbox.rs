//! The receiving side of the queues.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_aws::queues::Made;
use connector_aws::{AwsInbox, Clients};
use connector_domain::Clock;
use connector_ports::{QueueName, Receipt, Received};
use connector_sandbox::{Inbox, InboxError};
use futures_util::future::BoxFuture;

/// How long to wait before the queue is asked again; nobody tells that something has arrived.
const AGAIN: Duration = Duration::from_millis(100);

/// All queues' receiving sides.
#[derive(Debug)]
pub(crate) struct Inboxes {
    orders: AwsInbox,
    jobs: AwsInbox,
    catalogue: AwsInbox,
    clock: Arc<dyn Clock>,
}

impl Inboxes {
    pub(crate) fn new(clients: &Clients, made: Made, clock: Arc<dyn Clock>) -> Self {
        let Made { urls, dead_letters } = made;
        Self {
            orders: AwsInbox::new(clients, QueueName::Orders, urls.orders, dead_letters.orders),
            jobs: AwsInbox::new(clients, QueueName::Jobs, urls.jobs, dead_letters.jobs),
            catalogue: AwsInbox::new(clients, QueueName::Catalogue, urls.catalogue, dead_letters.catalogue),
            clock,
        }
    }

    const fn of(&self, which: QueueName) -> &AwsInbox {
        match which {
            QueueName::Orders => &self.orders,
            QueueName::Jobs => &self.jobs,
            QueueName::Catalogue => &self.catalogue,
        }
    }
}

#[async_trait]
impl Inbox for Inboxes {
    async fn receive(&self) -> Result<Option<Received>, InboxError> {
        self.orders.receive().await.map_err(told)
    }

    async fn change_visibility(&self, receipt: &Receipt, visibility: Duration) -> Result<(), InboxError> {
        self.of(receipt.queue()).change_visibility(receipt, visibility).await.map_err(told)
    }

    async fn delete(&self, receipt: &Receipt) -> Result<(), InboxError> {
        self.of(receipt.queue()).delete(receipt).await.map_err(told)
    }

    fn arrived(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.clock.sleep(AGAIN))
    }

    async fn waiting(&self, which: QueueName) -> Result<usize, InboxError> {
        self.of(which).waiting().await.map_err(told)
    }

    async fn given_up(&self, which: QueueName) -> Result<usize, InboxError> {
        self.of(which).dead_letters().await.map_err(told)
    }
}

fn told(error: connector_aws::InboxError) -> InboxError {
    match error {
        connector_aws::InboxError::Receipt(error) => error.into(),
        connector_aws::InboxError::Unavailable(words) => InboxError::Unavailable(words),
    }
}
