//! The hooks of a store: those that are wanted, those that there are, and what is done about the difference.
//!
//! The store switches a hook off after 48 hours of refusals or 90 days of silence and tells nobody who listens here
//! (`docs/facts/bigcommerce.md` §2.1, §2.4). So they are looked at once in a while ([`Auditor`]) and mended ([`plan()`], pure); what was
//! missed meanwhile is found by the poller.

mod apply;
mod audit;
mod endpoint;
mod plan;
mod report;
mod rotation;
mod told;
mod wanted;

use std::time::Duration;

use connector_domain::{ConnectionId, Deadline, Timestamp};
use connector_ports::{Cursor, State, StateError};
use serde::{Deserialize, Serialize};
use url::Url;

pub use self::audit::{Mode, audit};
pub use self::endpoint::Endpoint;
pub use self::plan::{Kind, Limit, PER_SCOPE, Step, UNTOUCHED, plan};
pub use self::report::{Audit, Blocked, Found, Outcome, Planned};
pub use self::rotation::{OldHooks, headers, unknown_until};
use self::told::Told;
pub use self::wanted::{
    DestinationError, EXCEPTIONS, USUAL, Wanted, address, covers, destination, is_delivered_to, leads_to,
};
use crate::breaker::{Breaker, Pass, Vendor};
use crate::connected::{Connected, Directory};
use crate::job::{Failure, Patience, after};
use crate::jobs::Ran;

/// How soon they are looked at again after something was wrong.
pub const SOON: Duration = Duration::from_mins(5);

/// No hook is touched again sooner than that, in case the store does not write down that it was.
const TOUCHED: Duration = Duration::from_hours(24);

/// The cursor that says when they are to be looked at again, and what was last found.
const CURSOR: &str = "hooks";

/// What stands in the cursor.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Last {
    next: Timestamp,
    /// When they were last looked at.
    #[serde(default)]
    at: Timestamp,
    /// When hooks were last touched.
    touched: Option<Timestamp>,
    /// What was last told, so that it is not told again every few minutes.
    told: Told,
}

/// What the audit of hooks stands on.
#[derive(Debug, Clone, Copy)]
pub struct Auditor<'a> {
    /// Where cadences are kept.
    pub state: &'a dyn State,
    /// Where connections are found.
    pub directory: &'a Directory,
    /// How a vendor that is out of order is left alone.
    pub patience: &'a Patience,
    /// Where webhooks come in, up to and with `/webhooks/`.
    pub door: Option<&'a Url>,
}

