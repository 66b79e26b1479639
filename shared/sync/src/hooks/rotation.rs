//! What a rotation asks of the audit: which header hooks bear, when there is something to do, and the end of the old account's hooks
//! (`docs/rotations.md`).

use std::time::Duration;

use connector_bigcommerce::{Hook, HookHeaders, HookId};
use connector_domain::{Deadline, Timestamp};
use connector_http::{CallError, Class};
use connector_ports::{KNOWN, Old, Replaced, ShopCredentials};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::wanted::{EXCEPTIONS, Wanted, covers};
use crate::connected::OldAccount;
use crate::job::after;

/// For how long the new account's hooks have stood as wanted before the old one's are deleted: a new hook may take a minute to deliver
/// (`docs/facts/bigcommerce.md` §2.7). Nothing tells the audit that a delivery under the new secret came.
const IN_PLACE: Duration = Duration::from_mins(10);

/// What becomes of the hooks of the API account that was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "became", rename_all = "snake_case")]
pub enum OldHooks {
    /// They deliver beside the new ones, or instead of them, and are deleted later.
    Stay {
        /// How many lead to this connection.
        hooks: usize,
    },
    /// There is none any more.
    Deleted {
        /// How many were deleted just now.
        hooks: usize,
    },
    /// The store lets its token in no more: the hooks went with the account.
    Gone,
    /// The store did not do it.
    Failed {
        /// What it said.
        words: String,
    },
}

/// The headers that hooks bear at `now`: the new value only when every receiver knows it.
pub fn headers(shop: &ShopCredentials, now: Timestamp) -> HookHeaders {
    header(shop, now).map(|(name, secret)| HookHeaders::of(&name, secret)).unwrap_or_default()
}

pub(super) fn header(shop: &ShopCredentials, now: Timestamp) -> Option<(String, SecretString)> {
    let (name, secret) = shop.header.clone()?;
    let unknown = shop.old.header.as_ref().filter(|old| now < old.known_from());
    Some((name, unknown.map_or(secret, |old| old.secret.clone())))
}

/// Until when a receiver may not know the new account's client secret: till then no hook of it is set up.
pub fn unknown_until(old: &Old, now: Timestamp) -> Option<Timestamp> {
    let replaced = [&old.client_secret, &old.access_token].into_iter().flatten();
    replaced.map(Replaced::known_from).max().filter(|known| now < *known)
}

/// Whether a rotation has something for an audit to do that was not there at `last`.
pub(super) fn calls(old: &Old, last: Timestamp, now: Timestamp) -> bool {
    let header = old.header.iter().map(Replaced::known_from);
    let account = old.access_token.iter().flat_map(|token| [token.known_from(), end(token)]);
    header.chain(account).any(|moment| last < moment && moment <= now)
}

/// When the old account's hooks are deleted at the earliest.
fn end(token: &Replaced) -> Timestamp {
    after(token.known_from(), KNOWN)
}

/// Whether every event that is wanted is told by hooks of the new account that have stood for long enough.
pub(super) fn is_taken_over(token: &Replaced, wanted: &Wanted, found: &[Hook], now: Timestamp) -> bool {
    let stands = |hook: &Hook| {
        let here = hook.is_active && wanted.is_here(hook) && hook.headers.are(&wanted.headers);
        here && hook.updated_at.is_none_or(|at| after(at, IN_PLACE) <= now)
    };
    let told = |scope: &String| found.iter().any(|hook| covers(&hook.scope, scope) && stands(hook));
    // The one for exceptions may be refused as long as the old account has it: its destination must be no other hook's.
    end(token) <= now && wanted.scopes.iter().filter(|scope| *scope != EXCEPTIONS).all(told)
}

/// The old account's hooks that lead to this connection. One that the new account has too is none of them: whoever gave us the same
/// account twice would lose its hooks.
pub(super) async fn left(
    old: &OldAccount,
    wanted: &Wanted,
    found: &[Hook],
    deadline: Deadline,
) -> Result<Vec<HookId>, OldHooks> {
    let listed = old.shop.hooks().list(deadline).await.map_err(|error| became(&error))?;
    let new = |hook: &Hook| found.iter().any(|other| other.id == hook.id);
    let ours = listed.into_iter().filter(|hook| wanted.is_ours(&hook.destination) && !new(hook));
    Ok(ours.map(|hook| hook.id).collect())
}

/// Deletes them, with the token that they were made with: another does not see them (`docs/facts/bigcommerce.md` §2.1).
pub(super) async fn delete(old: &OldAccount, hooks: &[HookId], deadline: Deadline) -> OldHooks {
    for hook in hooks {
        if let Err(error) = old.shop.hooks().delete(*hook, deadline).await {
            return became(&error);
        }
    }
    OldHooks::Deleted { hooks: hooks.len() }
}

/// A failure of the old account is none of the store's: it is told, and the breaker does not hear of it.
fn became(error: &CallError) -> OldHooks {
    if error.class == Class::Unauthorized {
        OldHooks::Gone
    } else {
        OldHooks::Failed { words: error.to_string() }
    }
}

#[cfg(test)]
mod tests;
