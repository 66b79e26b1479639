//! One run of a job of the catalogue: when it is due, who may run it, and how far it came.
//!
//! All jobs of a connection share one lease: the store takes one bulk call at a time (`docs/facts/bigcommerce.md` §5, §6, §7), and a level of
//! stock is written by one process only.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock, ConnectionId, Deadline, Timestamp};
use connector_ports::{Cursor, Lease, Leases, Ledger, Shelf, Shelved, State, StateError};
use futures_util::lock::Mutex;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::job::CatalogueJob;
use super::keeper::{Kept, placed, read};
use crate::breaker::{Breaker, Pass, Vendor};
use crate::connected::{Connected, Directory};
use crate::job::{Failure, Patience, after};
use crate::jobs::{Figure, Ran};

/// What is begun with less time left would be cut off.
pub(super) const AT_LEAST: Duration = Duration::from_mins(1);

/// So many SKUs that something stands in the way of are counted.
const HELD: usize = 100;

/// A connection that cannot be used is tried so often.
const UNUSABLE: Duration = Duration::from_mins(5);

/// What the catalogue stands on.
#[derive(Debug, Clone, Copy)]
pub struct Catalogue<'a> {
    /// Where places are kept.
    pub state: &'a dyn State,
    /// What was published.
    pub shelf: &'a dyn Shelf,
    /// One writes to a store's catalogue at a time.
    pub leases: &'a dyn Leases,
    /// Every order ever heard of: what is sold and not yet in Kinetic.
    pub ledger: &'a dyn Ledger,
    /// Where connections are found.
    pub directory: &'a Directory,
    /// How a vendor that is out of order is left alone.
    pub patience: &'a Patience,
}

/// Why a run stops before it has done all.
#[derive(Debug)]
pub(super) enum Halt {
    /// There is no time for more.
    Time,
    /// Somebody else does the same.
    Moved,
    /// A vendor or a port of ours failed.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// One run under way, which holds the lease; or somebody who only looks, and holds none.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    pub(super) on: Catalogue<'a>,
    pub(super) connected: Arc<Connected>,
    pub(super) deadline: Deadline,
    lease: Option<Mutex<Lease>>,
}

impl<'a> Catalogue<'a> {
    /// Whether the time of the next run has come and nobody is at work on it, and for the sweep, whether it has anything to do. It costs one
    /// read, or two, and calls no vendor.
    ///
    /// # Errors
    /// A port of ours failed, or what it holds cannot be read.
    pub async fn is_due(&self, job: CatalogueJob, connection: &ConnectionId) -> Result<bool, Failure> {
        let cursor = self.state.cursor(connection, job.cursor()).await?;
        let Some(cursor) = cursor else { return Ok(true) };
        let Kept::<IgnoredAny> { next, at_work, .. } = read(job.cursor(), &cursor)?;
        if self.now() < at_work.map_or(next, |until| until.max(next)) {
            return Ok(false);
        }
        if job == CatalogueJob::Sweep { self.has_to_sweep(connection, &cursor).await } else { Ok(true) }
    }

