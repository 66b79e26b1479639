//! What is said about an audit in the log: each problem once, and once more when it is over.

use std::collections::BTreeSet;

use connector_bigcommerce::HookId;
use serde::{Deserialize, Serialize};

use super::plan::Step;
use super::report::{Audit, Outcome, Planned};
use super::rotation::OldHooks;

/// What was said at the last audit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    /// The words by which problems are known.
    problems: BTreeSet<String>,
    /// Hooks that lead elsewhere.
    strangers: BTreeSet<HookId>,
    /// Hooks that were pointed here.
    pointed: BTreeSet<HookId>,
    /// Whether the old API account was gone.
    gone: bool,
}

impl Told {
    /// Says what is new in `audit`.
    pub(super) fn tell(&self, audit: &Audit) -> Self {
        let connection = &audit.connection;
        let mut told = Self::default();
        for (key, words) in audit.problems() {
            if !self.problems.contains(&key) {
                tracing::error!(%connection, problem = key, "{words}");
            }
            told.problems.insert(key);
        }
        for over in self.problems.difference(&told.problems) {
            tracing::info!(%connection, problem = over, "with the hooks of {connection} this is no problem any more: {over}");
        }
        for Planned { step, outcome } in &audit.steps {
            if let Step::ReportStranger { hook, scope, host } = step {
                told.strangers.insert(*hook);
                if !self.strangers.contains(hook) {
                    tracing::info!(%connection, hook = %hook, scope, host, "hook {hook} for {scope} leads to {host}: it is not {connection}'s, and is left alone");
                }
            } else if *outcome == Outcome::Done {
                done(audit, step);
            } else if let Outcome::Failed { words, lasting: false } = outcome {
                let scope = step.scope();
                tracing::warn!(%connection, scope, "the hook for {scope} of {connection} is mended later: {words}");
            }
            if let Step::Repoint { hook, .. } = step {
                told.pointed.insert(*hook);
            }
        }
        told.gone = self.tell_old_hooks(audit);
        // Somebody points them back: most likely another deployment with a connection of the same name and API account.
        if told.pointed.iter().any(|hook| self.pointed.contains(hook)) {
            tracing::error!(%connection, "hooks of {connection} are pointed elsewhere again and again: give each deployment its own API account, or its connections other names");
        }
        told
    }

    /// Whether the old API account is gone.
    fn tell_old_hooks(&self, audit: &Audit) -> bool {
        let connection = &audit.connection;
        match &audit.old_hooks {
            Some(OldHooks::Deleted { hooks }) if *hooks > 0 => {
                tracing::warn!(%connection, hooks, "{connection} has another API account: {hooks} hooks of the one before were deleted, its own deliver");
                false
            }
            Some(OldHooks::Gone) => {
                if !self.gone {
                    tracing::warn!(%connection, "the API account that {connection} had before is gone, and its hooks with it");
                }
                true
            }
            // The last is told as a problem.
            Some(OldHooks::Deleted { .. } | OldHooks::Stay { .. } | OldHooks::Failed { .. }) | None => false,
        }
    }
}

fn done(audit: &Audit, step: &Step) {
    let connection = &audit.connection;
    match step {
        Step::Create { scope } => {
            tracing::warn!(%connection, scope, "nobody told {connection} of {scope}: a hook was created");
        }
        Step::Reactivate { hook, scope } => {
            let by_the_store = audit.found.iter().any(|found| found.hook == *hook && found.by_the_store);
            let by = if by_the_store { "by the store" } else { "by whomever" };
            tracing::warn!(%connection, hook = %hook, scope, "hook {hook} of {connection} for {scope} was switched off {by}: it was switched on");
        }
        Step::Repoint { hook, scope, from } => {
            let there = &audit.destination;
            tracing::warn!(%connection, hook = %hook, scope, "hook {hook} of {connection} for {scope} led to {from}: it was pointed to {there}");
        }
        Step::FixHeaders { hook, scope } => {
            tracing::warn!(%connection, hook = %hook, scope, "hook {hook} of {connection} for {scope} brought other headers: it brings ours now");
        }
        Step::Touch { hook, scope } => {
            tracing::info!(%connection, hook = %hook, scope, "hook {hook} of {connection} for {scope} was told again that it is wanted");
        }
        Step::DeleteDuplicate { hook, scope, beside } => {
            tracing::warn!(%connection, hook = %hook, scope, "hook {hook} of {connection} for {scope} told the same as the one for {beside}: it was deleted");
        }
        Step::DeleteUnwanted { hook, scope } => {
            tracing::info!(%connection, hook = %hook, scope, "hook {hook} of {connection} for {scope} told what the rules have no use for: it was deleted");
        }
        Step::ReportLimit { .. } | Step::ReportStranger { .. } => {}
    }
}
