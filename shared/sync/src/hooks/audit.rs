//! Looks, plans, asks our own endpoint, mends: for the job, and for a person.

use connector_bigcommerce::{Deliveries, Hook, HookId};
use connector_domain::{Deadline, Timestamp};
use connector_ports::{Connection, Doorway};
use url::Url;

use super::apply::apply;
use super::endpoint::{self, Endpoint};
use super::plan::{Kind, plan};
use super::report::{Audit, Blocked, Found, Outcome, Planned};
use super::rotation::{self, OldHooks};
use super::wanted::{EXCEPTIONS, Wanted, covers, destination};
use crate::connected::{ConnectError, Connected, Directory, OldAccount};
use crate::job::Failure;

/// What no audit can see.
const UNSEEN: &str = "hooks of another API account are not listed; what they deliver here is refused, and counted as DeliveriesRefused";

/// Whether something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing; our own endpoint is asked all the same.
    Look,
    /// All that is planned. Without `touch`, no hook is touched: they were not long ago.
    Mend {
        /// Whether hooks are touched.
        touch: bool,
    },
}

/// Looks at the hooks of a connection whose webhooks come in at `url`, and mends them if it is told to.
///
/// # Errors
/// The hooks could not be listed, or the connection or the address cannot be used.
pub async fn audit(
    directory: &Directory,
    connected: &Connected,
    url: &Url,
    mode: Mode,
    deadline: Deadline,
) -> Result<Audit, Failure> {
    let stored = directory.stored(&connected.id).await?;
    let now = directory.surroundings().clock.now();
    let shop = &stored.credentials.bigcommerce;
    let wanted = wanted(&stored, url, now)?.with_catalogue(&connected.rules);
    let waits_until = rotation::unknown_until(&shop.old, now);
    let mode = if waits_until.is_some() { Mode::Look } else { mode };
    let hooks = connected.shop.hooks();
    let found = hooks.list(deadline).await?;
    // It is told beside the hooks; they are mended without it, too.
    let (deliveries, blocked_unknown) = match hooks.deliveries(deadline).await {
        Ok(deliveries) => (deliveries, None),
        Err(error) => (Deliveries::default(), Some(error.to_string())),
    };
    let old_account = connected.old_account.as_ref().filter(|old| old.token.counts(now));
    let left = match old_account {
        Some(old) => Some((old, rotation::left(old, &wanted, &found, deadline).await)),
        None => None,
    };
    let mut steps = plan(&wanted, &found, now);
    if mode == (Mode::Mend { touch: false }) {
        steps.retain(|step| step.kind() != Kind::Keep);
    }
    let mut steps: Vec<_> =
        steps.into_iter().map(|step| Planned { step, outcome: Outcome::Planned }).collect();
    let needs_us = |planned: &Planned| matches!(planned.step.kind(), Kind::Arm | Kind::Remove);
    // Of the hook for exceptions see `rotation::is_taken_over`.
    let in_the_way = |planned: &Planned| {
        matches!(planned.step.kind(), Kind::Arm | Kind::Refused) && planned.step.scope() != EXCEPTIONS
    };
    let is_over = |old: &OldAccount| rotation::is_taken_over(&old.token, &wanted, &found, now);
    let ends = mode != Mode::Look && !steps.iter().any(in_the_way) && old_account.is_some_and(is_over);
    let to_delete = ends && left.as_ref().is_some_and(|(_, left)| left.as_ref().is_ok_and(|l| !l.is_empty()));
    let endpoint = if waits_until.is_none() && (mode == Mode::Look || to_delete || steps.iter().any(needs_us))
    {
        let header = rotation::header(shop, now);
        let doorway = Doorway { header, ..Doorway::from(stored.as_ref().clone()) };
        let (policy, transport) = (&connected.rules.webhooks, directory.transport());
        endpoint::ask(&wanted.destination, &doorway, policy, transport, directory.surroundings(), deadline)
            .await
    } else {
        Endpoint::NotAsked
    };
    let failure = match mode {
        Mode::Look => None,
        Mode::Mend { .. } => apply(&mut steps, &wanted, &found, &endpoint, hooks, deadline).await,
    };
    let old_hooks = match left {
        None => None,
        Some((_, Err(became))) => Some(became),
        Some((old, Ok(left))) => Some(match (left.is_empty(), to_delete && endpoint == Endpoint::Answers) {
            (false, false) => OldHooks::Stay { hooks: left.len() },
            (true, _) | (false, true) => rotation::delete(old, &left, deadline).await,
        }),
    };
    Ok(Audit {
        connection: connected.id.clone(),
        found: found.iter().map(|hook| Found::of(hook, &wanted, &deliveries)).collect(),
        wanted: wanted.scopes.iter().map(|scope| (scope.clone(), told_by(scope, &wanted, &found))).collect(),
        steps,
        endpoint,
        blocked: deliveries.blocked.iter().map(|domain| Blocked::of(domain, &wanted)).collect(),
        blocked_unknown,
        unseen: UNSEEN.to_owned(),
        waits_until,
        old_hooks,
        failure,
        destination: wanted.destination,
    })
}

fn wanted(stored: &Connection, url: &Url, now: Timestamp) -> Result<Wanted, ConnectError> {
    let connection = stored.id.clone();
    let destination = destination(url, &connection).map_err(|error| ConnectError::Client {
        connection: connection.clone(),
        words: format!("the address where its webhooks come in {error}"),
    })?;
    let headers = rotation::headers(&stored.credentials.bigcommerce, now);
    Ok(Wanted::usual(connection, destination, headers))
}

fn told_by(scope: &str, wanted: &Wanted, found: &[Hook]) -> Option<HookId> {
    let tells = |hook: &&Hook| hook.is_active && wanted.is_here(hook) && covers(&hook.scope, scope);
    found.iter().find(tells).map(|hook| hook.id)
}
