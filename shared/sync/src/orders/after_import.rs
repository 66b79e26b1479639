//! What the shop says of an order that is in Kinetic already, and that no field of it can carry: refunded, shipped, archived.

use connector_bigcommerce::FullOrder;
use connector_domain::OrderNum;
use connector_kinetic::Found;
use connector_ports::{OrderState, Origin};

use super::audit::Trail;
use super::import::{import, look, several, shipped};
use super::in_hand::InHand;
use super::work::Done;
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;

/// What the shop did with an order that was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ahead {
    /// Money went back, or is disputed.
    Refunded,
    /// It says shipped, in part or completely.
    Shipped,
    /// It was archived, which is how an order is deleted.
    Archived,
}

/// Compares it with Kinetic: where both say the same there is nothing to do but to follow the order itself.
pub(super) async fn ahead(
    hand: InHand<'_>,
    full: &FullOrder,
    what: Ahead,
    origin: Origin,
    trail: &mut Trail<'_>,
) -> Result<Done, Failure> {
    let found = match look(hand).await? {
        Found::Many(numbers) => return Err(Failure::Held(several(&numbers))),
        Found::One(found) => found,
        // The plan says what that means.
        Found::None => return import(hand, full, origin, trail).await,
    };
    if found.void {
        return match what {
            // Money back, or deleted, and nothing is shipped: both sides are done with it.
            Ahead::Refunded | Ahead::Archived => Ok(Done::in_state(OrderState::Cancelled)),
            Ahead::Shipped => import(hand, full, Origin::Replay, trail).await,
        };
    }
    let order_num = found.order_num;
    let left = !found.open || shipped(hand, order_num).await?;
    match (what, left) {
        (Ahead::Shipped | Ahead::Archived, true) => import(hand, full, origin, trail).await,
        (Ahead::Shipped, false) => Err(Failure::Held(shipped_first(order_num))),
        (Ahead::Archived, false) => Err(Failure::Held(archived(order_num))),
        (Ahead::Refunded, left) => Err(Failure::Held(refunded(order_num, left))),
    }
}

fn shipped_first(order_num: OrderNum) -> Hold {
    Hold::about(
        HoldReason::ShippedInShopFirst,
        order_num.to_string(),
        format!(
            "the shop says shipped, but nothing of Kinetic order {order_num} has left: ship it there, or close it there if it went \
             another way, or it may be shipped twice"
        ),
    )
}

fn archived(order_num: OrderNum) -> Hold {
    Hold::about(
        HoldReason::ArchivedAfterImport,
        order_num.to_string(),
        format!(
            "archived in the shop, but Kinetic order {order_num} is open and nothing of it has left: void it there, or restore the \
             order in the shop"
        ),
    )
}

fn refunded(order_num: OrderNum, left: bool) -> Hold {
    let what = if left {
        "goods have left: credit the customer in Kinetic, and take them back if they come"
    } else {
        "nothing has left: void it, or take out what is not to be shipped"
    };
    Hold::about(
        HoldReason::RefundedAfterImport,
        order_num.to_string(),
        format!(
            "refunded or disputed in the shop after the import; of Kinetic order {order_num} {what}; then link the order to \
             {order_num}"
        ),
    )
}
