//! A vendor that works for nobody is asked by one order a step, not by all.
//!
//! A wrong password that a thousand orders try locks the user out; an empty pool of licences that they all knock at stays empty. So the
//! first order that meets such a failure writes down that the vendor is out of order. Until the next step orders are put off without a
//! call; then one of them tries, and if it is heard, all go on by themselves.

use std::fmt;
use std::time::Duration;

use connector_domain::{ConnectionId, Timestamp};
use connector_http::{CallError, Class};
use connector_kinetic::KineticError;
use connector_ports::{Cursor, State, StateError};
use serde::{Deserialize, Serialize};

use crate::job::{Failure, Patience, after};

/// For how long the one that tries may take before another does; nobody is put off for longer than that while it tries.
const TRIAL: Duration = Duration::from_mins(2);

/// Which side of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is a vendor's name")]
pub enum Vendor {
    BigCommerce,
    Kinetic,
}

impl Vendor {
    /// Both.
    pub const ALL: [Self; 2] = [Self::BigCommerce, Self::Kinetic];

    /// The cursor in which it stands.
    const fn cursor(self) -> &'static str {
        match self {
            Self::BigCommerce => "breaker/bigcommerce",
            Self::Kinetic => "breaker/kinetic",
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BigCommerce => "BigCommerce",
            Self::Kinetic => "Kinetic",
        })
    }
}

/// What stands in the cursor. `None` in place of it: in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Broken {
    /// The cause or class of the failure that opened it.
    cause: String,
    /// Since when.
    since: Timestamp,
    /// How many trials have failed, the first failure included.
    failures: u32,
    /// When the next trial may begin.
    next: Timestamp,
    /// Until when somebody is trying.
    trying: Option<Timestamp>,
}

/// The breakers of one connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Breaker<'a> {
    pub(crate) state: &'a dyn State,
    pub(crate) connection: &'a ConnectionId,
    pub(crate) patience: &'a Patience,
}

/// What may be done now: a trial of these vendors, if any is out of order.
#[derive(Debug, Default)]
pub(crate) struct Pass {
    trials: Vec<Vendor>,
}

