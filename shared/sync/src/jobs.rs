//! Jobs: what is done for a connection at a cadence of its own, one message a run.

use connector_domain::{ConnectionId, Deadline};
use connector_ports::{DedupId, JobMessage, Queue};
use serde_json::Value;

use crate::job::Failure;
use crate::unblock::Unblock;

/// A job that a connection has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Sends on what was held for a part that is there now.
    Unblock,
}

impl Job {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::Unblock];

    /// The stable word, as in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unblock => "unblock",
        }
    }

    /// The job with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|job| job.as_str() == word)
    }
}

/// Sends a message for each job of `connection` whose time has come, and says how many.
///
/// A job that is still at work stands before its next message in the same lane, and a run that comes before its time does nothing: so it
/// does no harm if a job is started twice.
///
/// # Errors
/// A port of ours failed; what was not started is started a minute later.
pub async fn start_due(
    connection: &ConnectionId,
    unblock: Unblock<'_>,
    queue: &dyn Queue,
) -> Result<usize, Failure> {
    let mut started = 0;
    for job in Job::ALL {
        let due = match job {
            Job::Unblock => unblock.is_due(connection).await?,
        };
        if due {
            let dedup = DedupId::fresh(unblock.directory.surroundings().random.as_ref());
            let (connection, job) = (connection.clone(), job.as_str().to_owned());
            queue.send_job(&JobMessage { connection, job, position: Value::Null, dedup }).await?;
            started += 1;
        }
    }
    Ok(started)
}

/// Runs one job, and says how many orders it set going.
///
/// # Errors
/// A vendor or a port of ours failed. The message is done all the same: the job is due again at its next time.
pub async fn run(
    job: Job,
    connection: &ConnectionId,
    unblock: Unblock<'_>,
    deadline: Deadline,
) -> Result<usize, Failure> {
    match job {
        Job::Unblock => unblock.run(connection, deadline).await,
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
