//! The ports in the memory of one process: for the sandbox and for tests.
//!
//! They give the same guarantees and the same errors as the real ones, on the clock they are given, and forget everything at the end
//! of the process. They are never a fall-back: whoever wants them builds them by name.

mod connections;
mod dead;
mod fifo;
mod leases;
mod ledger;
mod queue;
mod shelf;
mod state;

pub use connections::MemoryConnections;
pub use fifo::DeadLetter;
pub use leases::MemoryLeases;
pub use ledger::MemoryLedger;
pub use queue::{MemoryQueue, QueueSettings};
pub use shelf::MemoryShelf;
pub use state::MemoryState;
