//! Looking at orders once more because a person asks: first a plan of how many, which, and what it will cost; then, if wanted, the sending.

use std::ops::ControlFlow;

use connector_domain::{ConnectionId, OrderId, Timestamp};
use connector_ports::{
    DedupId, Ledger, LedgerError, LedgerRow, OrderKey, OrderMessage, OrderState, Origin, Queue, StateName,
};

use crate::connected::Directory;
use crate::hold::HoldReason;
use crate::job::Failure;

/// So many rows are read at once.
const PAGE: usize = 200;

/// Which orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// This one, whatever its state.
    One(OrderKey),
    /// All of a connection that are held for one reason.
    HeldFor {
        /// Whose.
        connection: ConnectionId,
        /// The reason.
        reason: HoldReason,
    },
    /// All of a connection that are held, retried or uncertain, and whose state was written at this time or later.
    FailedSince {
        /// Whose.
        connection: ConnectionId,
        /// Since when.
        since: Timestamp,
    },
}

/// One order of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Which.
    pub key: OrderKey,
    /// Where it stands now.
    pub state: OrderState,
    /// How many lines it had when it was last read; 0 if it never was.
    pub lines: usize,
}

/// Calls that a replay costs, about, if nothing has to be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    /// To BigCommerce.
    pub shop: usize,
    /// To Kinetic.
    pub kinetic: usize,
}

/// What a replay would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReplayPlan {
    /// The orders, in the order in which they are sent.
    pub orders: Vec<Chosen>,
    /// What they cost.
    pub calls: Calls,
}

/// What a replay did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replayed {
    /// How many orders were sent.
    pub sent: usize,
    /// Whether it was stopped before the last.
    pub cancelled: bool,
}

/// Chooses the orders and counts the cost. Nothing is sent.
///
/// # Errors
/// [`LedgerError::Unknown`] if one order is asked for that was never heard of; [`LedgerError::Unavailable`].
pub async fn plan(ledger: &dyn Ledger, selection: &Selection) -> Result<ReplayPlan, LedgerError> {
    let rows = match selection {
        Selection::One(key) => {
            vec![ledger.get(key).await?.ok_or_else(|| LedgerError::Unknown(key.clone()))?]
        }
        Selection::HeldFor { connection, reason } => {
            let mut rows = held_for(ledger, connection, *reason).await?;
            rows.sort_by_key(|row| row.key.order);
            rows
        }
        Selection::FailedSince { connection, since } => {
            let mut rows = Vec::new();
            for state in [StateName::Held, StateName::Retrying, StateName::Uncertain] {
                rows.extend(all(ledger, connection, state).await?);
            }
            rows.retain(|row| row.changed_at >= *since);
            rows.sort_by_key(|row| row.key.order);
            rows
        }
    };
    let orders: Vec<Chosen> = rows
        .into_iter()
        .map(|LedgerRow { key, state, lines, .. }| Chosen { key, state, lines: lines.len() })
        .collect();
    let mut calls = Calls::default();
    for order in &orders {
        let cost = cost(order.lines);
        calls.shop = calls.shop.saturating_add(cost.shop);
        calls.kinetic = calls.kinetic.saturating_add(cost.kinetic);
    }
    Ok(ReplayPlan { orders, calls })
}

/// About what a first import of so many lines costs; a discount adds a call a line, a charge four, a new customer ten.
///
/// The shop: six reads of the order and what belongs to it (one more for each 250 lines), the number, and six reads when its own hook tells
/// of the number. Kinetic: parts, customer, look, header, five calls a line, calculation, proof, release.
const fn cost(lines: usize) -> Calls {
    Calls { shop: 13 + lines / 125, kinetic: 16 + 5 * lines + lines / 20 }
}

/// Sends the plan's orders. `progress` hears how many were sent of how many, after each, and may break off.
///
/// An order that was settled meanwhile is compared once more, and nothing is done to it.
///
/// # Errors
/// The queue failed, or a connection cannot be used; what was sent until then is on its way.
pub async fn send(
    plan: &ReplayPlan,
    queue: &dyn Queue,
    directory: &Directory,
    mut progress: impl FnMut(usize, usize) -> ControlFlow<()> + Send,
) -> Result<Replayed, Failure> {
    for (at, order) in plan.orders.iter().enumerate() {
        let OrderKey { connection, order } = order.key.clone();
        let lanes = directory.get(&connection).await?.rules.orders.writers;
        let dedup = DedupId::fresh(directory.surroundings().random.as_ref());
        queue.send_order(&OrderMessage::new(connection, order, Origin::Replay, dedup), lanes).await?;
        let sent = at.saturating_add(1);
        if progress(sent, plan.orders.len()).is_break() {
            return Ok(Replayed { sent, cancelled: sent < plan.orders.len() });
        }
    }
    Ok(Replayed { sent: plan.orders.len(), cancelled: false })
}

async fn held_for(
    ledger: &dyn Ledger,
    connection: &ConnectionId,
    reason: HoldReason,
) -> Result<Vec<LedgerRow>, LedgerError> {
    let mut all: Vec<LedgerRow> = Vec::new();
    loop {
        let after = all.last().and_then(LedgerRow::held_by);
        let page = ledger.held(connection, reason.code(), after.as_deref(), PAGE).await?;
        let ended = page.len() < PAGE;
        all.extend(page);
        if ended {
            return Ok(all);
        }
    }
}

async fn all(
    ledger: &dyn Ledger,
    connection: &ConnectionId,
    state: StateName,
) -> Result<Vec<LedgerRow>, LedgerError> {
    let mut all = Vec::new();
    let mut from: Option<OrderId> = None;
    loop {
        let page = ledger.list(connection, Some(state), from, PAGE).await?;
        from = page.last().map(|row| row.key.order);
        let ended = page.len() < PAGE;
        all.extend(page);
        if ended {
            return Ok(all);
        }
    }
}
