//! A process that works, from its parent's end.

use std::path::Path;
use std::process::Stdio;

use connector_domain::{OrderId, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;
use tokio::process::{self, Command};

use super::SharesError;
use crate::connection::Ends;

/// The subcommand that works.
const SUBCOMMAND: &str = "shares-spender";

/// What a process is told on its input.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Assignment {
    pub(super) ends: Ends,
    pub(super) rules: String,
    pub(super) spender: String,
    /// A writer's to import; the poller knows them all.
    pub(super) orders: Vec<OrderId>,
    /// When its clock showed the machine's time.
    pub(super) epoch: Timestamp,
    /// How much faster than the machine's its clock is.
    pub(super) times: u32,
}

/// The running process. Dropping it kills it.
#[derive(Debug)]
pub(super) struct Child {
    name: String,
    process: process::Child,
}

impl Child {
    pub(super) async fn start(
        program: &Path,
        name: String,
        assignment: &Assignment,
    ) -> Result<Self, SharesError> {
        let mut command = Command::new(program);
        let mut process = command.arg(SUBCOMMAND).stdin(Stdio::piped()).kill_on_drop(true).spawn()?;
        let mut input = process.stdin.take().ok_or_else(|| std::io::Error::other("it has no input"))?;
        input.write_all(format!("{}\n", serde_json::to_string(assignment)?).as_bytes()).await?;
        input.flush().await?;
        Ok(Self { name, process })
    }

    /// Ends it in the middle of its work.
    pub(super) async fn stop(self) -> Result<(), SharesError> {
        let Self { name, mut process } = self;
        if let Some(status) = process.try_wait()? {
            return Err(SharesError::Ended(name, status));
        }
        Ok(process.kill().await?)
    }
}
