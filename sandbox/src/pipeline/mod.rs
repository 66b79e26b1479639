//! The whole pipeline in one process: the receiver, the queue, the consumer and the tick, on memory ports or on any others.
//!
//! What the functions of the deployment do, one each, is done here by one method each. Time, sleep and randomness come
//! through [`Surroundings`]: with a manual clock nothing here waits.

mod memory;
mod ports;
mod receiver;
mod run;
mod work;

use std::sync::Arc;
use std::time::Duration;

use connector_http::{Surroundings, Transport};
use connector_ports::memory::{MemoryLeases, MemoryLedger, MemoryQueue, MemoryShelf, MemoryState};
use connector_ports::{Connection, ReceiptError};
use connector_sync::connected::Directory;
use connector_sync::doors::Doors;
use connector_sync::job::Patience;
use connector_sync::quota::Spender;
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

pub use memory::Memory;
pub use ports::{ConnectFailed, Inbox, InboxError, Ports};
pub use receiver::Receiver;
pub use work::{INVOCATION, MARGIN, Worked};

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
    /// The queue could not be reached; what was received comes back.
    #[error("the queue is unavailable: {0}")]
    Queue(String),
}

/// Receiver, queue, consumer and tick on the ports `P`: those in memory, unless others are named. Clones share everything.
#[derive(Debug)]
pub struct Pipeline<P: ?Sized = Memory> {
    ports: Arc<P>,
    directory: Arc<Directory>,
    jobs: Arc<Directory>,
    catalogue: Arc<Directory>,
    doors: Arc<Doors>,
    patience: Patience,
    margin: Duration,
    surroundings: Surroundings,
    listener: Option<UnboundedSender<Worked>>,
    door: Option<Url>,
}

impl<P: ?Sized> Clone for Pipeline<P> {
    fn clone(&self) -> Self {
        Self {
            ports: self.ports.clone(),
            directory: self.directory.clone(),
            jobs: self.jobs.clone(),
            catalogue: self.catalogue.clone(),
            doors: self.doors.clone(),
            patience: self.patience,
            margin: self.margin,
            surroundings: self.surroundings.clone(),
            listener: self.listener.clone(),
            door: self.door.clone(),
        }
    }
}

impl Pipeline {
    /// A pipeline in memory, without connections, orders or messages.
    pub fn new(surroundings: Surroundings, transport: Transport, patience: Patience) -> Self {
        let ports = Arc::new(Memory::new(surroundings.clock.clone()));
        Self::on(ports, surroundings, transport, patience)
    }

    /// Adds a connection, in place of the one with its id.
    pub fn connect(&self, connection: Connection) {
        self.ports.connections.put(connection);
    }

    /// Every order ever heard of.
    pub fn ledger(&self) -> &MemoryLedger {
        &self.ports.ledger
    }

    /// The queues, with their dead letters.
    pub fn queue(&self) -> &MemoryQueue {
        &self.ports.queue
    }

    /// Cursors, links and fingerprints.
    pub fn state(&self) -> &MemoryState {
        &self.ports.state
    }

    /// What the store shows of the catalogue.
    pub fn shelf(&self) -> &MemoryShelf {
        &self.ports.shelf
    }

    /// The leases of shoppers.
    pub fn leases(&self) -> &MemoryLeases {
        &self.ports.leases
    }
}

impl<P: Ports + ?Sized> Pipeline<P> {
    /// A pipeline on these ports.
    pub fn on(ports: Arc<P>, surroundings: Surroundings, transport: Transport, patience: Patience) -> Self {
        let doorways = ports.doorways();
        // Each function of the deployment has clients of its own, which know nothing of what the others spend.
        let directory = |spender, transport| {
            let (connections, outlines) = (ports.connections(), ports.outlines());
            let directory = Directory::new(connections, outlines, transport, surroundings.clone());
            Arc::new(directory.spending_as(spender))
        };
        Self {
            directory: directory(Spender::Orders, transport.clone()),
            jobs: directory(Spender::PollAndAudit, transport.clone()),
            catalogue: directory(Spender::Catalogue, transport),
            ports,
            doors: Arc::new(Doors::new(doorways, surroundings.clock.clone())),
            patience,
            margin: MARGIN,
            surroundings,
            listener: None,
            door: None,
        }
    }

    /// Spends of a store's quota what one process of several may: for a pipeline of which one function alone is at work, as in the deployment.
    #[must_use]
    pub(crate) fn with_writers_apart(self, transport: &Transport) -> Self {
        let directory = |spender| {
            let (connections, outlines) = (self.ports.connections(), self.ports.outlines());
            let directory =
                Directory::new(connections, outlines, transport.clone(), self.surroundings.clone());
            Arc::new(directory.spending_as(spender).with_writers_apart())
        };
        let (orders, jobs) = (directory(Spender::Orders), directory(Spender::PollAndAudit));
        let catalogue = directory(Spender::Catalogue);
        Self { directory: orders, jobs, catalogue, ..self }
    }

    /// Tells `listener` what became of each message that [`Pipeline::run`] works on.
    #[must_use]
    pub fn told_to(self, listener: UnboundedSender<Worked>) -> Self {
        Self { listener: Some(listener), ..self }
    }

    /// Looks after the hooks that lead to `door`, up to and with `/webhooks/`, and for orders that none of them told of: [`Pipeline::run`] does
    /// that only for a pipeline that was told so.
    #[must_use]
    pub fn behind(self, door: Url) -> Self {
        Self { door: Some(door), ..self }
    }

    /// Keeps a message in work invisible for `margin` longer than its work may take, instead of [`MARGIN`].
    #[must_use]
    pub fn with_margin(self, margin: Duration) -> Self {
        Self { margin, ..self }
    }

    /// What it stands on.
    pub fn ports(&self) -> &P {
        &self.ports
    }

    /// The connections, ready to be used for orders.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The clock and randomness of everything here.
    pub fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }
}
