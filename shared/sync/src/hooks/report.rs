//! What was found about a connection's hooks, and what was done or would be: for the job, and for a person.

use std::collections::BTreeMap;
use std::fmt;

use connector_bigcommerce::{BlockedDomain, Deliveries, Hook, HookId};
use connector_domain::{ConnectionId, Timestamp};
use connector_http::CallError;
use serde::{Deserialize, Serialize};
use url::Url;

use super::endpoint::Endpoint;
use super::plan::{Kind, Limit, Step};
use super::rotation::OldHooks;
use super::wanted::Wanted;
use crate::jobs::Figure;

/// What an audit found and did.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Audit {
    /// Whose hooks.
    pub connection: ConnectionId,
    /// Where they should lead to.
    pub destination: Url,
    /// All hooks of the API account.
    pub found: Vec<Found>,
    /// Each scope that is wanted, and which hook tells of it there.
    pub wanted: BTreeMap<String, Option<HookId>>,
    /// What is to be done, or was.
    pub steps: Vec<Planned>,
    /// Whether our own endpoint answers.
    pub endpoint: Endpoint,
    /// Domains that the store delivers nothing to for the moment.
    pub blocked: Vec<Blocked>,
    /// Why it is not known which domains are blocked, if it is not.
    pub blocked_unknown: Option<String>,
    /// What no audit can see.
    pub unseen: String,
    /// Until when nothing is done, because a receiver may not know the new API account's client secret.
    pub waits_until: Option<Timestamp>,
    /// What becomes of the hooks of the API account that was replaced, if one was.
    pub old_hooks: Option<OldHooks>,
    /// The first call that failed.
    #[serde(skip)]
    pub(super) failure: Option<CallError>,
}

/// A hook, without the values of its headers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The store's number of it.
    pub hook: HookId,
    /// What it tells.
    pub scope: String,
    /// Where it leads to; of a stranger's the host, because the rest may be a secret.
    pub destination: String,
    /// Whether it is switched on.
    pub switched_on: bool,
    /// Whether the store says that it switched it off itself.
    pub by_the_store: bool,
    /// The names of its headers.
    pub headers: Vec<String>,
    /// Whether it leads to this connection, at whatever host.
    pub ours: bool,
}

/// A step, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// What.
    #[serde(flatten)]
    pub step: Step,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing yet.
    Planned,
    /// It was done.
    Done,
    /// It waits until our endpoint answers, and until what it stands on is done.
    Waits,
    /// The store did not do it.
    Failed {
        /// What it said.
        words: String,
        /// Whether no waiting mends it; otherwise it is tried again soon, and nobody is called.
        lasting: bool,
    },
    /// There is nothing to do but to tell.
    Told,
}

/// A domain on the store's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// Its host.
    pub host: String,
    /// For how many more seconds; 0 if it is over.
    pub seconds_left: u64,
    /// Why: what the store counted.
    pub reasons: Vec<String>,
    /// Whether our hooks lead there.
    pub ours: bool,
}

fn host(destination: &str) -> String {
    let host = Url::parse(destination).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| destination.chars().take_while(|c| *c != '/').collect())
}

impl Found {
    pub(super) fn of(hook: &Hook, wanted: &Wanted, deliveries: &Deliveries) -> Self {
        let ours = wanted.is_ours(&hook.destination);
        Self {
            hook: hook.id,
            scope: hook.scope.clone(),
            destination: if ours { hook.destination.clone() } else { host(&hook.destination) },
            switched_on: hook.is_active,
            by_the_store: deliveries.deactivated.contains(&hook.id),
            headers: hook.headers.names().into_iter().map(str::to_owned).collect(),
            ours,
        }
    }
}

impl Blocked {
    pub(super) fn of(domain: &BlockedDomain, wanted: &Wanted) -> Self {
        let host = host(&domain.destination);
        let reasons = domain.reasons.iter().map(|reason| format!("{} times: {}", reason.count, reason.words));
        Self {
            seconds_left: domain.time_left.as_secs(),
            reasons: reasons.collect(),
            ours: wanted.destination.host_str() == Some(host.as_str()),
            host,
        }
    }
}

