//! `cargo sandbox load`, and the pipeline's process that it starts.

use std::process::ExitCode;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use connector_sandbox::load::{CallCounter, Options, run as put_on, work};

use crate::cli::Load;
use crate::logs;
use crate::progress::Progress;

const BAD: Style = AnsiColor::Red.on_default().bold();

/// Puts the load on and tells what came of it.
pub(crate) async fn run(load: Load) -> anyhow::Result<ExitCode> {
    let progress = Progress::new(logs::init());
    let Load { orders, latency, faults, seed, lanes, lines, at_once, json, parts: _, changed: _, quota: _ } =
        load;
    let latency = Duration::from_millis(latency);
    let program = std::env::current_exe()?;
    let options = Options { orders, latency, faults, seed, lanes, lines, at_once, program };
    let loaded = put_on(options, &progress).await;
    progress.end();
    let report = loaded?;
    if json {
        super::print(&format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    } else {
        super::print(&report.for_people())?;
    }
    for failure in report.failures() {
        anstream::eprintln!("{BAD}does not hold:{BAD:#} {failure}");
    }
    Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The pipeline as a process of its own.
pub(crate) async fn pipeline() -> anyhow::Result<ExitCode> {
    let calls = CallCounter::default();
    let _logging = logs::init_with(calls.layer());
    work(&calls).await?;
    Ok(ExitCode::SUCCESS)
}
