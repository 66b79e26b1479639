//! `cargo sandbox soak`.

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use connector_sandbox::soak::{Listener, Options, run as soak};

use crate::cli::Soak;
use crate::logs;
use crate::progress::Progress;

const BAD: Style = AnsiColor::Red.on_default().bold();

/// Soaks, one seed after the other, and tells what came of each.
pub(crate) async fn run(asked: Soak) -> anyhow::Result<ExitCode> {
    let listener = Listener::default();
    let logging = logs::init_with(listener.layer());
    let mut all_hold = true;
    for seed in asked.seed..asked.seed.saturating_add(asked.seeds.max(1)) {
        let options = Options { hours: asked.hours, faults: asked.faults, seed, orders_a_day: asked.orders };
        let progress = Progress::counting("hours", logging);
        let report = soak(options, &listener, &progress).await?;
        progress.end();
        if asked.json {
            super::print(&format!("{}\n", serde_json::to_string(&report)?))?;
        } else {
            super::print(&format!("{}\n", report.for_people()))?;
        }
        if !report.holds() {
            all_hold = false;
            anstream::eprintln!("{BAD}does not hold:{BAD:#} {}", report.command());
        }
    }
    Ok(if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
