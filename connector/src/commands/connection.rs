//! `connector connection …`.

mod carried;
mod remove;
mod rotate;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use connector_domain::ConnectionId;
use connector_ports::{Connection, Login};
use connector_sync::rules::Rules;
use serde::Serialize;

use self::carried::{Carried, carried};
use crate::cli::{ConnectionCommand, Everywhere};
use crate::connection_file;
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::{Screen, table};

pub(super) async fn run(
    command: ConnectionCommand,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    match command {
        ConnectionCommand::Init(asked) => super::init::run(&asked, everywhere, screen, machine).await,
        ConnectionCommand::Validate(file) => validate(&file.file, screen, machine),
        ConnectionCommand::Put(asked) => {
            let connection = read(&asked.file.file, machine)?;
            put(connection, asked.yes, everywhere, screen, machine).await
        }
        ConnectionCommand::List => list(everywhere, screen, machine).await,
        ConnectionCommand::Remove(asked) => remove::run(&asked, everywhere, screen, machine).await,
        ConnectionCommand::Rotate(command) => rotate::run(command, everywhere, screen, machine).await,
    }
}

/// A connection's file, or all that is wrong with it.
pub(super) fn read(file: &Path, machine: &Machine) -> anyhow::Result<Connection> {
    connection_file::read(file, machine)
        .map_err(|problems| anyhow!("{} cannot be used:\n  {}", file.display(), problems.0.join("\n  ")))
}

#[derive(Debug, Serialize)]
struct Validated {
    file: String,
    valid: bool,
    connection: Option<Listed>,
    problems: Vec<String>,
}

fn validate(file: &Path, screen: Screen, machine: &Machine) -> anyhow::Result<ExitCode> {
    let read = connection_file::read(file, machine);
    let told = Validated {
        file: file.display().to_string(),
        valid: read.is_ok(),
        connection: read.as_ref().ok().map(Listed::of),
        problems: read.err().map(|problems| problems.0).unwrap_or_default(),
    };
    screen.show(&told, |told| {
        if let Some(connection) = &told.connection {
            return format!("{}\n✓ {} can be put", drawn(std::slice::from_ref(connection)), told.file);
        }
        let problems: Vec<_> = told.problems.iter().map(|problem| format!("✗ {problem}")).collect();
        format!("{}\n{} to correct in {}", problems.join("\n"), plural(problems.len()), told.file)
    })?;
    Ok(if told.valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn plural(count: usize) -> String {
    if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") }
}

#[derive(Debug, Serialize)]
struct Put {
    #[serde(flatten)]
    connection: Listed,
    /// What the connection could not be compared with, and why.
    not_compared: Vec<String>,
    /// What goes on of a rotation, or was broken off.
    rotations: Vec<String>,
}

pub(super) async fn put(
    connection: Connection,
    yes: bool,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    let compared = deployment.compared(&connection).await?;
    if !compared.clashes.is_empty() {
        bail!("{}", compared.clashes.join("\n"));
    }
    // What cannot be read is replaced: that is how it is mended, and no rotation of it can go on.
    let stored = deployment.connections.read(&connection.id).await.ok().flatten();
    let Carried { connection, notes, lost } =
        carried(connection, stored.as_ref(), machine.surroundings.clock.now());
    if !lost.is_empty() && !yes {
        bail!("nothing was stored: {}; or say --yes", lost.join("\n"));
    }
    deployment.put(&connection).await?;
    let told = Put {
        connection: Listed::of(&connection),
        not_compared: compared.unread,
        rotations: notes.into_iter().chain(lost).collect(),
    };
    screen.show(&told, |put| {
        let warnings = put.not_compared.iter().map(|why| {
            format!(
                "! {why}. Whether it takes the same orders is not known; it does not run as it is: put it again, or remove it\n"
            )
        });
        let warnings = warnings.chain(put.rotations.iter().map(|words| format!("! {words}\n")));
        format!(
            "{}\n{}✓ stored; functions that run already take it within five minutes. Next: connector ping -c {}",
            drawn(std::slice::from_ref(&put.connection)),
            warnings.collect::<String>(),
            put.connection.id
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// One connection, without anything that is secret.
#[derive(Debug, Serialize)]
struct Listed {
    id: ConnectionId,
    store: Option<String>,
    kinetic: Option<String>,
    company: Option<String>,
    login: Option<&'static str>,
    prefix: Option<String>,
    webhook_header: Option<String>,
    problem: Option<String>,
}

impl Listed {
    fn of(connection: &Connection) -> Self {
        let (shop, kinetic) = (&connection.credentials.bigcommerce, &connection.credentials.kinetic);
        let rules = Rules::parse(&connection.rules);
        Self {
            id: connection.id.clone(),
            store: Some(format!("{}stores/{}", shop.base_url, shop.store_hash)),
            kinetic: Some(kinetic.base_url.to_string()),
            company: Some(kinetic.company.clone()),
            login: Some(match kinetic.login {
                Login::Basic { .. } => "basic",
                Login::Token { .. } => "token",
                Login::ClientCredentials { .. } => "client_credentials",
            }),
            prefix: rules.as_ref().ok().map(|rules| rules.orders.prefix.clone()),
            webhook_header: shop.header.as_ref().map(|(name, _)| name.clone()),
            problem: rules.err().map(|problems| format!("its rules are wrong: {problems}")),
        }
    }

    fn broken(id: ConnectionId, problem: String) -> Self {
        Self {
            id,
            store: None,
            kinetic: None,
            company: None,
            login: None,
            prefix: None,
            webhook_header: None,
            problem: Some(problem),
        }
    }
}

async fn list(everywhere: &Everywhere, screen: Screen, machine: &Machine) -> anyhow::Result<ExitCode> {
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    let listed: Vec<_> = deployment
        .all()
        .await?
        .into_iter()
        .map(|(id, read)| match read {
            Ok(connection) => Listed::of(&connection),
            Err(problem) => Listed::broken(id, problem),
        })
        .collect();
    screen.show(&listed, |listed| {
        if listed.is_empty() {
            return "there is no connection yet; store one with `connector connection put FILE`".to_owned();
        }
        let problems =
            listed.iter().filter_map(|one| Some(format!("✗ {}: {}", one.id, one.problem.as_ref()?)));
        let lines: Vec<_> = std::iter::once(drawn(listed)).chain(problems).collect();
        lines.join("\n")
    })?;
    Ok(if listed.iter().all(|one| one.problem.is_none()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn drawn(listed: &[Listed]) -> String {
    let text = |value: &Option<String>| crate::screen::or_dash(value.as_ref());
    table(
        &["connection", "store", "Kinetic", "company", "login", "prefix", "webhook header"],
        listed.iter().map(|one| {
            vec![
                one.id.to_string(),
                text(&one.store),
                text(&one.kinetic),
                text(&one.company),
                crate::screen::or_dash(one.login),
                text(&one.prefix),
                text(&one.webhook_header),
            ]
        }),
    )
}
