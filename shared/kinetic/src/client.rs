//! The client: one company.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use connector_domain::Deadline;
use connector_http::{Pacer, Policy, Remote, Surroundings, Transport, Vendor};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::auth::{Identity, Sessions};
use crate::baq::{Baq, BaqId};
use crate::codes::Codes;
use crate::customers::Customers;
use crate::description::Description;
use crate::error::KineticError;
use crate::invoke::Door;
use crate::odata::changes::Changes;
use crate::parts::Parts;
use crate::profile::Method;
use crate::sales_orders::SalesOrders;
use crate::settings::{Settings, SettingsError};
use crate::stock::Stock;
use crate::vendor::Company;

/// The longest wait that a call bears to be told. An empty pool of licences asks for more (§2.4): such a call ends at once and its caller's
/// queue waits, instead of calls that knock at the pool one after another while they hold a place each.
const LONGEST_TOLD: Duration = Duration::from_secs(20);

/// One company of one Kinetic. Clones share connections, pace, token, session and count.
#[derive(Debug, Clone)]
pub struct Kinetic {
    door: Door,
    sessions: Option<Arc<Sessions>>,
    described: Remote,
}

impl Kinetic {
    /// A client for the company in `settings`; nothing is sent yet.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(
        settings: Settings,
        transport: Transport,
        surroundings: Surroundings,
    ) -> Result<Self, SettingsError> {
        let (per_second, in_flight) = settings.checked()?;
        let company = utf8_percent_encode(&settings.company, NON_ALPHANUMERIC);
        let base = format!("{}/api/v2/odata/{company}", settings.base_url.as_str().trim_end_matches('/'));
        let base = Url::parse(&base).map_err(|_| SettingsError::BaseUrl)?;
        let clock = surroundings.clock.clone();
        let pacer = Pacer::fixed(per_second, in_flight, clock.clone());
        let policy = Policy { longest_told: LONGEST_TOLD, ..Policy::default() };
        // Tokens and sessions are asked for at the same pace, which is one for all.
        let reach = move |base: Url, vendor: Arc<dyn Vendor>| {
            Remote::new(base, vendor, transport.clone(), pacer.clone(), policy, surroundings.clone())
        };
        let identity = Arc::new(Identity::of(&settings, clock.clone(), &reach)?);
        let sessions = settings.session.then(|| {
            let alone = Arc::new(Company::new(identity.clone(), None));
            Arc::new(Sessions::new(reach(base.clone(), alone), clock))
        });
        let vendor: Arc<Company> = Arc::new(Company::new(identity, sessions.clone()));
        let described =
            format!("{}/api/swagger/v2/methods", settings.base_url.as_str().trim_end_matches('/'));
        let described = Url::parse(&described).map_err(|_| SettingsError::BaseUrl)?;
        let described = reach(described, vendor.clone());
        Ok(Self { door: Door::new(reach(base, vendor), settings), sessions, described })
    }

    /// How many calls of the company were answered with success so far; it never goes back. A breaker that sees it grow knows that Kinetic was
    /// reached, let us in and did what it was asked. Tokens and sessions do not count: a lender that works proves nothing about Kinetic.
    pub fn heard(&self) -> u64 {
        self.door.remote.heard()
    }

    /// Ends the server session and frees its seat; the next call begins another. Nothing happens where there is none. A call that is under way
    /// meanwhile begins a session of its own.
    ///
    /// # Errors
    /// The call's. The session is forgotten all the same, and the server ends it in its own time.
    pub async fn logout(&self, deadline: Deadline) -> Result<(), KineticError> {
        match &self.sessions {
            Some(sessions) => Ok(sessions.end(deadline).await?),
            None => Ok(()),
        }
    }

    /// Sales orders.
    pub const fn sales_orders(&self) -> SalesOrders<'_> {
        SalesOrders::new(&self.door)
    }

    /// Customers.
    pub const fn customers(&self) -> Customers<'_> {
        Customers::new(&self.door)
    }

    /// Codes of all sorts: whether they exist.
    pub const fn codes(&self) -> Codes<'_> {
        Codes::new(&self.door)
    }

    /// What the site itself says of its methods.
    pub const fn description(&self) -> Description<'_> {
        Description::new(&self.described)
    }

    /// The parameters that this client sends with `method`.
    pub fn parameters(&self, method: Method) -> BTreeSet<&'static str> {
        self.door.sends(method)
    }

    /// What changed since a revision, and what there is by key.
    pub const fn changes(&self) -> Changes<'_> {
        Changes::new(&self.door)
    }

    /// What is on hand, by part and warehouse.
    pub const fn stock(&self) -> Stock<'_> {
        Stock::new(&self.door)
    }

    /// A query that the site's own people made.
    pub const fn baq<'a>(&'a self, id: &'a BaqId) -> Baq<'a> {
        Baq::new(&self.door, id)
    }

    /// Parts.
    pub const fn parts(&self) -> Parts<'_> {
        Parts::new(&self.door)
    }
}