impl Breaker<'_> {
    /// Lets an order through to `vendor`, as a trial where it is out of order and its next step has come. Asked only by who needs that
    /// vendor: an order that is done must not be put off for it.
    ///
    /// # Errors
    /// [`Failure::OutOfOrder`]: come again then.
    pub(crate) async fn pass(&self, vendor: Vendor, pass: &mut Pass, now: Timestamp) -> Result<(), Failure> {
        let (cursor, Some(broken)) = self.read(vendor).await? else { return Ok(()) };
        let closed = |until| Failure::OutOfOrder { vendor, cause: broken.cause.clone(), until };
        if let Some(until) = broken.trying.filter(|until| now < *until) {
            return Err(closed(until));
        }
        if now < broken.next {
            return Err(closed(broken.next));
        }
        let until = after(now, TRIAL);
        let trying = Broken { trying: Some(until), ..broken.clone() };
        match self.write(vendor, cursor.as_ref(), Some(&trying)).await {
            Ok(()) => {
                pass.trials.push(vendor);
                Ok(())
            }
            // Somebody else tries.
            Err(StateError::Moved(_)) => Err(closed(until)),
            Err(error) => Err(error.into()),
        }
    }

    /// What became of the order that was let through. `heard` says whether a vendor answered it with success.
    ///
    /// # Errors
    /// Our own state failed.
    pub(crate) async fn tell(
        &self,
        pass: &Pass,
        failure: Option<&Failure>,
        heard: impl Fn(Vendor) -> bool,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let trips = failure.and_then(trips);
        for vendor in Vendor::ALL {
            let tried = pass.trials.contains(&vendor);
            match &trips {
                Some((broken, cause)) if *broken == vendor => self.open(vendor, cause, tried, now).await?,
                _ if tried && heard(vendor) => self.close(vendor, now).await?,
                // It never came as far as that vendor: the next may try at once.
                _ if tried => self.untried(vendor).await?,
                _ => {}
            }
        }
        Ok(())
    }

    async fn open(&self, vendor: Vendor, cause: &str, tried: bool, now: Timestamp) -> Result<(), Failure> {
        let (cursor, broken) = self.read(vendor).await?;
        let (failures, since) = match broken {
            // Another order has written it down, and nobody was to try.
            Some(_) if !tried => return Ok(()),
            Some(broken) => (broken.failures.saturating_add(1), broken.since),
            None => (1, now),
        };
        let next = after(now, step(failures, self.patience));
        let broken = Broken { cause: cause.to_owned(), since, failures, next, trying: None };
        let connection = self.connection;
        tracing::error!(%connection, vendor = %vendor, cause, failures, next = %next, "{vendor} of {connection} is out of order since {since} ({cause}): orders wait, none is lost; it is tried again at {next}");
        self.unless_moved(self.write(vendor, cursor.as_ref(), Some(&broken)).await)
    }

    async fn close(&self, vendor: Vendor, now: Timestamp) -> Result<(), Failure> {
        let (cursor, broken) = self.read(vendor).await?;
        let Some(broken) = broken else { return Ok(()) };
        let connection = self.connection;
        let minutes = now.duration_since(broken.since).as_mins();
        tracing::info!(%connection, vendor = %vendor, minutes, "{vendor} of {connection} is in order again, after {minutes} minutes");
        self.unless_moved(self.write(vendor, cursor.as_ref(), None).await)
    }

    async fn untried(&self, vendor: Vendor) -> Result<(), Failure> {
        let (cursor, broken) = self.read(vendor).await?;
        let Some(broken) = broken else { return Ok(()) };
        let untried = Broken { trying: None, ..broken };
        self.unless_moved(self.write(vendor, cursor.as_ref(), Some(&untried)).await)
    }

    async fn read(&self, vendor: Vendor) -> Result<(Option<Cursor>, Option<Broken>), StateError> {
        let cursor = self.state.cursor(self.connection, vendor.cursor()).await?;
        // What another version wrote is no reason to stop: the next failure writes it anew.
        let broken = cursor.as_ref().and_then(|cursor| serde_json::from_value(cursor.document.clone()).ok());
        Ok((cursor, broken.flatten()))
    }

    async fn write(
        &self,
        vendor: Vendor,
        from: Option<&Cursor>,
        broken: Option<&Broken>,
    ) -> Result<(), StateError> {
        let document = serde_json::json!(broken);
        self.state.advance(self.connection, vendor.cursor(), from, document).await.map(drop)
    }

    /// Where somebody else wrote at the same time, theirs is as good as ours.
    #[expect(clippy::unused_self, reason = "reads as one sentence with the write")]
    fn unless_moved(&self, written: Result<(), StateError>) -> Result<(), Failure> {
        match written {
            Ok(()) | Err(StateError::Moved(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Which vendor a failure says works for nobody, and why. The weather of single calls, and what one order met alone, are not counted.
fn trips(failure: &Failure) -> Option<(Vendor, String)> {
    let (vendor, error) = match failure {
        Failure::Shop(error) => (Vendor::BigCommerce, error),
        Failure::Kinetic(KineticError::Call(error)) => (Vendor::Kinetic, error),
        Failure::Kinetic(KineticError::NotSaved { .. } | KineticError::Prompted { .. })
        | Failure::Held(_)
        | Failure::Unknown(_)
        | Failure::Unsettled { .. }
        | Failure::ShopperBusy
        | Failure::Moved(_)
        | Failure::OutOfOrder { .. }
        | Failure::Connect(_)
        | Failure::Ledger(_)
        | Failure::Leases(_)
        | Failure::State(_)
        | Failure::Shelf(_)
        | Failure::Queue(_) => return None,
    };
    for_nobody(error).then(|| {
        let cause = if error.cause.is_empty() { error.class.label() } else { error.cause };
        (vendor, cause.to_owned())
    })
}

fn for_nobody(error: &CallError) -> bool {
    match error.class {
        Class::Unauthorized | Class::NotSent => true,
        // A single permission may be missing that other orders do not need.
        Class::Forbidden => error.cause != "kinetic.access_denied",
        Class::Throttled => error.cause == "kinetic.no_licence",
        Class::OutOfTime
        | Class::Ambiguous
        | Class::Unavailable
        | Class::ServerError
        | Class::NotFound
        | Class::Conflict
        | Class::Rejected
        | Class::Unreadable => false,
    }
}

/// The wait before trial number `failures`.
fn step(failures: u32, patience: &Patience) -> Duration {
    patience.first.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(patience.longest)
}

#[cfg(test)]
mod tests;
