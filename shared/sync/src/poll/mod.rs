//! Looks for orders that no webhook told of, and keeps account of all of them.
//!
//! Two readings, each by order number, so that nothing is skipped while orders change (`docs/facts/bigcommerce.md` §3.1): the orders that
//! changed since the last reading, which brings what webhooks missed, and the numbers after the highest looked at, which proves that none
//! is missing. What is found goes the ordinary way into the queue, a few at a time (`drip`).
//!
//! At a slower cadence of its own Kinetic is asked whether it still holds what was written (`proof`).

mod back_fill;
mod by_date;
mod by_number;
mod delivery;
mod drip;
mod explained;
mod gaps;
mod judge;
mod place;
mod proof;
mod range;
mod report;
mod run;

use std::time::Duration;

use connector_domain::{ConnectionId, Deadline, Timestamp};
use connector_ports::{Ledger, Queue, State, StateError};

use crate::breaker::{Breaker, Pass, Vendor};
use crate::connected::Directory;
use crate::job::{Failure, Patience, after};
use crate::jobs::Ran;

pub use back_fill::{BackFill, Since};
pub use delivery::LastDay;
pub use explained::Explained;
pub use place::Begun;
pub use proof::{Mismatch, ProofReport, Wrong};
pub use range::Range;
pub use report::{HeldOrder, Open, Report, Why};

use place::{CURSOR, Place};
use run::{Halt, Run};

/// A connection that cannot be used is tried so often: its own cadence stands in the rules that cannot be read.
const UNUSABLE: Duration = Duration::from_mins(5);

/// What the poller stands on.
#[derive(Debug, Clone, Copy)]
pub struct Poller<'a> {
    /// Every order ever heard of.
    pub ledger: &'a dyn Ledger,
    /// Where orders are sent to.
    pub queue: &'a dyn Queue,
    /// Where places are kept.
    pub state: &'a dyn State,
    /// Where connections are found.
    pub directory: &'a Directory,
    /// How a vendor that is out of order is left alone.
    pub patience: &'a Patience,
}

/// How far the list of changed orders was read to its end, and where the account begins; `None` before the first run.
///
/// # Errors
/// Our own state failed, or what it holds cannot be read.
pub(crate) async fn read_to(
    state: &dyn State,
    connection: &ConnectionId,
) -> Result<Option<(Timestamp, Begun)>, Failure> {
    let cursor = state.cursor(connection, CURSOR).await?;
    Ok(Place::read(cursor.as_ref())?.map(|place| (place.read_to, place.begun)))
}

impl Poller<'_> {
    /// Whether the time of the next run has come. It costs one read, and calls no vendor.
    ///
    /// # Errors
    /// A port of ours failed.
    pub async fn is_due(&self, connection: &ConnectionId) -> Result<bool, Failure> {
        let now = self.directory.surroundings().clock.now();
        let cursor = self.state.cursor(connection, CURSOR).await?;
        // A place that cannot be read is the run's to tell of: other jobs of the connection must not stop for it.
        Ok(Place::read(cursor.as_ref()).map_or(true, |place| place.is_none_or(|place| now >= place.next)))
    }

    /// For how long the store's list of changed orders has not been read to its end; `None` before the first run. It costs one read, and
    /// calls no vendor.
    ///
    /// # Errors
    /// A port of ours failed, or what it holds cannot be read.
    pub async fn behind(&self, connection: &ConnectionId) -> Result<Option<Duration>, Failure> {
        let now = self.directory.surroundings().clock.now();
        let read_to = read_to(self.state, connection).await?;
        Ok(read_to.map(|(moment, _)| Duration::try_from(now.duration_since(moment)).unwrap_or_default()))
    }

    /// Sends what no webhook told of, as long as there is time; does nothing before its time, or while BigCommerce is out of order.
    ///
    /// Of two at once, the second to write down where it is stops there; what both sent is worked on once.
    ///
    /// # Errors
    /// BigCommerce, or a port of ours, failed. It goes on from there at its next time.
    pub async fn run(&self, connection: &ConnectionId, deadline: Deadline) -> Result<Ran, Failure> {
        let clock = self.directory.surroundings().clock.as_ref();
        let now = clock.now();
        let cursor = self.state.cursor(connection, CURSOR).await?;
        let place = Place::read(cursor.as_ref())?;
        if place.as_ref().is_some_and(|place| now < place.next) {
            return Ok(Ran::default());
        }
        let connected = match self.directory.get(connection).await {
            Ok(connected) => connected,
            Err(error) => {
                if let Some(place) = place {
                    self.put_off(connection, cursor.as_ref(), Place { next: after(now, UNUSABLE), ..place })
                        .await?;
                }
                return Err(error.into());
            }
        };
        let next = after(now, connected.rules.poll.every);
        let breaker = Breaker { state: self.state, connection, patience: self.patience };
        let mut pass = Pass::default();
        if let Err(closed) = breaker.pass(Vendor::BigCommerce, &mut pass, now).await {
            let Failure::OutOfOrder { .. } = closed else { return Err(closed) };
            tracing::info!(%connection, "orders of {connection} are looked for later: {closed}");
            if let Some(place) = place {
                self.put_off(connection, cursor.as_ref(), Place { next, ..place }).await?;
            }
            return Ok(Ran::default());
        }
        let before = connected.shop.heard();
        let mut run = Run::new(*self, &connected, deadline, cursor, place);
        let done = run.work().await;
        let failure = match &done {
            Err(Halt::Failed(failure)) => Some(failure),
            Err(Halt::Time | Halt::Full | Halt::Moved) | Ok(()) => None,
        };
        let heard = |vendor| vendor == Vendor::BigCommerce && connected.shop.heard() > before;
        breaker.tell(&pass, failure, heard, clock.now()).await?;
        // What was begun and has to stop goes on with the next tick.
        run.rest_until(if matches!(done, Err(Halt::Time)) { now } else { next });
        let has_time = !matches!(done, Err(Halt::Time));
        match done {
            Err(Halt::Moved) => return Ok(run.ran()),
            Ok(()) | Err(Halt::Time | Halt::Full) => {}
            Err(Halt::Failed(failure)) => {
                // The failure is the news; where the place cannot be kept either, the next run does the same again.
                let _unkept = run.save().await;
                return Err(failure);
            }
        }
        match run.save().await {
            Ok(()) if has_time => run.prove().await?,
            Ok(()) | Err(Halt::Moved | Halt::Time | Halt::Full) => {}
            Err(Halt::Failed(failure)) => return Err(failure),
        }
        Ok(run.ran())
    }

    async fn put_off(
        &self,
        connection: &ConnectionId,
        from: Option<&connector_ports::Cursor>,
        place: Place,
    ) -> Result<(), Failure> {
        match self.state.advance(connection, CURSOR, from, serde_json::json!(place)).await {
            Ok(_) | Err(StateError::Moved(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
