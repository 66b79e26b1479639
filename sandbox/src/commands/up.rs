//! `cargo sandbox up`.

use std::process::ExitCode;
use std::sync::Arc;

use connector_domain::SeededRandom;
use connector_http::{Surroundings, SystemClock};
use connector_sandbox::up::{Change, Options, Up, UpError};
use connector_simulators::Seed;

use super::ended;
use crate::arguments::BadArgument;
use crate::cli::Simulate;
use crate::{arguments, logs};

/// The same message ids in every run.
const RANDOM: u64 = 20_260_331;

/// Runs everything until Ctrl-C.
pub(crate) async fn run(arguments: Simulate) -> anyhow::Result<ExitCode> {
    logs::init();
    let Simulate { port, common } = arguments;
    let surroundings =
        Surroundings { clock: Arc::new(SystemClock), random: Arc::new(SeededRandom::new(RANDOM)) };
    let options = Options {
        port,
        seed: arguments::seed(common.seed.as_deref())?.unwrap_or_else(Seed::built_in),
        recorder: arguments::recorder(common.record.as_deref())?,
        surroundings,
    };
    let up = Up::start(options).await.map_err(|error| about_the_port(port, error))?;
    let ended = ended::by_ctrl_c();
    let trials = up.trials();
    super::print(&if common.json {
        format!("{}\n", serde_json::to_string(&trials)?)
    } else {
        trials.to_string()
    })?;
    up.run(ended, |change| if common.json { for_machines(change) } else { anstream::eprintln!("{change}") })
        .await;
    anstream::eprintln!("the sandbox is closed");
    Ok(ExitCode::SUCCESS)
}

fn about_the_port(port: u16, error: UpError) -> anyhow::Error {
    if error.is_about_a_port() { BadArgument::Ports { port, source: error }.into() } else { error.into() }
}

/// A line of JSON on stdout.
fn for_machines(change: &Change) {
    let written = serde_json::to_string(change).map_err(anyhow::Error::from);
    if let Err(error) = written.and_then(|line| Ok(super::print(&format!("{line}\n"))?)) {
        anstream::eprintln!("an event could not be written: {error}");
    }
}
