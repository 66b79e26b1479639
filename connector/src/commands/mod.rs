//! One file a command.

mod backfill;
mod catalog;
mod complete;
mod connection;
mod dlq;
mod events;
mod explain;
mod hooks;
mod init;
mod orders;
mod ping;

use std::process::ExitCode;

use crate::cli::{Cli, Command};
use crate::machine::Machine;
use crate::screen::Screen;

/// See [`crate::run`].
pub(crate) async fn run(cli: Cli, machine: &Machine) -> anyhow::Result<ExitCode> {
    let Cli { everywhere, command } = cli;
    let screen = Screen { json: everywhere.json };
    match command {
        Command::Connection(command) => connection::run(command, &everywhere, screen, machine).await,
        Command::Ping(asked) => ping::run(&asked, &everywhere, screen, machine).await,
        Command::Hooks(command) => hooks::run(command, &everywhere, screen, machine).await,
        Command::Orders(command) => orders::run(command, &everywhere, screen, machine).await,
        Command::Dlq(command) => dlq::run(command, &everywhere, screen, machine).await,
        Command::Complete { which } => complete::run(&which, &everywhere, screen, machine).await,
        Command::Backfill(asked) => backfill::run(&asked, &everywhere, screen, machine).await,
        Command::Catalog(command) => catalog::run(command, &everywhere, screen, machine).await,
        Command::Explain(command) => explain::run(command, &everywhere, screen, machine).await,
        Command::Events(command) => events::run(command, &everywhere, screen, machine).await,
    }
}
