#![doc = include_str!("../README.md")]

mod clients;
mod connections;
mod dead_letters;
mod failure;
mod inbox;
mod item;
mod leases;
mod ledger;
mod pages;
mod queue;
pub mod queues;
mod shelf;
mod state;
pub mod table;
mod wire;

pub use clients::{Clients, ConnectTimes};
pub use connections::{AwsConnectionStore, AwsConnections, AwsDoorways, SecretsPrefix, StoreError};
pub use dead_letters::AwsDeadLetters;
pub use inbox::{AwsInbox, InboxError};
pub use leases::AwsLeases;
pub use ledger::AwsLedger;
pub use queue::{AwsQueue, QueueUrls};
pub use shelf::AwsShelf;
pub use state::AwsState;
pub use table::TableName;
