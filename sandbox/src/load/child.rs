//! The parent's end of the pipeline's process.

use std::path::Path;
use std::process::ExitStatus;

use url::Url;

use super::assignment::{Account, Assignment, End, Told};
use crate::spoken::Spoken;

/// The subcommand that runs the pipeline.
const SUBCOMMAND: &str = "load-pipeline";

/// What the pipeline's process did wrong.
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
    /// It said something at the wrong moment; a defect.
    #[error("it was not asked for {0}")]
    Unasked(&'static str),
}

/// The running process. Dropping it kills it; if this process dies, its input ends and it ends by itself.
#[derive(Debug)]
pub(super) struct Child(Spoken);

impl Child {
    /// Starts it and waits until it listens; answers where hooks point to.
    pub(super) async fn start(program: &Path, assignment: &Assignment) -> Result<(Self, Url), ChildError> {
        let first = serde_json::to_string(assignment)?;
        let mut child = Self(Spoken::start(program, SUBCOMMAND, &first).await?);
        let told = child.hear().await?;
        if let Told::Ready { webhooks } = told { Ok((child, webhooks)) } else { Err(unasked(&told)) }
    }

    /// Asks whether it is quiet; the answer comes among the rest.
    pub(super) async fn ask(&mut self) -> Result<(), ChildError> {
        Ok(self.0.say("\"quiet?\"").await?)
    }

    /// The next thing it says. Nothing is lost if this is not awaited to its end.
    pub(super) async fn hear(&mut self) -> Result<Told, ChildError> {
        let line = self.0.hear().await?.map_err(ChildError::Ended)?;
        let told = serde_json::from_str(&line)?;
        if let Told::Failed { words } = told { Err(ChildError::Failed(words)) } else { Ok(told) }
    }

    /// Ends its input and hears its account of all orders.
    pub(super) async fn finish(mut self) -> Result<(Vec<Account>, End), ChildError> {
        self.0.hang_up();
        let mut accounts = Vec::new();
        loop {
            match self.hear().await? {
                Told::Order(account) => accounts.push(account),
                Told::End(end) => {
                    self.0.wait().await?;
                    return Ok((accounts, end));
                }
                // What it worked on and was asked before. That it failed is an error already.
                Told::Worked { .. } | Told::Quiet { .. } | Told::Ready { .. } | Told::Failed { .. } => {}
            }
        }
    }
}

/// The error of something said at the wrong moment.
pub(super) const fn unasked(told: &Told) -> ChildError {
    ChildError::Unasked(match told {
        Told::Ready { .. } => "an address",
        Told::Failed { .. } => "a failure",
        Told::Worked { .. } => "its work",
        Told::Quiet { .. } => "its quiet",
        Told::Order(_) => "its orders",
        Told::End(_) => "its end",
    })
}
