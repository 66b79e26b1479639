//! The job `sweep`: what the store has is compared with what it should have.
//!
//! Soon after the store told that a product is another than before ([`marked`]), and now and then all of it ([`night`]), because a hook may
//! be lost and an edit in Kinetic may leave no trace.

mod bring_back;
mod compare;
mod deleted;
mod look;
mod marked;
mod night;

use std::time::Duration;

use connector_domain::{ConnectionId, Timestamp};
use connector_ports::Cursor;
use serde::{Deserialize, Serialize};

use self::night::Phase;
use super::job::CatalogueJob;
use super::keeper::Keeper;
use super::turn::{Catalogue, Halt, Turn};
use crate::job::{Failure, after};
use crate::jobs::Ran;

/// After a failure all of it is gone on with so much later; what is marked is looked at meanwhile.
const AFTER_FAILURE: Duration = Duration::from_hours(1);

/// How far the sweep is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    /// All of it is compared then, or gone on with if that was begun; `None`: never.
    whole: Option<Timestamp>,
    /// How far it was compared, if that was begun.
    phase: Option<Phase>,
}

impl Catalogue<'_> {
    /// Whether there is anything to sweep, where its time has come. It costs one read.
    pub(super) async fn has_to_sweep(
        &self,
        connection: &ConnectionId,
        cursor: &Cursor,
    ) -> Result<bool, Failure> {
        #[derive(Deserialize)]
        struct Kept {
            place: Option<Place>,
        }
        let kept: Kept = super::keeper::read("catalogue-sweep", cursor)?;
        // Nothing is written down yet: its first run does.
        let Some(place) = kept.place else { return Ok(true) };
        if place.whole.is_some_and(|whole| whole <= self.now()) {
            return Ok(true);
        }
        Ok(!self.shelf.marked(connection, 1).await?.is_empty())
    }
}

impl Turn<'_> {
    pub(super) async fn sweep(&self) -> Result<Ran, Halt> {
        let rules = &self.connected.rules.sweep;
        let mut at: Keeper<'_, Place> = self.keeper(CatalogueJob::Sweep).await?;
        let mut sent = self.look_at_marked().await?;
        let now = self.on.now();
        // The first time is one such span after the first run, when parts will have been published.
        let at_the_latest = rules.every.map(|every| after(now, every));
        at.place.whole = at_the_latest.map(|latest| at.place.whole.map_or(latest, |whole| whole.min(latest)));
        let mut failed = None;
        if at.place.whole.is_some_and(|whole| whole <= now) {
            match self.night(&mut at).await {
                Ok(more) => sent += more,
                Err(Halt::Failed(failure)) => {
                    at.place.whole = Some(after(self.on.now(), AFTER_FAILURE));
                    failed = Some(failure);
                }
                Err(halt) => return Err(halt),
            }
        }
        at.next = after(self.on.now(), rules.marks);
        at.keep().await?;
        match failed {
            Some(failure) => Err(Halt::Failed(failure)),
            None => Ok(Ran { sent, ..Ran::default() }),
        }
    }
}