    /// Runs a job for as long as there is time; does nothing before its time, where the rules have none of it, while a vendor is out of order,
    /// or while another job of the catalogue is at work for this connection.
    ///
    /// Where it came to is written down when the work is done, so that a run that is cut off is gone on with, and what was done twice
    /// changes nothing. [`Ran::more`] says that it was cut off, and should go on at once: it got on, so that whoever sends itself on because
    /// of it comes to an end. One that did not get on waits for the next tick.
    ///
    /// # Errors
    /// A vendor, or a port of ours, failed. It goes on from there at its next time.
    pub async fn run(
        &self,
        job: CatalogueJob,
        connection: &ConnectionId,
        deadline: Deadline,
    ) -> Result<Ran, Failure> {
        let now = self.now();
        let (cursor, next) = self.read_next(job, connection).await?;
        if next.is_some_and(|next| now < next) {
            return Ok(Ran::default());
        }
        let connected = match self.directory.get(connection).await {
            Ok(connected) => connected,
            Err(error) => {
                self.put_off(job, connection, cursor.as_ref(), after(now, UNUSABLE)).await?;
                return Err(error.into());
            }
        };
        let Some(every) = job.every(&connected.rules) else {
            self.put_off(job, connection, cursor.as_ref(), after(now, UNUSABLE)).await?;
            return Ok(Ran::default());
        };
        let breaker = Breaker { state: self.state, connection, patience: self.patience };
        let mut pass = Pass::default();
        for vendor in [Vendor::Kinetic, Vendor::BigCommerce] {
            if let Err(closed) = breaker.pass(vendor, &mut pass, now).await {
                let Failure::OutOfOrder { .. } = closed else { return Err(closed) };
                let job_name = job.as_str();
                tracing::info!(%connection, job = job_name, "the {job_name} of {connection} are published later: {closed}");
                self.put_off(job, connection, cursor.as_ref(), after(now, every)).await?;
                return Ok(Ran::default());
            }
        }
        let before = (connected.kinetic.heard(), connected.shop.heard());
        let ttl = deadline.time_left(self.clock()).saturating_add(AT_LEAST);
        let Some(lease) = self.leases.acquire(&format!("catalogue/{connection}"), ttl).await? else {
            return Ok(Ran::default());
        };
        let place = placed(cursor.as_ref());
        if let Err(error) = self.begin(job, connection, cursor.as_ref(), next.unwrap_or(now), deadline).await
        {
            let _lapsed = self.leases.release(lease).await;
            return if let StateError::Moved(_) = error { Ok(Ran::default()) } else { Err(error.into()) };
        }
        let turn = Turn { on: *self, connected: connected.clone(), deadline, lease: Some(Mutex::new(lease)) };
        let done = Box::pin(turn.work(job)).await;
        if let Some(lease) = turn.lease {
            // One that lapsed is somebody else's by now.
            let _lapsed = self.leases.release(lease.into_inner()).await;
        }
        let failure = match &done {
            Err(Halt::Failed(failure)) => Some(failure),
            Err(Halt::Time | Halt::Moved) | Ok(_) => None,
        };
        let heard = |vendor| match vendor {
            Vendor::Kinetic => connected.kinetic.heard() > before.0,
            Vendor::BigCommerce => connected.shop.heard() > before.1,
        };
        breaker.tell(&pass, failure, heard, self.now()).await?;
        match done {
            Ok(ran) => self.told(job, connection, ran, &place).await,
            Err(Halt::Time) => self.told(job, connection, Ran { more: true, ..Ran::default() }, &place).await,
            Err(Halt::Moved) => Ok(Ran::default()),
            Err(Halt::Failed(failure)) => {
                self.put_off_after_failure(job, connection, after(self.now(), every)).await;
                Err(failure)
            }
        }
    }

