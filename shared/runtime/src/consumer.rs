//! `order-consumer`: the messages of the orders' queue, one an invocation.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use connector_aws::AwsInbox;
use connector_domain::Deadline;
use connector_ports::{OrderMessage, OrderState, QueueName, Received};
use connector_sync::orders::{Consumed, consume};

use crate::compose::Ports;
use crate::invocation::Invocation;
use crate::metrics::{Metric, Metrics};
use crate::settled::{bury, hide, in_turn};

/// What the consumer stands on.
#[derive(Debug)]
pub struct OrderConsumer {
    /// The ports and the connections.
    pub ports: Ports,
    /// The queue it receives from.
    pub inbox: AwsInbox,
    /// What is counted.
    pub metrics: Metrics,
}

/// Works on each message in turn; the first that must come back brings back those behind it.
pub async fn work(consumer: &OrderConsumer, event: SqsEvent, invocation: &Invocation) -> SqsBatchResponse {
    in_turn(event, QueueName::Orders, async |message| one(consumer, message, invocation.deadline).await).await
}

/// Whether the message is done.
async fn one(consumer: &OrderConsumer, message: &Received, deadline: Deadline) -> bool {
    let clock = consumer.ports.directory.surroundings().clock.as_ref();
    if let Err(error) = hide(&consumer.inbox, message, deadline, clock).await {
        tracing::warn!(lane = %message.lane, %error, "a message of lane {} is left alone: {error}", message.lane);
        return false;
    }
    let order = match OrderMessage::from_body(&message.body, message.dedup.clone()) {
        Ok(order) => order,
        Err(error) => {
            return bury(&consumer.inbox, message, &error.to_string(), &consumer.metrics).await;
        }
    };
    let (connection, number) = (&order.connection, order.order);
    match consume(&order, consumer.ports.consumer(), deadline).await {
        Ok(became) => {
            consumer.metrics.write(Some(connection), &[(metric(&became), 1)]);
            true
        }
        Err(error) => {
            tracing::error!(%connection, order.id = %number, %error, "order {number} of {connection} comes back: {error}");
            consumer.metrics.write(Some(connection), &[(Metric::OrdersCameBack, 1)]);
            false
        }
    }
}

const fn metric(became: &Consumed) -> Metric {
    match became {
        Consumed::Busy => Metric::OrdersBusy,
        Consumed::NotDue => Metric::OrdersNotDue,
        Consumed::Continued => Metric::OrdersContinued,
        Consumed::Recorded(state) => match state {
            OrderState::New | OrderState::Waiting { .. } => Metric::OrdersWaiting,
            OrderState::Retrying { .. } => Metric::OrdersRetrying,
            OrderState::Uncertain { .. } => Metric::OrdersUncertain,
            OrderState::Synced => Metric::OrdersSynced,
            OrderState::Cancelled => Metric::OrdersCancelled,
            OrderState::Held { .. } => Metric::OrdersHeld,
            OrderState::Ignored { .. } => Metric::OrdersIgnored,
        },
    }
}
