//! Looks, plans, asks our own endpoint, mends: for the job, and for a person.

use connector_bigcommerce::{Deliveries, Hook, HookHeaders, HookId};
use connector_domain::Deadline;
use connector_ports::{Connection, Doorway};
use url::Url;

use super::apply::apply;
use super::endpoint::{self, Endpoint};
use super::plan::{Kind, plan};
use super::report::{Audit, Blocked, Found, Outcome, Planned};
use super::wanted::{Wanted, covers, destination};
use crate::connected::{ConnectError, Connected, Directory};
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
    let wanted = wanted(&stored, url)?;
    let hooks = connected.shop.hooks();
    let found = hooks.list(deadline).await?;
    // It is told beside the hooks; they are mended without it, too.
    let (deliveries, blocked_unknown) = match hooks.deliveries(deadline).await {
        Ok(deliveries) => (deliveries, None),
        Err(error) => (Deliveries::default(), Some(error.to_string())),
    };
    let now = directory.surroundings().clock.now();
    let mut steps = plan(&wanted, &found, now);
    if mode == (Mode::Mend { touch: false }) {
        steps.retain(|step| step.kind() != Kind::Keep);
    }
    let mut steps: Vec<_> =
        steps.into_iter().map(|step| Planned { step, outcome: Outcome::Planned }).collect();
    let needs_us = |planned: &Planned| matches!(planned.step.kind(), Kind::Arm | Kind::Remove);
    let endpoint = if mode == Mode::Look || steps.iter().any(needs_us) {
        let doorway = Doorway::from(stored.as_ref().clone());
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
    Ok(Audit {
        connection: connected.id.clone(),
        found: found.iter().map(|hook| Found::of(hook, &wanted, &deliveries)).collect(),
        wanted: wanted.scopes.iter().map(|scope| (scope.clone(), told_by(scope, &wanted, &found))).collect(),
        steps,
        endpoint,
        blocked: deliveries.blocked.iter().map(|domain| Blocked::of(domain, &wanted)).collect(),
        blocked_unknown,
        unseen: UNSEEN.to_owned(),
        failure,
        destination: wanted.destination,
    })
}

fn wanted(stored: &Connection, url: &Url) -> Result<Wanted, ConnectError> {
    let connection = stored.id.clone();
    let destination = destination(url, &connection).map_err(|error| ConnectError::Client {
        connection: connection.clone(),
        words: format!("the address where its webhooks come in {error}"),
    })?;
    let header = stored.credentials.bigcommerce.header.as_ref();
    let headers = header.map(|(name, secret)| HookHeaders::of(name, secret.clone())).unwrap_or_default();
    Ok(Wanted::usual(connection, destination, headers))
}

fn told_by(scope: &str, wanted: &Wanted, found: &[Hook]) -> Option<HookId> {
    let tells =
        |hook: &&Hook| hook.is_active && wanted.is_here(&hook.destination) && covers(&hook.scope, scope);
    found.iter().find(tells).map(|hook| hook.id)
}
