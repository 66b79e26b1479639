//! The dead letters of the queues on SQS.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use connector_domain::Timestamp;
use connector_ports::{
    AT_ONCE, DeadLetters, DeadLettersError, DedupId, GivenUpBy, Lane, Letter, LetterId, QueueName, Receipt,
};

use crate::clients::Clients;
use crate::failure;
use crate::inbox::{AwsInbox, InboxError};
use crate::queue::{QueueUrls, send};

/// The dead letters of all queues.
///
/// They are sent back by receiving, sending and deleting, not by `StartMessageMoveTask`: a task moves everything, at a rate that SQS
/// chooses or as fast as a number says, and fails at what a function put there (`docs/facts/aws.md` 1.5).
#[derive(Debug, Clone)]
pub struct AwsDeadLetters {
    clients: Clients,
    urls: QueueUrls,
    orders: AwsInbox,
    jobs: AwsInbox,
    catalogue: AwsInbox,
}

impl AwsDeadLetters {
    /// The dead letters of `urls`, which lie in `dead_letters`.
    pub fn new(clients: &Clients, urls: QueueUrls, dead_letters: QueueUrls) -> Self {
        // Nothing is buried a second time: where the dead letters of a dead-letter queue go is never asked.
        let inbox = |queue, url: String| AwsInbox::new(clients, queue, url.clone(), url);
        Self {
            clients: clients.clone(),
            urls,
            orders: inbox(QueueName::Orders, dead_letters.orders),
            jobs: inbox(QueueName::Jobs, dead_letters.jobs),
            catalogue: inbox(QueueName::Catalogue, dead_letters.catalogue),
        }
    }

    const fn inbox(&self, queue: QueueName) -> &AwsInbox {
        match queue {
            QueueName::Orders => &self.orders,
            QueueName::Jobs => &self.jobs,
            QueueName::Catalogue => &self.catalogue,
        }
    }
}

#[async_trait]
impl DeadLetters for AwsDeadLetters {
    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden: Duration,
    ) -> Result<Vec<Letter>, DeadLettersError> {
        let url = self.inbox(queue).url();
        let got = self
            .clients
            .sqs
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(i32::try_from(limit.clamp(1, AT_ONCE)).unwrap_or(1))
            .visibility_timeout(i32::try_from(hidden.as_secs()).unwrap_or(i32::MAX))
            // One that does not wait asks some of SQS's machines only, and may miss what is there (1.9).
            .wait_time_seconds(1)
            .message_system_attribute_names(MessageSystemAttributeName::MessageGroupId)
            .message_system_attribute_names(MessageSystemAttributeName::MessageDeduplicationId)
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .message_system_attribute_names(MessageSystemAttributeName::DeadLetterQueueSourceArn)
            .send()
            .await;
        let got = got
            .map_err(|error| DeadLettersError::Unavailable(failure::words("ReceiveMessage", url, &error)))?;
        let letters = got.messages.unwrap_or_default().into_iter().map(|message| letter(queue, message));
        letters.collect::<Option<_>>().ok_or_else(|| {
            DeadLettersError::Unavailable(format!(
                "ReceiveMessage on {url}: a message came without its attributes"
            ))
        })
    }

    async fn send_back(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        let url = self.urls.of(letter.receipt.queue());
        let dedup = letter.id.sent_back();
        let sent = send(&self.clients, url, &letter.lane, &dedup, letter.body.clone()).await;
        sent.map_err(|error| DeadLettersError::Unavailable(error.to_string()))
    }

    async fn show(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        let inbox = self.inbox(letter.receipt.queue());
        inbox.change_visibility(&letter.receipt, Duration::ZERO).await.map_err(told)
    }

    async fn delete(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        self.inbox(letter.receipt.queue()).delete(&letter.receipt).await.map_err(told)
    }

    async fn count(&self, queue: QueueName) -> Result<usize, DeadLettersError> {
        self.inbox(queue).waiting().await.map_err(told)
    }
}

fn told(error: InboxError) -> DeadLettersError {
    match error {
        InboxError::Receipt(error) => error.into(),
        InboxError::Unavailable(words) => DeadLettersError::Unavailable(words),
    }
}

fn letter(queue: QueueName, message: Message) -> Option<Letter> {
    let attributes = message.attributes?;
    let said = |name: MessageSystemAttributeName| attributes.get(&name).cloned();
    let sent = said(MessageSystemAttributeName::SentTimestamp)?.parse().ok()?;
    // SQS says where a message came from that it moved itself.
    let moved = said(MessageSystemAttributeName::DeadLetterQueueSourceArn).is_some();
    Some(Letter {
        id: LetterId::new(message.message_id?),
        body: message.body?,
        lane: Lane::received(said(MessageSystemAttributeName::MessageGroupId)?),
        dedup: DedupId::received(said(MessageSystemAttributeName::MessageDeduplicationId)?),
        receive_count: said(MessageSystemAttributeName::ApproximateReceiveCount)?.parse().ok()?,
        since: Timestamp::from_millisecond(sent).ok()?,
        given_up_by: if moved { GivenUpBy::Queue } else { GivenUpBy::Function },
        receipt: Receipt::new(queue, message.receipt_handle?),
    })
}
