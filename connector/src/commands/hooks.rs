//! `connector hooks …`.

mod audit;
pub(super) mod wanted;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use connector_bigcommerce::{Hook, HookId, NewHook};
use connector_domain::{ConnectionId, Deadline};
use connector_http::CallError;
use connector_sync::hooks::{USUAL, headers, leads_to, unknown_until};
use serde::Serialize;

use self::wanted::{Step, destination, step};
use crate::cli::{Everywhere, HooksCommand, HooksRegister, Which};
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::{Screen, table};

/// For all calls of one command.
const ALL: Duration = Duration::from_mins(2);

pub(super) async fn run(
    command: HooksCommand,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    let deadline = Deadline::after(machine.surroundings.clock.as_ref(), ALL);
    match command {
        HooksCommand::List { which } => list(&deployment, &which, deadline, screen).await,
        HooksCommand::Audit(asked) => audit::run(&deployment, &asked, deadline, screen, machine).await,
        HooksCommand::Register(asked) => register(&deployment, &asked, deadline, screen).await,
    }
}

/// One hook, without the values of its headers.
#[derive(Debug, Serialize)]
struct Listed {
    id: HookId,
    scope: String,
    destination: String,
    switched_on: bool,
    headers: Vec<String>,
    /// Whether it leads to this connection.
    ours: bool,
    /// Of `register`: what was done about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<&'static str>,
}

impl Listed {
    fn of(hook: &Hook, connection: &ConnectionId, done: Option<&'static str>) -> Self {
        Self {
            id: hook.id,
            scope: hook.scope.clone(),
            destination: hook.destination.clone(),
            switched_on: hook.is_active,
            headers: hook.headers.names().into_iter().map(str::to_owned).collect(),
            ours: leads_to(&hook.destination, connection),
            done,
        }
    }

    fn row(&self) -> Vec<String> {
        let on = if self.switched_on { "✓ on" } else { "✗ off" };
        let ours = if self.ours { "yes" } else { "no" };
        vec![
            self.id.to_string(),
            self.scope.clone(),
            self.destination.clone(),
            on.to_owned(),
            self.headers.join(", "),
            self.done.unwrap_or(ours).to_owned(),
        ]
    }
}

async fn list(
    deployment: &Deployment,
    which: &Which,
    deadline: Deadline,
    screen: Screen,
) -> anyhow::Result<ExitCode> {
    let id = deployment.chosen(which.connection.as_ref()).await?;
    let connected = deployment.directory.get(&id).await?;
    let hooks = connected.shop.hooks().list(deadline).await.map_err(|error| refused(&error))?;
    let listed: Vec<_> = hooks.iter().map(|hook| Listed::of(hook, &id, None)).collect();
    screen.show(&listed, |listed| {
        if listed.is_empty() {
            return format!(
                "there is no hook yet; register them with `connector hooks register -c {id} --url URL`"
            );
        }
        let header = ["hook", "scope", "leads to", "switched", "headers", "this connection's"];
        table(&header, listed.iter().map(Listed::row))
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn register(
    deployment: &Deployment,
    asked: &HooksRegister,
    deadline: Deadline,
    screen: Screen,
) -> anyhow::Result<ExitCode> {
    let id = deployment.chosen(asked.which.connection.as_ref()).await?;
    let connected = deployment.directory.get(&id).await?;
    let stored = deployment.connections.read(&id).await?;
    let stored = stored.with_context(|| format!("connection {id} was removed meanwhile"))?;
    let now = deployment.directory.surroundings().clock.now();
    let shop = &stored.credentials.bigcommerce;
    if let Some(until) = unknown_until(&shop.old, now) {
        bail!(
            "{id} has another API account: wait until {until}, when every receiver knows its client secret"
        );
    }
    let headers = headers(shop, now);
    let destination = destination(&asked.url, &id)?.to_string();
    let scopes =
        if asked.scopes.is_empty() { USUAL.map(str::to_owned).to_vec() } else { asked.scopes.clone() };
    let hooks = connected.shop.hooks();
    let mut known = hooks.list(deadline).await.map_err(|error| refused(&error))?;
    let mut told: Vec<Listed> = Vec::new();
    for scope in scopes {
        let wanted = NewHook { scope, destination: destination.clone(), headers: headers.clone() };
        let (hook, done) = match step(&wanted, &known)? {
            Step::Leave(hook) => (hook.clone(), "left as it is"),
            Step::Change(id, made, done) => {
                (hooks.update(id, &made, deadline).await.map_err(|error| refused(&error))?, done)
            }
            Step::Create => {
                (hooks.create(&wanted, deadline).await.map_err(|error| refused(&error))?, "registered")
            }
        };
        // One hook may stand for several scopes.
        if !told.iter().any(|listed| listed.id == hook.id) {
            told.push(Listed::of(&hook, &id, Some(done)));
        }
        known.retain(|other| other.id != hook.id);
        known.push(hook);
    }
    screen.show(&told, |told| {
        let header = ["hook", "scope", "leads to", "switched", "headers", "what was done"];
        format!("{}\n✓ the store tells {destination}", table(&header, told.iter().map(Listed::row)))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Hooks registered before the failure stay; the command can be given again.
fn refused(error: &CallError) -> anyhow::Error {
    anyhow!("{error}; give the command again once that is mended, nothing is registered twice")
}
