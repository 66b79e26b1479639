//! The whole pipeline in one process: the receiver, the queue, the consumer and the tick, on memory ports.
//!
//! What the functions of the deployment do, one each, is done here by one method each. Time, sleep and randomness come
//! through [`Surroundings`]: with a manual clock nothing here waits.

mod receiver;
mod run;
mod work;

use std::sync::Arc;

use connector_http::{Surroundings, Transport};
use connector_ports::memory::{
    MemoryConnections, MemoryLeases, MemoryLedger, MemoryQueue, MemoryState, QueueSettings,
};
use connector_ports::{CachedConnections, Connection, Doorway, Freshness, ReceiptError};
use connector_sync::connected::Directory;
use connector_sync::doors::Doors;
use connector_sync::job::Patience;
use tokio::sync::mpsc::UnboundedSender;

pub use receiver::Receiver;
pub use work::{INVOCATION, Worked};

/// What the pipeline itself could not do; what becomes of an order is never an error here.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The receiver's port is taken, or loopback cannot be bound: choose another port, or 0 for any.
    #[error("127.0.0.1:{port} cannot be bound: {source}")]
    Bind {
        /// The port asked for.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// The receiver's address makes no URL.
    #[error("the receiver's address is not valid: {0}")]
    Address(#[from] url::ParseError),
    /// The work took longer than its message was invisible: somebody else may have received it meanwhile.
    #[error("message {lane} was worked on for longer than its visibility: {source}")]
    Outlived {
        /// The message's lane.
        lane: String,
        /// What the queue said.
        source: ReceiptError,
    },
}

/// Receiver, queue, consumer and tick on memory ports. Clones share everything.
#[derive(Debug, Clone)]
pub struct Pipeline {
    ledger: Arc<MemoryLedger>,
    leases: Arc<MemoryLeases>,
    state: Arc<MemoryState>,
    queue: Arc<MemoryQueue>,
    connections: Arc<MemoryConnections>,
    directory: Arc<Directory>,
    doors: Arc<Doors>,
    patience: Patience,
    surroundings: Surroundings,
    listener: Option<UnboundedSender<Worked>>,
}

impl Pipeline {
    /// A pipeline without connections, orders or messages.
    pub fn new(surroundings: Surroundings, transport: Transport, patience: Patience) -> Self {
        let clock = &surroundings.clock;
        let connections = Arc::new(MemoryConnections::new());
        // Nothing is kept: reading memory costs nothing, and a connection that is replaced counts at once.
        let freshness =
            Freshness { time_to_live: std::time::Duration::ZERO, back_off: std::time::Duration::ZERO };
        let read_through =
            CachedConnections::<Connection>::new(connections.clone(), clock.clone(), freshness);
        let doorways = CachedConnections::<Doorway>::new(connections.clone(), clock.clone(), freshness);
        Self {
            ledger: Arc::new(MemoryLedger::new(clock.clone())),
            leases: Arc::new(MemoryLeases::new(clock.clone())),
            state: Arc::new(MemoryState::new()),
            queue: Arc::new(MemoryQueue::new(clock.clone(), QueueSettings::default())),
            connections,
            directory: Arc::new(Directory::new(Arc::new(read_through), transport, surroundings.clone())),
            doors: Arc::new(Doors::new(Arc::new(doorways), clock.clone())),
            patience,
            surroundings,
            listener: None,
        }
    }

    /// Tells `listener` what became of each message that [`Pipeline::run`] works on.
    #[must_use]
    pub fn told_to(self, listener: UnboundedSender<Worked>) -> Self {
        Self { listener: Some(listener), ..self }
    }

    /// Adds a connection, in place of the one with its id.
    pub fn connect(&self, connection: Connection) {
        self.connections.put(connection);
    }

    /// Every order ever heard of.
    pub fn ledger(&self) -> &MemoryLedger {
        &self.ledger
    }

    /// Both queues, with their dead letters.
    pub fn queue(&self) -> &MemoryQueue {
        &self.queue
    }

    /// Cursors, links and fingerprints.
    pub fn state(&self) -> &MemoryState {
        &self.state
    }

    /// The leases of shoppers.
    pub fn leases(&self) -> &MemoryLeases {
        &self.leases
    }

    /// The connections, ready to be used.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The clock and randomness of everything here.
    pub fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }
}
