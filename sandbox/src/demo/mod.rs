//! The story that `cargo sandbox` plays: orders over real HTTP, an outage of three days, and what a person should see of them.
//!
//! Every number is read from the simulators and the ledger after the fact; nothing is reported because it was intended.

mod acts;
mod afterwards;
mod cast;
mod catalogue;
mod checks;
mod clock;
mod json;
mod outage;
mod outcome;
mod report;
mod stage;
mod table;

use std::sync::Arc;

use connector_domain::Random;
use connector_http::{Surroundings, TransportError};
use connector_simulators::{Recorder, Seed, StartError};
use connector_sync::job::Failure;
use futures_util::future::join;
use tokio::sync::oneshot;

use self::acts::Seen;
use self::cast::Cast;
use self::stage::Stage;
use crate::{InboxError, Memory, PipelineError, Ports};

pub use clock::LeapClock;
pub use report::{Calls, Check, Expected, OrderReport, Report};

/// How many consumers work at once.
const WORKERS: usize = 4;

/// What the demo is played with.
#[derive(Debug)]
pub struct Options {
    /// What store and company hold at the start; the built-in distributor if `None`.
    pub seed: Option<Seed>,
    /// Where each exchange with a vendor is written.
    pub recorder: Recorder,
    /// The time of everything on the stage, which leaps over the days of the outage.
    pub clock: LeapClock,
    /// Where jitter and message ids come from.
    pub random: Arc<dyn Random>,
}

/// Whoever watches the demo.
pub trait Audience: Sync {
    /// Something happened.
    fn hear(&self, line: &str);

    /// Another order came to an end, `settled` of them all; `line` tells which and how.
    fn see(&self, settled: usize, of: usize, line: &str);

    /// What is being worked on at this moment; may be empty. It comes many times a second.
    fn glance(&self, now: &str);
}

/// The demo could not be played at all.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A simulator did not start.
    #[error("a simulator did not start: {0}")]
    Simulator(#[from] StartError),
    /// The HTTP stack could not be built.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The receiver did not start.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The receiver's address makes no URL.
    #[error("the receiver's address is not valid: {0}")]
    Address(#[from] url::ParseError),
    /// The sandbox's own connection cannot be used; a defect.
    #[error("the sandbox's connection cannot be used: {0}")]
    Connection(String),
    /// The poller or the auditor could not do its work.
    #[error("a job failed: {0}")]
    Job(#[from] Failure),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] connector_ports::LedgerError),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] InboxError),
    /// The shelf failed.
    #[error(transparent)]
    Shelf(#[from] connector_ports::ShelfError),
    /// A webhook could not be delivered for want of an order.
    #[error("the store has no order {0} to tell of")]
    NoSuchOrder(u64),
}

/// Plays the story in memory and tells what came of it.
///
/// # Errors
/// [`DemoError`], if it could not be played. An outcome that does not hold is not an error: see [`Report::holds`].
pub async fn play(options: Options, audience: &dyn Audience) -> Result<Report, DemoError> {
    let ports = Arc::new(Memory::new(Arc::new(options.clock.clone())));
    play_on(ports, options, audience).await
}

/// Plays the story on `ports`, which hold no order yet.
///
/// # Errors
/// As [`play`].
pub async fn play_on(
    ports: Arc<dyn Ports>,
    options: Options,
    audience: &dyn Audience,
) -> Result<Report, DemoError> {
    let Options { seed, recorder, clock, random } = options;
    let begun = clock.watched();
    let surroundings = Surroundings { clock: Arc::new(clock.clone()), random };
    let Cast { shoppers, company, roles } = Cast::of(seed);
    let stage = Stage::set(ports, company, recorder, clock.clone(), surroundings).await?;
    audience.hear(&format!(
        "store at {}, company at {}, receiver at {}",
        stage.shop.base_url(),
        stage.company.base_url(),
        stage.receiver.base_url
    ));
    for shopper in shoppers {
        stage.shop.add_customer(shopper);
    }
    let (stop, stopped) = oneshot::channel::<()>();
    let story = async {
        let seen = acts::play(&stage, roles, audience).await;
        drop(stop);
        seen
    };
    let working = stage.pipeline.run(WORKERS, async {
        // Either way the story is over.
        let _dropped = stopped.await;
    });
    let (seen, ()) = join(story, working).await;
    let Seen { orders, mut checks } = seen?;
    let orders = outcome::read(&stage, orders).await?;
    checks.extend(checks::of(&stage, &orders).await?);
    let elapsed = clock.watched().duration_since(begun);
    Ok(Report {
        orders,
        checks,
        calls: stage.calls(),
        elapsed_ms: u64::try_from(elapsed.as_millis()).unwrap_or_default(),
    })
}
