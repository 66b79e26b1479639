//! What the two processes tell each other, a line of JSON each.

use connector_domain::{OrderId, OrderNum, Timestamp};
use connector_ports::{LedgerRow, OrderState, StateName};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::connection::Ends;

/// The connection's id.
pub(super) const CONNECTION: &str = "load";

/// The first line to the pipeline. Each further one asks whether it is quiet; the end of its input ends it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Assignment {
    pub(super) ends: Ends,
    pub(super) rules: String,
    /// How many consumers.
    pub(super) workers: u32,
    /// When its clock showed the machine's time.
    pub(super) epoch: Timestamp,
    /// How much faster than the machine's its clock is.
    pub(super) times: u32,
    /// Seed of its jitter and message ids.
    pub(super) random: u64,
}

/// A line of the pipeline.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub(super) enum Told {
    /// It listens; hooks point there.
    Ready { webhooks: Url },
    /// It cannot go on.
    Failed { words: String },
    /// A message about this order was worked on; `rests` if nothing more happens to it by itself.
    Worked { order: OrderId, rests: bool },
    /// The answer to the question: nothing is queued, and every order rests.
    Quiet { quiet: bool },
    /// One order at the end.
    Order(Account),
    /// After all orders.
    End(End),
}

/// What the ledger says of one order at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) order: OrderId,
    pub(super) state: OrderState,
    pub(super) order_num: Option<OrderNum>,
    /// When it was first claimed.
    pub(super) claimed: Timestamp,
    /// When it was first recorded as synced.
    pub(super) synced: Option<Timestamp>,
    /// The calls of the work that began with the first claim, if that work synced it; `None` if it took several.
    pub(super) calls: Option<Calls>,
}

impl Account {
    /// What a row says, for whoever does not ask how long it took.
    pub(super) fn without_times(row: &LedgerRow) -> Self {
        let (order, state, order_num) = (row.key.order, row.state.clone(), row.order_num);
        Self { order, state, order_num, claimed: row.first_seen, synced: None, calls: None }
    }

    pub(super) const fn name(&self) -> StateName {
        self.state.name()
    }
}

/// What is left when all is done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    /// All calls that were made.
    pub(super) calls: Calls,
    /// Messages that were given up.
    pub(super) dead_letters: usize,
    /// Greatest resident memory in KiB, where the system tells it.
    pub(super) peak_kib: Option<u64>,
}

/// Calls to each vendor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// The store.
    pub bigcommerce: u64,
    /// The company.
    pub kinetic: u64,
}

impl Calls {
    /// To both.
    pub const fn all(self) -> u64 {
        self.bigcommerce.saturating_add(self.kinetic)
    }
}
