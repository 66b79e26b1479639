//! `cargo sandbox load`: many orders against both vendors, with the pipeline as a process of its own.
//!
//! The store, the company and who buys there are here; receiver, workers and tick are in a child, so that its memory and
//! its time are the pipeline's own. At the end everything is read from store, company and ledger, and added up.

mod assignment;
mod basket;
mod calls;
mod check;
mod child;
mod drive;
mod fast_clock;
mod json;
mod measure;
mod memory;
mod report;
mod table;
mod weather;
mod worker;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock, ConnectionId, Money};
use connector_http::SystemClock;
use connector_ports::LedgerRow;
use connector_simulators::bigcommerce::BigCommerceSeed;
use connector_simulators::{BigCommerceSim, KineticSim, SimClock, StartError};
use connector_sync::rules::Rules;
use rust_decimal::Decimal;

use self::assignment::{Account, Assignment, CONNECTION, End};
use self::check::Books;
use self::child::Child;
use self::drive::Drive;
use self::weather::Weather;
use crate::connection::{Ends, HEADER, HEADER_SECRET, RULES};
use crate::demo::Check;

pub(crate) use self::fast_clock::FastClock;
pub(crate) use self::memory::peak_kib;
pub use assignment::Calls;
pub use basket::Baskets;
pub use calls::CallCounter;
pub use child::ChildError;
pub use measure::{Measures, OwnShare, Spread};
pub use report::{HeldFor, Report};
pub use worker::{WorkerError, work};

/// Where calls fail, everything has a clock that runs up to so many times as fast as the machine's: the half minute after a
/// refused licence is over in 200 ms.
const HASTE: u32 = 150;

/// What is put on the pipeline.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many orders.
    pub orders: usize,
    /// How long each call to a vendor takes before it is handled.
    pub latency: Duration,
    /// How many of a hundred calls fail.
    pub faults: u8,
    /// The same seed gives the same orders and the same dice for faults.
    pub seed: u64,
    /// How many lanes, each with a worker.
    pub lanes: u32,
    /// The most lines of an order.
    pub lines: u32,
    /// Places all orders at once; without it there are four a lane in flight.
    pub at_once: bool,
    /// Runs the pipeline when it is started with `load-pipeline`.
    pub program: PathBuf,
}

impl Options {
    /// About as many calls has the longest order.
    const fn calls(&self) -> u32 {
        30 + 6 * self.lines
    }
}

/// Whoever watches.
pub trait Watcher {
    /// So many orders rest, of all.
    fn see(&self, resting: usize, of: usize);
}

