//! The sandbox on the AWS ports. See the README.

mod cli;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use connector_http::SystemClock;
use connector_ports::memory::QueueSettings;
use connector_sandbox::Ports;
use connector_sandbox::demo::LeapClock;
use connector_sandbox::terminal::arguments::BadArgument;
use connector_sandbox::terminal::{self, logs};
use connector_sandbox_aws::kill::kill;
use connector_sandbox_aws::{Account, Aws, consumer};

use crate::cli::{Cli, Command, Demo};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<BadArgument>() { 2 } else { 1 })
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Demo(Demo { aws, json, record, seed }) => {
            let clock = LeapClock::on(Arc::new(SystemClock));
            let account = Account::new(&aws, QueueSettings::default().visibility).await?;
            let ports: Arc<dyn Ports> = Arc::new(Aws::of(&account, Arc::new(clock.clone()))?);
            terminal::demo(terminal::Demo { json, record, seed }, clock, Some(ports)).await
        }
        Command::Kill(asked) => {
            logs::init();
            let (options, json) = asked.options()?;
            let report = kill(&options, &|line| anstream::eprintln!("{line}")).await?;
            let told = if json { serde_json::to_string_pretty(&report)? + "\n" } else { report.for_people() };
            terminal::print(&told)?;
            Ok(terminal::told(&report.failures()))
        }
        Command::Work => {
            logs::init();
            consumer::work().await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
