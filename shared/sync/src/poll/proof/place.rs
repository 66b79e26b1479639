//! How far the comparison is, and what it found: one cursor, small whatever happens.

use connector_domain::{OrderId, Timestamp};
use connector_ports::Cursor;
use serde::{Deserialize, Serialize};

use super::compare::Wrong;

/// The cursor's name.
pub(in crate::poll) const CURSOR: &str = "proof";

/// So many mismatches are kept; the rest is counted.
pub(super) const MOST: usize = 200;

/// How far the comparison is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::poll) struct Place {
    /// When it is due.
    pub(super) next: Timestamp,
    /// The last order that was compared in this round.
    pub(super) after: Option<OrderId>,
    /// When this round began; before the first, there is none.
    begun: Option<Timestamp>,
    /// When it came to its end.
    ended: Option<Timestamp>,
    /// How many orders were compared in it.
    pub(super) checked: u64,
    /// What is wrong, by order.
    mismatches: Vec<Known>,
    /// How many more of this round are wrong than are kept.
    pub(super) besides: u64,
    /// Which were not known before this run.
    #[serde(skip)]
    fresh: Vec<OrderId>,
    /// How many more there were before this run.
    #[serde(skip)]
    besides_before: u64,
}

/// A mismatch that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    /// Which order.
    pub(super) order: OrderId,
    /// What is wrong.
    pub(super) wrong: Wrong,
    /// Since when that is known.
    since: Timestamp,
    /// When it was last seen.
    seen: Timestamp,
}

/// An order that Kinetic holds otherwise than the ledger says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// Which order.
    pub order: OrderId,
    /// What is wrong.
    pub wrong: Wrong,
    /// The same in words.
    pub words: String,
    /// Since when that is known.
    pub since: Timestamp,
    /// What to do.
    pub to_do: &'static str,
}

/// What the comparison of Kinetic's orders with the ledger has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProofReport {
    /// When this round began, or the last; `None` before the first.
    pub begun: Option<Timestamp>,
    /// When it came to its end; `None` while it is under way.
    pub ended: Option<Timestamp>,
    /// When it goes on, or the next begins.
    pub next: Timestamp,
    /// How many orders were compared in it.
    pub checked: u64,
    /// What is wrong, by order.
    pub mismatches: Vec<Mismatch>,
    /// How many more are wrong.
    pub besides: u64,
}

/// The place that was kept. What another version wrote is no reason to stop the poller: it is begun anew.
pub(in crate::poll) fn read(cursor: Option<&Cursor>) -> Option<Place> {
    cursor.and_then(|cursor| serde_json::from_value(cursor.document.clone()).ok())
}

impl Place {
    /// Before the first round, which begins at `next`.
    pub(super) const fn first(next: Timestamp) -> Self {
        Self {
            next,
            after: None,
            begun: None,
            ended: None,
            checked: 0,
            mismatches: Vec::new(),
            besides: 0,
            fresh: Vec::new(),
            besides_before: 0,
        }
    }

    /// Begins a round, unless one is under way.
    pub(super) fn go_on(&mut self, now: Timestamp) {
        if self.begun.is_none() || self.ended.is_some() {
            (self.begun, self.ended, self.after) = (Some(now), None, None);
            (self.checked, self.besides) = (0, 0);
        }
        self.besides_before = self.besides;
    }

    /// Ends the round. What it did not see is no more: an order that is held or cancelled by now is told of elsewhere.
    pub(super) fn end(&mut self, now: Timestamp) {
        (self.ended, self.after) = (Some(now), None);
        let begun = self.begun.unwrap_or(now);
        self.mismatches.retain(|known| known.seen >= begun);
    }

    /// The order is as it should be.
    pub(super) fn right(&mut self, order: OrderId) {
        self.mismatches.retain(|known| known.order != order);
    }

    /// The order is not as it should be.
    pub(super) fn wrong(&mut self, order: OrderId, wrong: Wrong, now: Timestamp) {
        let full = self.mismatches.len() >= MOST;
        let known = self.mismatches.iter_mut().find(|known| known.order == order);
        match known {
            Some(known) if known.wrong == wrong => known.seen = now,
            // Something else has happened to it since.
            Some(known) => {
                *known = Known { order, wrong, since: now, seen: now };
                self.fresh.push(order);
            }
            None if full => self.besides = self.besides.saturating_add(1),
            None => {
                self.mismatches.push(Known { order, wrong, since: now, seen: now });
                self.mismatches.sort_by_key(|known| known.order);
                self.fresh.push(order);
            }
        }
    }

    /// The order is being worked on: what is known of it stays until the next round.
    pub(super) fn unsure(&mut self, order: OrderId, now: Timestamp) {
        for known in self.mismatches.iter_mut().filter(|known| known.order == order) {
            known.seen = now;
        }
    }

    /// What this run found and nobody knew.
    pub(super) fn fresh(&self) -> impl Iterator<Item = &Known> {
        self.mismatches.iter().filter(|known| self.fresh.contains(&known.order))
    }

    /// Whether more are wrong than are kept, for the first time in this round.
    pub(super) const fn overflows(&self) -> bool {
        self.besides_before == 0 && self.besides > 0
    }

    /// How many this run found that nobody knew; those that are not kept count in every round.
    pub(super) fn news(&self) -> u64 {
        let fresh = u64::try_from(self.fresh.len()).unwrap_or(u64::MAX);
        fresh.saturating_add(self.besides.saturating_sub(self.besides_before))
    }

    /// For people and machines.
    pub(in crate::poll) fn report(self) -> ProofReport {
        let Self { next, begun, ended, checked, mismatches, besides, .. } = self;
        let mismatches = mismatches.into_iter().map(mismatch).collect();
        ProofReport { begun, ended, next, checked, mismatches, besides }
    }
}

fn mismatch(known: Known) -> Mismatch {
    let Known { order, wrong, since, seen: _ } = known;
    Mismatch { order, words: wrong.words(), to_do: wrong.to_do(), wrong, since }
}
