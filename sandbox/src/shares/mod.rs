//! `cargo sandbox shares`: every function that spends a store's quota, as a process of its own, with more to ask than it may.
//!
//! The store is here and counts; each process paces itself by its own share and knows nothing of the others. Nobody else spends the quota
//! meanwhile, so whoever is refused was refused because of us.

mod process;
mod report;

use std::path::PathBuf;
use std::time::Duration;

use connector_domain::{Clock as _, ConnectionId, Timestamp};
use connector_http::{SystemClock, TransportError};
use connector_ports::ConnectionsError;
use connector_simulators::{
    BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim, Recorder, StartError,
};
use connector_sync::connected::ConnectError;
use connector_sync::quota::Spender;
use connector_sync::rules::{Problems, Rules};
use futures_util::future::try_join_all;

use self::process::Assignment;
use crate::connection::{Ends, RULES};

pub use process::spend;
pub use report::{Report, Spent};

/// What can be asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// For so many windows of the store's quota, half a minute each.
    pub windows: u32,
    /// Spends when it is started with `shares-spender`.
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
    /// A process said, or was told, something that is no line of ours.
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
    /// The connections cannot be read; a defect.
    #[error(transparent)]
    Store(#[from] ConnectionsError),
    /// The HTTP stack could not be built.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// Lets all spend what they may, and tells what they did.
///
/// # Errors
/// [`SharesError`], if it could not be tried. What does not hold is no error: see [`Report::holds`].
pub async fn run(options: Options) -> Result<Report, SharesError> {
    let config = BigCommerceConfig { recorder: Recorder::counting(), ..BigCommerceConfig::new() };
    let (quota, window) = (config.quota, config.window);
    let shop = BigCommerceSim::start(config).await?;
    let company = KineticSim::start(KineticConfig::new()).await?;
    let rules = Rules::parse(&format!("{RULES}{PUBLISHED}"))?;
    let from = next_window(window);
    let ends = Ends::of(&shop, &company);
    // In the last window, too, nobody waits for another.
    let until = window.saturating_mul(options.windows).saturating_sub(Duration::from_secs(2));
    let tasks = at_once(&rules).into_iter().map(|spender| {
        let assignment = Assignment::new(&ends, spender, from, until);
        let program = options.program.clone();
        async move { process::run(&program, &assignment).await.map(|calls| (spender, calls)) }
    });
    let spent = try_join_all(tasks).await?;
    let refused = shop.traffic().calls().iter().filter(|call| call.status == Some(429)).count();
    Ok(Report::of(&options, &rules, (quota, window), &spent, refused))
}

/// What makes the sandbox's connection publish its catalogue.
const PUBLISHED: &str = "\n[catalogue]\npublish = true\n";

/// As many processes as can be at work for one store: writers of orders, the poller and the auditor, and one job of the catalogue.
fn at_once(rules: &Rules) -> Vec<Spender> {
    let mut all = vec![Spender::Catalogue, Spender::PollAndAudit, Spender::PollAndAudit];
    all.extend((0..rules.orders.writers).map(|_| Spender::Orders));
    all
}

/// The beginning of the window after the next second.
fn next_window(window: Duration) -> Timestamp {
    let millis = i64::try_from(window.as_millis()).unwrap_or(i64::MAX).max(1);
    let soon = SystemClock.now().as_millisecond().saturating_add(1000);
    let begins = soon.div_euclid(millis).saturating_add(1).saturating_mul(millis);
    Timestamp::from_millisecond(begins).unwrap_or(Timestamp::MAX)
}

fn connection_id() -> Result<ConnectionId, SharesError> {
    "shares".parse::<ConnectionId>().map_err(|error| SharesError::Id(error.to_string()))
}
