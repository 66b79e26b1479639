//! `tick`: once a minute.

use connector_ports::Shelf;
use connector_sync::tick::{Ticked, tick};

use crate::compose::Ports;
use crate::invocation::Invocation;
use crate::metrics::{Metric, Metrics};

/// What the tick stands on.
#[derive(Debug)]
pub struct Ticker {
    /// The ports and the connections.
    pub ports: Ports,
    /// What was published; only how old it is matters here.
    pub shelf: Box<dyn Shelf>,
    /// What is counted.
    pub metrics: Metrics,
}

/// Ticks, and says what it did.
pub async fn work(ticker: &Ticker, invocation: &Invocation) -> Ticked {
    let did =
        tick(ticker.ports.jobs(), ticker.ports.catalogue(ticker.shelf.as_ref()), invocation.deadline).await;
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let mut measured = vec![
        (Metric::OrdersWoken, count(did.woken)),
        (Metric::JobsStarted, count(did.jobs)),
        (Metric::TickProblems, count(did.problems)),
        (Metric::HeldNow, count(did.held)),
        (Metric::OldestHeld, did.oldest_held.unwrap_or_default().as_secs()),
        (Metric::AccountedBehind, did.behind.unwrap_or_default().as_secs()),
    ];
    // Where no stock is published there is none to be old.
    measured.extend(did.stock_age.map(|age| (Metric::StockSecondsOld, age.as_secs())));
    ticker.metrics.write(None, &measured);
    did
}