impl Auditor<'_> {
    /// Whether the time of the next run has come, or a rotation has something to do. It costs one read and a look at the connection, which
    /// is cached, and calls no vendor.
    ///
    /// # Errors
    /// A port of ours failed.
    pub async fn is_due(&self, connection: &ConnectionId) -> Result<bool, Failure> {
        let now = self.directory.surroundings().clock.now();
        let cursor = self.state.cursor(connection, CURSOR).await?;
        match last(cursor.as_ref()) {
            Some(last) => Ok(self.has_come(connection, &last, now).await),
            None => Ok(true),
        }
    }

    /// A connection that cannot be read calls for nothing: the run would fail, and says so when it is due.
    async fn has_come(&self, connection: &ConnectionId, last: &Last, now: Timestamp) -> bool {
        if now >= last.next {
            return true;
        }
        let stored = self.directory.stored(connection).await;
        stored.is_ok_and(|stored| rotation::calls(&stored.credentials.bigcommerce.old, last.at, now))
    }

    /// Looks at the hooks of `connection` and mends them; does nothing before its time, where nobody knows the address of its webhooks, or
    /// while BigCommerce is out of order.
    ///
    /// # Errors
    /// BigCommerce, or a port of ours, failed, or the connection cannot be used; it is tried again soon.
    pub async fn run(&self, connection: &ConnectionId, deadline: Deadline) -> Result<Ran, Failure> {
        let now = self.directory.surroundings().clock.now();
        let cursor = self.state.cursor(connection, CURSOR).await?;
        let last = last(cursor.as_ref()).unwrap_or_default();
        if !self.has_come(connection, &last, now).await {
            return Ok(Ran::default());
        }
        let done = self.looked(connection, &last, deadline).await;
        let last = Last { at: now, ..last };
        let (next, ran) = match done {
            Ok(Looked { next, figures }) => (next, Ok(Ran { figures, ..Ran::default() })),
            Err(closed @ Failure::OutOfOrder { .. }) => {
                tracing::info!(%connection, "the hooks of {connection} are looked at later: {closed}");
                (Last { next: after(now, SOON), ..last }, Ok(Ran::default()))
            }
            Err(failure) => (Last { next: after(now, SOON), ..last }, Err(failure)),
        };
        let written = self.state.advance(connection, CURSOR, cursor.as_ref(), serde_json::json!(next)).await;
        let ran = ran?;
        match written {
            // Another run did the same.
            Ok(_) | Err(StateError::Moved(_)) => Ok(ran),
            Err(error) => Err(error.into()),
        }
    }

    async fn looked(
        &self,
        connection: &ConnectionId,
        last: &Last,
        deadline: Deadline,
    ) -> Result<Looked, Failure> {
        let now = self.directory.surroundings().clock.now();
        let connected = self.directory.get(connection).await?;
        let every = connected.rules.hooks.every;
        let Some(url) = connected.rules.hooks.url.as_ref().or(self.door) else {
            tracing::debug!(%connection, "nobody says where the webhooks of {connection} come in: its hooks are left alone");
            return Ok(Looked::nothing(after(now, every), now, last));
        };
        let stored = self.directory.stored(connection).await?;
        if let Some(known) = rotation::unknown_until(&stored.credentials.bigcommerce.old, now) {
            tracing::info!(%connection, until = %known, "{connection} has another API account: its hooks are set up when every receiver knows its client secret");
            return Ok(Looked::nothing(known, now, last));
        }
        let touch = last.touched.is_none_or(|touched| now >= after(touched, TOUCHED));
        let audit = self.audit(&connected, url, Mode::Mend { touch }, deadline).await?;
        let told = last.told.tell(&audit);
        let wait = if audit.is_good() && !audit.has_old_hooks() { every } else { SOON.min(every) };
        let touched = if audit.has_touched() { Some(now) } else { last.touched };
        Ok(Looked { next: Last { next: after(now, wait), at: now, touched, told }, figures: audit.figures() })
    }

    /// As an order does: not while BigCommerce is out of order, or as the one that tries; and what became of it is told, so that a wrong
    /// token is not tried by this job beside the orders.
    async fn audit(
        &self,
        connected: &Connected,
        url: &Url,
        mode: Mode,
        deadline: Deadline,
    ) -> Result<Audit, Failure> {
        let clock = self.directory.surroundings().clock.as_ref();
        let breaker = Breaker { state: self.state, connection: &connected.id, patience: self.patience };
        let mut pass = Pass::default();
        breaker.pass(Vendor::BigCommerce, &mut pass, clock.now()).await?;
        let before = connected.shop.heard();
        let done = audit(self.directory, connected, url, mode, deadline).await;
        let heard = |vendor| vendor == Vendor::BigCommerce && connected.shop.heard() > before;
        let within = done.as_ref().ok().and_then(|audit| audit.failure.clone()).map(Failure::Shop);
        breaker.tell(&pass, done.as_ref().err().or(within.as_ref()), heard, clock.now()).await?;
        done
    }
}

/// What a run found, and when the next is due.
struct Looked {
    next: Last,
    figures: Vec<(crate::jobs::Figure, u64)>,
}

impl Looked {
    fn nothing(next: Timestamp, at: Timestamp, last: &Last) -> Self {
        Self { next: Last { next, at, ..last.clone() }, figures: Vec::new() }
    }
}

/// What another version wrote is no reason to stop: they are looked at at once.
fn last(cursor: Option<&Cursor>) -> Option<Last> {
    cursor.and_then(|cursor| serde_json::from_value(cursor.document.clone()).ok())
}
