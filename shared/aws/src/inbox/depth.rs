//! How much a queue holds.

use aws_sdk_sqs::types::QueueAttributeName;

use super::{AwsInbox, InboxError};
use crate::failure;

/// What waits, what is in flight, and what is delayed, which nothing of ours is.
const COUNTED: [QueueAttributeName; 3] = [
    QueueAttributeName::ApproximateNumberOfMessages,
    QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    QueueAttributeName::ApproximateNumberOfMessagesDelayed,
];

impl AwsInbox {
    /// About how many messages wait or are in flight: SQS counts its machines one after the other, and is right a minute after the last
    /// message was sent.
    ///
    /// # Errors
    /// [`InboxError::Unavailable`].
    pub async fn waiting(&self) -> Result<usize, InboxError> {
        self.count(&self.url).await
    }

    /// About how many dead letters there are.
    ///
    /// # Errors
    /// [`InboxError::Unavailable`].
    pub async fn dead_letters(&self) -> Result<usize, InboxError> {
        self.count(&self.dead_letters).await
    }

    async fn count(&self, url: &str) -> Result<usize, InboxError> {
        let call = self.clients.sqs.get_queue_attributes().queue_url(url);
        let got = call.set_attribute_names(Some(COUNTED.to_vec())).send().await;
        let got =
            got.map_err(|error| InboxError::Unavailable(failure::words("GetQueueAttributes", url, &error)))?;
        let told = got.attributes.unwrap_or_default();
        let counts = COUNTED.iter().map(|name| told.get(name).and_then(|text| text.parse::<usize>().ok()));
        counts.sum::<Option<usize>>().ok_or_else(|| {
            InboxError::Unavailable(format!("GetQueueAttributes on {url}: an answer came without the counts"))
        })
    }
}
