//! Looks for orders that no webhook told of.

use connector_domain::{ConnectionId, Deadline};
use connector_ports::{Ledger, Queue, State};

use crate::connected::Directory;
use crate::job::{Failure, Patience};
use crate::jobs::Ran;

/// What the poller stands on.
#[derive(Debug, Clone, Copy)]
pub struct Poller<'a> {
    /// Every order ever heard of.
    pub ledger: &'a dyn Ledger,
    /// Where orders are sent to.
    pub queue: &'a dyn Queue,
    /// Where places are kept.
    pub state: &'a dyn State,
    /// Where connections are found.
    pub directory: &'a Directory,
    /// How a vendor that is out of order is left alone.
    pub patience: &'a Patience,
}

impl Poller<'_> {
    /// Whether the time of the next run has come.
    pub async fn is_due(&self, _: &ConnectionId) -> Result<bool, Failure> {
        Ok(false)
    }

    /// Runs.
    pub async fn run(&self, _: &ConnectionId, _: Deadline) -> Result<Ran, Failure> {
        Ok(Ran::default())
    }
}
