//! The job `parts`: parts of Kinetic that changed go out to the store.

use std::time::Duration;

use connector_domain::{ConnectionId, Deadline, Timestamp};
use connector_kinetic::{RootSet, Since, SysRevId};
use connector_ports::{Cursor, Digest, Leases, Shelf, State, StateError};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::changes::ReadTo;
use super::publish::Publishing;
use crate::breaker::{Breaker, Pass, Vendor};
use crate::connected::{Connected, Directory};
use crate::job::{Failure, Patience, after};
use crate::jobs::Ran;
use crate::rules::CatalogueRules;

/// The job's word.
pub const PARTS: &str = "parts";

/// The cursor's name.
const CURSOR: &str = "catalogue-parts";

/// So many parts come at once. A site may give fewer; what a page holds is what is held in memory.
const PAGE: u16 = 250;

/// What is begun with less time left would be cut off.
pub(super) const AT_LEAST: Duration = Duration::from_mins(1);

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
    /// Where connections are found.
    pub directory: &'a Directory,
    /// How a vendor that is out of order is left alone.
    pub patience: &'a Patience,
}

/// How far the parts of a connection are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    /// Not before.
    next: Timestamp,
    /// How far they were read.
    read: ReadTo,
    /// Of the rules under which they were published: others publish all of them anew.
    rules: Option<Digest>,
    /// Kinetic's database was another at this moment: nothing goes out until a person has looked.
    stopped: Option<Timestamp>,
}

/// Why a run stops before it has done all.
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

