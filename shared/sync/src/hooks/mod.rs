//! The hooks of a store: those that are wanted, and those that there are.

use connector_domain::{ConnectionId, Deadline};
use connector_ports::State;
use url::Url;

use crate::connected::Directory;
use crate::job::{Failure, Patience};
use crate::jobs::Ran;

/// What the audit of hooks stands on.
#[derive(Debug, Clone, Copy)]
pub struct Auditor<'a> {
    /// Where cadences are kept.
    pub state: &'a dyn State,
    /// Where connections are found.
    pub directory: &'a Directory,
    /// How a vendor that is out of order is left alone.
    pub patience: &'a Patience,
    /// Where webhooks come in, up to and with `/webhooks/`.
    pub door: Option<&'a Url>,
}

impl Auditor<'_> {
    /// Whether the time of the next run has come.
    pub async fn is_due(&self, _: &ConnectionId) -> Result<bool, Failure> {
        Ok(false)
    }

    /// Runs.
    pub async fn run(&self, _: &ConnectionId, _: Deadline) -> Result<Ran, Failure> {
        Ok(Ran::default())
    }
}