/// The load could not be put on.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A simulator did not start.
    #[error("a simulator did not start: {0}")]
    Simulator(#[from] StartError),
    /// The pipeline's process failed.
    #[error("the pipeline's process: {0}")]
    Child(#[from] ChildError),
    /// The sandbox's own connection cannot be used; a defect.
    #[error("the sandbox's connection cannot be used: {0}")]
    Connection(String),
}

/// Puts the load on and tells what came of it.
///
/// # Errors
/// [`LoadError`], if it could not be put on. What does not add up is no error: see [`Report::holds`].
pub async fn run(options: Options, watcher: &dyn Watcher) -> Result<Report, LoadError> {
    let times = if options.faults == 0 { 1 } else { haste(&options) };
    let clock = FastClock::new(SystemClock.now(), times);
    let sim_clock = SimClock::new({
        let clock = clock.clone();
        move || clock.now()
    });
    let weather = Weather { latency: options.latency, faults: options.faults, seed: options.seed };
    let shop = BigCommerceSim::start(weather.bigcommerce(sim_clock.clone())).await?;
    let company = KineticSim::start(weather.kinetic(sim_clock)).await?;
    let mut baskets = Baskets::new(options.seed, options.orders, options.lines);
    shop.load(BigCommerceSeed { customers: baskets.shoppers(), ..BigCommerceSeed::default() });

    let rules = rules(&options);
    let assignment = Assignment {
        ends: Ends::of(&shop, &company),
        rules: rules.clone(),
        workers: options.lanes,
        epoch: clock.epoch(),
        times,
        random: options.seed,
    };
    let (child, webhooks) = Child::start(&options.program, &assignment).await?;
    shop.add_hook("store/order/*", &webhooks, &[(HEADER, HEADER_SECRET)]);
    weather.begin(&shop, &company);

    let begun = SystemClock.now();
    let mut drive = Drive::new(&shop, child, clock.clone(), &options);
    drive.on(&mut baskets, watcher).await?;
    let elapsed = SystemClock.now().duration_since(begun).unsigned_abs();
    let (sent, answered) = drive.finish().await?;
    report::of(
        &options,
        &rules,
        report::Seen { shop: &shop, company: &company, clock, sent, answered, elapsed },
    )
}

/// Whether it adds up, from what stands in the store, in Kinetic and in the ledger: of the orders `placed` none is lost and none is twice,
/// all are synced, complete, equal to the cent and released. The ledger's rows are all it has of the connection.
pub fn adds_up(
    (shop, company): (&BigCommerceSim, &KineticSim),
    rules: Rules,
    placed: BTreeSet<u64>,
    rows: &[LedgerRow],
    dead_letters: usize,
) -> Vec<Check> {
    let accounts = rows.iter().map(Account::without_times).collect();
    let end = End { dead_letters, ..End::default() };
    Books::open(shop, company, rules, placed, (accounts, end), (false, 0)).adding_up()
}

/// So fast that an order's calls, twice and more, still fit into an invocation's fifteen minutes.
fn haste(options: &Options) -> u32 {
    let millis = options.latency.saturating_mul(options.calls()).as_millis();
    let fits = Duration::from_mins(5).as_millis().checked_div(millis);
    fits.map_or(HASTE, |times| u32::try_from(times).unwrap_or(HASTE).clamp(2, HASTE))
}

/// The sandbox's rules with so many lanes; the shop rounds tax by line, so each may add a cent.
fn rules(options: &Options) -> String {
    let Options { lanes, lines: most, .. } = options;
    let in_flight = (*lanes).max(8);
    let tolerance = Money::new(Decimal::new(i64::from(*most) + 5, 2));
    RULES
        .replace("writers = 4 ", &format!("writers = {lanes} "))
        .replace("in_flight = 8", &format!("in_flight = {in_flight}"))
        .replace("tolerance = \"0.05\"", &format!("tolerance = \"{tolerance}\""))
}

/// The connection's id.
fn connection_id() -> Result<ConnectionId, String> {
    CONNECTION.parse::<ConnectionId>().map_err(|error| error.to_string())
}

/// A clock for everything in one process.
fn shared(clock: FastClock) -> Arc<dyn Clock> {
    Arc::new(clock)
}

#[cfg(test)]
mod tests {
    use connector_sync::rules::TaxRule;

    use super::*;

    /// Something to ask for.
    pub(super) fn options(latency: u64, faults: u8) -> Options {
        Options {
            orders: 2000,
            latency: Duration::from_millis(latency),
            faults,
            seed: 1,
            lanes: 1,
            lines: 5,
            at_once: false,
            program: PathBuf::new(),
        }
    }

    #[test]
    fn the_clock_runs_as_fast_as_an_order_allows() {
        let of = |latency, lines| haste(&Options { lines, ..options(latency, 20) });
        assert_eq!((of(0, 5), of(50, 5), of(50, 120), of(60_000, 5)), (150, 100, 8, 2));
    }

    #[test]
    fn the_rules_follow_what_was_asked() {
        let of = |lanes, lines| Rules::parse(&rules(&Options { lanes, lines, ..options(0, 0) })).unwrap();
        let wide = of(13, 120);
        assert_eq!((wide.orders.writers, wide.kinetic.in_flight), (13, 13));
        assert_eq!(of(1, 5).kinetic.in_flight, 8);
        let TaxRule::Kinetic { tolerance } = wide.tax else { panic!("no tolerance") };
        assert_eq!(tolerance.to_string(), "1.25");
    }
}
