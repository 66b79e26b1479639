//! `cargo sandbox load --parts N --changed K`: a whole catalogue on its way to the store, under the store's own quota.
//!
//! Store and company are here; what publishes is a process of its own, as it is in the deployment. Everything has one clock, which runs many times
//! as fast as the machine's, so that an hour of waiting for quota is told in the hour and not waited for.

mod report;
mod talk;
mod worker;

use std::path::PathBuf;
use std::time::Duration;

use connector_domain::{Clock as _, Timestamp};
use connector_http::SystemClock;
use connector_simulators::bigcommerce::dec;
use connector_simulators::kinetic::{KineticSeed, Part, Stock};
use connector_simulators::{
    BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim, Recorder, SimClock, StartError,
};
use connector_sync::catalogue::CatalogueJob;

use self::talk::{Assignment, Child};
use crate::connection::{Ends, RULES};
use crate::load::{ChildError, FastClock};

pub use report::{Phase, Report};
pub use worker::{WorkerError, work};

/// The clock of everybody runs so many times as fast as the machine's.
const TIMES: u32 = 60;

/// What is published, and how; every store has a quota of 150 requests in 30 seconds at least (`docs/facts/bigcommerce.md` §8).
const CATALOGUE: &str = r#"
[catalogue]
publish = true
channels = [1]
parts_minutes = 1

[stock]
publish = true
warehouses = { MAIN = 1 }
formula = "demand"
baq = "MLC-PartWhse"
minutes = 1
"#;

/// What is put on the catalogue.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many parts.
    pub parts: u32,
    /// Of how many the price changes, and then the stock.
    pub changed: u32,
    /// Requests that the store lets one have in 30 seconds.
    pub quota: u32,
    /// Runs what publishes when it is started with `load-catalogue`.
    pub program: PathBuf,
}

/// Whoever watches.
pub trait Onlooker {
    /// Something begins or is done.
    fn hear(&self, line: &str);
}

