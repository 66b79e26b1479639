//! Hooks: where the store tells of events (`docs/facts/bigcommerce.md` §2.1).

mod admin;

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use connector_domain::{Deadline, Timestamp};
use connector_http::{Answer, Call, CallError, Remote, Safety, absent};
use http::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::paging;

pub use admin::{BlockReason, BlockedDomain, Deliveries};

/// The store's number of a hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HookId(pub u64);

impl fmt::Display for HookId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The headers that are sent with each delivery: names and secret values.
#[derive(Clone, Default)]
pub struct HookHeaders(BTreeMap<String, SecretString>);

impl HookHeaders {
    /// One header.
    pub fn of(name: &str, value: SecretString) -> Self {
        Self(BTreeMap::from([(name.to_owned(), value)]))
    }

    /// Their names.
    pub fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// Whether they are the same; names are compared without case.
    pub fn are(&self, other: &Self) -> bool {
        let plain = |headers: &Self| -> BTreeMap<String, String> {
            let each = headers.0.iter();
            each.map(|(name, value)| (name.to_lowercase(), value.expose_secret().to_owned())).collect()
        };
        plain(self) == plain(other)
    }

    fn exposed(&self) -> BTreeMap<&str, &str> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.expose_secret())).collect()
    }
}

impl fmt::Debug for HookHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HookHeaders({:?})", self.names())
    }
}

/// A hook to be.
#[derive(Debug, Clone)]
pub struct NewHook {
    /// Of which events it tells: `store/order/updated`.
    pub scope: String,
    /// Where to. HTTPS on port 443.
    pub destination: String,
    /// What is sent with each delivery.
    pub headers: HookHeaders,
}

/// A hook of our API account.
#[derive(Debug, Clone)]
pub struct Hook {
    /// The store's number of it.
    pub id: HookId,
    /// Of which events it tells.
    pub scope: String,
    /// Where to.
    pub destination: String,
    /// What is sent with each delivery.
    pub headers: HookHeaders,
    /// Whether it is switched on; the store switches it off after 48 hours of refusals, or 90 days of silence.
    pub is_active: bool,
    /// When it was last changed, if the store says so.
    pub updated_at: Option<Timestamp>,
}

impl Hook {
    /// The same hook as one to be: what a PUT has to say so that nothing changes.
    pub fn as_it_is(&self) -> NewHook {
        let (scope, destination) = (self.scope.clone(), self.destination.clone());
        NewHook { scope, destination, headers: self.headers.clone() }
    }
}

#[derive(Deserialize)]
struct Wire {
    id: HookId,
    scope: String,
    destination: String,
    headers: Option<BTreeMap<String, SecretText>>,
    is_active: bool,
    updated_at: Option<i64>,
}

/// A text that no error repeats and nothing prints.
#[derive(Deserialize)]
#[serde(transparent)]
struct SecretText(String);

#[derive(Deserialize)]
struct One {
    data: Wire,
}

#[derive(Deserialize)]
struct Many {
    data: Vec<Wire>,
}

#[derive(Serialize)]
struct Sent<'a> {
    scope: &'a str,
    destination: &'a str,
    is_active: bool,
    headers: BTreeMap<&'a str, &'a str>,
}

impl From<Wire> for Hook {
    fn from(wire: Wire) -> Self {
        let Wire { id, scope, destination, headers, is_active, updated_at } = wire;
        let headers = headers.unwrap_or_default().into_iter();
        let headers = HookHeaders(headers.map(|(name, value)| (name, value.0.into())).collect());
        let updated_at = updated_at.and_then(|at| Timestamp::from_second(at).ok());
        Self { id, scope, destination, headers, is_active, updated_at }
    }
}

/// The hooks of our API account; those of others are not seen.
#[derive(Debug, Clone, Copy)]
pub struct Hooks<'a> {
    remote: &'a Remote,
}

impl<'a> Hooks<'a> {
    pub(crate) const fn new(remote: &'a Remote) -> Self {
        Self { remote }
    }

    /// All of them, each once.
    ///
    /// # Errors
    /// By class; `Unreadable` names the path to what is not as documented.
    pub async fn list(&self, deadline: Deadline) -> Result<Vec<Hook>, CallError> {
        let (mut hooks, mut seen): (Vec<Hook>, _) = (Vec::new(), HashSet::new());
        for number in 1_u32.. {
            let call = Call::get("GET /v3/hooks", "v3/hooks")
                .query("page", number.to_string())
                .query("limit", paging::LIMIT);
            let answer = self.remote.send(&call, deadline).await?;
            let page = if answer.is_empty() { Vec::new() } else { answer.json::<Many>()?.data };
            let before = hooks.len();
            hooks.extend(page.into_iter().filter(|wire| seen.insert(wire.id)).map(Hook::from));
            // A page that brings nothing new is the end; a short one may not be.
            if hooks.len() == before {
                break;
            }
        }
        Ok(hooks)
    }

    /// Registers a hook. Look first whether there is one with its scope and destination: the store refuses a second.
    ///
    /// # Errors
    /// By class. After `Ambiguous` it may exist.
    pub async fn create(&self, hook: &NewHook, deadline: Deadline) -> Result<Hook, CallError> {
        let call = Call::post("POST /v3/hooks", "v3/hooks", Safety::Unsafe).body(body(hook));
        Ok(one(&self.remote.send(&call, deadline).await?)?.into())
    }

    /// Makes the hook `id` the one that is wanted, and switches it on.
    ///
    /// # Errors
    /// By class; `NotFound` if it is gone.
    pub async fn update(&self, id: HookId, hook: &NewHook, deadline: Deadline) -> Result<Hook, CallError> {
        let call = Call::put("PUT /v3/hooks/{id}", format!("v3/hooks/{id}")).body(body(hook));
        Ok(one(&self.remote.send(&call, deadline).await?)?.into())
    }

    /// Takes the hook `id` away.
    ///
    /// # Errors
    /// By class; one that is gone already is no error.
    pub async fn delete(&self, id: HookId, deadline: Deadline) -> Result<(), CallError> {
        let name = "DELETE /v3/hooks/{id}";
        let call = Call::new(name, Method::DELETE, format!("v3/hooks/{id}"), Safety::Idempotent);
        absent(self.remote.send(&call, deadline).await).map(drop)
    }
}

fn one(answer: &Answer) -> Result<Wire, CallError> {
    Ok(answer.json::<One>()?.data)
}

fn body(hook: &NewHook) -> String {
    let NewHook { scope, destination, headers } = hook;
    let sent = Sent { scope, destination, is_active: true, headers: headers.exposed() };
    // Texts and a flag can always be written as JSON.
    serde_json::to_string(&sent).unwrap_or_default()
}