    /// Reads everything of a connection anew and publishes what differs, as at first: for after its database was replaced, and a person has
    /// looked. What is on the shelf stays, so what is as it should be costs nothing in the store. Whoever is at work stops at its next step.
    ///
    /// # Errors
    /// Our own state failed; what was not restarted can be restarted again.
    pub async fn restart(&self, connection: &ConnectionId) -> Result<(), Failure> {
        let next = self.now();
        for job in CatalogueJob::ALL {
            let document = serde_json::json!(Kept { next, place: Value::Null, at_work: None });
            loop {
                let from = self.state.cursor(connection, job.cursor()).await?;
                match self.state.advance(connection, job.cursor(), from.as_ref(), document.clone()).await {
                    Ok(_) => break,
                    Err(StateError::Moved(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    /// For whoever only looks: whatever would write for such a turn is refused.
    pub(super) async fn looking(
        &self,
        connection: &ConnectionId,
        deadline: Deadline,
    ) -> Result<Turn<'a>, Failure> {
        let connected = self.directory.get(connection).await?;
        Ok(Turn { on: *self, connected, deadline, lease: None })
    }

    /// Somebody is at work until the deadline: the tick asks nobody else meanwhile.
    async fn begin(
        &self,
        job: CatalogueJob,
        connection: &ConnectionId,
        from: Option<&Cursor>,
        next: Timestamp,
        deadline: Deadline,
    ) -> Result<(), StateError> {
        let document =
            serde_json::json!(Kept { next, place: placed(from), at_work: Some(deadline.moment()) });
        self.state.advance(connection, job.cursor(), from, document).await.map(drop)
    }

    /// What is said of a run: whether it goes on at once only if it is further than at `before`, and what stands in the way of SKUs.
    async fn told(
        &self,
        job: CatalogueJob,
        connection: &ConnectionId,
        mut ran: Ran,
        before: &Value,
    ) -> Result<Ran, Failure> {
        if ran.more {
            let cursor = self.state.cursor(connection, job.cursor()).await?;
            ran.more = placed(cursor.as_ref()) != *before;
        } else if job == CatalogueJob::Parts {
            let held = self.shelf.with_issue(connection, None, HELD).await?;
            let held = held.iter().filter(|(_, shelved)| is_held(shelved)).count();
            ran.figures.push((Figure::SkusHeld, u64::try_from(held).unwrap_or(u64::MAX)));
        }
        Ok(ran)
    }

    /// A run that failed is tried again at its next time, and not with every tick.
    async fn put_off_after_failure(&self, job: CatalogueJob, connection: &ConnectionId, next: Timestamp) {
        let put_off = async {
            let (cursor, _) = self.read_next(job, connection).await?;
            self.put_off(job, connection, cursor.as_ref(), next).await
        };
        if let Err(error) = put_off.await {
            let job = job.as_str();
            tracing::warn!(%connection, job, %error, "the {job} of {connection} are tried again at once: {error}");
        }
    }

    /// How far `job` came, for whoever only wants to know.
    pub(super) async fn place<P: DeserializeOwned>(
        &self,
        job: CatalogueJob,
        connection: &ConnectionId,
    ) -> Result<Option<P>, Failure> {
        let Some(cursor) = self.state.cursor(connection, job.cursor()).await? else { return Ok(None) };
        Ok(read::<Kept<Option<P>>>(job.cursor(), &cursor)?.place)
    }

    async fn read_next(
        &self,
        job: CatalogueJob,
        connection: &ConnectionId,
    ) -> Result<(Option<Cursor>, Option<Timestamp>), StateError> {
        #[derive(Deserialize)]
        struct Next {
            next: Timestamp,
        }
        let cursor = self.state.cursor(connection, job.cursor()).await?;
        let next = match &cursor {
            Some(cursor) => Some(read::<Next>(job.cursor(), cursor)?.next),
            None => None,
        };
        Ok((cursor, next))
    }

    /// Nothing is done before `next`; how far it came stays.
    async fn put_off(
        &self,
        job: CatalogueJob,
        connection: &ConnectionId,
        from: Option<&Cursor>,
        next: Timestamp,
    ) -> Result<(), Failure> {
        let document = serde_json::json!(Kept { next, place: placed(from), at_work: None });
        match self.state.advance(connection, job.cursor(), from, document).await {
            Ok(_) | Err(StateError::Moved(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn clock(&self) -> &'a dyn Clock {
        self.directory.surroundings().clock.as_ref()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock().now()
    }
}

impl Turn<'_> {
    async fn work(&self, job: CatalogueJob) -> Result<Ran, Halt> {
        match job {
            CatalogueJob::Parts => self.parts().await,
            CatalogueJob::Prices => self.prices().await,
            CatalogueJob::Stock => self.stock().await,
            CatalogueJob::Sweep => self.sweep().await,
        }
    }

    /// Whether it only looks.
    pub(super) const fn only_looks(&self) -> bool {
        self.lease.is_none()
    }

    /// Whether there is time to begin something. Who begins nothing more says so with [`Halt::Time`].
    pub(super) fn on_time(&self) -> Result<(), Halt> {
        if self.deadline.fits(self.on.clock(), AT_LEAST) { Ok(()) } else { Err(Halt::Time) }
    }

    /// Makes sure that the lease is still ours. Asked before anything that must not come behind somebody else's.
    pub(super) async fn still_ours(&self) -> Result<(), Halt> {
        let Some(lease) = &self.lease else { return Err(Halt::Moved) };
        let ttl = self.deadline.time_left(self.on.clock()).saturating_add(AT_LEAST);
        match self.on.leases.renew(&mut *lease.lock().await, ttl).await {
            Ok(()) => Ok(()),
            Err(connector_ports::LeasesError::Lost(_)) => Err(Halt::Moved),
            Err(error) => Err(Halt::Failed(error.into())),
        }
    }
}

/// Whether nothing of it goes out. What went out and has a flag is not held.
fn is_held(shelved: &Shelved) -> bool {
    shelved.issue.as_ref().is_some_and(|issue| !issue.flagged_only)
}
