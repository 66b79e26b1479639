//! An order that the shop cancelled: before the import nothing is written, before a shipment the Kinetic order is closed, after it a
//! person decides.

use std::collections::BTreeMap;

use connector_domain::OrderNum;
use connector_kinetic::{Found, FoundOrder};
use connector_ports::{Applied, OrderState, Settlement, Stage};

use super::audit::Trail;
use super::import::{look, several, shipped};
use super::in_hand::InHand;
use super::map;
use super::settle::settled;
use super::work::Done;
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;
use connector_bigcommerce::FullOrder;

/// The name of the closing call in the trail.
const CLOSE: &str = "close";

/// Brings Kinetic up to a cancellation.
pub(super) async fn cancel(
    hand: InHand<'_>,
    full: &FullOrder,
    trail: &mut Trail<'_>,
) -> Result<Done, Failure> {
    match look(hand).await? {
        Found::None if hand.row.order_num.is_some() => unreferenced(hand).await,
        Found::None => {
            // Only a header that appears late would leave an order behind; a line cannot appear without one.
            settled(hand, |_| true, trail)?;
            Ok(Done::in_state(OrderState::Cancelled))
        }
        Found::One(found) if found.void => Ok(cancelled(hand, full, &found, trail)),
        Found::One(found) => {
            may_be_closed(hand, &found).await?;
            trail.progress().order_num = Some(found.order_num);
            trail.will_change(CLOSE).await?;
            match hand.connected.kinetic.sales_orders().close(found.order_num, hand.deadline).await {
                Ok(_) => {
                    trail.saved(CLOSE, Some(found.order_num));
                    Ok(cancelled(hand, full, &found, trail))
                }
                Err(error) => Err(trail.failed(CLOSE, error)),
            }
        }
        Found::Many(numbers) => Err(Failure::Held(several(&numbers))),
    }
}

/// Only what we wrote, and of which nothing has left.
async fn may_be_closed(hand: InHand<'_>, found: &FoundOrder) -> Result<(), Failure> {
    let order_num = found.order_num;
    let applied = hand.applied();
    let begun = matches!(hand.row.settlement, Settlement::Unsettled { .. })
        || hand.row.order_num == Some(order_num)
        || applied.is_some();
    if !begun {
        return Err(Failure::Held(still_open(order_num, "was not written by this connection")));
    }
    if hand.row.applied.as_ref().is_some_and(|applied| applied.stage == Stage::Closed) {
        return Err(Failure::Held(still_open(order_num, "was reopened by somebody after we closed it")));
    }
    if applied.is_some_and(|applied| applied.stage == Stage::ByHand) {
        return Err(Failure::Held(still_open(order_num, "was keyed by hand")));
    }
    if !found.open || shipped(hand, order_num).await? {
        return Err(Failure::Held(Hold::about(
            HoldReason::CancelledAfterShipment,
            order_num.to_string(),
            format!(
                "cancelled in the shop after Kinetic order {order_num} began to ship; take the goods back and credit them, close what \
                 is left of it, then link the order to {order_num}"
            ),
        )));
    }
    Ok(())
}

/// Recorded so that an order which the shop wants again is made anew.
fn cancelled(hand: InHand<'_>, full: &FullOrder, found: &FoundOrder, trail: &mut Trail<'_>) -> Done {
    let closed = match hand.row.applied.clone() {
        Some(applied) => Applied { stage: Stage::Closed, ..applied },
        None => Applied {
            order_num: found.order_num,
            content: map::content(full),
            cust_num: found.cust_num,
            header: BTreeMap::new(),
            lines: Vec::new(),
            charges: Vec::new(),
            released: false,
            stage: Stage::Closed,
        },
    };
    let progress = trail.progress();
    progress.order_num = Some(found.order_num);
    progress.applied = Some(closed);
    // Whatever was under way stands in an order that is closed.
    if matches!(hand.row.settlement, Settlement::Unsettled { .. }) {
        progress.settlement = Some(Settlement::Settled);
    }
    Done::in_state(OrderState::Cancelled)
}

/// A cancelled order whose Kinetic order does not bear the reference any more: it is asked for by its number.
async fn unreferenced(hand: InHand<'_>) -> Result<Done, Failure> {
    let Some(order_num) = hand.row.order_num else { return Ok(Done::in_state(OrderState::Cancelled)) };
    let held = hand.connected.kinetic.sales_orders().read_back(order_num, hand.deadline).await?;
    match held {
        Some(held) if !held.void => {
            Err(Failure::Held(still_open(order_num, "does not bear the shop's reference any more")))
        }
        Some(_) | None => Ok(Done::in_state(OrderState::Cancelled)),
    }
}

fn still_open(order_num: OrderNum, why: &str) -> Hold {
    Hold::about(
        HoldReason::CancelledAfterImport,
        order_num.to_string(),
        format!(
            "cancelled in the shop, but Kinetic order {order_num} is open and {why}; close it there unless it has shipped"
        ),
    )
}
