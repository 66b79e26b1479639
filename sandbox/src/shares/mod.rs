//! `cargo sandbox shares`: the functions that spend a store's quota, each as a process of its own, with more work than it may do.
//!
//! Store and company are here, and the store counts who spends what; each process paces itself by its own share and knows nothing of the others.
//! Nobody else spends the quota meanwhile, so whoever is refused was refused because of us. Everybody has one clock, which runs faster than the
//! machine's.

mod process;
mod report;
mod work;

use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use connector_domain::{Clock as _, ConnectionId, OrderId, Timestamp};
use connector_http::{SystemClock, TransportError};
use connector_ports::LedgerError;
use connector_simulators::bigcommerce::{BigCommerceSeed, dec};
use connector_simulators::kinetic::{KineticSeed, Part};
use connector_simulators::{
    BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim, Recorder, SimClock, StartError,
};
use connector_sync::connected::ConnectError;
use connector_sync::job::Failure;
use connector_sync::quota::{Spender, Writers};
use connector_sync::rules::{Problems, Rules};

use self::process::{Assignment, Child};
use crate::connection::{Ends, RULES};
use crate::load::{Baskets, FastClock};

pub use report::{Process, Report};
pub use work::spend;

/// The clock of everybody runs so many times as fast as the machine's.
const TIMES: u32 = 10;

/// So many windows pass before all are at work: a poller that is new comes back after a minute. Nobody may spend too much in these either.
const BEFORE: u32 = 3;

/// What makes the sandbox's connection publish its catalogue, and its poller come back soon.
const OFTEN: &str =
    "\n[catalogue]\npublish = true\nchannels = [1]\nparts_minutes = 1\n\n[poll]\nevery_minutes = 1\n";

/// Orders on a page of the store's list.
const PAGE: u32 = 250;

/// What can be asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// For so many windows of the store's quota, half a minute each.
    pub windows: u32,
    /// Works when it is started with `shares-spender`.
    pub program: PathBuf,
}

