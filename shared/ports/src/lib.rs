#![doc = include_str!("../README.md")]

mod audit;
mod cached_connections;
mod cached_outlines;
#[cfg(feature = "conformance")]
pub mod conformance;
mod connections;
mod dead_letters;
mod digest;
mod leases;
mod ledger;
pub mod memory;
mod message;
mod order_state;
mod outlines;
mod queue;
mod received;
mod row;
mod sameness;
mod shelf;
mod state;

pub use audit::{AuditEvent, TrailEntry};
pub use cached_connections::{CachedConnections, Freshness};
pub use cached_outlines::CachedOutlines;
pub use connections::{
    Connection, ConnectionSource, Connections, ConnectionsError, Credentials, Doorway, KNOWN,
    KineticCredentials, Login, NotRotated, OVERLAP, Old, Replaced, ShopCredentials, SourceError,
};
pub use dead_letters::{AT_ONCE, DeadLetters, DeadLettersError, GivenUpBy, Letter, LetterId};
pub use digest::Digest;
pub use leases::{Lease, Leases, LeasesError};
pub use ledger::{Claim, ClaimOutcome, Ledger, LedgerError};
pub use message::{DedupId, JobMessage, Lane, MessageError, OrderKey, OrderMessage, Origin};
pub use order_state::{OrderState, StateName};
pub use outlines::{Outline, OutlineSource, Outlines};
pub use queue::{Queue, QueueError};
pub use received::{QueueName, Receipt, ReceiptError, Received};
pub use row::{
    Applied, AppliedCharge, AppliedLine, HeaderField, LedgerRow, Progress, Settlement, Stage, Totals,
    WriteBack, Written,
};
pub use sameness::Stored;
pub use shelf::{Mark, PartFacts, Published, Shelf, ShelfError, ShelfIssue, Shelved, ShopPlace, Stocked};
pub use state::{Cursor, LinkKind, State, StateError};
