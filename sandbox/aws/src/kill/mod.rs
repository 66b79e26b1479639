//! Consumers that are killed while they work: many orders, a few processes, and `SIGKILL` at random moments.
//!
//! The store, the company, the receiver of webhooks and the tick are here; the consumers are processes of their own, which know nothing
//! but the account. What one had in hand when it was killed stays invisible and claimed until both have run out, and is then worked on
//! by another. At the end store, Kinetic and ledger are read and added up. All this takes real time.

mod drive;
mod plan;
mod process;
mod report;
mod world;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use connector_sandbox::terminal::endpoint::Endpoint;

pub use report::{Numbers, Report};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the emulator listens; one is started if `None`.
    pub endpoint: Option<Endpoint>,
    /// How many orders.
    pub orders: u32,
    /// How many kills.
    pub kills: u32,
    /// How many consumer processes.
    pub consumers: u32,
    /// The same seed gives the same orders, and the same dice for the moments of the kills.
    pub seed: u64,
    /// How long each call to a vendor takes.
    pub latency: Duration,
    /// Is a consumer when it is started with `work`.
    pub program: PathBuf,
}

/// Runs it and tells what came of it; `hear` is told on the way.
///
/// # Errors
/// It could not be run. What does not add up is no error: see [`Report::failures`].
pub async fn kill(options: &Options, hear: &(dyn Fn(&str) + Sync)) -> Result<Report> {
    let world = world::World::set(options).await?;
    let driven = drive::drive(&world, options, hear).await?;
    report::of(&world, options, driven).await
}
