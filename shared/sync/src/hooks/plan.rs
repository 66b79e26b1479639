//! From the hooks that are wanted and those that there are to what is to be done. Pure.

use std::time::Duration;

use connector_bigcommerce::{Hook, HookId};
use connector_domain::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::wanted::{EXCEPTIONS, Wanted, covers};

/// A hook that nobody changed for so long is changed, lest the store switch it off after 90 days of silence. Whether a change begins
/// these days anew is unknown (`docs/facts/bigcommerce.md` §2.1), so nothing relies on it: one that is switched off is switched on.
pub const UNTOUCHED: Duration = Duration::from_hours(60 * 24);

/// The store keeps no more hooks of one scope for one API account (`docs/facts/bigcommerce.md` §2.1).
pub const PER_SCOPE: usize = 10;

/// One thing to do about the hooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Nobody tells of this scope.
    Create {
        /// What is to be told.
        scope: String,
    },
    /// The store, or somebody, switched it off.
    Reactivate {
        /// Which.
        hook: HookId,
        /// What it tells.
        scope: String,
    },
    /// It is this connection's, and leads to another address.
    Repoint {
        /// Which.
        hook: HookId,
        /// What it tells.
        scope: String,
        /// Where it leads to.
        from: String,
    },
    /// It brings other headers than the receiver asks for.
    FixHeaders {
        /// Which.
        hook: HookId,
        /// What it tells.
        scope: String,
    },
    /// It is as wanted, and is told so again; see [`UNTOUCHED`].
    Touch {
        /// Which.
        hook: HookId,
        /// What it tells.
        scope: String,
    },
    /// Another hook of this connection tells the same: each event would come twice.
    DeleteDuplicate {
        /// Which.
        hook: HookId,
        /// What it tells.
        scope: String,
        /// The scope of the one that stays.
        beside: String,
    },
    /// It tells of what the rules have no use for any more.
    DeleteUnwanted {
        /// Which.
        hook: HookId,
        /// What it tells.
        scope: String,
    },
    /// The store would refuse what is wanted; a person must act.
    ReportLimit {
        /// What is to be told.
        scope: String,
        /// Why it would be refused.
        limit: Limit,
    },
    /// A hook of our API account that is not this connection's. It is left alone.
    ReportStranger {
        /// Which.
        hook: HookId,
        /// What it tells.
        scope: String,
        /// The host it leads to; the rest of such an address may be a secret.
        host: String,
    },
}

/// Why the store would refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// There are [`PER_SCOPE`] of this scope.
    TooMany,
    /// This one, which is switched off, has its scope and destination.
    Taken(HookId),
}

/// In which order steps are done, and what they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Makes the store deliver to us: only if we answer.
    Arm,
    /// Changes nothing.
    Keep,
    /// Takes away: only when all that delivers is as wanted.
    Remove,
    /// A person must act.
    Refused,
    /// Is told.
    Told,
}

impl Step {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Create { .. }
            | Self::Reactivate { .. }
            | Self::Repoint { .. }
            | Self::FixHeaders { .. } => Kind::Arm,
            Self::Touch { .. } => Kind::Keep,
            Self::DeleteDuplicate { .. } | Self::DeleteUnwanted { .. } => Kind::Remove,
            Self::ReportLimit { .. } => Kind::Refused,
            Self::ReportStranger { .. } => Kind::Told,
        }
    }

    /// The hook it is about, if there is one yet.
    pub const fn hook(&self) -> Option<HookId> {
        match self {
            Self::Create { .. } | Self::ReportLimit { .. } => None,
            Self::Reactivate { hook, .. }
            | Self::Repoint { hook, .. }
            | Self::FixHeaders { hook, .. }
            | Self::Touch { hook, .. }
            | Self::DeleteDuplicate { hook, .. }
            | Self::DeleteUnwanted { hook, .. }
            | Self::ReportStranger { hook, .. } => Some(*hook),
        }
    }

    /// The scope it is about.
    pub fn scope(&self) -> &str {
        match self {
            Self::Create { scope }
            | Self::Reactivate { scope, .. }
            | Self::Repoint { scope, .. }
            | Self::FixHeaders { scope, .. }
            | Self::Touch { scope, .. }
            | Self::DeleteDuplicate { scope, .. }
            | Self::DeleteUnwanted { scope, .. }
            | Self::ReportLimit { scope, .. }
            | Self::ReportStranger { scope, .. } => scope,
        }
    }
}

