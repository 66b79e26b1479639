//! The ledger: every order the connector has ever heard of, in one explained state each.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{ConnectionId, OrderId, Timestamp};
use thiserror::Error;

use crate::audit::{AuditEvent, TrailEntry};
use crate::message::OrderKey;
use crate::order_state::{OrderState, StateName};
use crate::row::{LedgerRow, Progress, WriteBack};

/// The ledger of orders.
///
/// Guarantees, each tested by the conformance suite:
///
/// - Of any number of concurrent claims on one order, one is granted.
/// - Claiming creates an unknown order as `New` and never changes a state.
/// - A claim that finds the row busy marks it `again` in the same write. `checkpoint`, `complete` and `release` keep the mark; the next
///   granted claim clears it, and the row it returns still shows it.
/// - A lapsed claim can be granted anew, with a higher fence. `checkpoint`, `complete` and `release` with a lapsed or superseded claim
///   are refused, and write nothing.
/// - A row comes back as it was written; what `Progress` does not name stays. `complete` writes `changed_at` even if the state is the
///   same. A row says since when a person is asked about it ([`LedgerRow::enter`]).
/// - A state and its transition row appear together, or not at all, behind the events that led to it. An unchanged state writes no
///   transition; a state with the same name and other particulars is a change.
/// - Entries of the trail are numbered 1, 2, 3 … per order, whoever wrote them; what was checkpointed before a crash is there after it.
///   A write takes any number of events.
/// - [`Ledger::due`] is what [`LedgerRow::due_since`] says, the longest due first.
/// - A list is short of its limit only where it ends.
/// - A write-back needs no claim, and leaves one alone.
#[async_trait]
pub trait Ledger: Debug + Send + Sync {
    /// Claims an order for `lease`.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    async fn claim(&self, key: &OrderKey, lease: Duration) -> Result<ClaimOutcome, LedgerError>;

    /// Writes ahead what became known and what happened, and renews the lease to `lease` from now.
    ///
    /// # Errors
    /// [`LedgerError::Lost`] if the claim has lapsed: stop working, somebody else may be at it.
    async fn checkpoint(
        &self,
        claim: &Claim,
        progress: &Progress,
        events: Vec<AuditEvent>,
        lease: Duration,
    ) -> Result<(), LedgerError>;

    /// Records what became of the order and ends the claim.
    ///
    /// # Errors
    /// As [`Ledger::checkpoint`].
    async fn complete(
        &self,
        claim: Claim,
        state: OrderState,
        progress: Progress,
        events: Vec<AuditEvent>,
    ) -> Result<(), LedgerError>;

    /// Ends the claim and leaves everything else as it is.
    ///
    /// # Errors
    /// As [`Ledger::checkpoint`].
    async fn release(&self, claim: Claim) -> Result<(), LedgerError>;

    /// Records what became of the write-back. It needs no claim: the number of an order never changes.
    ///
    /// # Errors
    /// [`LedgerError::Unknown`] if there is no such row.
    async fn write_back(&self, key: &OrderKey, outcome: WriteBack) -> Result<(), LedgerError>;

    /// The row of an order.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    async fn get(&self, key: &OrderKey) -> Result<Option<LedgerRow>, LedgerError>;

    /// At most `limit` orders that are due at `now`, of all connections.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<OrderKey>, LedgerError>;

    /// At most `limit` rows of a connection in `state` (`None`: in any), by order id, beginning after `after`. A page shorter than `limit` is
    /// the last.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    async fn list(
        &self,
        connection: &ConnectionId,
        state: Option<StateName>,
        after: Option<OrderId>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError>;

    /// At most `limit` rows of a connection that are held for `reason`, by what they are held for ([`LedgerRow::held_by`]), beginning after
    /// the place `after`, which may be one of another reason. A page shorter than `limit` is the last.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    async fn held(
        &self,
        connection: &ConnectionId,
        reason: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError>;

    /// Everything that happened to an order, in its order.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    async fn trail(&self, key: &OrderKey) -> Result<Vec<TrailEntry>, LedgerError>;
}

/// What a claim came to.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made and taken apart once a message")]
pub enum ClaimOutcome {
    /// It is yours. The row is as it was before the claim.
    Granted(Claim, LedgerRow),
    /// Somebody else has it until then; the row is marked `again`, so that it is looked at once more.
    Busy(Timestamp),
}

/// Proof that an order is claimed. What must not run twice at once asks for it.
///
/// It cannot be cloned, and only a ledger makes it (a test holds that).
#[derive(Debug)]
pub struct Claim {
    key: OrderKey,
    fence: u64,
}

impl Claim {
    /// The claim number `fence` on `key`. For implementations of [`Ledger`] only.
    pub const fn granted(key: OrderKey, fence: u64) -> Self {
        Self { key, fence }
    }

    /// The order.
    pub const fn key(&self) -> &OrderKey {
        &self.key
    }

    /// Which claim on the order it is; higher is later.
    pub const fn fence(&self) -> u64 {
        self.fence
    }
}

/// What can go wrong with the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LedgerError {
    /// The claim lapsed or was granted to somebody else: stop, and leave the order to them.
    #[error("the claim on {0} was lost")]
    Lost(OrderKey),
    /// There is no such row.
    #[error("the ledger has no row for {0}")]
    Unknown(OrderKey),
    /// It could not be reached, or what it holds could not be read: let the message come back.
    #[error("the ledger is unavailable: {0}")]
    Unavailable(String),
}
