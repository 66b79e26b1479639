//! One shopper, one customer: the house account, a match, or a new customer.

mod create;
mod identity;
mod new;
mod search;
mod shopper;

use connector_bigcommerce::FullOrder;
use connector_domain::{CustNum, Email, Text};
use connector_kinetic::CustomerFound;

use self::identity::{Fingerprint, Identity};
use self::shopper::Shopper;
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;
use crate::orders::InHand;
use crate::orders::audit::Trail;
use crate::orders::map::Buyer;
use crate::rules::GuestRule;

/// How the trail names the step that creates a customer.
pub(crate) const CUSTOMER_STEP: &str = "customer ";

/// The customer `order` is written to.
///
/// # Errors
/// Held if there is no usable customer; otherwise the failure of the call.
pub(crate) async fn buyer(
    hand: InHand<'_>,
    order: &FullOrder,
    trail: &mut Trail<'_>,
) -> Result<Buyer, Failure> {
    let email = Email::normalised(&order.order.billing_address.email);
    let of = |identity, email| Shopper { identity, email, order, hand };
    match (order.order.customer, &hand.connected.rules.guests, email) {
        (Some(id), _, email) => of(Identity::Registered(id), email).buyer(trail).await,
        (None, GuestRule::HouseAccount(cust_id), _) => {
            house_account(hand, cust_id, "shopper.guest", trail).await
        }
        (None, GuestRule::Customer { .. }, Some(email)) => {
            let identity = Identity::Guest(Fingerprint::of(&email));
            of(identity, Some(email)).buyer(trail).await
        }
        (None, GuestRule::Customer { house_account: Some(cust_id) }, None) => {
            house_account(hand, cust_id, "shopper.guest_without_email", trail).await
        }
        (None, GuestRule::Customer { house_account: None }, None) => Err(Failure::Held(Hold::because(
            HoldReason::CustomerMissing,
            "the guest gave no e-mail address and there is no house account; add the address to the order in the shop, or name \
             a house account as [guests] cust_id",
        ))),
    }
}

async fn house_account(
    hand: InHand<'_>,
    cust_id: &Text<10>,
    rule: &str,
    trail: &mut Trail<'_>,
) -> Result<Buyer, Failure> {
    match hand.connected.kinetic.customers().by_cust_id(cust_id, hand.deadline).await? {
        Some(found) => {
            let buyer = usable(&found)?;
            trail.rule(rule, format!("house account {}", buyer.cust_id));
            Ok(buyer)
        }
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
pub(crate) fn named(cust_id: &str, cust_num: CustNum) -> String {
    format!("{cust_id} (CustNum {cust_num})")
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
                named(&found.cust_id, found.cust_num)
            ),
        ));
    }
    let cust_id = Text::fit(&found.cust_id).text;
    let currency = found.currency.clone();
    Ok(Buyer { cust_num: found.cust_num, cust_id, allow_ots: found.allow_ots, currency })
}
