//! "Keyed by hand": a person says which Kinetic order a web order is.
//!
//! It is how a held order is settled that no replay can settle: it was keyed by a person, or the change it was held for was made in
//! Kinetic by hand.

use std::collections::BTreeMap;

use connector_bigcommerce::FullOrder;
use connector_domain::{Deadline, Money, OrderNum};
use connector_kinetic::ReadBack;
use connector_ports::{
    Applied, ClaimOutcome, Digest, LedgerRow, OrderKey, OrderState, Settlement, Stage, Totals,
};
use thiserror::Error;

use super::applied::whole;
use super::audit::{Trail, lease};
use super::consume::Consumer;
use super::import::{desired, synced};
use super::in_hand::InHand;
use super::map::content;
use super::write_back::write_back;
use crate::job::Failure;
use crate::personal::Personal;
use crate::rules::Rules;

/// Why an order could not be linked. Nothing was written.
#[derive(Debug, Error)]
pub enum LinkError {
    /// Somebody is at work on it.
    #[error("order {0} is being worked on; try again in a minute")]
    Busy(OrderKey),
    /// The shop does not have it.
    #[error("the shop has no order {0}; only an order that exists there can be linked")]
    NotInShop(OrderKey),
    /// Kinetic does not have it.
    #[error("Kinetic has no order {0}; look the number up in Kinetic")]
    NotInKinetic(OrderNum),
    /// It was voided.
    #[error("Kinetic order {0} was voided; link the order that is shipped, or reopen it first")]
    Voided(OrderNum),
    /// It bears the reference of another web order.
    #[error(
        "Kinetic order {order_num} bears the reference {reference} of another web order; correct it there, or link the right one"
    )]
    Others {
        /// The number that was named.
        order_num: OrderNum,
        /// What it bears.
        reference: String,
    },
    /// A vendor or a port failed.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// What was linked, for the person to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The Kinetic order.
    pub order_num: OrderNum,
    /// The shop's total with tax.
    pub shop: Money,
    /// Kinetic's total with tax.
    pub kinetic: Money,
    /// Whether it still follows the shop's edits: only what we wrote ourselves does.
    pub follows: bool,
}

/// Links the web order `key` to Kinetic order `order_num`: it is synced then, the shop bears the number, and what was held is settled.
///
/// An order that we wrote goes on following the shop from what stands there now. Of one that a person keyed nothing is ever changed:
/// a later edit in the shop is held.
///
/// # Errors
/// See [`LinkError`].
pub async fn link(
    key: &OrderKey,
    order_num: OrderNum,
    consumer: Consumer<'_>,
    deadline: Deadline,
) -> Result<Linked, LinkError> {
    let clock = consumer.directory.surroundings().clock.as_ref();
    let connected = consumer.directory.get(&key.connection).await.map_err(Failure::from)?;
    let begun = clock.now();
    let full = connected.shop.orders().get_full(key.order, deadline).await.map_err(Failure::from)?;
    let full = full.ok_or_else(|| LinkError::NotInShop(key.clone()))?;
    let orders = connected.kinetic.sales_orders();
    let held = orders.read_back(order_num, deadline).await.map_err(Failure::from)?;
    let held = held.ok_or(LinkError::NotInKinetic(order_num))?;
    let own = super::reference(&connected.rules, key.order);
    may_be_linked(&held, own.as_str(), &connected.rules)?;
    let claimed = consumer.ledger.claim(key, lease(deadline, clock)).await.map_err(Failure::from)?;
    let ClaimOutcome::Granted(claim, row) = claimed else { return Err(LinkError::Busy(key.clone())) };
    let mut trail = Trail::new(consumer.ledger, clock, &claim, deadline);
    trail.guard(Personal::of(&full), content(&full));
    let hand = InHand { row: &row, connected: &connected, consumer, deadline };
    let applied = match followed(hand, &full, &held, &mut trail).await {
        Some(applied) => applied,
        None => by_hand(&row, &full, &held),
    };
    let linked = Linked {
        order_num,
        shop: full.order.total_inc_tax.rounded(2),
        kinetic: held.total,
        follows: applied.stage == Stage::Complete,
    };
    let totals = Totals { shop: linked.shop, kinetic: linked.kinetic, currency: full.order.currency.clone() };
    trail.rule(
        "linked",
        format!("Kinetic order {order_num}, {} in the shop, {} in Kinetic", linked.shop, linked.kinetic),
    );
    let done = synced(hand, &full, order_num, &mut trail);
    let progress = trail.progress();
    progress.applied = Some(applied);
    progress.totals = Some(totals);
    progress.digest = Some(Digest::new(full.digest()));
    progress.date_modified = Some(super::seen::until(full.order.date_modified, begun));
    progress.lines = Some(full.lines.iter().map(|line| (line.sku.clone(), line.quantity.into())).collect());
    progress.settlement = Some(Settlement::Settled);
    let (progress, events, personal) = trail.finish();
    let completed = consumer.ledger.complete(claim, OrderState::Synced, progress, events).await;
    completed.map_err(Failure::from)?;
    if let Some(due) = done.write_back {
        let written = write_back(key, due, &personal, consumer, deadline).await;
        if let Err(error) = written {
            // The order is linked already, and its row says that the number is due.
            let (connection, order) = (&key.connection, key.order);
            tracing::warn!(%connection, order.id = %order, kinetic.order_num = %order_num, %error, "order {order} of {connection} is linked; its number waits for the waker: {error}");
        }
    }
    Ok(linked)
}

fn may_be_linked(held: &ReadBack, own: &str, rules: &Rules) -> Result<(), LinkError> {
    if held.void {
        return Err(LinkError::Voided(held.order_num));
    }
    let reference = held.anchor(rules.orders.anchor);
    let others = reference != own
        && reference.strip_prefix(rules.orders.prefix.as_str()).is_some_and(|id| id.parse::<u64>().is_ok());
    if others {
        return Err(LinkError::Others { order_num: held.order_num, reference: reference.to_owned() });
    }
    Ok(())
}

/// An order of ours as it follows on: what the shop wants now is what counts as applied. `None` where it is not ours, or cannot be mapped.
async fn followed(
    hand: InHand<'_>,
    full: &FullOrder,
    held: &ReadBack,
    trail: &mut Trail<'_>,
) -> Option<Applied> {
    let before = hand.row.applied.as_ref().filter(|applied| {
        applied.order_num == held.order_num && matches!(applied.stage, Stage::Complete | Stage::Begun)
    })?;
    if before.cust_num != held.cust_num {
        return None;
    }
    let desired = desired(hand, full, trail).await.ok()?;
    let released = before.released || held.ready_to_fulfill;
    (desired.cust_num == held.cust_num).then(|| whole(&desired, held, None, released))
}

fn by_hand(row: &LedgerRow, full: &FullOrder, held: &ReadBack) -> Applied {
    let released = row.applied.as_ref().is_some_and(|applied| applied.released) || held.ready_to_fulfill;
    Applied {
        order_num: held.order_num,
        content: content(full),
        cust_num: held.cust_num,
        header: BTreeMap::new(),
        lines: Vec::new(),
        charges: Vec::new(),
        released,
        stage: Stage::ByHand,
    }
}
