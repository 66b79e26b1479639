//! What can be asked for.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use connector_sandbox::terminal::endpoint::Endpoint;
use connector_sandbox_aws::kill::Options;

/// The sandbox on the AWS ports, at an emulator on this machine.
#[derive(Debug, Parser)]
#[command(bin_name = "sandbox-aws", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play the demo of `cargo sandbox` on the AWS ports.
    Demo(Demo),
    /// Kill consumers at random moments while they work on many orders, and add up.
    ///
    /// Exit status 0 only if no order is lost, none is twice and each is complete, 1 if not, 2 for bad usage.
    Kill(Kill),
    /// A consumer of `kill`.
    #[command(hide = true)]
    Work,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where the emulator listens, as `http://127.0.0.1:4566`.
    #[arg(long, value_name = "ENDPOINT")]
    pub(crate) aws: Endpoint,
    /// Write JSON on stdout, for machines.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write each exchange with a vendor as a line of JSON to this file, secrets redacted.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Start with the data of this JSON file instead of the built-in ones.
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Kill {
    /// Where the emulator listens; without it one is started.
    #[arg(long, value_name = "ENDPOINT")]
    aws: Option<Endpoint>,
    /// How many orders.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    orders: u32,
    /// How many kills, spread over the run.
    #[arg(long, value_name = "K", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=1000))]
    kills: u32,
    /// How many consumer processes.
    #[arg(long, value_name = "P", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=32))]
    consumers: u32,
    /// The same seed gives the same orders and the same dice for the moments of the kills.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// What each call to a vendor takes, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=1000))]
    latency: u64,
    /// Write JSON on stdout, for machines.
    #[arg(long)]
    json: bool,
}

impl Kill {
    /// The options, and whether JSON is wanted.
    pub(crate) fn options(self) -> std::io::Result<(Options, bool)> {
        let Self { aws, orders, kills, consumers, seed, latency, json } = self;
        let program = std::env::current_exe()?;
        let latency = Duration::from_millis(latency);
        Ok((Options { endpoint: aws, orders, kills, consumers, seed, latency, program }, json))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
