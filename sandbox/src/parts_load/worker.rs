//! What publishes, as a process of its own, told what to do on its input.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock as _, SeededRandom};
use connector_http::{Surroundings, Transport, TransportError, TransportSettings};
use connector_sync::catalogue::CatalogueJob;
use connector_sync::job::{Failure, Patience};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, stdin, stdout};

use super::talk::{Assignment, Done};
use crate::Pipeline;
use crate::load::{FastClock, peak_kib};
use crate::pipeline::INVOCATION;

/// How often it is looked whether a job's time has come.
const LOOK: Duration = Duration::from_secs(5);

/// The publishing process could not go on.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// Input or output broke; whoever started it is gone.
    #[error("the conversation with the parent broke: {0}")]
    Conversation(#[from] std::io::Error),
    /// A line is not to be understood.
    #[error("what was said cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The HTTP stack could not be built.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// There is no such job, or no such connection.
    #[error("{0}")]
    Unknown(String),
}

/// Reads the assignment, then a job a line, and answers when each has come to its end.
///
/// # Errors
/// [`WorkerError`].
pub async fn work() -> Result<(), WorkerError> {
    let mut input = BufReader::new(stdin()).lines();
    let Some(line) = input.next_line().await? else { return Ok(()) };
    let assignment: Assignment = serde_json::from_str(&line)?;
    let clock = FastClock::new(assignment.epoch, assignment.times);
    let surroundings =
        Surroundings { clock: Arc::new(clock.clone()), random: Arc::new(SeededRandom::new(1)) };
    let transport = Transport::new(&TransportSettings::default())?;
    let pipeline = Pipeline::new(surroundings, transport, Patience::default());
    let connection = "load".parse().map_err(|_| WorkerError::Unknown("no connection".to_owned()))?;
    pipeline.connect(assignment.ends.connection(connection, &assignment.rules));
    while let Some(line) = input.next_line().await? {
        let job = CatalogueJob::named(&line).ok_or_else(|| WorkerError::Unknown(format!("no job {line}")))?;
        let done = match to_its_end(&pipeline, job, &clock).await {
            Ok(done) => done,
            Err(error) => Done { failed: Some(error.to_string()), ..Done::default() },
        };
        let mut answer = serde_json::to_string(&Done { peak_kib: peak_kib(), ..done })?;
        answer.push('\n');
        let mut out = stdout();
        out.write_all(answer.as_bytes()).await?;
        out.flush().await?;
    }
    Ok(())
}

/// One invocation after the other, as long as there is more.
async fn to_its_end(pipeline: &Pipeline, job: CatalogueJob, clock: &FastClock) -> Result<Done, Failure> {
    let connections = pipeline.directory().connections().await;
    let Some(connection) = connections.unwrap_or_default().into_iter().next() else {
        return Ok(Done { failed: Some("there is no connection".to_owned()), ..Done::default() });
    };
    while !pipeline.catalogue().is_due(job, &connection).await? {
        clock.sleep(LOOK).await;
    }
    let mut done = Done { begun: Some(clock.now()), ..Done::default() };
    loop {
        let ran = pipeline.catalogue_job(job, &connection, INVOCATION).await?;
        done.sent += ran.sent;
        if !ran.more {
            done.ended = Some(clock.now());
            return Ok(done);
        }
    }
}
