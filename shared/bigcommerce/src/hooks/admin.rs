//! What the store says about delivering to our API account's hooks (`docs/facts/bigcommerce.md` §2.4).

use std::time::Duration;

use connector_domain::{Deadline, Timestamp};
use connector_http::{Call, CallError};
use serde::Deserialize;

use super::{HookId, Hooks};

/// So many characters of the store's words about a failure are kept.
const WORDS: usize = 200;

/// How the deliveries fare.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deliveries {
    /// Domains that are told nothing for the moment.
    pub blocked: Vec<BlockedDomain>,
    /// Hooks that the store itself switched off, as far as it says so.
    pub deactivated: Vec<HookId>,
}

/// A domain on the store's list of those that it delivers nothing to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockedDomain {
    /// The domain, as the store writes it.
    pub destination: String,
    /// For how much longer.
    pub time_left: Duration,
    /// Why.
    pub reasons: Vec<BlockReason>,
}

/// One kind of failure that a domain was blocked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockReason {
    /// In the store's words, shortened.
    pub words: String,
    /// How often.
    pub count: u64,
    /// When.
    pub at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Envelope {
    data: Wire,
}

#[derive(Deserialize)]
struct Wire {
    hooks_list: Option<Vec<Status>>,
    blocked_domains: Option<Vec<Blocked>>,
}

#[derive(Deserialize)]
struct Status {
    id: Option<HookId>,
    status: Option<String>,
}

#[derive(Deserialize)]
struct Blocked {
    destination: Option<String>,
    time_left: Option<u64>,
    reasons: Option<Vec<Reason>>,
}

#[derive(Deserialize)]
struct Reason {
    failure_description: Option<String>,
    count: Option<u64>,
    timestamp: Option<i64>,
}

impl From<Blocked> for BlockedDomain {
    fn from(wire: Blocked) -> Self {
        Self {
            destination: wire.destination.unwrap_or_default(),
            time_left: Duration::from_secs(wire.time_left.unwrap_or_default()),
            reasons: wire.reasons.unwrap_or_default().into_iter().map(BlockReason::from).collect(),
        }
    }
}

impl From<Reason> for BlockReason {
    fn from(wire: Reason) -> Self {
        Self {
            words: wire.failure_description.unwrap_or_default().chars().take(WORDS).collect(),
            count: wire.count.unwrap_or_default(),
            at: wire.timestamp.and_then(|at| Timestamp::from_second(at).ok()),
        }
    }
}

impl Hooks<'_> {
    /// How the deliveries fare. No field of it is required: it is told beside the hooks, and what is missing is nothing to stop for.
    ///
    /// # Errors
    /// By class.
    pub async fn deliveries(&self, deadline: Deadline) -> Result<Deliveries, CallError> {
        let call = Call::get("GET /v3/hooks/admin", "v3/hooks/admin");
        let Wire { hooks_list, blocked_domains } =
            self.remote.send(&call, deadline).await?.json::<Envelope>()?.data;
        let switched_off = |hook: &Status| hook.status.as_deref() == Some("deactivated");
        let deactivated =
            hooks_list.unwrap_or_default().into_iter().filter(switched_off).filter_map(|hook| hook.id);
        Ok(Deliveries {
            blocked: blocked_domains.unwrap_or_default().into_iter().map(BlockedDomain::from).collect(),
            deactivated: deactivated.collect(),
        })
    }
}
