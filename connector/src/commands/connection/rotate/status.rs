//! What of a rotation is under way, what is left of it, and what to do.

use std::process::ExitCode;

use connector_bigcommerce::HookHeaders;
use connector_domain::{ConnectionId, Deadline, Timestamp};
use connector_ports::{Connection, Replaced};
use connector_sync::hooks::leads_to;
use secrecy::SecretString;
use serde::Serialize;

use super::{ALL, store};
use crate::machine::Machine;
use crate::screen::Screen;

/// What is told.
#[derive(Debug, Serialize)]
struct Status {
    connection: ConnectionId,
    header: Option<UnderWay>,
    account: Option<UnderWay>,
}

/// One rotation.
#[derive(Debug, Serialize)]
struct UnderWay {
    since: Timestamp,
    /// From when on the audit of hooks does its part.
    hooks_from: Timestamp,
    /// Until when what is old is let in.
    until: Timestamp,
    /// Hooks with what is new; `None` if the store did not say.
    new_hooks: Option<usize>,
    /// Hooks with what is old; `None` if the store did not say, as of an account that is gone.
    old_hooks: Option<usize>,
    /// What a person can do.
    next: String,
}

/// Asks the store what hooks there are, and shows it.
///
/// # Errors
/// The connection's rules are wrong, or standard output is gone.
pub(super) async fn show(
    connection: &Connection,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let now = machine.surroundings.clock.now();
    let shop = &connection.credentials.bigcommerce;
    let old = shop.old.clone().pruned(now);
    let header = match &old.header {
        Some(replaced) => Some(header(connection, replaced, now, machine).await?),
        None => None,
    };
    let account = match old.access_token.as_ref().or(old.client_secret.as_ref()) {
        Some(replaced) => Some(account(connection, replaced, old.access_token.as_ref(), now, machine).await?),
        None => None,
    };
    let status = Status { connection: connection.id.clone(), header, account };
    screen.show(&status, drawn)?;
    Ok(ExitCode::SUCCESS)
}

async fn header(
    connection: &Connection,
    old: &Replaced,
    now: Timestamp,
    machine: &Machine,
) -> anyhow::Result<UnderWay> {
    let shop = &connection.credentials.bigcommerce;
    let wanted = shop.header.as_ref().map(|(name, secret)| HookHeaders::of(name, secret.clone()));
    let hooks = ours(connection, &shop.access_token, machine).await?;
    let split = hooks.map(|hooks| {
        let new = hooks.iter().filter(|headers| wanted.as_ref().is_some_and(|new| headers.are(new))).count();
        (new, hooks.len().saturating_sub(new))
    });
    let known = old.known_from();
    let next = match split {
        _ if now < known => {
            format!("wait; from {known} on the next audit gives the hooks the new value")
        }
        Some((_, 0)) => "nothing: all hooks bear the new value".to_owned(),
        Some(_) | None => format!("connector hooks audit -c {} --apply, or wait for the next", connection.id),
    };
    let (new_hooks, old_hooks) = (split.map(|split| split.0), split.map(|split| split.1));
    Ok(UnderWay { since: old.since, hooks_from: known, until: old.until, new_hooks, old_hooks, next })
}

async fn account(
    connection: &Connection,
    old: &Replaced,
    token: Option<&Replaced>,
    now: Timestamp,
    machine: &Machine,
) -> anyhow::Result<UnderWay> {
    let shop = &connection.credentials.bigcommerce;
    let new_hooks = ours(connection, &shop.access_token, machine).await?.map(|hooks| hooks.len());
    let old_hooks = match token {
        Some(token) => ours(connection, &token.secret, machine).await?.map(|hooks| hooks.len()),
        None => None,
    };
    let known = old.known_from();
    let next = match (new_hooks, old_hooks) {
        _ if shop.half_rotated(now).is_some() => {
            "the change was cut short before the token was stored: give `connector connection rotate account` again, with the same account".to_owned()
        }
        _ if now < known => {
            format!(
                "wait, and leave the old account as it is; from {known} on the next audit sets the new hooks up"
            )
        }
        (Some(1..), Some(0) | None) => {
            format!("nothing; delete the old account in the store after {}", old.until)
        }
        (Some(1..), Some(_)) => {
            "wait: the audit deletes the old hooks when the new ones have delivered for a while".to_owned()
        }
        (Some(0) | None, _) => {
            format!("connector hooks audit -c {} --apply, or wait for the next", connection.id)
        }
    };
    Ok(UnderWay { since: old.since, hooks_from: known, until: old.until, new_hooks, old_hooks, next })
}

/// The headers of each hook of an account that leads to this connection; `None` if the store does not say.
async fn ours(
    connection: &Connection,
    token: &SecretString,
    machine: &Machine,
) -> anyhow::Result<Option<Vec<HookHeaders>>> {
    let deadline = Deadline::after(machine.surroundings.clock.as_ref(), ALL);
    let hooks = store(connection, token, machine)?.hooks().list(deadline).await.ok();
    let ours = |hook: &connector_bigcommerce::Hook| leads_to(&hook.destination, &connection.id);
    Ok(hooks.map(|hooks| hooks.into_iter().filter(ours).map(|hook| hook.headers).collect()))
}

fn drawn(status: &Status) -> String {
    let id = &status.connection;
    let parts = [("the secret header", &status.header), ("the API account", &status.account)];
    let told: Vec<_> = parts.iter().filter_map(|(what, way)| Some(one(id, what, way.as_ref()?))).collect();
    if told.is_empty() { format!("✓ no rotation of {id} is under way") } else { told.join("\n") }
}

fn one(id: &ConnectionId, what: &str, way: &UnderWay) -> String {
    let UnderWay { since, hooks_from: _, until, new_hooks, old_hooks, next } = way;
    let count = |hooks: &Option<usize>| hooks.map_or_else(|| "unknown".to_owned(), |n| n.to_string());
    format!(
        "! {what} of {id} is being rotated since {since}; the old one is let in until {until}\n  hooks with the new one: {}, with the old one: {}\n  next: {next}",
        count(new_hooks),
        count(old_hooks)
    )
}
