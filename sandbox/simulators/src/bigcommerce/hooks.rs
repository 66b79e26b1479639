//! Registered hooks and the rules they obey (`docs/facts/bigcommerce.md` §2.1).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use url::{Host, Url};

use super::BigCommerceConfig;

/// Without an event for so long, a hook is switched off.
const IDLE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The scope of the hook that is told when others fail; one for each account.
pub(crate) const DELIVERY_EXCEPTION: &str = "store/hook/deliveryException";

/// Whether a hook is told of events, and who decided that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activity {
    Active,
    /// Switched off by its owner.
    Inactive,
    /// Switched off by the store.
    Deactivated,
}

impl Activity {
    /// What an owner asks for with `is_active`.
    pub(crate) fn asked(is_active: bool) -> Self {
        if is_active { Self::Active } else { Self::Inactive }
    }

    /// The `status` of `GET /v3/hooks/admin`.
    pub(crate) fn wire(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Deactivated => "deactivated",
        }
    }
}

/// A registered hook.
#[derive(Debug, Clone)]
pub(crate) struct Hook {
    pub(crate) id: u64,
    /// The API account that made it.
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) destination: String,
    pub(crate) headers: Option<BTreeMap<String, String>>,
    pub(crate) state: Activity,
    /// Listed as any other, but it delivers nothing.
    pub(crate) muted: bool,
    /// Since when it has had no event.
    pub(crate) idle_since: Timestamp,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Hook {
    pub(crate) fn is_active(&self) -> bool {
        self.state == Activity::Active
    }

    /// Switches the hook off if it had no event for 90 days by now.
    pub(crate) fn age(&mut self, now: Timestamp) {
        if self.is_active() && now.duration_since(self.idle_since) >= IDLE {
            self.state = Activity::Deactivated;
        }
    }

    /// Whether this hook is told of an event with this concrete scope.
    pub(crate) fn wants(&self, scope: &str) -> bool {
        match self.scope.strip_suffix('*') {
            Some(family) => scope.starts_with(family),
            None => self.scope == scope,
        }
    }

    pub(crate) fn wire(&self, config: &BigCommerceConfig) -> Value {
        json!({
            "id": self.id,
            "client_id": self.client_id,
            "store_hash": config.store_hash,
            "scope": self.scope,
            "destination": self.destination,
            "headers": self.headers,
            "is_active": self.is_active(),
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        })
    }
}

/// At most so many hooks a scope.
pub(crate) const PER_SCOPE: usize = 10;

/// What is wrong with a destination, if anything.
pub(crate) fn destination_problem(destination: &str, config: &BigCommerceConfig) -> Option<&'static str> {
    let Ok(url) = Url::parse(destination) else { return Some("must be a valid URL") };
    let loopback = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.scheme() == "http" && loopback && config.allow_loopback_hooks {
        None
    } else if url.scheme() != "https" {
        Some("must be served over HTTPS")
    } else if url.port_or_known_default() != Some(443) {
        Some("must be served on port 443")
    } else {
        None
    }
}

/// What is wrong with a scope, if anything: it must start with `store/` and hold no blank.
pub(crate) fn scope_problem(scope: &str) -> Option<&'static str> {
    let named = scope.strip_prefix("store/").is_some_and(|rest| !rest.is_empty() && !rest.ends_with('/'));
    (!named || scope.chars().any(char::is_whitespace)).then_some("is not a known scope")
}