/// The catalogue could not be put on.
#[derive(Debug, thiserror::Error)]
pub enum PartsLoadError {
    /// A simulator did not start.
    #[error("a simulator did not start: {0}")]
    Simulator(#[from] StartError),
    /// The publishing process failed.
    #[error("the process that publishes: {0}")]
    Child(#[from] ChildError),
}

/// Everything that runs.
struct Stage {
    shop: BigCommerceSim,
    company: KineticSim,
    child: Child,
    clock: FastClock,
    begun: Timestamp,
    phases: Vec<Phase>,
    peak_kib: Option<u64>,
}

/// Publishes a catalogue, changes some of it, and tells what each step cost.
///
/// # Errors
/// [`PartsLoadError`], if it could not be put on. What does not hold is no error: see [`Report::failures`].
pub async fn run(options: Options, onlooker: &dyn Onlooker) -> Result<Report, PartsLoadError> {
    let clock = FastClock::new(SystemClock.now(), TIMES);
    let showing = clock.clone();
    let sim_clock = SimClock::new(move || showing.now());
    let config = BigCommerceConfig::new().clock(sim_clock.clone()).recorder(Recorder::in_memory());
    let shop = BigCommerceSim::start(BigCommerceConfig { quota: options.quota, ..config }).await?;
    let config = KineticConfig {
        seed: seed(options.parts),
        clock: sim_clock,
        recorder: Recorder::counting(),
        ..KineticConfig::new()
    };
    let company = KineticSim::start(config).await?;
    let assignment = Assignment {
        ends: Ends::of(&shop, &company),
        rules: format!("{RULES}\n{CATALOGUE}"),
        epoch: clock.epoch(),
        times: TIMES,
    };
    let child = Child::start(&options.program, &assignment).await?;
    let begun = clock.now();
    let mut stage = Stage { shop, company, child, clock, begun, phases: Vec::new(), peak_kib: None };

    let (parts, changed) = (usize_of(options.parts), usize_of(options.changed));
    onlooker.hear(&format!("{parts} new parts and their first levels"));
    let least = parts + parts.div_ceil(250) + parts.div_ceil(2000);
    stage.phase("new products, channels, first levels", CatalogueJob::Parts, least, onlooker).await?;

    for at in 1..=options.changed {
        stage.company.edit_part(&sku(at), |row| row.set("UnitPrice", dec("1.75")));
    }
    onlooker.hear(&format!("{changed} prices change"));
    stage.phase("changed prices", CatalogueJob::Parts, changed.div_ceil(10), onlooker).await?;

    stage
        .company
        .office(|office| (1..=options.changed).for_each(|at| office.stock(&sku(at), "MAIN", dec("7"))));
    onlooker.hear(&format!("{changed} levels of stock change"));
    stage.phase("changed levels", CatalogueJob::Stock, changed.div_ceil(2000), onlooker).await?;

    onlooker.hear("nothing changes");
    stage.phase("unchanged parts", CatalogueJob::Parts, 0, onlooker).await?;
    stage.phase("unchanged stock", CatalogueJob::Stock, 0, onlooker).await?;

    let (products, wrong) = stage.outcome(&options);
    let Stage { phases, peak_kib, child, .. } = stage;
    child.finish().await?;
    Ok(Report { options, phases, products, wrong, peak_kib })
}

impl Stage {
    /// Runs a job to its end, and tells what it cost.
    async fn phase(
        &mut self,
        what: &'static str,
        job: CatalogueJob,
        least: usize,
        onlooker: &dyn Onlooker,
    ) -> Result<(), PartsLoadError> {
        self.shop.traffic().clear();
        self.company.traffic().clear();
        let from = self.clock.now();
        let done = self.child.run(job).await?;
        let calls = self.shop.traffic().calls();
        let writes = calls.iter().filter(|call| call.method != "GET" && call.status != Some(429)).count();
        let phase = Phase {
            what,
            job: job.as_str(),
            writes,
            least,
            reads: calls.iter().filter(|call| call.method == "GET" && call.status != Some(429)).count(),
            throttled: calls.iter().filter(|call| call.status == Some(429)).count(),
            kinetic: self.company.traffic().count("GET", ""),
            // Until its time had come nothing was done.
            seconds: seconds_between(done.begun.unwrap_or(from), done.ended.unwrap_or(from)),
            published: done.sent,
        };
        self.peak_kib = done.peak_kib.max(self.peak_kib);
        onlooker.hear(&format!(
            "  {} calls that write, {} s after the start",
            phase.writes,
            seconds_between(self.begun, self.clock.now())
        ));
        self.phases.push(phase);
        Ok(())
    }

    /// How many products there are, and how many of the parts are shown wrongly.
    fn outcome(&self, options: &Options) -> (usize, usize) {
        let products = self.shop.products();
        let wrong = (1..=options.parts).filter(|at| {
            let (price, level) = if *at <= options.changed { ("1.75", 7) } else { ("1.50", 10) };
            let (name, shown) = (sku(*at), self.shop.stock_of(&sku(*at), 1));
            let product = products.iter().find(|product| product.sku == name);
            product.is_none_or(|product| product.price != dec(price)) || shown != Some(level)
        });
        (products.len(), wrong.count())
    }
}

fn sku(number: u32) -> String {
    format!("P-{number:06}")
}

fn seed(parts: u32) -> KineticSeed {
    let parts: Vec<Part> =
        (1..=parts).map(|at| Part::new(&sku(at), &format!("Part number {at}"), dec("1.50"))).collect();
    let stock = parts.iter().map(|part| Stock::new(&part.part_num, "MAIN", dec("10"))).collect();
    KineticSeed { parts, stock, ..KineticSeed::distributor() }
}

fn seconds_between(from: Timestamp, to: Timestamp) -> u64 {
    Duration::try_from(to.duration_since(from)).unwrap_or_default().as_secs()
}

fn usize_of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
