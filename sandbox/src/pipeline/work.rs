//! The consumer's shell: one message off the queue, and what became of it.

use std::time::Duration;

use connector_domain::Deadline;
use connector_ports::{MessageError, OrderKey, OrderMessage, Received};
use connector_sync::job::Failure;
use connector_sync::orders::{Consumed, Consumer, consume};

use super::{InboxError, Pipeline, PipelineError, Ports};

/// What an invocation has: a Lambda function's longest time-out.
pub const INVOCATION: Duration = Duration::from_mins(15);

/// Added to the time left as a message's visibility, so that a killed invocation blocks its lane for one invocation only.
pub const MARGIN: Duration = Duration::from_secs(30);

/// What became of one message.
#[derive(Debug)]
pub enum Worked {
    /// Its order was consumed, and the message deleted.
    Order {
        /// Which order.
        key: OrderKey,
        /// What became of it.
        became: Consumed,
    },
    /// Nothing could be recorded; the queue brings the message back when its visibility ends.
    ComesBack {
        /// Which order.
        key: OrderKey,
        /// Why.
        failure: Failure,
    },
    /// No message of ours. It stays, comes back, and ends among the dead letters.
    Unreadable(MessageError),
}

impl Worked {
    /// The order, if it was a message about one.
    pub const fn key(&self) -> Option<&OrderKey> {
        match self {
            Self::Order { key, .. } | Self::ComesBack { key, .. } => Some(key),
            Self::Unreadable(_) => None,
        }
    }
}

impl<P: Ports + ?Sized> Pipeline<P> {
    /// What a consumer stands on here.
    pub fn consumer(&self) -> Consumer<'_> {
        Consumer {
            ledger: self.ports.ledger(),
            leases: self.ports.leases(),
            state: self.ports.state(),
            queue: self.ports.queue(),
            directory: &self.directory,
            patience: &self.patience,
        }
    }

    /// Receives one message and works on it for `budget` at most; `None` if nothing is receivable at this moment.
    ///
    /// # Errors
    /// [`PipelineError::Outlived`]: the order is done, but its message may be received again. [`PipelineError::Queue`].
    pub async fn work_one(&self, budget: Duration) -> Result<Option<Worked>, PipelineError> {
        let received = self.ports.inbox().receive().await;
        match received.map_err(|error| PipelineError::Queue(error.to_string()))? {
            Some(received) => self.work_on(&received, budget).await.map(Some),
            None => Ok(None),
        }
    }

    /// Works on a message that was received, for `budget` at most.
    ///
    /// # Errors
    /// As [`Pipeline::work_one`].
    pub async fn work_on(&self, received: &Received, budget: Duration) -> Result<Worked, PipelineError> {
        let (inbox, clock) = (self.ports.inbox(), self.surroundings.clock.as_ref());
        let deadline = Deadline::after(clock, budget);
        let visibility = deadline.time_left(clock).saturating_add(self.margin);
        inbox.change_visibility(&received.receipt, visibility).await.map_err(unsettled(received))?;
        let message = match OrderMessage::from_body(&received.body, received.dedup.clone()) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(%error, lane = %received.lane, receives = received.receive_count, "a message of lane {} is none of ours and is left for the dead letters: {error}", received.lane);
                return Ok(Worked::Unreadable(error));
            }
        };
        let key = OrderKey { connection: message.connection.clone(), order: message.order };
        match consume(&message, self.consumer(), deadline).await {
            Ok(became) => {
                inbox.delete(&received.receipt).await.map_err(unsettled(received))?;
                Ok(Worked::Order { key, became })
            }
            Err(failure) => {
                let (connection, order) = (&key.connection, key.order);
                tracing::warn!(%connection, order.id = %order, error = %failure, "order {order} of {connection} comes back: {failure}");
                Ok(Worked::ComesBack { key, failure })
            }
        }
    }

    /// Works until the queue has nothing receivable, each message with an [`INVOCATION`] of its own.
    pub async fn drain(&self) -> Vec<Worked> {
        let mut all = Vec::new();
        loop {
            match self.work_one(INVOCATION).await {
                Ok(Some(worked)) => all.push(worked),
                Ok(None) => return all,
                Err(error @ PipelineError::Queue(_)) => {
                    tracing::error!(%error, "{error}");
                    return all;
                }
                Err(error) => tracing::error!(%error, "{error}"),
            }
        }
    }
}

fn unsettled(received: &Received) -> impl FnOnce(InboxError) -> PipelineError {
    let lane = received.lane.to_string();
    |error| match error {
        InboxError::Receipt(source) => PipelineError::Outlived { lane, source },
        InboxError::Unavailable(words) => PipelineError::Queue(words),
    }
}
