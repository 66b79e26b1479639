//! What the two processes say to each other, a line of JSON each.

use std::path::Path;

use connector_domain::Timestamp;
use connector_sync::catalogue::CatalogueJob;
use serde::{Deserialize, Serialize};

use crate::connection::Ends;
use crate::load::ChildError;
use crate::spoken::Spoken;

/// The subcommand that publishes.
const SUBCOMMAND: &str = "load-catalogue";

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Assignment {
    pub(super) ends: Ends,
    pub(super) rules: String,
    /// When its clock showed the machine's time.
    pub(super) epoch: Timestamp,
    /// How much faster than the machine's its clock is.
    pub(super) times: u32,
}

/// The answer to the name of a job.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Done {
    /// Changes that the store has taken.
    pub(super) sent: usize,
    /// When its time had come.
    pub(super) begun: Option<Timestamp>,
    /// When nothing more was to be done.
    pub(super) ended: Option<Timestamp>,
    /// The greatest resident memory so far, in KiB, where the system tells it.
    pub(super) peak_kib: Option<u64>,
    /// Why it failed.
    pub(super) failed: Option<String>,
}

/// The running process. Dropping it kills it.
#[derive(Debug)]
pub(super) struct Child(Spoken);

impl Child {
    pub(super) async fn start(program: &Path, assignment: &Assignment) -> Result<Self, ChildError> {
        let first = serde_json::to_string(assignment)?;
        Ok(Self(Spoken::start(program, SUBCOMMAND, &first).await?))
    }

    /// Has a job run to its end.
    pub(super) async fn run(&mut self, job: CatalogueJob) -> Result<Done, ChildError> {
        self.0.say(job.as_str()).await?;
        let line = self.0.hear().await?.map_err(ChildError::Ended)?;
        let done: Done = serde_json::from_str(&line)?;
        match done.failed {
            Some(words) => Err(ChildError::Failed(words)),
            None => Ok(done),
        }
    }

    /// Ends its input, and waits for it.
    pub(super) async fn finish(mut self) -> Result<(), ChildError> {
        self.0.hang_up();
        self.0.wait().await?;
        Ok(())
    }
}
