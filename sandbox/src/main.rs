//! `cargo sandbox`: everything on one machine. See the README.

mod cli;
mod commands;

use std::process::ExitCode;

use clap::Parser as _;
use connector_sandbox::terminal::{arguments, logs, progress};

use crate::arguments::BadArgument;
use crate::cli::{Cli, Command, Load, Vendor};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("error: {error}");
            // 2 is what clap says of an argument that it cannot read.
            ExitCode::from(if error.is::<BadArgument>() { 2 } else { 1 })
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.chosen() {
        Command::Demo(options) => commands::demo::run(options).await,
        Command::Simulate { vendor: Vendor::Bigcommerce(options) } => {
            commands::simulate_bigcommerce::run(options).await
        }
        Command::Simulate { vendor: Vendor::Kinetic(options) } => {
            commands::simulate_kinetic::run(options).await
        }
        Command::Up(options) => commands::up::run(options).await,
        Command::Load(Load { parts: Some(parts), changed, quota, json, .. }) => {
            commands::parts_load::run(parts, changed, quota, json).await
        }
        Command::Load(options) => commands::load::run(options).await,
        Command::Soak(options) => commands::soak::run(options).await,
        Command::Shares(options) => commands::shares::run(options).await,
        Command::SharesSpender => commands::shares::spender().await,
        Command::LoadPipeline => commands::load::pipeline().await,
        Command::LoadCatalogue => commands::parts_load::work().await,
    }
}
