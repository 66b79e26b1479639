//! The ports in memory: what `cargo sandbox` and the stories stand on.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::Clock;
use connector_ports::memory::{
    MemoryConnections, MemoryLeases, MemoryLedger, MemoryQueue, MemoryShelf, MemoryState, QueueSettings,
};
use connector_ports::{
    CachedConnections, CachedOutlines, Connection, Connections, Doorway, Freshness, Leases, Ledger, Outlines,
    Queue, QueueName, Receipt, Received, Shelf, State,
};
use futures_util::future::BoxFuture;

use super::ports::{ConnectFailed, Inbox, InboxError, Ports};

/// Nothing is kept: reading memory costs nothing, and a connection that is replaced counts at once.
const FRESHNESS: Freshness = Freshness { time_to_live: Duration::ZERO, back_off: Duration::ZERO };

/// All ports in the memory of this process.
#[derive(Debug)]
pub struct Memory {
    pub(super) ledger: MemoryLedger,
    pub(super) leases: MemoryLeases,
    pub(super) state: MemoryState,
    pub(super) shelf: MemoryShelf,
    pub(super) queue: MemoryQueue,
    pub(super) connections: Arc<MemoryConnections>,
    clock: Arc<dyn Clock>,
}

impl Memory {
    /// Without connections, orders or messages.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            ledger: MemoryLedger::new(clock.clone()),
            leases: MemoryLeases::new(clock.clone()),
            state: MemoryState::new(),
            shelf: MemoryShelf::new(),
            queue: MemoryQueue::new(clock.clone(), QueueSettings::default()),
            connections: Arc::new(MemoryConnections::new()),
            clock,
        }
    }
}

#[async_trait]
impl Ports for Memory {
    fn ledger(&self) -> &dyn Ledger {
        &self.ledger
    }

    fn leases(&self) -> &dyn Leases {
        &self.leases
    }

    fn state(&self) -> &dyn State {
        &self.state
    }

    fn shelf(&self) -> &dyn Shelf {
        &self.shelf
    }

    fn queue(&self) -> &dyn Queue {
        &self.queue
    }

    fn inbox(&self) -> &dyn Inbox {
        &self.queue
    }

    fn connections(&self) -> Arc<dyn Connections<Connection>> {
        let (source, clock) = (self.connections.clone(), self.clock.clone());
        Arc::new(CachedConnections::<Connection>::new(source, clock, FRESHNESS))
    }

    fn outlines(&self) -> Arc<dyn Outlines> {
        Arc::new(CachedOutlines::new(self.connections.clone(), self.clock.clone(), FRESHNESS))
    }

    fn doorways(&self) -> Arc<dyn Connections<Doorway>> {
        let (source, clock) = (self.connections.clone(), self.clock.clone());
        Arc::new(CachedConnections::<Doorway>::new(source, clock, FRESHNESS))
    }

    async fn connect(&self, connection: Connection) -> Result<(), ConnectFailed> {
        self.connections.put(connection);
        Ok(())
    }
}

#[async_trait]
impl Inbox for MemoryQueue {
    async fn receive(&self) -> Result<Option<Received>, InboxError> {
        Ok(self.receive(QueueName::Orders))
    }

    async fn change_visibility(&self, receipt: &Receipt, visibility: Duration) -> Result<(), InboxError> {
        Ok(self.change_visibility(receipt, visibility)?)
    }

    async fn delete(&self, receipt: &Receipt) -> Result<(), InboxError> {
        Ok(self.delete(receipt)?)
    }

    fn arrived(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.arrived())
    }

    async fn waiting(&self, which: QueueName) -> Result<usize, InboxError> {
        Ok(self.len(which))
    }

    async fn given_up(&self, which: QueueName) -> Result<usize, InboxError> {
        Ok(self.dead_letters(which).len())
    }
}