/// It could not be tried.
#[derive(Debug, thiserror::Error)]
pub enum SharesError {
    /// A simulator did not start.
    #[error("a simulator did not start: {0}")]
    Simulator(#[from] StartError),
    /// A process could not be started or spoken to.
    #[error("a process cannot be spoken to: {0}")]
    Io(#[from] std::io::Error),
    /// A process ended while it should have worked.
    #[error("{0} ended before its time ({1})")]
    Ended(String, ExitStatus),
    /// A process was told something that is no line of ours.
    #[error("a process and its parent do not understand each other: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The sandbox's own rules are wrong; a defect.
    #[error("the sandbox's rules: {0}")]
    Rules(#[from] Problems),
    /// The sandbox's own connection has no good id; a defect.
    #[error("the connection: {0}")]
    Id(String),
    /// The sandbox's own connection cannot be used; a defect.
    #[error("the connection cannot be used: {0}")]
    Connection(#[from] ConnectError),
    /// The memory of a process failed; a defect.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A back-fill could not be asked for; a defect.
    #[error("a back-fill cannot be asked for: {0}")]
    BackFill(#[from] Failure),
    /// The HTTP stack could not be built.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// Lets all work as fast as they may, and tells what they spent.
///
/// # Errors
/// [`SharesError`], if it could not be tried. What does not hold is no error: see [`Report::holds`].
pub async fn run(options: Options) -> Result<Report, SharesError> {
    let clock = FastClock::new(SystemClock.now(), TIMES);
    let showing = clock.clone();
    let sim_clock = SimClock::new(move || showing.now());
    let config = BigCommerceConfig::new().clock(sim_clock.clone()).recorder(Recorder::counting());
    let (quota, window) = (config.quota, config.window);
    let shop = BigCommerceSim::start(config).await?;
    let text = format!("{RULES}{OFTEN}");
    let rules = Rules::parse(&text)?;
    // So many calls the catalogue has, if each of its calls is a part.
    let all = options.windows.saturating_add(BEFORE + 1);
    let parts = all.saturating_mul(quota.saturating_mul(u32::from(rules.catalogue.quota_share)) / 100);
    let config = KineticConfig {
        seed: seed(parts),
        clock: sim_clock,
        recorder: Recorder::counting(),
        ..KineticConfig::new()
    };
    let company = KineticSim::start(config).await?;

    let mut children = Vec::new();
    for (at, (name, spender, orders)) in work(&shop, &rules, quota, all).into_iter().enumerate() {
        let token = format!("simulated-token-{at}-of-shares");
        shop.add_account(&name, &format!("simulated-secret-{at}-of-shares"), &token);
        let assignment = Assignment {
            ends: Ends::of(&shop, &company).with_access_token(&token),
            rules: text.clone(),
            spender: spender.as_str().to_owned(),
            orders,
            epoch: clock.epoch(),
            times: TIMES,
        };
        children.push((name.clone(), spender, Child::start(&options.program, name, &assignment).await?));
    }
    let from = next_window(clock.now(), window, BEFORE);
    let until = next_window(clock.now(), window, BEFORE.saturating_add(options.windows));
    clock.sleep(Duration::try_from(until.duration_since(clock.now())).unwrap_or_default()).await;
    let spendings = shop.spendings();
    let mut processes = Vec::new();
    for (name, spender, child) in children {
        child.stop().await?;
        let share = spender.part(Writers::Apart, &rules);
        let may = (quota.saturating_mul(u32::from(share)) / 100).max(1);
        processes.push(Process::of(name, (share, may), &spendings, (from, until)));
    }
    Ok(Report { quota, window_seconds: window.as_secs(), windows: options.windows, processes })
}

/// Who works, as which spender, on which orders, for so many windows: the poller reads a list of orders that it knows, the writers import others.
///
/// The audit of hooks is left out: it makes a few calls an hour, and never has more to do.
fn work(
    shop: &BigCommerceSim,
    rules: &Rules,
    quota: u32,
    windows: u32,
) -> Vec<(String, Spender, Vec<OrderId>)> {
    let polls = quota.saturating_mul(u32::from(Spender::PollAndAudit.part(Writers::Apart, rules))) / 100;
    let known = polls.saturating_mul(windows).saturating_mul(PAGE);
    let mut baskets = Baskets::new(1, 1000, 2);
    shop.load(BigCommerceSeed { customers: baskets.shoppers(), ..BigCommerceSeed::default() });
    let mut place = |many: u32| (0..many).map(|_| OrderId(shop.place_order(baskets.order()))).collect();
    let mut all = vec![
        ("order-poller".to_owned(), Spender::PollAndAudit, place(known)),
        ("catalog-poller".to_owned(), Spender::Catalogue, Vec::new()),
    ];
    for writer in 1..=rules.orders.writers {
        // An order is thirteen calls, and a writer has no more than fifteen in a window.
        let orders = place(windows.saturating_mul(4));
        all.push((format!("order-consumer {writer}"), Spender::Orders, orders));
    }
    all
}

fn seed(parts: u32) -> KineticSeed {
    let mut seed = KineticSeed::distributor();
    let new =
        (1..=parts).map(|at| Part::new(&format!("P-{at:06}"), &format!("Part number {at}"), dec("1.50")));
    seed.parts.extend(new);
    seed
}

/// When the window begins that is `after` so many others to come.
fn next_window(now: Timestamp, window: Duration, after: u32) -> Timestamp {
    let millis = i64::try_from(window.as_millis()).unwrap_or(i64::MAX).max(1);
    let number = now.as_millisecond().div_euclid(millis).saturating_add(1).saturating_add(after.into());
    Timestamp::from_millisecond(number.saturating_mul(millis)).unwrap_or(Timestamp::MAX)
}

fn connection_id() -> Result<ConnectionId, SharesError> {
    "shares".parse::<ConnectionId>().map_err(|error| SharesError::Id(error.to_string()))
}
