//! What a process does until it is killed: the work of one function, on a memory of its own.
//!
//! None needs anything of the others: a writer has a queue with orders of its own, the poller a ledger that knows its orders, the catalogue its shelf.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock as _, ConnectionId, OrderId, SeededRandom};
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_ports::{
    ClaimOutcome, DedupId, Ledger as _, OrderKey, OrderMessage, OrderState, Origin, Progress, Queue as _,
};
use connector_sync::catalogue::CatalogueJob;
use connector_sync::job::Patience;
use connector_sync::jobs::Job;
use connector_sync::poll::Since;
use connector_sync::quota::Spender;
use tokio::io::{AsyncBufReadExt as _, BufReader, stdin};

use super::process::Assignment;
use super::{SharesError, connection_id};
use crate::Pipeline;
use crate::load::FastClock;
use crate::pipeline::INVOCATION;

/// How soon it is looked again whether there is something to do.
const LOOK: Duration = Duration::from_secs(1);

/// The poller has longer than its function has: what is read in one go here are several invocations there.
const LONG: Duration = Duration::from_hours(10);

/// The process: reads its assignment and works for ever.
///
/// # Errors
/// [`SharesError`].
pub async fn spend() -> Result<(), SharesError> {
    let line = BufReader::new(stdin()).lines().next_line().await?.unwrap_or_default();
    let Assignment { ends, rules, spender, orders, epoch, times } = serde_json::from_str(&line)?;
    let clock = FastClock::new(epoch, times);
    let random = Arc::new(SeededRandom::new(orders.last().map_or(0, |order| order.0)));
    let surroundings = Surroundings { clock: Arc::new(clock.clone()), random };
    let transport = Transport::new(&TransportSettings::default())?;
    let pipeline = Pipeline::new(surroundings, transport.clone(), Patience::default());
    let pipeline = pipeline.with_writers_apart(&transport);
    let id = connection_id()?;
    pipeline.connect(ends.connection(id.clone(), &rules));
    match Spender::named(&spender).unwrap_or_default() {
        Spender::Orders => import(&pipeline, &id, orders, &clock).await,
        Spender::Catalogue => publish(&pipeline, &id, &clock).await,
        Spender::PollAndAudit => poll(&pipeline, &id, orders, &clock).await,
    }
}

async fn import(
    pipeline: &Pipeline,
    id: &ConnectionId,
    orders: Vec<OrderId>,
    clock: &FastClock,
) -> Result<(), SharesError> {
    for order in orders {
        let dedup = DedupId::fresh(pipeline.surroundings().random.as_ref());
        let message = OrderMessage::new(id.clone(), order, Origin::Poll, dedup);
        // One lane an order, or one that waits for something would keep the others.
        if let Err(error) = pipeline.queue().send_order(&message, u32::MAX).await {
            tracing::error!(%error, "an order could not be queued: {error}");
        }
    }
    loop {
        match pipeline.work_one(INVOCATION).await {
            Ok(Some(_)) => {}
            Ok(None) => clock.sleep(LOOK).await,
            Err(error) => tracing::warn!(%error, "{error}"),
        }
    }
}

async fn publish(pipeline: &Pipeline, id: &ConnectionId, clock: &FastClock) -> Result<(), SharesError> {
    loop {
        match pipeline.catalogue_job(CatalogueJob::Parts, id, INVOCATION).await {
            Ok(ran) if ran.more => {}
            Ok(_) => clock.sleep(LOOK).await,
            Err(error) => {
                tracing::warn!(%error, "{error}");
                clock.sleep(LOOK).await;
            }
        }
    }
}

async fn poll(
    pipeline: &Pipeline,
    id: &ConnectionId,
    orders: Vec<OrderId>,
    clock: &FastClock,
) -> Result<(), SharesError> {
    let first = orders.first().copied();
    for order in orders {
        let key = OrderKey { connection: id.clone(), order };
        if let ClaimOutcome::Granted(claim, _) = pipeline.ledger().claim(&key, LONG).await? {
            let (state, progress) = (OrderState::Synced, Progress::default());
            pipeline.ledger().complete(claim, state, progress, Vec::new()).await?;
        }
    }
    if let Some(first) = first {
        pipeline.jobs().poller().back_fill(id, Since::Id(first)).await?;
    }
    loop {
        if let Err(error) = pipeline.job(Job::OrderPoller, id, LONG).await {
            tracing::warn!(%error, "{error}");
        }
        clock.sleep(LOOK).await;
    }
}
