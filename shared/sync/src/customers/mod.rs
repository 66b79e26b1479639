//! One shopper, one customer: the house account for guests, a match or a new customer for the registered.

mod new;
mod shopper;

use connector_bigcommerce::FullOrder;
use connector_domain::{CustNum, Text};
use connector_kinetic::CustomerFound;

use crate::hold::{Hold, HoldReason};
use crate::job::Failure;
use crate::orders::InHand;
use crate::orders::audit::Trail;
use crate::orders::map::Buyer;
pub(crate) use shopper::CUSTOMER_STEP;
use shopper::Shopper;

/// The customer `order` is written to.
///
/// # Errors
/// Held if there is no usable customer; otherwise the failure of the call.
pub(crate) async fn buyer(
    hand: InHand<'_>,
    order: &FullOrder,
    trail: &mut Trail<'_>,
) -> Result<Buyer, Failure> {
    match order.order.customer {
        None => {
            let buyer = house_account(hand).await?;
            trail.rule("shopper.guest", format!("house account {}", buyer.cust_id));
            Ok(buyer)
        }
        Some(id) => Shopper { id, order, hand }.buyer(trail).await,
    }
}

async fn house_account(hand: InHand<'_>) -> Result<Buyer, Failure> {
    let cust_id = &hand.connected.rules.guest_cust_id;
    match hand.connected.kinetic.customers().by_cust_id(cust_id, hand.deadline).await? {
        Some(found) => Ok(usable(&found)?),
        None => Err(Failure::Held(Hold::about(
            HoldReason::HouseAccountMissing,
            cust_id.as_str(),
            format!(
                "no customer {cust_id} in Kinetic; create the house account, or correct [guests] cust_id"
            ),
        ))),
    }
}

/// A customer in words: the number too, because a `CustID` that is spelled like its shopper's name is replaced before it is kept.
pub(crate) fn named((cust_id, cust_num): (&str, CustNum)) -> String {
    format!("customer {cust_id} (CustNum {cust_num})")
}

/// A customer that may have orders: `CustomerType` CUS and not inactive (`docs/facts/kinetic.md`, customers).
fn usable(found: &CustomerFound) -> Result<Buyer, Hold> {
    if found.customer_type != "CUS" || found.inactive {
        let state = if found.inactive { "inactive" } else { "no customer yet, but a prospect or suspect" };
        return Err(Hold::about(
            HoldReason::CustomerNotUsable,
            found.cust_id.as_str(),
            format!(
                "customer {} is {state}; make it an active customer (type CUS) in Kinetic",
                found.cust_id
            ),
        ));
    }
    let cust_id = Text::fit(&found.cust_id).text;
    let currency = found.currency.clone();
    Ok(Buyer { cust_num: found.cust_num, cust_id, allow_ots: found.allow_ots, currency })
}
