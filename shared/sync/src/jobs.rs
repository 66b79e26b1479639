//! Jobs: what is done for a connection at a cadence of its own, one message a run.

use connector_domain::{ConnectionId, Deadline};
use connector_ports::{DedupId, JobMessage, Ledger, Queue, State};
use serde_json::Value;
use url::Url;

use crate::catalogue::{Catalogue, CatalogueJob};
use crate::connected::Directory;
use crate::hooks::Auditor;
use crate::job::{Failure, Patience};
use crate::poll::Poller;
use crate::unblock::Unblock;

/// A job that a connection has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Sends on what was held for a part that is there now.
    Unblock,
    /// Looks for orders that no webhook told of, and keeps account of all of them.
    OrderPoller,
    /// Compares the hooks that are wanted with those that there are, and mends them.
    WebhookAuditor,
}

impl Job {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Unblock, Self::OrderPoller, Self::WebhookAuditor];

    /// The stable word, as in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unblock => "unblock",
            Self::OrderPoller => "order-poller",
            Self::WebhookAuditor => "webhook-auditor",
        }
    }

    /// The job with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|job| job.as_str() == word)
    }
}

/// Something that a job saw, as a number that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// Orders that the poller found and no webhook had told of.
    OrdersMissed,
    /// Orders that the poller found to be newer than the ledger knows them.
    OrdersStale,
    /// For how many seconds the store's list of changed orders has not been read to its end.
    AccountedBehind,
    /// Order numbers that nobody has explained yet.
    OpenGaps,
    /// Orders that Kinetic holds otherwise than the ledger says.
    ProofMismatches,
    /// Hooks that were created, switched on or set right.
    HooksMended,
    /// Hooks that are not as wanted and could not be mended.
    HooksWrong,
    /// Domains that the store delivers nothing to for the moment.
    DomainsBlocked,
    /// SKUs of which nothing goes out to the store.
    SkusHeld,
    /// For how many seconds an order could be placed whose article's stock was just being pushed, before it was taken into account.
    StockWindow,
}

/// What a job did and saw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ran {
    /// Orders sent to be worked on; of a job of the catalogue, what the store has taken.
    pub sent: usize,
    /// What is measured beside.
    pub figures: Vec<(Figure, u64)>,
    /// Whether it was cut off, and should go on at once.
    pub more: bool,
}

/// What jobs stand on.
#[derive(Debug, Clone, Copy)]
pub struct Jobs<'a> {
    /// Every order ever heard of.
    pub ledger: &'a dyn Ledger,
    /// Where orders and jobs are sent to.
    pub queue: &'a dyn Queue,
    /// Where cadences and places are kept.
    pub state: &'a dyn State,
    /// Where connections are found.
    pub directory: &'a Directory,
    /// How a vendor that is out of order is left alone.
    pub patience: &'a Patience,
    /// Where webhooks come in, up to and with `/webhooks/`; nothing is done about hooks where it is not known, as in the tick.
    pub door: Option<&'a Url>,
}

impl<'a> Jobs<'a> {
    /// What unblocking stands on.
    pub const fn unblock(self) -> Unblock<'a> {
        let Self { ledger, queue, state, directory, patience, door: _ } = self;
        Unblock { ledger, queue, state, directory, patience }
    }

    /// What polling stands on.
    pub const fn poller(self) -> Poller<'a> {
        let Self { ledger, queue, state, directory, patience, door: _ } = self;
        Poller { ledger, queue, state, directory, patience }
    }

    /// What the audit of hooks stands on.
    pub const fn auditor(self) -> Auditor<'a> {
        let Self { ledger: _, queue: _, state, directory, patience, door } = self;
        Auditor { state, directory, patience, door }
    }
}

/// Sends a message for each job of `connection` whose time has come, those of its catalogue too, and says how many.
///
/// A job that is still at work stands before its next message in the same lane, and a run that comes before its time does nothing: so it
/// does no harm if a job is started twice.
///
/// # Errors
/// A port of ours failed; what was not started is started a minute later.
pub async fn start_due(
    connection: &ConnectionId,
    on: Jobs<'_>,
    catalogue: Catalogue<'_>,
) -> Result<usize, Failure> {
    let message = |job: &str| JobMessage {
        connection: connection.clone(),
        job: job.to_owned(),
        position: Value::Null,
        dedup: DedupId::fresh(on.directory.surroundings().random.as_ref()),
    };
    let mut started = 0;
    for job in Job::ALL {
        let due = match job {
            Job::Unblock => on.unblock().is_due(connection).await?,
            Job::OrderPoller => on.poller().is_due(connection).await?,
            Job::WebhookAuditor => on.auditor().is_due(connection).await?,
        };
        if due {
            on.queue.send_job(&message(job.as_str())).await?;
            started += 1;
        }
    }
    for job in CatalogueJob::ALL {
        if catalogue.is_due(job, connection).await? {
            on.queue.send_catalogue(&message(job.as_str())).await?;
            started += 1;
        }
    }
    Ok(started)
}

/// Runs one job.
///
/// # Errors
/// A vendor or a port of ours failed. The message is done all the same: the job is due again at its next time.
pub async fn run(
    job: Job,
    connection: &ConnectionId,
    on: Jobs<'_>,
    deadline: Deadline,
) -> Result<Ran, Failure> {
    match job {
        Job::Unblock => {
            on.unblock().run(connection, deadline).await.map(|sent| Ran { sent, ..Ran::default() })
        }
        Job::OrderPoller => on.poller().run(connection, deadline).await,
        Job::WebhookAuditor => on.auditor().run(connection, deadline).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_found_by_its_word() {
        for job in Job::ALL {
            assert_eq!(Job::named(job.as_str()), Some(job));
        }
        assert_eq!(Job::named("unblock "), None);
    }
}
