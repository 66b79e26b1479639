#![doc = include_str!("../README.md")]

mod cli;
mod commands;
pub mod connection_file;
mod deployment;
mod machine;
mod private_file;
mod screen;

use std::process::ExitCode;

pub use cli::Cli;
pub use machine::Machine;

/// Runs one command. What is wrong without being an error, such as a check that fails, is in the exit code.
///
/// # Errors
/// Words for the person at the terminal: what is wrong, and what to do.
pub async fn run(cli: Cli, machine: &Machine) -> anyhow::Result<ExitCode> {
    commands::run(cli, machine).await
}
