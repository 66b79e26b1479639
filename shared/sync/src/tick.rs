//! Once a minute: wakes what is due, starts the jobs whose time has come, and looks how long somebody has been waiting.

use std::time::Duration;

use connector_domain::{ConnectionId, Deadline, Timestamp};
use connector_ports::StateName;
use futures_util::stream::{self, StreamExt as _};

use crate::catalogue::Catalogue;
use crate::job::Failure;
use crate::jobs::{self, Jobs};
use crate::wake::wake;

/// So many connections are looked at at once.
const AT_ONCE: usize = 16;

/// So many held orders of a connection are looked at for the oldest.
const HELD: usize = 100;

/// What a tick needs for one connection more, at most. With less time left, the rest is looked at by the next tick.
const A_CONNECTION: Duration = Duration::from_secs(5);

/// What a tick did and saw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ticked {
    /// Orders sent to be worked on.
    pub woken: usize,
    /// Jobs started.
    pub jobs: usize,
    /// Held orders, up to a hundred a connection.
    pub held: usize,
    /// How long the oldest held order has waited for a person.
    pub oldest_held: Option<Duration>,
    /// For how long the furthest behind of all stores' lists of changed orders has not been read to its end.
    pub behind: Option<Duration>,
    /// How old the oldest of all stores' levels of stock can be.
    pub stock_age: Option<Duration>,
    /// Connections, or steps, that failed or for which there was no time.
    pub problems: usize,
}

/// Ticks. One connection that fails stops no other; what failed is logged, counted, and tried again a minute later.
pub async fn tick(on: Jobs<'_>, catalogue: Catalogue<'_>, deadline: Deadline) -> Ticked {
    let mut ticked = Ticked::default();
    match wake(on.ledger, on.queue, on.directory, deadline).await {
        Ok(woken) => {
            ticked.woken = woken.sent;
            ticked.problems += usize::from(woken.left > 0) + woken.unusable.len();
        }
        Err(error) => {
            ticked.problems += 1;
            tracing::error!(%error, "nothing more is woken in this minute: {error}");
        }
    }
    let connections = match on.directory.connections().await {
        Ok(connections) => connections,
        Err(error) => {
            ticked.problems += 1;
            tracing::error!(%error, "no job is started in this minute: {error}");
            return ticked;
        }
    };
    let mut seen = stream::iter(connections)
        .map(|connection| async move { (look(on, catalogue, &connection, deadline).await, connection) })
        .buffer_unordered(AT_ONCE);
    while let Some((looked, connection)) = seen.next().await {
        match looked {
            Ok(Some(one)) => ticked.add(&one),
            Ok(None) => {
                ticked.problems += 1;
                tracing::warn!(%connection, "there was no time for {connection} in this minute");
            }
            Err(error) => {
                ticked.problems += 1;
                tracing::error!(%connection, %error, "the jobs of {connection} wait for the next minute: {error}");
            }
        }
    }
    ticked
}

impl Ticked {
    fn add(&mut self, other: &Self) {
        self.jobs += other.jobs;
        self.held += other.held;
        self.oldest_held = self.oldest_held.max(other.oldest_held);
        self.behind = self.behind.max(other.behind);
        self.stock_age = self.stock_age.max(other.stock_age);
    }
}

async fn look(
    on: Jobs<'_>,
    catalogue: Catalogue<'_>,
    connection: &ConnectionId,
    deadline: Deadline,
) -> Result<Option<Ticked>, Failure> {
    let clock = on.directory.surroundings().clock.as_ref();
    if !deadline.fits(clock, A_CONNECTION) {
        return Ok(None);
    }
    let jobs = jobs::start_due(connection, on, catalogue).await?;
    let held = on.ledger.list(connection, Some(StateName::Held), None, HELD).await?;
    let since = held.iter().filter_map(|row| row.held_since).min();
    let oldest_held = since.map(|since| waited(since, clock.now()));
    let behind = on.poller().behind(connection).await?;
    let stock_age = catalogue.stock_age(connection).await?;
    Ok(Some(Ticked { jobs, held: held.len(), oldest_held, behind, stock_age, ..Ticked::default() }))
}

fn waited(since: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(since)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
