//! `connector`: the command line of the deployment. See the README.

use std::process::ExitCode;

use clap::Parser as _;
use connector_cli::{Cli, Machine};

#[tokio::main]
async fn main() -> ExitCode {
    match connector_cli::run(Cli::parse(), &Machine::this()).await {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
