//! The second proof: at a cadence of its own it is asked whether Kinetic still holds every synced order once, under its number, and at
//! the total that was proven.
//!
//! An order is proven when it is written ([`crate::orders::prove`]), and nobody looks again. What happens to it in Kinetic afterwards, a
//! second one that a clerk keys, a void, another total, is seen here and told once. Nothing is changed by it.

mod compare;
mod place;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use connector_kinetic::Bearer;
use connector_ports::{Cursor, LedgerRow, StateError, StateName};

use super::run::{Halt, Run};
use crate::breaker::{Breaker, Pass, Vendor};
use crate::job::{Failure, after};
use crate::orders::reference;

pub use compare::Wrong;
pub use place::{Mismatch, ProofReport};

use place::Known;
pub(super) use place::{CURSOR, Place, read};

/// So many orders are compared in one run.
const AT_ONCE: usize = 500;

/// So many of them are asked for in one question, which is one call unless their references are very long.
const BATCH: usize = 20;

/// Where Kinetic did not answer it is asked again so much later: there is no hurry.
const AGAIN: Duration = Duration::from_hours(1);

impl Run<'_> {
    /// Goes on with the comparison if it is due, as long as there is time.
    ///
    /// # Errors
    /// A port of ours failed. That Kinetic did, or is out of order, is logged and no failure of the poller's.
    pub(super) async fn prove(&mut self) -> Result<(), Failure> {
        let Some(every) = self.connected.rules.poll.proof else { return Ok(()) };
        let (state, now) = (self.on.state, self.now());
        let cursor = state.cursor(self.id(), CURSOR).await?;
        let Some(mut place) = read(cursor.as_ref()) else {
            // What is written from now on was just proven.
            self.keep_proof(cursor.as_ref(), &Place::first(after(now, every))).await?;
            return Ok(());
        };
        if now < place.next || self.in_time().is_err() {
            return Ok(());
        }
        place.go_on(now);
        let rows = self.on.ledger.list(self.id(), Some(StateName::Synced), place.after, AT_ONCE).await?;
        let done = if rows.is_empty() { Ok(()) } else { self.ask(&rows, &mut place).await };
        place.next = match &done {
            Ok(()) if rows.len() < AT_ONCE => {
                place.end(self.now());
                after(now, every)
            }
            // It goes on with the next run of the poller.
            Ok(()) | Err(Halt::Time | Halt::Full | Halt::Moved) => now,
            Err(Halt::Failed(_)) => after(now, AGAIN),
        };
        // Of two at once only one tells.
        if self.keep_proof(cursor.as_ref(), &place).await? {
            self.tell(&place);
        }
        match done {
            Ok(()) | Err(Halt::Time | Halt::Full | Halt::Moved) => Ok(()),
            Err(Halt::Failed(failure)) => self.unless_kinetics(failure),
        }
    }

    /// Whether it was written down; not if somebody else did the same.
    async fn keep_proof(&self, from: Option<&Cursor>, place: &Place) -> Result<bool, StateError> {
        match self.on.state.advance(self.id(), CURSOR, from, serde_json::json!(place)).await {
            Ok(_) => Ok(true),
            Err(StateError::Moved(_)) => Ok(false),
            Err(error @ StateError::Unavailable(_)) => Err(error),
        }
    }

    /// As an order does: not while Kinetic is out of order, or as the one that tries, and what became of it is told.
    async fn ask(&self, rows: &[LedgerRow], place: &mut Place) -> Result<(), Halt> {
        let (kinetic, clock) = (&self.connected.kinetic, self.clock());
        let breaker = Breaker { state: self.on.state, connection: self.id(), patience: self.on.patience };
        let mut pass = Pass::default();
        breaker.pass(Vendor::Kinetic, &mut pass, clock.now()).await.map_err(Halt::Failed)?;
        let before = kinetic.heard();
        let done = self.compare(rows, place).await;
        let failure = match &done {
            Err(Halt::Failed(failure)) => Some(failure),
            Err(Halt::Time | Halt::Full | Halt::Moved) | Ok(()) => None,
        };
        let heard = |vendor| vendor == Vendor::Kinetic && kinetic.heard() > before;
        breaker.tell(&pass, failure, heard, clock.now()).await.map_err(Halt::Failed)?;
        done
    }

    async fn compare(&self, rows: &[LedgerRow], place: &mut Place) -> Result<(), Halt> {
        let rules = &self.connected.rules;
        for batch in rows.chunks(BATCH) {
            self.in_time()?;
            let named: Vec<_> = batch.iter().map(|row| (row, reference(rules, row.key.order))).collect();
            let references: Vec<_> = named.iter().map(|(_, reference)| reference.clone()).collect();
            let orders = self.connected.kinetic.sales_orders();
            let found = orders.by_references(&references, rules.orders.anchor, self.deadline).await;
            let mut bearers: BTreeMap<String, Vec<Bearer>> = BTreeMap::new();
            for bearer in found.map_err(|error| Halt::Failed(error.into()))? {
                bearers.entry(bearer.reference.clone()).or_default().push(bearer);
            }
            for (row, reference) in named {
                let bearers = bearers.get(reference.as_str()).map(Vec::as_slice).unwrap_or_default();
                let order = row.key.order;
                match compare::wrong(row, bearers) {
                    None => place.right(order),
                    Some(wrong) if self.is_at_rest(row).await? => place.wrong(order, wrong, self.now()),
                    Some(_) => place.unsure(order, self.now()),
                }
                place.after = Some(order);
                place.checked = place.checked.saturating_add(1);
            }
        }
        Ok(())
    }

    /// Whether nobody was at work on the order while it was compared: what is being written differs for a moment.
    async fn is_at_rest(&self, row: &LedgerRow) -> Result<bool, Halt> {
        let free = row.lease_until.is_none() && !row.again;
        Ok(free && self.row(row.key.order).await?.as_ref() == Some(row))
    }

    fn tell(&mut self, place: &Place) {
        let connection = self.id();
        for Known { order, wrong, .. } in place.fresh() {
            tracing::error!(%connection, order.id = %order, "order {order} of {connection}: {}; {}", wrong.words(), wrong.to_do());
        }
        if place.overflows() {
            let besides = place.besides;
            tracing::error!(%connection, besides, "Kinetic holds more orders of {connection} otherwise than the ledger says than are listed, at least {besides}: look whether its database was restored, or its references were changed");
        }
        self.mismatches = place.news();
    }

    /// A failure of Kinetic's is not the poller's: its own work is done, and orders tell of it.
    fn unless_kinetics(&self, failure: Failure) -> Result<(), Failure> {
        let connection = self.id();
        if matches!(failure, Failure::OutOfOrder { .. }) {
            tracing::info!(%connection, "orders of {connection} are compared with Kinetic later: {failure}");
        } else if matches!(failure, Failure::Kinetic(_)) {
            tracing::warn!(%connection, error = %failure, "orders of {connection} could not be compared with Kinetic, which is tried again in an hour: {failure}");
        } else {
            return Err(failure);
        }
        Ok(())
    }
}
