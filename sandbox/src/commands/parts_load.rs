//! `cargo sandbox load --parts`, and the process that it starts.

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use connector_sandbox::parts_load::{Onlooker, Options, run as put_on, work as publish};

use crate::logs;

const BAD: Style = AnsiColor::Red.on_default().bold();

/// Tells on stderr what is going on.
struct Lines;

impl Onlooker for Lines {
    fn hear(&self, line: &str) {
        anstream::eprintln!("{line}");
    }
}

/// Puts a catalogue on and tells what it cost.
pub(crate) async fn run(parts: u32, changed: u32, quota: u32, json: bool) -> anyhow::Result<ExitCode> {
    let _logging = logs::init();
    let program = std::env::current_exe()?;
    let options = Options { parts, changed: changed.min(parts), quota, program };
    let report = put_on(options, &Lines).await?;
    if json {
        super::print(&format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    } else {
        super::print(&report.for_people())?;
    }
    let failures = report.failures();
    for failure in &failures {
        anstream::eprintln!("{BAD}does not hold:{BAD:#} {failure}");
    }
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What publishes, as a process of its own.
pub(crate) async fn work() -> anyhow::Result<ExitCode> {
    let _logging = logs::init();
    publish().await?;
    Ok(ExitCode::SUCCESS)
}
