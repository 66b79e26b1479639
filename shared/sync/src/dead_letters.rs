//! Dead letters: why each lies there, what became of its order since, and what a redrive would do with it.
//!
//! Looking takes nothing away and hides nothing for long. What is behind ten others of its lane is not seen before those are gone
//! (`docs/facts/aws.md` 1.2, 1.9), so a list says how many it could not show.

mod plan;
mod redrive;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use connector_domain::{Clock, ConnectionId, Timestamp};
use connector_ports::{
    AT_ONCE, DeadLetters, DeadLettersError, GivenUpBy, JobMessage, Ledger, LedgerRow, Letter, MessageError,
    OrderKey, OrderMessage, OrderState, QueueName,
};

use crate::catalogue::CatalogueJob;
use crate::jobs::Job;

pub use plan::{ByReason, Fate, Plan, Wish};
pub use redrive::{End, Redriven};

/// For how long looking hides a letter, and with it its lane, from whoever redrives.
pub const LOOK: Duration = Duration::from_secs(30);

/// The longest that an order is at work at once. What was written later than that after a letter died was read after it died.
const AT_WORK: Duration = Duration::from_mins(15);

/// Why a letter lies there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Its body is no message of ours.
    Unreadable {
        /// What is wrong with it.
        words: String,
    },
    /// Its body is of a version that this connector does not read.
    OtherVersion(u32),
    /// It names a job that this connector does not have.
    UnknownJob(String),
    /// A function could not read it and put it there; this connector can.
    ReadableNow,
    /// It was received too often: something failed each time, or was out of reach for long.
    ReceivedTooOften,
}

impl Reason {
    /// The stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::OtherVersion(_) => "other_version",
            Self::UnknownJob(_) => "unknown_job",
            Self::ReadableNow => "readable_now",
            Self::ReceivedTooOften => "received_too_often",
        }
    }

    /// Whether it would come again if it were sent back: sending does not mend a body.
    pub const fn would_come_again(&self) -> bool {
        match self {
            Self::Unreadable { .. } | Self::OtherVersion(_) | Self::UnknownJob(_) => true,
            Self::ReadableNow | Self::ReceivedTooOften => false,
        }
    }

    /// What is wrong, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Unreadable { words } => format!("it is no message of ours: {words}"),
            Self::OtherVersion(version) => {
                format!(
                    "it has version {version}, which this connector does not read: deploy the version that sent it"
                )
            }
            Self::UnknownJob(job) => format!("this connector has no job \"{job}\""),
            Self::ReadableNow => "the version that received it could not read it; this one can".to_owned(),
            Self::ReceivedTooOften => "it was received too often: mend the cause first".to_owned(),
        }
    }
}

/// What a letter is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Nobody can tell.
    Nothing,
    /// An order.
    Order {
        /// Which.
        key: OrderKey,
        /// What the ledger says of it.
        became: Became,
    },
    /// A job.
    Job {
        /// Whose.
        connection: ConnectionId,
        /// Which.
        job: String,
    },
}

/// What became of a letter's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// The ledger has never heard of it: this letter may be all there is.
    NeverHeardOf,
    /// The ledger does not say, and why.
    NotTold(String),
    /// Where it stands.
    Stands {
        /// The state.
        state: OrderState,
        /// When that was written.
        changed_at: Timestamp,
        /// Whether it was read whole and settled after the letter died: the letter has nothing more to tell.
        settled_since: bool,
    },
}

/// A letter, and what is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// The letter.
    pub letter: Letter,
    /// Why it lies there.
    pub reason: Reason,
    /// What it is about.
    pub about: About,
}

impl Examined {
    /// Whose it is, if that can be read.
    pub const fn connection(&self) -> Option<&ConnectionId> {
        match &self.about {
            About::Nothing => None,
            About::Order { key, .. } => Some(&key.connection),
            About::Job { connection, .. } => Some(connection),
        }
    }

    /// The order, if it was settled since the letter died.
    pub const fn settled_order(&self) -> Option<&OrderKey> {
        match &self.about {
            About::Order { key, became: Became::Stands { settled_since: true, .. } } => Some(key),
            About::Order { .. } | About::Job { .. } | About::Nothing => None,
        }
    }
}

/// The letters of one queue that could be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Whose.
    pub queue: QueueName,
    /// The letters, those of a lane in their order.
    pub letters: Vec<Examined>,
    /// About how many more there are: behind these in their lanes, or hidden because somebody else has them.
    pub behind: usize,
}

