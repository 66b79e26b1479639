//! What came of a soak.

use serde::Serialize;

use super::Options;
use super::acts::{Acted, Acts};
use super::check::Books;
use super::listener::Listener;
use super::world::World;
use crate::demo::Check;

/// What was done to the connector.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Happened {
    /// What people did.
    #[serde(flatten)]
    pub acted: Acted,
    /// Outages of a vendor or of deliveries.
    pub outages: u64,
    /// Hooks switched off, deleted, repointed, or given another secret.
    pub hooks_spoilt: u64,
    /// Calls that were made to fail.
    pub struck: usize,
    /// Lines at ERROR: calls for a person.
    pub errors: u64,
}

/// A soak and whether everything adds up.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// What was asked for.
    pub options: Options,
    /// What happened.
    pub happened: Happened,
    /// What was checked at the end.
    pub checks: Vec<Check>,
}

impl Report {
    pub(super) async fn of(
        options: Options,
        world: World,
        (acts, outages): (Acts, (u64, u64)),
        listener: &Listener,
    ) -> Self {
        let heard = listener.heard();
        let books = Books::open(&world, &acts.touched, heard.clone()).await;
        let happened = Happened {
            acted: acts.acted,
            outages: outages.0,
            hooks_spoilt: outages.1,
            struck: world.shop.faults().fired() + world.company.faults().fired(),
            errors: heard.errors,
        };
        let mut checks = books.checks().await;
        let says = format!("{} calls were made to fail", happened.struck);
        checks.push(Check { name: "faults_struck", says, holds: options.faults == 0 || happened.struck > 0 });
        Self { options, happened, checks }
    }

    /// Whether all of it holds.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.holds)
    }

    /// The command that has this run again.
    pub fn command(&self) -> String {
        let Options { hours, faults, seed, orders_a_day } = self.options;
        format!("cargo sandbox soak --hours {hours} --faults {faults} --orders {orders_a_day} --seed {seed}")
    }
}
