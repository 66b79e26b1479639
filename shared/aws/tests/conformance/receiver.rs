//! All inboxes as the suite's receiving side.

use std::time::Duration;

use async_trait::async_trait;
use connector_aws::{AwsInbox, Clients, InboxError, queues};
use connector_ports::conformance::queue::Receiver;
use connector_ports::{QueueName, Receipt, ReceiptError, Received};

#[derive(Debug)]
pub(crate) struct Inboxes {
    orders: AwsInbox,
    jobs: AwsInbox,
    catalogue: AwsInbox,
}

impl Inboxes {
    pub(crate) fn new(clients: &Clients, made: &queues::Made) -> Self {
        let inbox = |name| {
            let (url, dead) = (made.urls.of(name).to_owned(), made.dead_letters.of(name).to_owned());
            AwsInbox::new(clients, name, url, dead)
        };
        Self {
            orders: inbox(QueueName::Orders),
            jobs: inbox(QueueName::Jobs),
            catalogue: inbox(QueueName::Catalogue),
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
impl Receiver for Inboxes {
    async fn receive(&self, which: QueueName) -> Option<Received> {
        self.of(which).receive().await.unwrap()
    }

    async fn delete(&self, receipt: &Receipt) -> Result<(), ReceiptError> {
        settled(self.of(receipt.queue()).delete(receipt).await)
    }

    async fn change_visibility(&self, receipt: &Receipt, visibility: Duration) -> Result<(), ReceiptError> {
        settled(self.of(receipt.queue()).change_visibility(receipt, visibility).await)
    }

    async fn dead_letters(&self, which: QueueName) -> Vec<String> {
        let mut bodies = Vec::new();
        while let Some(letter) = self.of(which).receive_dead_letter().await.unwrap() {
            bodies.push(letter.body);
        }
        bodies
    }
}

fn settled(done: Result<(), InboxError>) -> Result<(), ReceiptError> {
    match done {
        Ok(()) => Ok(()),
        Err(InboxError::Receipt(error)) => Err(error),
        Err(InboxError::Unavailable(words)) => panic!("{words}"),
    }
}
