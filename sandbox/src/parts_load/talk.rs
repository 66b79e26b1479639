//! What the two processes say to each other, a line of JSON each.

use std::path::Path;
use std::process::{ExitStatus, Stdio};

use connector_domain::Timestamp;
use connector_sync::catalogue::CatalogueJob;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{self, ChildStdin, ChildStdout, Command};

use crate::connection::Ends;

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

/// What the publishing process did wrong.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// It could not be started or spoken to.
    #[error("it cannot be spoken to: {0}")]
    Io(#[from] std::io::Error),
    /// It said something that is no line of ours.
    #[error("it said what cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// It said why it could not go on.
    #[error("{0}")]
    Failed(String),
    /// It ended too early.
    #[error("it ended before its time ({0})")]
    Ended(ExitStatus),
}

/// The running process. Dropping it kills it.
#[derive(Debug)]
pub(super) struct Child {
    process: process::Child,
    input: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
}

impl Child {
    pub(super) async fn start(program: &Path, assignment: &Assignment) -> Result<Self, ChildError> {
        let mut command = Command::new(program);
        command.arg(SUBCOMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn()?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (input, output) = pipes.ok_or_else(|| std::io::Error::other("it has no pipes"))?;
        let mut child = Self { process, input, said: BufReader::new(output).lines() };
        child.say(&serde_json::to_string(assignment)?).await?;
        Ok(child)
    }

    /// Has a job run to its end.
    pub(super) async fn run(&mut self, job: CatalogueJob) -> Result<Done, ChildError> {
        self.say(job.as_str()).await?;
        let Some(line) = self.said.next_line().await? else {
            return Err(ChildError::Ended(self.process.wait().await?));
        };
        let done: Done = serde_json::from_str(&line)?;
        match done.failed {
            Some(words) => Err(ChildError::Failed(words)),
            None => Ok(done),
        }
    }

    /// Ends its input, and waits for it.
    pub(super) async fn finish(self) -> Result<(), ChildError> {
        let Self { mut process, input, .. } = self;
        drop(input);
        process.wait().await?;
        Ok(())
    }

    async fn say(&mut self, line: &str) -> Result<(), ChildError> {
        self.input.write_all(format!("{line}\n").as_bytes()).await?;
        Ok(self.input.flush().await?)
    }
}
