//! The work on one claimed order: fetch it, recognise an echo, decide.

use connector_bigcommerce::FullOrder;
use connector_domain::OrderNum;
use connector_ports::{Digest, LedgerRow, OrderState, Origin, WriteBack};

use super::after_import::ahead;
use super::audit::Trail;
use super::cancel::cancel;
use super::decide::{Decision, decide};
use super::import::{import, nothing_to_follow};
use super::in_hand::InHand;
use super::map::content;
use super::write_back::WriteBackDue;
use crate::breaker::{Breaker, Pass, Vendor};
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;
use crate::personal::Personal;

/// What the work came to.
#[derive(Debug)]
pub(super) struct Done {
    /// The state to record.
    pub(super) state: OrderState,
    /// Its Kinetic order.
    pub(super) order_num: Option<OrderNum>,
    /// The Kinetic number that the shop does not bear yet.
    pub(super) write_back: Option<WriteBackDue>,
}

impl Done {
    pub(super) fn in_state(state: OrderState) -> Self {
        Self { state, order_num: None, write_back: None }
    }
}

/// Reads the order as it is now and brings Kinetic up to it.
pub(super) async fn work(
    hand: InHand<'_>,
    origin: Origin,
    breaker: Breaker<'_>,
    pass: &mut Pass,
    trail: &mut Trail<'_>,
) -> Result<Done, Failure> {
    breaker.pass(Vendor::BigCommerce, pass, hand.now()).await?;
    let InHand { row, connected, deadline, .. } = hand;
    let order = row.key.order;
    let number_alone = if origin == Origin::Wake { only_the_number(hand) } else { None };
    let begun = hand.now();
    let read = match connected.shop.orders().get_full(order, deadline).await {
        // The order itself is done; only its number waits longer.
        Err(error) if number_alone.is_some() => {
            tracing::warn!(
                class = error.class.label(),
                "order {order} cannot be read, so its number is written later"
            );
            trail.progress().write_back = number_alone.map(|due| due.again().pending(hand.consumer));
            return Ok(Done { state: row.state.clone(), order_num: row.order_num, write_back: None });
        }
        read => read?,
    };
    let Some(full) = read else {
        // There is nothing left that could bear a number.
        trail.progress().write_back = Some(WriteBack::NotDue);
        return Err(Failure::Held(Hold::because(
            HoldReason::MissingInShop,
            format!("the shop has no order {order}; if it was deleted there, nothing more is to be done"),
        )));
    };
    trail.guard(Personal::of(&full), content(&full));
    if let Some(due) = number_alone {
        let due = WriteBackDue { already: bears(&full, due.order_num), ..due };
        return Ok(Done { state: row.state.clone(), order_num: row.order_num, write_back: Some(due) });
    }
    let digest = Digest::new(full.digest());
    if origin.may_be_echo() && unchanged(row, digest) {
        // Or our own write-back would be news to the poller for ever.
        trail.progress().date_modified = Some(super::seen::until(full.order.date_modified, begun));
        return Ok(Done { state: row.state.clone(), order_num: row.order_num, write_back: None });
    }
    let progress = trail.progress();
    progress.digest = Some(digest);
    progress.date_modified = Some(super::seen::until(full.order.date_modified, begun));
    progress.lines = Some(full.lines.iter().map(|line| (line.sku.clone(), line.quantity.into())).collect());
    if let Some(doubt) = &full.doubt {
        return Err(Failure::Held(Hold::because(
            HoldReason::IncompleteReading,
            format!("{doubt}; open the order in the shop"),
        )));
    }
    let decision = decide(&full, &connected.rules, hand.history());
    let asks_kinetic = match &decision {
        Decision::Import => nothing_to_follow(hand, &full, origin)?.is_none(),
        Decision::Cancel | Decision::Ahead(_) => true,
        Decision::Wait(_) | Decision::Ignore(_) | Decision::Hold(_) => false,
    };
    if asks_kinetic {
        breaker.pass(Vendor::Kinetic, pass, hand.now()).await?;
    }
    match decision {
        Decision::Import => import(hand, &full, origin, trail).await,
        Decision::Cancel => cancel(hand, &full, trail).await,
        Decision::Ahead(what) => ahead(hand, &full, what, origin, trail).await,
        Decision::Wait(rule) => Ok(Done::in_state(OrderState::Waiting { rule })),
        Decision::Ignore(rule) => Ok(Done::in_state(OrderState::Ignored { rule })),
        Decision::Hold(hold) => Err(Failure::Held(hold)),
    }
}

/// Whether the order is settled and reads as it did then. Our own write-back changes nothing that the digest sees.
fn unchanged(row: &LedgerRow, digest: Digest) -> bool {
    let settled = match &row.state {
        OrderState::Synced | OrderState::Cancelled | OrderState::Ignored { .. } => true,
        OrderState::New
        | OrderState::Waiting { .. }
        | OrderState::Retrying { .. }
        | OrderState::Uncertain { .. }
        | OrderState::Held { .. } => false,
    };
    settled && !row.again && row.digest == Some(digest)
}

/// The write-back that is to be repeated, if the order was woken for nothing else. Its state does not matter: a held order bears its
/// number too.
fn only_the_number(hand: InHand<'_>) -> Option<WriteBackDue> {
    let row = hand.row;
    let without = LedgerRow { write_back: WriteBack::Done, ..row.clone() };
    match (row.write_back, row.order_num, without.due_since(hand.now())) {
        (WriteBack::Pending { attempt, .. }, Some(order_num), None) => {
            Some(WriteBackDue { order_num, attempt, already: false })
        }
        (WriteBack::Pending { .. } | WriteBack::NotDue | WriteBack::Done, _, _) => None,
    }
}

/// Whether the shop's order bears the Kinetic number.
pub(super) fn bears(full: &FullOrder, order_num: OrderNum) -> bool {
    full.order.external_order_id.trim() == order_num.to_string()
}
