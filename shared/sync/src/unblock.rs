//! What is held for a missing part goes on by itself when the part appears.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use connector_domain::{ConnectionId, Deadline, OrderId, Sku, Text, Timestamp};
use connector_ports::{
    DedupId, Ledger, LedgerError, LedgerRow, OrderMessage, OrderState, Origin, Queue, State, StateError,
};
use serde::{Deserialize, Serialize};

use crate::breaker::{Breaker, Pass, Vendor};
use crate::connected::{Connected, Directory};
use crate::hold::HoldReason;
use crate::job::{Failure, Patience, after};
use crate::orders::map::{part_num, sellable};

/// How often Kinetic is asked whether a part has appeared: a question for twenty parts each, only while orders are held for some.
pub const EVERY: Duration = Duration::from_mins(5);

/// So many held orders are looked at in one go.
const AT_ONCE: usize = 500;

/// What an order is held for that waits for a part, in the order of their codes: a run that goes on keeps one place for both.
const FOR_PARTS: [HoldReason; 2] = [HoldReason::PartNotSaleable, HoldReason::UnknownPart];

/// The cursor that says when it is to be asked again.
const CURSOR: &str = "unblock";

#[derive(Debug, Serialize, Deserialize)]
struct Next {
    next: Timestamp,
    /// Where the last run left off, if there were more than one run looks at.
    after: Option<String>,
}

/// Where held orders, their queue and their parts are found.
#[derive(Debug, Clone, Copy)]
pub struct Unblock<'a> {
    /// Where orders are held.
    pub ledger: &'a dyn Ledger,
    /// Where they are sent to.
    pub queue: &'a dyn Queue,
    /// Where the cadence is kept.
    pub state: &'a dyn State,
    /// Where connections are found.
    pub directory: &'a Directory,
    /// How a vendor that is out of order is left alone.
    pub patience: &'a Patience,
}

