//! `connector ping`: whether a connection can work, and what to do where it cannot.

mod catalogue;
mod check;
mod company;
mod named;
mod shop;
mod todo;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use connector_domain::Deadline;
use connector_http::{Transport, TransportSettings};
use connector_ports::memory::MemoryConnections;
use connector_ports::{CachedConnections, CachedOutlines, Connection, Freshness};
use connector_sync::connected::{Connected, Directory};
use serde::Serialize;
use url::Url;

use self::check::{Check, Checks, System};
use super::hooks::wanted::destination;
use crate::cli::{Everywhere, Ping};
use crate::deployment::{Compared, Deployment, Need};
use crate::machine::Machine;
use crate::screen::{Screen, table};

/// A person waits: what does not answer in this time does not work.
const TIMEOUT: Duration = Duration::from_secs(10);

/// For all checks of one connection together.
const ALL: Duration = Duration::from_mins(2);

#[derive(Debug, Serialize)]
struct Pinged {
    good: bool,
    checks: Vec<Check>,
}

pub(super) async fn run(
    asked: &Ping,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    let ids = match &asked.which.connection {
        Some(named) => vec![deployment.chosen(Some(named)).await?],
        None => deployment.ids().await?,
    };
    if ids.is_empty() {
        anyhow::bail!("there is no connection yet; store one with `connector connection put FILE`");
    }
    let mut checks = Vec::new();
    for id in ids {
        let address = asked.url.as_ref().map(|url| destination(url, &id)).transpose()?;
        let mut of_one = Checks::of(&id);
        match deployment.connections.read(&id).await {
            Ok(Some(connection)) => {
                apart(&deployment, &connection, &mut of_one).await;
                pinged(&connection, address.as_ref().map(Url::as_str), machine, &mut of_one).await;
            }
            Ok(None) => {
                of_one.failed(System::Rules, "is stored", "it was removed meanwhile", "list the connections");
            }
            Err(error) => {
                of_one.failed(
                    System::Rules,
                    "is stored",
                    &error.to_string(),
                    "put the connection again, or correct what you may read",
                );
            }
        }
        checks.extend(of_one.done());
    }
    let pinged = Pinged { good: !checks.iter().any(Check::is_failed), checks };
    screen.show(&pinged, drawn)?;
    Ok(if pinged.good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether its orders are its own, as far as the others can be read.
async fn apart(deployment: &Deployment, connection: &Connection, checks: &mut Checks) {
    const APART: &str = "apart from other connections";
    match deployment.compared(connection).await {
        Err(error) => {
            checks.failed(System::Rules, APART, &error.to_string(), "correct what you may read");
        }
        Ok(Compared { clashes, .. }) if !clashes.is_empty() => {
            checks.failed(System::Rules, APART, &clashes.join("\n"), "correct the rules, put it again");
        }
        Ok(Compared { unread, .. }) if unread.is_empty() => checks.passed(System::Rules, APART, "yes"),
        Ok(Compared { unread, .. }) => checks.not_checked(System::Rules, APART, &unread.join("\n")),
    }
}

async fn pinged(connection: &Connection, address: Option<&str>, machine: &Machine, checks: &mut Checks) {
    let clock = machine.surroundings.clock.as_ref();
    match usable(connection.clone(), machine).await {
        Ok(connected) => {
            checks.passed(System::Rules, "can be used", "rules read, clients built");
            shop::check(&connected, connection, address, clock, checks).await;
            // A site that does not exist spoils every call, so it is looked up by a client that names none.
            let plain = match usable(without_plant(connection), machine).await {
                Ok(plain) => plain,
                Err(words) => {
                    return checks.failed(
                        System::Kinetic,
                        "can be asked",
                        &words,
                        "put the connection again",
                    );
                }
            };
            company::check(&connected, &plain, Deadline::after(clock, ALL), checks).await;
            catalogue::check(&connected, Deadline::after(clock, ALL), checks).await;
        }
        Err(words) => {
            checks.failed(
                System::Rules,
                "can be used",
                &words,
                "correct the file, `connector connection validate`, put it again",
            );
        }
    }
}

/// The connection's clients, as the functions build them.
async fn usable(connection: Connection, machine: &Machine) -> Result<Arc<Connected>, String> {
    let id = connection.id.clone();
    let stored = Arc::new(MemoryConnections::new());
    stored.put(connection);
    let (clock, freshness) = (machine.surroundings.clock.clone(), Freshness::default());
    let cached: CachedConnections = CachedConnections::new(stored.clone(), clock.clone(), freshness);
    let outlines = CachedOutlines::new(stored, clock, freshness);
    let settings = TransportSettings { timeout: TIMEOUT, ..TransportSettings::default() };
    let transport = Transport::new(&settings).map_err(|error| error.to_string())?;
    let directory =
        Directory::new(Arc::new(cached), Arc::new(outlines), transport, machine.surroundings.clone());
    directory.get(&id).await.map_err(|error| error.to_string())
}

fn without_plant(connection: &Connection) -> Connection {
    let mut connection = connection.clone();
    if let Ok(mut rules) = connection.rules.parse::<toml::Table>() {
        if let Some(kinetic) = rules.get_mut("kinetic").and_then(toml::Value::as_table_mut) {
            kinetic.remove("plant");
        }
        connection.rules = toml::to_string(&rules).unwrap_or(connection.rules);
    }
    connection
}

fn drawn(pinged: &Pinged) -> String {
    let rows = pinged.checks.iter().map(Check::row);
    let failed = pinged.checks.iter().filter(|check| check.is_failed()).count();
    let verdict = match failed {
        0 => "✓ nothing that was checked is wrong".to_owned(),
        1 => "✗ 1 check failed".to_owned(),
        more => format!("✗ {more} checks failed"),
    };
    format!("{}\n{verdict}", table(&["connection", "system", "check", "result", "what to do"], rows))
}
