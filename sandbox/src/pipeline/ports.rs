//! What a pipeline stands on: five ports, and the receiving side of the queue, which in the deployment is Lambda's.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_ports::{
    Connection, Connections, Doorway, Leases, Ledger, Outlines, Queue, QueueName, Receipt, ReceiptError,
    Received, Shelf, State,
};
use futures_util::future::BoxFuture;
use thiserror::Error;

/// The ports of one deployment, real or in memory, with what its owner and Lambda would do beside them.
#[async_trait]
pub trait Ports: Debug + Send + Sync {
    /// Every order ever heard of.
    fn ledger(&self) -> &dyn Ledger;

    /// The leases of shoppers.
    fn leases(&self) -> &dyn Leases;

    /// Cursors, links and fingerprints.
    fn state(&self) -> &dyn State;

    /// What the store shows of the catalogue.
    fn shelf(&self) -> &dyn Shelf;

    /// Where messages are sent to.
    fn queue(&self) -> &dyn Queue;

    /// Where orders' messages are received.
    fn inbox(&self) -> &dyn Inbox;

    /// The connections, with all their credentials.
    fn connections(&self) -> Arc<dyn Connections<Connection>>;

    /// The outlines of all connections.
    fn outlines(&self) -> Arc<dyn Outlines>;

    /// The connections, as the receiver of webhooks may know them.
    fn doorways(&self) -> Arc<dyn Connections<Doorway>>;

    /// Stores a connection in place of the one with its id, as its owner does.
    ///
    /// # Errors
    /// [`ConnectFailed`].
    async fn connect(&self, connection: Connection) -> Result<(), ConnectFailed>;
}

/// A connection could not be stored; why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the connection could not be stored: {0}")]
pub struct ConnectFailed(pub String);

/// The receiving side of the orders' queue, and how much all queues hold.
#[async_trait]
pub trait Inbox: Debug + Send + Sync {
    /// Receives one message about an order; `None` if none can be received at this moment.
    ///
    /// # Errors
    /// [`InboxError::Unavailable`].
    async fn receive(&self) -> Result<Option<Received>, InboxError>;

    /// Makes a message that was received invisible for `visibility` from now.
    ///
    /// # Errors
    /// See [`InboxError`].
    async fn change_visibility(&self, receipt: &Receipt, visibility: Duration) -> Result<(), InboxError>;

    /// Deletes a message that was received.
    ///
    /// # Errors
    /// See [`InboxError`].
    async fn delete(&self, receipt: &Receipt) -> Result<(), InboxError>;

    /// Completes when it is worth receiving again: because something arrived after this call, or because enough time has passed where
    /// nobody tells.
    fn arrived(&self) -> BoxFuture<'_, ()>;

    /// How many messages wait or are in flight.
    ///
    /// # Errors
    /// [`InboxError::Unavailable`].
    async fn waiting(&self, which: QueueName) -> Result<usize, InboxError>;

    /// How many messages were given up.
    ///
    /// # Errors
    /// [`InboxError::Unavailable`].
    async fn given_up(&self, which: QueueName) -> Result<usize, InboxError>;
}

/// What can go wrong with the receiving side.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InboxError {
    /// The receipt is no longer good: somebody else may be at work on the message.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// The queue could not be reached: try again.
    #[error("the queue is unavailable: {0}")]
    Unavailable(String),
}

impl dyn Inbox + '_ {
    /// How many messages wait or are in flight, in all queues.
    ///
    /// # Errors
    /// [`InboxError::Unavailable`].
    pub async fn waiting_in_all(&self) -> Result<usize, InboxError> {
        let mut all = 0;
        for which in QueueName::ALL {
            all += self.waiting(which).await?;
        }
        Ok(all)
    }

    /// How many messages were given up, in all queues.
    ///
    /// # Errors
    /// [`InboxError::Unavailable`].
    pub async fn given_up_in_all(&self) -> Result<usize, InboxError> {
        let mut all = 0;
        for which in QueueName::ALL {
            all += self.given_up(which).await?;
        }
        Ok(all)
    }
}
