//! A shopper's customer by what Kinetic holds of it: the shop's id, or the e-mail address.

use connector_kinetic::CustomerFound;

use super::shopper::Shopper;
use super::{CUSTOMER_STEP, named, usable};
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;
use crate::orders::audit::Trail;
use crate::orders::map::Buyer;

impl Shopper<'_> {
    /// The customer that bears the shop's id; else the one that has the address as its own or at a contact.
    pub(super) async fn find(&self, trail: &mut Trail<'_>) -> Result<Option<Buyer>, Failure> {
        let (customers, deadline) = (self.hand.connected.kinetic.customers(), self.hand.deadline);
        let external_id = self.external_id();
        let bearing = customers.by_external_id(&external_id, deadline).await?;
        let what = format!("bear the ExternalID {external_id}; leave it with the right one");
        if let Some(found) = only(&bearing, &what)? {
            return taken(found, "shopper.by_external_id", trail).map(Some);
        }
        let Some(email) = &self.email else { return Ok(None) };
        let own = customers.by_email(email, deadline).await?;
        let rule = if own.is_empty() { "shopper.by_contact_email" } else { "shopper.by_email" };
        let with_contact = customers.by_contact_email(email, deadline).await?;
        let what = format!(
            "have the shopper's e-mail address; merge them, or give the right one the ExternalID {external_id}"
        );
        match only(&each_once(own, with_contact), &what)? {
            Some(found) => taken(found, rule, trail).map(Some),
            None => Ok(None),
        }
    }
}

fn taken(found: &CustomerFound, rule: &str, trail: &mut Trail<'_>) -> Result<Buyer, Failure> {
    let buyer = usable(found)?;
    trail.rule(rule, format!("{CUSTOMER_STEP}{}", buyer.cust_id));
    Ok(buyer)
}

/// Both lists; who stands in both is one.
fn each_once(mut some: Vec<CustomerFound>, others: Vec<CustomerFound>) -> Vec<CustomerFound> {
    for other in others {
        if !some.iter().any(|known| known.cust_num == other.cust_num) {
            some.push(other);
        }
    }
    some
}

/// The one that matches; none is fine, several need a person. `what` they have in common, and what to do.
fn only<'f>(found: &'f [CustomerFound], what: &str) -> Result<Option<&'f CustomerFound>, Hold> {
    match found {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => {
            let ids: Vec<&str> = several.iter().map(|customer| customer.cust_id.as_str()).collect();
            let names: Vec<String> =
                several.iter().map(|customer| named(&customer.cust_id, customer.cust_num)).collect();
            Err(Hold::about(
                HoldReason::SeveralCustomers,
                ids.join(","),
                format!("customers {} {what}", names.join(", ")),
            ))
        }
    }
}