/// Where dead letters, their orders and the time are found.
#[derive(Debug, Clone, Copy)]
pub struct Morgue<'a> {
    /// The letters.
    pub letters: &'a dyn DeadLetters,
    /// Their orders.
    pub ledger: &'a dyn Ledger,
    /// The time.
    pub clock: &'a dyn Clock,
}

impl Morgue<'_> {
    /// Looks at the letters of a queue, and shows them again at once; if that fails they show again after [`LOOK`].
    ///
    /// # Errors
    /// The letters could not be received; none was lost.
    pub async fn list(&self, queue: QueueName) -> Result<Listing, DeadLettersError> {
        let (mut seen, mut received) = (BTreeSet::new(), Vec::<Letter>::new());
        loop {
            let batch = self.letters.receive(queue, AT_ONCE, LOOK).await?;
            let before = received.len();
            received.extend(batch.into_iter().filter(|letter| seen.insert(letter.id.clone())));
            // Nothing comes, or only what has become visible again meanwhile.
            if received.len() == before {
                break;
            }
        }
        self.show(&received).await;
        let behind = self.letters.count(queue).await?.saturating_sub(received.len());
        let mut letters = Vec::with_capacity(received.len());
        for letter in received {
            letters.push(self.examine(letter).await);
        }
        Ok(Listing { queue, letters, behind })
    }

    /// Whatever cannot be shown shows by itself when its time is over.
    async fn show(&self, letters: &[Letter]) {
        // The last first, so that nobody gets a letter before the one it came behind.
        for letter in letters.iter().rev() {
            if let Err(DeadLettersError::Unavailable(_)) = self.letters.show(letter).await {
                return;
            }
        }
    }

    async fn examine(&self, letter: Letter) -> Examined {
        let (fault, about) = match letter.receipt.queue() {
            QueueName::Orders => match OrderMessage::from_body(&letter.body, letter.dedup.clone()) {
                Ok(message) => {
                    let key = OrderKey { connection: message.connection, order: message.order };
                    let became = self.became(&key, letter.since).await;
                    (None, About::Order { key, became })
                }
                Err(error) => (Some(fault(error)), About::Nothing),
            },
            queue @ (QueueName::Jobs | QueueName::Catalogue) => {
                match JobMessage::from_body(&letter.body, letter.dedup.clone()) {
                    Ok(JobMessage { connection, job, .. }) => {
                        let known = if queue == QueueName::Catalogue {
                            CatalogueJob::named(&job).is_some()
                        } else {
                            Job::named(&job).is_some()
                        };
                        let unknown = (!known).then(|| Reason::UnknownJob(job.clone()));
                        (unknown, About::Job { connection, job })
                    }
                    Err(error) => (Some(fault(error)), About::Nothing),
                }
            }
        };
        let reason = fault.unwrap_or(match letter.given_up_by {
            GivenUpBy::Queue => Reason::ReceivedTooOften,
            GivenUpBy::Function => Reason::ReadableNow,
        });
        Examined { letter, reason, about }
    }

    async fn became(&self, key: &OrderKey, since: Timestamp) -> Became {
        match self.ledger.get(key).await {
            Ok(Some(row)) => stands(row, since),
            Ok(None) => Became::NeverHeardOf,
            Err(error) => Became::NotTold(error.to_string()),
        }
    }
}

fn fault(error: MessageError) -> Reason {
    match error {
        MessageError::Unreadable(words) => Reason::Unreadable { words },
        MessageError::Version(version) => Reason::OtherVersion(version),
    }
}

/// An order is settled since if what was written last was surely read after the letter died, and nobody has come since. When in doubt
/// it is not: looking once more does no harm.
fn stands(row: LedgerRow, since: Timestamp) -> Became {
    let settled = match row.state {
        OrderState::Synced | OrderState::Cancelled | OrderState::Ignored { .. } => true,
        OrderState::New
        | OrderState::Waiting { .. }
        | OrderState::Retrying { .. }
        | OrderState::Uncertain { .. }
        | OrderState::Held { .. } => false,
    };
    let read_since =
        Duration::try_from(row.changed_at.duration_since(since)).is_ok_and(|after| after > AT_WORK);
    let settled_since = settled && read_since && !row.again;
    Became::Stands { state: row.state, changed_at: row.changed_at, settled_since }
}