impl Unblock<'_> {
    /// Whether the time of the next run has come. It costs one read, and calls no vendor.
    ///
    /// # Errors
    /// A port of ours failed.
    pub async fn is_due(&self, connection: &ConnectionId) -> Result<bool, Failure> {
        let now = self.directory.surroundings().clock.now();
        let cursor = self.state.cursor(connection, CURSOR).await?;
        Ok(last(cursor.as_ref()).is_none_or(|last| now >= last.next))
    }

    /// Sends on every order of `connection` whose part can be sold now, and says how many; does nothing before its time, or while Kinetic
    /// is out of order.
    ///
    /// # Errors
    /// Kinetic, or a port of ours, failed; it is asked again at its next time.
    pub async fn run(&self, connection: &ConnectionId, deadline: Deadline) -> Result<usize, Failure> {
        let now = self.directory.surroundings().clock.now();
        let cursor = self.state.cursor(connection, CURSOR).await?;
        let last = last(cursor.as_ref());
        if last.as_ref().is_some_and(|last| now < last.next) {
            return Ok(0);
        }
        let from = last.and_then(|last| last.after);
        let held = self.held(connection, from.clone()).await?;
        let place = held.last().and_then(LedgerRow::held_by).filter(|_| held.len() == AT_ONCE);
        let blocked = blocked(held);
        let done = if blocked.is_empty() { Ok(0) } else { self.ask(connection, &blocked, deadline).await };
        let next = match (&done, place) {
            (Ok(_), Some(place)) => Next { next: now, after: Some(place) },
            (Ok(_), None) => Next { next: after(now, EVERY), after: None },
            // The same orders again, but not sooner than if all had gone well.
            (Err(_), _) => Next { next: after(now, EVERY), after: from },
        };
        let written = self.next(connection, cursor.as_ref(), next).await;
        let sent = match done {
            Err(closed @ Failure::OutOfOrder { .. }) => {
                tracing::info!(%connection, "whether parts of {connection} have appeared is asked later: {closed}");
                0
            }
            done => done?,
        };
        written?;
        Ok(sent)
    }

    /// As an order does: not while Kinetic is out of order, or as the one that tries; and what became of it is told, so that a wrong
    /// password is not tried by this job beside the orders.
    async fn ask(
        &self,
        connection: &ConnectionId,
        blocked: &BTreeMap<Sku, Vec<OrderId>>,
        deadline: Deadline,
    ) -> Result<usize, Failure> {
        let clock = self.directory.surroundings().clock.as_ref();
        let connected = self.directory.get(connection).await?;
        let breaker = Breaker { state: self.state, connection, patience: self.patience };
        let mut pass = Pass::default();
        breaker.pass(Vendor::Kinetic, &mut pass, clock.now()).await?;
        let before = connected.kinetic.heard();
        let done = self.send_on(&connected, blocked, deadline).await;
        let heard = |vendor| vendor == Vendor::Kinetic && connected.kinetic.heard() > before;
        breaker.tell(&pass, done.as_ref().err(), heard, clock.now()).await?;
        done
    }

    /// The orders that are held for a part, as many as one run looks at, beginning after the place where the last left off.
    async fn held(
        &self,
        connection: &ConnectionId,
        from: Option<String>,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        let mut held = Vec::new();
        for reason in FOR_PARTS {
            let left = AT_ONCE.saturating_sub(held.len());
            held.extend(self.ledger.held(connection, reason.code(), from.as_deref(), left).await?);
        }
        Ok(held)
    }

    async fn next(
        &self,
        connection: &ConnectionId,
        from: Option<&connector_ports::Cursor>,
        next: Next,
    ) -> Result<(), Failure> {
        match self.state.advance(connection, CURSOR, from, serde_json::json!(next)).await {
            // Another tick did the same.
            Ok(_) | Err(StateError::Moved(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn send_on(
        &self,
        connected: &Connected,
        blocked: &BTreeMap<Sku, Vec<OrderId>>,
        deadline: Deadline,
    ) -> Result<usize, Failure> {
        let connection = &connected.id;
        let wanted: BTreeMap<&Sku, Text<50>> =
            blocked.keys().filter_map(|sku| Some((sku, part_num(sku, &connected.rules)?))).collect();
        let asked: Vec<Text<50>> = wanted.values().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let found = connected.kinetic.parts().by_part_nums(&asked, deadline).await?;
        let mut sent = 0;
        for (sku, part_num) in wanted {
            if !found.iter().any(|part| part.is_called(part_num.as_str()) && sellable(part)) {
                continue;
            }
            let orders = blocked.get(sku).map(Vec::as_slice).unwrap_or_default();
            tracing::info!(%connection, sku = %sku.0, orders = orders.len(), "part \"{part_num}\" is there: {} orders of {connection} that were held for it go on", orders.len());
            for order in orders {
                let dedup = DedupId::fresh(self.directory.surroundings().random.as_ref());
                let message = OrderMessage::new(connection.clone(), *order, Origin::Unblocked, dedup);
                self.queue.send_order(&message, connected.rules.orders.writers).await?;
                sent += 1;
            }
        }
        Ok(sent)
    }
}

fn last(cursor: Option<&connector_ports::Cursor>) -> Option<Next> {
    cursor.and_then(|cursor| serde_json::from_value(cursor.document.clone()).ok())
}

/// The orders that are held for a part, by what they name.
fn blocked(held: Vec<LedgerRow>) -> BTreeMap<Sku, Vec<OrderId>> {
    let mut blocked: BTreeMap<Sku, Vec<OrderId>> = BTreeMap::new();
    for row in held {
        let OrderState::Held { subject: Some(subject), .. } = row.state else { continue };
        blocked.entry(Sku(subject)).or_default().push(row.key.order);
    }
    blocked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_is_enough_for_all_reasons_that_a_part_mends() {
        assert!(FOR_PARTS.is_sorted_by_key(|reason| reason.code()));
    }
}
