//! One message of a queue: shown to nobody else while it is in work, and either done or coming back.

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use connector_aws::{AwsInbox, InboxError};
use connector_domain::{Clock, Deadline};
use connector_ports::{DedupId, Lane, QueueName, Receipt, Received};
use std::time::Duration;

use crate::metrics::{Metric, Metrics};

/// Added to the time left as a message's visibility, so that a killed invocation blocks its lane for one invocation only.
const MARGIN: Duration = Duration::from_secs(30);

/// The messages of an event, in their order; what lacks an attribute that SQS always sends is kept with its id.
fn messages(event: SqsEvent, queue: QueueName) -> Vec<(String, Option<Received>)> {
    event
        .records
        .into_iter()
        .map(|record| (record.message_id.clone().unwrap_or_default(), received(record, queue)))
        .collect()
}

fn received(record: SqsMessage, queue: QueueName) -> Option<Received> {
    let said = |name: &str| record.attributes.get(name).cloned();
    Some(Received {
        dedup: DedupId::received(said("MessageDeduplicationId")?),
        lane: Lane::received(said("MessageGroupId")?),
        receive_count: said("ApproximateReceiveCount")?.parse().ok()?,
        receipt: Receipt::new(queue, record.receipt_handle?),
        body: record.body?,
    })
}

/// The first act on a message: it stays invisible for the time that is left, and half a minute.
///
/// # Errors
/// See [`InboxError`]: somebody else may have it, or the queue is out of reach; either way it is not worked on.
pub(crate) async fn hide(
    inbox: &AwsInbox,
    message: &Received,
    deadline: Deadline,
    clock: &dyn Clock,
) -> Result<(), InboxError> {
    let visibility = deadline.time_left(clock).saturating_add(MARGIN);
    inbox.change_visibility(&message.receipt, visibility).await
}

/// A message that is none of ours goes to the dead letters at once: it would else stand in the way of its lane until it was received too
/// often. Says whether it is done; only then is it counted, because it comes back else and would be counted again.
pub(crate) async fn bury(inbox: &AwsInbox, message: &Received, why: &str, metrics: &Metrics) -> bool {
    let lane = &message.lane;
    tracing::error!(%lane, error = why, "a message of lane {lane} is none of ours and goes to the dead letters: {why}");
    match inbox.send_to_dead_letters(message.body.clone(), lane, &message.dedup).await {
        Ok(()) => {
            metrics.write(None, &[(Metric::MessagesDead, 1)]);
            true
        }
        Err(error) => {
            tracing::error!(%lane, %error, "it could not be put among the dead letters, and comes back: {error}");
            false
        }
    }
}

/// Works on the messages of an event in turn. The first that must come back brings back those behind it, unworked.
pub(crate) async fn in_turn(
    event: SqsEvent,
    queue: QueueName,
    mut one: impl AsyncFnMut(&Received) -> bool,
) -> SqsBatchResponse {
    let mut batch = Batch::default();
    for (id, message) in messages(event, queue) {
        let done = match message {
            // Boxed: what works on a message is a deep future, and its layout is more than the compiler follows in one go.
            Some(message) if !batch.has_failed() => Box::pin(one(&message)).await,
            Some(_) => false,
            None => {
                tracing::error!(message.id = id, "message {id} came without the attributes of a FIFO queue");
                false
            }
        };
        if !done {
            batch.comes_back(id);
        }
    }
    batch.response()
}

/// What Lambda is told: which messages come back. In a FIFO queue the ones behind the first come back with it, so that their order stays.
#[derive(Debug, Default)]
struct Batch {
    response: SqsBatchResponse,
}

impl Batch {
    const fn has_failed(&self) -> bool {
        !self.response.batch_item_failures.is_empty()
    }

    fn comes_back(&mut self, id: String) {
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = id;
        self.response.batch_item_failures.push(failure);
    }

    fn response(self) -> SqsBatchResponse {
        self.response
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use connector_aws::Clients;
    use connector_domain::ManualClock;
    use serde_json::json;
    use test_case::test_case;
    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::metrics::tests::Kept;

    /// What SQS says to a body of `{}` that it took, and to one that it did not.
    #[test_case(200, &json!({"MessageId": "m", "MD5OfMessageBody": "99914b932bd37a50b983c5e7c90ae93b"}), 1; "one that is there is counted")]
    #[test_case(400, &json!({"__type": "AccessDeniedException"}), 0; "one that comes back is not")]
    #[tokio::test]
    async fn a_dead_letter_is_counted_when_it_is_one(status: u16, body: &serde_json::Value, counted: usize) {
        let sqs = MockServer::start().await;
        let answer =
            ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/x-amz-json-1.0");
        Mock::given(any()).respond_with(answer).mount(&sqs).await;
        let clients = Clients::at(&sqs.uri().parse().unwrap(), "eu-west-1").unwrap();
        let url = |name: &str| format!("{}/1/{name}", sqs.uri());
        let inbox = AwsInbox::new(&clients, QueueName::Orders, url("orders.fifo"), url("orders-dead.fifo"));
        let kept = Arc::new(Kept::default());
        let clock = ManualClock::at("2026-03-31T12:00:00Z".parse().unwrap());
        let metrics = Metrics::new("n".to_owned(), "order-consumer", Arc::new(clock), kept.clone());
        let message = Received {
            dedup: DedupId::received("id-1".to_owned()),
            lane: Lane::received("main-store/1".to_owned()),
            receive_count: 1,
            receipt: Receipt::new(QueueName::Orders, "handle-1".to_owned()),
            body: "{}".to_owned(),
        };
        assert_eq!(bury(&inbox, &message, "it has no version", &metrics).await, counted == 1);
        assert_eq!(kept.lines().iter().filter(|line| line.contains("\"MessagesDead\":1")).count(), counted);
    }
}