/// The steps from the hooks that were `found` to those that are `wanted`, in the order in which they are to be done.
///
/// A hook that is as wanted stays, the wider before the narrower. What is still untold is told by a hook of ours that can be mended, or
/// else by a new one. No wide hook is mended where a narrower one stays, because both would deliver.
pub fn plan(wanted: &Wanted, found: &[Hook], now: Timestamp) -> Vec<Step> {
    let (ours, strangers): (Vec<_>, Vec<_>) =
        found.iter().partition(|hook| wanted.is_ours(&hook.destination));
    let mut planning = Planning { wanted, found, now, told: Vec::new(), steps: Vec::new() };
    for scope in &wanted.scopes {
        if !planning.is_told(scope) {
            let good = |hook: &Hook| hook.is_active && wanted.is_here(hook);
            if let Some(hook) = first(&ours, wanted, |hook| good(hook) && covers(&hook.scope, scope)) {
                planning.keep(hook);
            }
        }
    }
    for scope in &wanted.scopes {
        if !planning.is_told(scope) {
            let exact = first(&ours, wanted, |hook| hook.scope == *scope);
            let wider = || {
                let alone = |hook: &Hook| planning.overlapping(&hook.scope).is_none();
                first(&ours, wanted, |hook| covers(&hook.scope, scope) && alone(hook))
            };
            match exact.or_else(wider) {
                Some(hook) => planning.keep(hook),
                None => planning.create(scope),
            }
        }
    }
    let mut rest: Vec<_> = ours.into_iter().filter(|hook| hook.is_active).collect();
    rest.sort_by_key(|hook| preference(hook, wanted));
    for hook in rest {
        planning.rest(hook);
    }
    for hook in strangers {
        let host = Url::parse(&hook.destination).ok().and_then(|url| url.host_str().map(str::to_owned));
        let (scope, host) = (hook.scope.clone(), host.unwrap_or_default());
        planning.steps.push(Step::ReportStranger { hook: hook.id, scope, host });
    }
    let mut steps = planning.steps;
    steps.sort_by_key(Step::kind);
    steps
}

/// Smaller is better: here, then switched on, then wide, then old.
fn preference(hook: &Hook, wanted: &Wanted) -> (bool, bool, bool, usize, HookId) {
    let narrow = !hook.scope.ends_with('*');
    (!wanted.is_here(hook), !hook.is_active, narrow, hook.scope.len(), hook.id)
}

fn first<'a>(ours: &[&'a Hook], wanted: &Wanted, fits: impl Fn(&Hook) -> bool) -> Option<&'a Hook> {
    ours.iter().copied().filter(|hook| fits(hook)).min_by_key(|hook| preference(hook, wanted))
}

struct Planning<'a> {
    wanted: &'a Wanted,
    found: &'a [Hook],
    now: Timestamp,
    /// Each scope that will be told, and the hook that does so if there is one yet.
    told: Vec<(&'a str, Option<HookId>)>,
    steps: Vec<Step>,
}

impl<'a> Planning<'a> {
    fn is_told(&self, scope: &str) -> bool {
        self.told.iter().any(|(told, _)| covers(told, scope))
    }

    /// The scope of one that stays and would tell of some of the same.
    fn overlapping(&self, scope: &str) -> Option<&'a str> {
        let both = |told: &str| covers(told, scope) || covers(scope, told);
        self.told.iter().map(|(told, _)| *told).find(|told| both(told))
    }

    fn keep(&mut self, hook: &'a Hook) {
        self.told.push((&hook.scope, Some(hook.id)));
        let (id, scope) = (hook.id, hook.scope.clone());
        let long_ago =
            |at: Timestamp| Duration::try_from(self.now.duration_since(at)).is_ok_and(|age| age > UNTOUCHED);
        let step = if !self.wanted.is_here(hook) {
            match self.taken(hook) {
                Some(by) => Step::ReportLimit { scope, limit: Limit::Taken(by) },
                None => Step::Repoint { hook: id, scope, from: hook.destination.clone() },
            }
        } else if !hook.is_active {
            Step::Reactivate { hook: id, scope }
        } else if !hook.headers.are(&self.wanted.headers) {
            Step::FixHeaders { hook: id, scope }
        } else if hook.updated_at.is_some_and(long_ago) {
            Step::Touch { hook: id, scope }
        } else {
            return;
        };
        self.steps.push(step);
    }

    /// The hook that has the place to which `hook` is to be pointed.
    fn taken(&self, hook: &Hook) -> Option<HookId> {
        let there = |other: &&Hook| other.scope == hook.scope && self.wanted.is_here(other);
        self.found.iter().find(there).map(|other| other.id)
    }

    fn create(&mut self, scope: &'a str) {
        self.told.push((scope, None));
        if scope == EXCEPTIONS && self.found.iter().any(|hook| hook.scope == scope) {
            // The account's one hook for exceptions tells somebody else, who is reported as a stranger.
            return;
        }
        let full = self.found.iter().filter(|hook| hook.scope == scope).count() >= PER_SCOPE;
        let scope = scope.to_owned();
        self.steps.push(if full {
            Step::ReportLimit { scope, limit: Limit::TooMany }
        } else {
            Step::Create { scope }
        });
    }

    /// One that is switched on and was not needed: it tells the same as another, or more than the usual, as somebody wanted.
    fn rest(&mut self, hook: &'a Hook) {
        if self.told.iter().any(|(_, id)| *id == Some(hook.id)) {
            return;
        }
        match self.overlapping(&hook.scope) {
            Some(beside) => {
                let (scope, beside) = (hook.scope.clone(), beside.to_owned());
                self.steps.push(Step::DeleteDuplicate { hook: hook.id, scope, beside });
            }
            None if self.wanted.is_of_no_use(&hook.scope) => {
                self.steps.push(Step::DeleteUnwanted { hook: hook.id, scope: hook.scope.clone() });
            }
            None => self.keep(hook),
        }
    }
}

#[cfg(test)]
mod tests;
