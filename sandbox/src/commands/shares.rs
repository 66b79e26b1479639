//! `cargo sandbox shares`, and the processes that it starts.

use std::process::ExitCode;

use connector_sandbox::shares::{Options, run as spend_all, spend};

use crate::cli::Shares;

/// Lets all spend what they may, and tells what they did.
pub(crate) async fn run(shares: Shares) -> anyhow::Result<ExitCode> {
    let Shares { windows, json } = shares;
    let report = spend_all(Options { windows, program: std::env::current_exe()? }).await?;
    if json {
        super::print(&format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    } else {
        super::print(&report.for_people())?;
    }
    Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One process that spends.
pub(crate) async fn spender() -> anyhow::Result<ExitCode> {
    spend().await?;
    Ok(ExitCode::SUCCESS)
}
