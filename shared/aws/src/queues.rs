//! Making the queues, on an emulator. In an account `template.yaml` does; a test compares.

use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName;
use thiserror::Error;

use crate::clients::Clients;
use crate::failure;
use crate::queue::QueueUrls;

/// How often a message is received before it becomes a dead letter. Only a crash or a port of ours that is out of reach brings one back,
/// after 330 s in a deployment: good orders outlast 1.8 hours without the table. What crashes a function each time blocks its lane as long.
pub const MAX_RECEIVES: u32 = 20;

/// What every FIFO queue of ours says: the limits count by group, and a deduplication id in its group, which is what AWS calls high
/// throughput. The body is never taken for the id.
pub const ATTRIBUTES: [(&str, &str); 4] = [
    ("FifoQueue", "true"),
    ("ContentBasedDeduplication", "false"),
    ("DeduplicationScope", "messageGroup"),
    ("FifoThroughputLimit", "perMessageGroupId"),
];

/// The queues and their dead-letter queues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Where messages are sent to.
    pub urls: QueueUrls,
    /// Where their dead letters go.
    pub dead_letters: QueueUrls,
}

/// A queue could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the queues could not be made: {0}")]
pub struct CreateError(pub String);

/// Makes `{prefix}-orders.fifo`, `{prefix}-jobs.fifo`, `{prefix}-catalogue.fifo` and their dead-letter queues; a received message is invisible for `visibility`
/// unless that is changed.
///
/// # Errors
/// [`CreateError`].
pub async fn create(clients: &Clients, prefix: &str, visibility: Duration) -> Result<Made, CreateError> {
    let (orders, no_orders) = pair(clients, &format!("{prefix}-orders"), visibility).await?;
    let (jobs, no_jobs) = pair(clients, &format!("{prefix}-jobs"), visibility).await?;
    let (catalogue, no_catalogue) = pair(clients, &format!("{prefix}-catalogue"), visibility).await?;
    Ok(Made {
        urls: QueueUrls { orders, jobs, catalogue },
        dead_letters: QueueUrls { orders: no_orders, jobs: no_jobs, catalogue: no_catalogue },
    })
}

async fn pair(clients: &Clients, name: &str, visibility: Duration) -> Result<(String, String), CreateError> {
    let dead = one(clients, &format!("{name}-dead.fifo"), &[]).await?;
    let call =
        clients.sqs.get_queue_attributes().queue_url(&dead).attribute_names(QueueAttributeName::QueueArn);
    let got = call.send().await;
    let got = got.map_err(|error| CreateError(failure::words("GetQueueAttributes", &dead, &error)))?;
    let attributes = got.attributes.unwrap_or_default();
    let arn = attributes.get(&QueueAttributeName::QueueArn).cloned().unwrap_or_default();
    let redrive =
        serde_json::json!({ "deadLetterTargetArn": arn, "maxReceiveCount": MAX_RECEIVES }).to_string();
    let more = [
        (QueueAttributeName::RedrivePolicy, redrive),
        (QueueAttributeName::VisibilityTimeout, visibility.as_secs().to_string()),
    ];
    Ok((one(clients, &format!("{name}.fifo"), &more).await?, dead))
}

async fn one(
    clients: &Clients,
    name: &str,
    more: &[(QueueAttributeName, String)],
) -> Result<String, CreateError> {
    let mut call = clients.sqs.create_queue().queue_name(name);
    for (attribute, value) in ATTRIBUTES {
        call = call.attributes(QueueAttributeName::from(attribute), value);
    }
    for (attribute, value) in more {
        call = call.attributes(attribute.clone(), value);
    }
    let made = call.send().await.map_err(|error| CreateError(failure::words("CreateQueue", name, &error)))?;
    made.queue_url.ok_or_else(|| CreateError(format!("CreateQueue on {name}: no address came back")))
}
