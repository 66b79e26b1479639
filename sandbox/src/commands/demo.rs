//! `cargo sandbox demo`.

use std::process::ExitCode;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use connector_domain::SeededRandom;
use connector_http::{Surroundings, SystemClock};
use connector_sandbox::demo::{Options, play};

use crate::cli::Common;
use crate::{arguments, logs, progress::Progress};

const BAD: Style = AnsiColor::Red.on_default().bold();

/// The same message ids in every run. Which order gets which Kinetic number still depends on whose lane is first.
const RANDOM: u64 = 20_260_331;

/// Plays the story and tells what came of it.
pub(crate) async fn run(options: Common) -> anyhow::Result<ExitCode> {
    let progress = Progress::new(logs::init());
    let options_of_demo = Options {
        seed: arguments::seed(options.seed.as_deref())?,
        recorder: arguments::recorder(options.record.as_deref())?,
        surroundings: Surroundings {
            clock: Arc::new(SystemClock),
            random: Arc::new(SeededRandom::new(RANDOM)),
        },
    };
    let played = play(options_of_demo, &progress).await;
    progress.end();
    let report = played?;
    if options.json {
        super::print(&format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    } else {
        super::print(&format!("\n{}", report.for_people()))?;
    }
    for failure in report.failures() {
        anstream::eprintln!("{BAD}does not hold:{BAD:#} {failure}");
    }
    Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
