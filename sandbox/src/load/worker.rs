//! The pipeline's process: receiver, workers and tick on memory ports, told what to do on its input.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{OrderId, SeededRandom, Timestamp};
use connector_http::{Surroundings, Transport, TransportError, TransportSettings};
use connector_ports::{
    AuditEvent, Ledger as _, LedgerError, LedgerRow, OrderState, QueueName, StateName, WriteBack,
};
use connector_sync::job::Patience;
use futures_util::future::join;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines, Stdin, stdin, stdout};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;

use super::assignment::{Account, Assignment, End, Told};
use super::calls::CallCounter;
use super::fast_clock::FastClock;
use super::{connection_id, memory, shared};
use crate::{Pipeline, PipelineError, Worked};

/// So many rows are read at once, so that telling of them takes no memory of its own.
const PAGE: usize = 50;

/// The pipeline's process could not go on.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// Input or output broke; whoever started it is gone.
    #[error("the conversation with the parent broke: {0}")]
    Conversation(#[from] std::io::Error),
    /// The first line is no assignment.
    #[error("the assignment cannot be read: {0}")]
    Assignment(#[from] serde_json::Error),
    /// The HTTP stack could not be built.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The receiver did not start.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The receiver's address makes no URL.
    #[error("the receiver's address is not valid: {0}")]
    Address(#[from] url::ParseError),
    /// The connection cannot be used.
    #[error("the connection cannot be used: {0}")]
    Connection(String),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Reads the assignment from standard input, works until the input ends, and tells on standard output.
///
/// # Errors
/// [`WorkerError`], which has been told on the output as well.
pub async fn work(calls: &CallCounter) -> Result<(), WorkerError> {
    let outcome = assigned(calls).await;
    if let Err(error) = &outcome {
        // If it cannot be told, nobody is there any more.
        let _unheard = say(&Told::Failed { words: error.to_string() }).await;
    }
    outcome
}

async fn assigned(calls: &CallCounter) -> Result<(), WorkerError> {
    let mut input = BufReader::new(stdin()).lines();
    let line = input.next_line().await?.unwrap_or_default();
    let assignment: Assignment = serde_json::from_str(&line)?;
    let clock = FastClock::new(assignment.epoch, assignment.times);
    let random = Arc::new(SeededRandom::new(assignment.random));
    let surroundings = Surroundings { clock: shared(clock), random };
    let (listener, worked) = unbounded_channel();
    let transport = Transport::new(&TransportSettings::default())?;
    let pipeline = Pipeline::new(surroundings, transport, patience()).told_to(listener);
    let id = connection_id().map_err(WorkerError::Connection)?;
    pipeline.connect(assignment.ends.connection(id.clone(), &assignment.rules));
    let usable = pipeline.directory().get(&id).await;
    usable.map_err(|error| WorkerError::Connection(error.to_string()))?;
    let receiver = pipeline.receiver(0).await?;
    say(&Told::Ready { webhooks: receiver.address(&id)? }).await?;

    let (stop, stopped) = oneshot::channel::<()>();
    let workers = usize::try_from(assignment.workers).unwrap_or(1);
    let working = pipeline.run(workers, async {
        // Either way it is over.
        let _dropped = stopped.await;
    });
    let talking = async {
        let talked = talk(&pipeline, worked, &mut input).await;
        drop(stop);
        talked
    };
    join(working, talking).await.1?;
    account(&pipeline, calls).await
}

/// Seconds where the product waits minutes. The clock may run faster besides.
fn patience() -> Patience {
    Patience {
        first: Duration::from_millis(200),
        longest: Duration::from_secs(2),
        settle: Duration::from_secs(1),
        attempts: 20,
        ..Patience::default()
    }
}

/// Tells what was worked on and answers questions, until the input ends.
async fn talk(
    pipeline: &Pipeline,
    mut worked: UnboundedReceiver<Worked>,
    input: &mut Lines<BufReader<Stdin>>,
) -> Result<(), WorkerError> {
    loop {
        tokio::select! {
            line = input.next_line() => match line? {
                Some(_) => say(&Told::Quiet { quiet: is_quiet(pipeline).await? }).await?,
                None => return Ok(()),
            },
            Some(worked) = worked.recv() => {
                if let Some(key) = worked.key() {
                    let row = pipeline.ledger().get(key).await?;
                    say(&Told::Worked { order: key.order, rests: row.as_ref().is_some_and(rests) }).await?;
                }
            }
        }
    }
}

/// Whether nothing will happen to an order by itself.
fn rests(row: &LedgerRow) -> bool {
    let ended = match row.state.name() {
        StateName::Synced
        | StateName::Cancelled
        | StateName::Held
        | StateName::Waiting
        | StateName::Ignored => true,
        StateName::New | StateName::Retrying | StateName::Uncertain => false,
    };
    ended && row.lease_until.is_none() && !row.again && !matches!(row.write_back, WriteBack::Pending { .. })
}

async fn is_quiet(pipeline: &Pipeline) -> Result<bool, WorkerError> {
    let queued = !pipeline.queue().is_empty();
    Ok(!queued && every(pipeline, async |row| Ok(rests(&row))).await?)
}

/// Calls `with` on each row until it answers false.
async fn every(
    pipeline: &Pipeline,
    mut with: impl AsyncFnMut(LedgerRow) -> Result<bool, WorkerError>,
) -> Result<bool, WorkerError> {
    let id = connection_id().map_err(WorkerError::Connection)?;
    let mut after: Option<OrderId> = None;
    loop {
        let rows = pipeline.ledger().list(&id, None, after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(true) };
        after = Some(last.key.order);
        for row in rows {
            if !with(row).await? {
                return Ok(false);
            }
        }
    }
}

/// Tells of every order, and then of the whole.
async fn account(pipeline: &Pipeline, calls: &CallCounter) -> Result<(), WorkerError> {
    every(pipeline, async |row| {
        say(&Told::Order(of_order(pipeline, row, calls).await?)).await?;
        Ok(true)
    })
    .await?;
    let queue = pipeline.queue();
    let dead_letters = QueueName::ALL.iter().map(|which| queue.dead_letters(*which).len()).sum();
    say(&Told::End(End { calls: calls.all(), dead_letters, peak_kib: memory::peak_kib() })).await
}

async fn of_order(pipeline: &Pipeline, row: LedgerRow, calls: &CallCounter) -> Result<Account, WorkerError> {
    let mut synced: Option<Timestamp> = None;
    let mut at_once = None;
    for entry in pipeline.ledger().trail(&row.key).await? {
        if let AuditEvent::Transition { to, .. } = entry.event {
            let done = to == OrderState::Synced;
            at_once.get_or_insert(done);
            synced = synced.or(done.then_some(entry.at));
        }
    }
    let order = row.key.order;
    let calls = calls.first_of(order.0).filter(|_| at_once == Some(true));
    let (state, order_num, claimed) = (row.state, row.order_num, row.first_seen);
    Ok(Account { order, state, order_num, claimed, synced, calls })
}

/// One line on standard output. A reader who is slow keeps nobody else waiting.
async fn say(told: &Told) -> Result<(), WorkerError> {
    let mut line = serde_json::to_string(told)?;
    line.push('\n');
    let mut out = stdout();
    out.write_all(line.as_bytes()).await?;
    Ok(out.flush().await?)
}