impl Audit {
    /// Hooks that were mended.
    pub fn mended(&self) -> usize {
        self.steps.iter().filter(|planned| planned.mends() && planned.outcome == Outcome::Done).count()
    }

    /// Hooks that are not as wanted.
    pub fn wrong(&self) -> usize {
        self.steps.iter().filter(|planned| planned.is_wrong()).count()
    }

    /// Our domains that the store delivers nothing to for the moment.
    pub fn blocked(&self) -> impl Iterator<Item = &Blocked> {
        self.blocked.iter().filter(|domain| domain.ours && domain.seconds_left > 0)
    }

    /// Whether a hook was touched.
    pub(super) fn has_touched(&self) -> bool {
        let touched =
            |planned: &Planned| planned.step.kind() == Kind::Keep && planned.outcome == Outcome::Done;
        self.steps.iter().any(touched)
    }

    /// Whether nobody has anything to do.
    pub fn is_good(&self) -> bool {
        let refused = matches!(self.endpoint, Endpoint::Refuses { .. });
        !refused
            && !matches!(self.old_hooks, Some(OldHooks::Failed { .. }))
            && self.wrong() == 0
            && self.blocked().next().is_none()
    }

    /// Whether hooks of the API account that was replaced are still to be deleted.
    pub(super) const fn has_old_hooks(&self) -> bool {
        matches!(self.old_hooks, Some(OldHooks::Stay { .. }))
    }

    /// What is measured of it.
    pub fn figures(&self) -> Vec<(Figure, u64)> {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        vec![
            (Figure::HooksMended, number(self.mended())),
            (Figure::HooksWrong, number(self.wrong())),
            (Figure::DomainsBlocked, number(self.blocked().count())),
        ]
    }

    /// What a person must act on: a word by which it is the same at the next audit, and a sentence.
    pub fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        let connection = &self.connection;
        if let Endpoint::Refuses { words } = &self.endpoint {
            let words = format!(
                "{} does not take what the store would send, so no hook of {connection} is set up or mended: {words}",
                self.destination
            );
            problems.push(("endpoint".to_owned(), words));
        }
        for domain in self.blocked() {
            let words = format!(
                "the store delivers nothing to {} for {} more seconds, because too many deliveries failed ({}): look why the receiver refuses or fails (DeliveriesRefused, its log); what was not delivered comes again or is found by the poller",
                domain.host,
                domain.seconds_left,
                domain.reasons.join(", ")
            );
            problems.push((format!("blocked {}", domain.host), words));
        }
        if let Some(OldHooks::Failed { words }) = &self.old_hooks {
            let words = format!(
                "the hooks of the API account that {connection} had before could not be listed or deleted: {words}; it is tried again, and they go with the account when it is deleted in the store"
            );
            problems.push(("old account".to_owned(), words));
        }
        for Planned { step, outcome } in &self.steps {
            let key = |what: &str| format!("{what} {}", step.scope());
            if let Step::ReportLimit { scope, limit } = step {
                problems.push((key("limit"), format!("{scope} cannot be told to {connection}: {limit}")));
            }
            if let Outcome::Failed { words, lasting: true } = outcome {
                let words =
                    format!("the hook for {} of {connection} could not be mended: {words}", step.scope());
                problems.push((key("failed"), words));
            }
        }
        problems
    }
}

impl Planned {
    fn mends(&self) -> bool {
        matches!(self.step.kind(), Kind::Arm | Kind::Remove)
    }

    fn is_wrong(&self) -> bool {
        let undone = self.outcome != Outcome::Done;
        self.step.kind() == Kind::Refused || (self.mends() && undone)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => f.write_str(
                "the store keeps ten hooks of a scope for one API account, and there are ten; delete one that nobody needs, or give the connector an API account of its own",
            ),
            Self::Taken(hook) => write!(
                f,
                "hook {hook}, which is switched off, has its scope and address; delete it, or switch it on and delete the other"
            ),
        }
    }
}
