//! One process that spends, and its parent's end of it.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Deadline, Timestamp};
use connector_http::{Surroundings, SystemClock, SystemRandom, Transport, TransportSettings};
use connector_ports::memory::MemoryConnections;
use connector_ports::{CachedConnections, CachedOutlines, Connection, Freshness};
use connector_sync::connected::Directory;
use connector_sync::quota::Spender;
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, stdin, stdout};
use tokio::process::Command;

use super::{PUBLISHED, SharesError, connection_id};
use crate::connection::{Ends, RULES};

/// The subcommand that spends.
const SUBCOMMAND: &str = "shares-spender";

/// So many calls a process would make at once.
const AT_ONCE: usize = 4;

/// What a process is told on its input.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Assignment {
    ends: Ends,
    spender: String,
    from: Timestamp,
    seconds: u64,
}

impl Assignment {
    pub(super) fn new(ends: &Ends, spender: Spender, from: Timestamp, length: Duration) -> Self {
        let spender = spender.as_str().to_owned();
        Self { ends: ends.clone(), spender, from, seconds: length.as_secs() }
    }
}

/// Starts a process and waits for its end; how many calls the store has answered it.
pub(super) async fn run(program: &Path, assignment: &Assignment) -> Result<u32, SharesError> {
    let mut process = Command::new(program)
        .arg(SUBCOMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let pipes = process.stdin.take().zip(process.stdout.take());
    let (mut input, mut output) = pipes.ok_or_else(|| std::io::Error::other("it has no pipes"))?;
    input.write_all(format!("{}\n", serde_json::to_string(assignment)?).as_bytes()).await?;
    input.flush().await?;
    let mut said = String::new();
    output.read_to_string(&mut said).await?;
    process.wait().await?;
    Ok(serde_json::from_str(&said)?)
}

/// The process: reads its assignment, asks the store as often as it may, and says how often it was answered.
///
/// # Errors
/// [`SharesError`].
pub async fn spend() -> Result<(), SharesError> {
    let line = BufReader::new(stdin()).lines().next_line().await?.unwrap_or_default();
    let Assignment { ends, spender, from, seconds } = serde_json::from_str(&line)?;
    let surroundings = Surroundings { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) };
    let (stored, id) = (Arc::new(MemoryConnections::new()), connection_id()?);
    stored.put(ends.connection(id.clone(), &format!("{RULES}{PUBLISHED}")));
    let (clock, freshness) = (surroundings.clock.clone(), Freshness::default());
    let connections = CachedConnections::<Connection>::new(stored.clone(), clock.clone(), freshness);
    let outlines = CachedOutlines::new(stored, clock.clone(), freshness);
    let transport = Transport::new(&TransportSettings::default())?;
    let directory = Directory::new(Arc::new(connections), Arc::new(outlines), transport, surroundings)
        .spending_as(Spender::named(&spender).unwrap_or_default())
        .with_writers_apart();
    let connected = directory.get(&id).await?;
    clock.sleep(Duration::try_from(from.duration_since(clock.now())).unwrap_or_default()).await;
    // Whoever would have to wait beyond it is done: the call's own time-out is left out of it.
    let deadline =
        Deadline::after(&SystemClock, Duration::from_secs(seconds) + TransportSettings::default().timeout);
    let counts = join_all((0..AT_ONCE).map(|_| async {
        let mut answered = 0_u32;
        while connected.shop.store().time(deadline).await.is_ok() {
            answered += 1;
        }
        answered
    }));
    let answered: u32 = counts.await.into_iter().sum();
    let mut out = stdout();
    out.write_all(format!("{answered}\n").as_bytes()).await?;
    Ok(out.flush().await?)
}
