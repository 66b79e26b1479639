//! The receiving side of a queue.
//!
//! In an account Lambda receives and deletes; what is left to a function is how long its message stays invisible, and what becomes of one
//! that is none of ours. The rest is for whoever has no Lambda: the sandbox, the command line, the tests.

mod depth;

use std::time::Duration;

use aws_sdk_sqs::operation::change_message_visibility::ChangeMessageVisibilityError;
use aws_sdk_sqs::operation::delete_message::DeleteMessageError;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use connector_ports::{DedupId, Lane, QueueError, QueueName, Receipt, ReceiptError, Received};
use thiserror::Error;

use crate::clients::Clients;
use crate::failure;
use crate::queue::send;

/// The longest that SQS keeps a message invisible.
const LONGEST: Duration = Duration::from_hours(12);

/// What can go wrong with settling a message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InboxError {
    /// The receipt is no longer good: somebody else may be at work on the message. Stop.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// The queue could not be reached: let the message come back.
    #[error("the queue is unavailable: {0}")]
    Unavailable(String),
}

/// The receiving side of one queue on SQS.
#[derive(Debug, Clone)]
pub struct AwsInbox {
    clients: Clients,
    queue: QueueName,
    url: String,
    dead_letters: String,
}

impl AwsInbox {
    /// The receiving side of `queue` at `url`, whose dead letters go to `dead_letters`.
    pub fn new(clients: &Clients, queue: QueueName, url: String, dead_letters: String) -> Self {
        Self { clients: clients.clone(), queue, url, dead_letters }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Receives one message without waiting; `None` if none came. It stays invisible for as long as the queue says, until that is changed.
    ///
    /// # Errors
    /// [`InboxError::Unavailable`].
    pub async fn receive(&self) -> Result<Option<Received>, InboxError> {
        self.receive_from(&self.url).await
    }

    /// Receives one dead letter. It stays one until it is deleted.
    ///
    /// # Errors
    /// As [`AwsInbox::receive`].
    pub async fn receive_dead_letter(&self) -> Result<Option<Received>, InboxError> {
        self.receive_from(&self.dead_letters).await
    }

    async fn receive_from(&self, url: &str) -> Result<Option<Received>, InboxError> {
        let got = self
            .clients
            .sqs
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(1)
            .wait_time_seconds(0)
            .message_system_attribute_names(MessageSystemAttributeName::MessageGroupId)
            .message_system_attribute_names(MessageSystemAttributeName::MessageDeduplicationId)
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .send()
            .await;
        let got =
            got.map_err(|error| InboxError::Unavailable(failure::words("ReceiveMessage", url, &error)))?;
        let Some(message) = got.messages.unwrap_or_default().into_iter().next() else { return Ok(None) };
        received(self.queue, message).map(Some).ok_or_else(|| {
            InboxError::Unavailable(format!("ReceiveMessage on {url}: a message came without its attributes"))
        })
    }

    /// Deletes what was received.
    ///
    /// # Errors
    /// See [`InboxError`].
    pub async fn delete(&self, receipt: &Receipt) -> Result<(), InboxError> {
        let call = self.clients.sqs.delete_message().queue_url(&self.url).receipt_handle(receipt.handle());
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(DeleteMessageError::ReceiptHandleIsInvalid(_)) => Err(ReceiptError.into()),
                Some(other) if is_about_the_receipt(other.meta().code()) => Err(ReceiptError.into()),
                Some(_) | None => {
                    Err(InboxError::Unavailable(failure::words("DeleteMessage", &self.url, &error)))
                }
            },
        }
    }

    /// Keeps what was received invisible for `visibility` from now, twelve hours at most; zero shows it at once. Part of a second counts
    /// as a whole one.
    ///
    /// # Errors
    /// See [`InboxError`].
    pub async fn change_visibility(&self, receipt: &Receipt, visibility: Duration) -> Result<(), InboxError> {
        let visibility = visibility.min(LONGEST);
        let seconds = visibility.as_secs().saturating_add(u64::from(visibility.subsec_nanos() > 0));
        let call = self
            .clients
            .sqs
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(receipt.handle())
            .visibility_timeout(i32::try_from(seconds).unwrap_or(i32::MAX));
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(
                    ChangeMessageVisibilityError::MessageNotInflight(_)
                    | ChangeMessageVisibilityError::ReceiptHandleIsInvalid(_),
                ) => Err(ReceiptError.into()),
                Some(other) if is_about_the_receipt(other.meta().code()) => Err(ReceiptError.into()),
                Some(_) | None => {
                    Err(InboxError::Unavailable(failure::words("ChangeMessageVisibility", &self.url, &error)))
                }
            },
        }
    }

    /// Puts `body` among the dead letters as it is, in its lane and with its own deduplication id: a message that is none of ours would
    /// else stand in the way of its lane until it was received too often.
    ///
    /// # Errors
    /// [`QueueError::Unavailable`]: let the message come back.
    pub async fn send_to_dead_letters(
        &self,
        body: String,
        lane: &Lane,
        dedup: &DedupId,
    ) -> Result<(), QueueError> {
        send(&self.clients, &self.dead_letters, lane, dedup, body).await
    }
}

/// SQS says of a FIFO message whose time ran out that the parameter's value is invalid.
fn is_about_the_receipt(code: Option<&str>) -> bool {
    matches!(code, Some("InvalidParameterValue" | "ReceiptHandleIsInvalid"))
}

fn received(queue: QueueName, message: Message) -> Option<Received> {
    let attributes = message.attributes?;
    let said = |name: MessageSystemAttributeName| attributes.get(&name).cloned();
    Some(Received {
        body: message.body?,
        dedup: DedupId::received(said(MessageSystemAttributeName::MessageDeduplicationId)?),
        lane: Lane::received(said(MessageSystemAttributeName::MessageGroupId)?),
        receive_count: said(MessageSystemAttributeName::ApproximateReceiveCount)?.parse().ok()?,
        receipt: Receipt::new(queue, message.receipt_handle?),
    })
}