impl Catalogue<'_> {
    /// Whether the time of the next run has come. It costs one read, and calls no vendor.
    ///
    /// # Errors
    /// A port of ours failed, or what it holds cannot be read.
    pub async fn parts_are_due(&self, connection: &ConnectionId) -> Result<bool, Failure> {
        let now = self.now();
        let cursor = self.state.cursor(connection, CURSOR).await?;
        Ok(place(cursor.as_ref())?.is_none_or(|place| now >= place.next))
    }

    /// Publishes the parts that changed, page by page, as long as there is time; does nothing before its time, where the rules publish
    /// nothing, or while a vendor is out of order.
    ///
    /// A page's place is written down when its work is done, so that a run that is cut off is gone on with, and what was done twice
    /// changes nothing.
    ///
    /// # Errors
    /// A vendor, or a port of ours, failed. It goes on from there at its next time.
    pub async fn publish_parts(&self, connection: &ConnectionId, deadline: Deadline) -> Result<Ran, Failure> {
        let now = self.now();
        let cursor = self.state.cursor(connection, CURSOR).await?;
        let place = place(cursor.as_ref())?;
        if place.as_ref().is_some_and(|place| now < place.next) {
            return Ok(Ran::default());
        }
        let connected = match self.directory.get(connection).await {
            Ok(connected) => connected,
            Err(error) => {
                self.put_off(connection, cursor.as_ref(), place, after(now, UNUSABLE)).await?;
                return Err(error.into());
            }
        };
        let next = after(now, connected.rules.catalogue.every);
        if !connected.rules.catalogue.publish {
            self.put_off(connection, cursor.as_ref(), place, next).await?;
            return Ok(Ran::default());
        }
        let breaker = Breaker { state: self.state, connection, patience: self.patience };
        let mut pass = Pass::default();
        for vendor in [Vendor::Kinetic, Vendor::BigCommerce] {
            if let Err(closed) = breaker.pass(vendor, &mut pass, now).await {
                let Failure::OutOfOrder { .. } = closed else { return Err(closed) };
                tracing::info!(%connection, "parts of {connection} are published later: {closed}");
                self.put_off(connection, cursor.as_ref(), place, next).await?;
                return Ok(Ran::default());
            }
        }
        let before = (connected.kinetic.heard(), connected.shop.heard());
        let ttl = deadline.time_left(self.clock()).saturating_add(AT_LEAST);
        let Some(lease) = self.leases.acquire(&format!("catalogue/{connection}"), ttl).await? else {
            return Ok(Ran::default());
        };
        let done = Box::pin(self.pages(&connected, cursor, place, deadline)).await;
        // One that lapsed is somebody else's by now.
        let _lapsed = self.leases.release(lease).await;
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
            Ok(sent) => Ok(Ran { sent, figures: Vec::new() }),
            Err(Halt::Time | Halt::Moved) => Ok(Ran::default()),
            Err(Halt::Failed(failure)) => Err(failure),
        }
    }

    /// All pages, and how many changes the store has taken.
    async fn pages(
        &self,
        connected: &Connected,
        mut cursor: Option<Cursor>,
        place: Option<Place>,
        deadline: Deadline,
    ) -> Result<usize, Halt> {
        let rules = &connected.rules.catalogue;
        let digest = digest_of(rules);
        let mut place = place.unwrap_or_else(|| Place {
            next: self.now(),
            read: ReadTo::default(),
            rules: Some(digest),
            stopped: None,
        });
        if place.rules != Some(digest) {
            // What they say now may be otherwise of every part.
            place.read.begin_anew();
            place.rules = Some(digest);
        }
        let begun = self.now();
        let mut published = 0;
        loop {
            if !deadline.fits(self.clock(), AT_LEAST) {
                return Err(Halt::Time);
            }
            let after_revision = SysRevId(place.read.after(begun, rules.overlap));
            let since = Since { after: after_revision, top: PAGE, only: rules.parts.filter.as_ref() };
            let changed = connected.kinetic.changes().parts(since, deadline).await?;
            // Before anything of a reading goes out. The page itself tells mostly; a filter of the owner's may hide what it would tell by.
            let seen = changed.highest.map(|revision| revision.0);
            if place.read.has_begun()
                && !place.read.is_under_way()
                && (changed.more || place.read.is_another_database(seen))
            {
                let highest = connected.kinetic.changes().highest(RootSet::Parts, deadline).await?;
                if place.read.is_another_database(highest.map(|revision| revision.0)) {
                    return self.stop(connected, cursor.as_ref(), place).await.map(|()| published);
                }
            }
            let publishing = Publishing { on: *self, connected, deadline };
            published += publishing.page(&changed.rows).await?;
            let rows = changed.rows.iter().map(|row| (row.row_id.as_str(), row.revision.0));
            place.read.done(rows, !changed.more, begun, rules.overlap);
            place.next = if changed.more { begun } else { after(begun, rules.every) };
            place.stopped = None;
            cursor = Some(self.keep(&connected.id, cursor.as_ref(), &place).await?);
            if !changed.more {
                return Ok(published);
            }
        }
    }

    /// Another database has other parts under the same revisions: whatever was published of it would be a guess.
    async fn stop(
        &self,
        connected: &Connected,
        cursor: Option<&Cursor>,
        mut place: Place,
    ) -> Result<(), Halt> {
        let (connection, now) = (&connected.id, self.now());
        if place.stopped.is_none() {
            tracing::error!(%connection, "Kinetic's database of {connection} is another than before: none of its newest parts is there. Nothing is published until a person has looked: was it restored, or copied from another company?");
        }
        place.stopped = place.stopped.or(Some(now));
        place.next = after(now, connected.rules.catalogue.every);
        self.keep(connection, cursor, &place).await.map(drop)
    }

    async fn keep(
        &self,
        connection: &ConnectionId,
        from: Option<&Cursor>,
        place: &Place,
    ) -> Result<Cursor, Halt> {
        match self.state.advance(connection, CURSOR, from, serde_json::json!(place)).await {
            Ok(cursor) => Ok(cursor),
            Err(StateError::Moved(_)) => Err(Halt::Moved),
            Err(error @ StateError::Unavailable(_)) => Err(Halt::Failed(error.into())),
        }
    }

    async fn put_off(
        &self,
        connection: &ConnectionId,
        from: Option<&Cursor>,
        place: Option<Place>,
        next: Timestamp,
    ) -> Result<(), Failure> {
        let Some(place) = place else { return Ok(()) };
        let put_off = Place { next, ..place };
        match self.state.advance(connection, CURSOR, from, serde_json::json!(put_off)).await {
            Ok(_) | Err(StateError::Moved(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn clock(&self) -> &dyn connector_domain::Clock {
        self.directory.surroundings().clock.as_ref()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock().now()
    }
}

/// # Errors
/// It cannot be read. It is not begun anew then: a person has to look.
fn place(cursor: Option<&Cursor>) -> Result<Option<Place>, StateError> {
    let Some(cursor) = cursor else { return Ok(None) };
    serde_json::from_value(cursor.document.clone())
        .map(Some)
        .map_err(|error| StateError::Unavailable(format!("the cursor {CURSOR} cannot be read: {error}")))
}

/// Of all that decides what goes out.
fn digest_of(rules: &CatalogueRules) -> Digest {
    let CatalogueRules { publish: _, parts, new: _, owned, name, weight, inexact, every: _, overlap: _ } =
        rules;
    Digest::new(Sha256::digest(format!("{parts:?}{owned:?}{name:?}{weight:?}{inexact:?}")).into())
}
