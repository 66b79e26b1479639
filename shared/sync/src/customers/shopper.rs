//! A registered shopper: linked before, found by the shop's id or the e-mail address, or created under a lease.

use std::time::Duration;

use connector_bigcommerce::FullOrder;
use connector_domain::{Email, ShopperId, Text};
use connector_kinetic::CustomerFound;
use connector_ports::{LinkKind, Settlement};
use serde::{Deserialize, Serialize};

use super::new::{cust_id, external_id, new_customer};
use super::usable;
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;
use crate::orders::audit::Trail;
use crate::orders::map::Buyer;
use crate::orders::{InHand, settled};

/// How long one shopper may be worked on; longer than a customer's few calls ever take.
const LEASE: Duration = Duration::from_mins(5);

/// How many `CustID`s are tried before a person is asked.
const CANDIDATES: u32 = 5;

/// What is remembered about a shopper, so that later orders need no search.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    cust_id: String,
}

/// The shopper of one order.
pub(super) struct Shopper<'a> {
    pub(super) id: ShopperId,
    pub(super) order: &'a FullOrder,
    pub(super) hand: InHand<'a>,
}

impl Shopper<'_> {
    /// The shopper's customer.
    pub(super) async fn buyer(&self, trail: &mut Trail<'_>) -> Result<Buyer, Failure> {
        if let Some(buyer) = self.linked().await? {
            return Ok(buyer);
        }
        let key = format!("customer/{}/{}", self.hand.connected.id, self.id);
        let leases = self.hand.consumer.leases;
        let Some(lease) = leases.acquire(&key, LEASE).await? else { return Err(Failure::ShopperBusy) };
        let result = self.find_or_create(trail).await;
        // A lease that lapsed meanwhile makes no second customer: the CustID that was tried under it is unique.
        if let Err(error) = leases.release(lease).await {
            let connection = &self.hand.connected.id;
            tracing::warn!(%connection, %error, "the lease on a shopper of {connection} lapses by itself");
        }
        let buyer = result?;
        self.remember(&buyer).await?;
        Ok(buyer)
    }

    async fn linked(&self) -> Result<Option<Buyer>, Failure> {
        let state = self.hand.consumer.state;
        let link = state.link(&self.hand.connected.id, LinkKind::Shopper, &self.id.to_string()).await?;
        // A link written by another version is no reason to stop: the search finds the same customer.
        let Some(Ok(link)) = link.map(serde_json::from_value::<Link>) else { return Ok(None) };
        let Some(cust_id) = Text::exact(&link.cust_id) else { return Ok(None) };
        let found = self.hand.connected.kinetic.customers().by_cust_id(&cust_id, self.hand.deadline).await?;
        Ok(found.as_ref().map(usable).transpose()?)
    }

    async fn remember(&self, buyer: &Buyer) -> Result<(), Failure> {
        let link = serde_json::json!(Link { cust_id: buyer.cust_id.as_str().to_owned() });
        let state = self.hand.consumer.state;
        Ok(state.set_link(&self.hand.connected.id, LinkKind::Shopper, &self.id.to_string(), link).await?)
    }

    async fn find_or_create(&self, trail: &mut Trail<'_>) -> Result<Buyer, Failure> {
        if let Some(buyer) = self.find(trail).await? {
            return Ok(buyer);
        }
        // Nothing is created while anything else may still appear; it would be forgotten over it.
        if self.hand.row.settlement != Settlement::Settled {
            settled(self.hand, |_| true, trail)?;
        }
        self.create(trail).await
    }

    async fn find(&self, trail: &mut Trail<'_>) -> Result<Option<Buyer>, Failure> {
        let customers = self.hand.connected.kinetic.customers();
        let external_id = external_id(self.id, &self.hand.connected.rules);
        if let Some(buyer) =
            only(&customers.by_external_id(&external_id, self.hand.deadline).await?, "shop id")?
        {
            trail.rule("shopper.by_external_id", format!("{CUSTOMER_STEP}{}", buyer.cust_id));
            return Ok(Some(buyer));
        }
        let email = Email::normalised(&self.order.order.billing_address.email);
        let Some(email) = email else { return Ok(None) };
        let buyer = only(&customers.by_email(&email, self.hand.deadline).await?, "e-mail address")?;
        if let Some(buyer) = &buyer {
            trail.rule("shopper.by_email", format!("{CUSTOMER_STEP}{}", buyer.cust_id));
        }
        Ok(buyer)
    }

    async fn create(&self, trail: &mut Trail<'_>) -> Result<Buyer, Failure> {
        let rules = &self.hand.connected.rules;
        let external_id = external_id(self.id, rules);
        if !rules.shoppers.create {
            return Err(Failure::Held(Hold::about(
                HoldReason::CustomerMissing,
                self.id.to_string(),
                format!(
                    "no customer matches shopper {}; create one in Kinetic with ExternalID {external_id}",
                    self.id
                ),
            )));
        }
        let cust_id = match self.free_cust_id(&external_id).await? {
            Candidate::Free(cust_id) => cust_id,
            Candidate::Ours(buyer) => return Ok(buyer),
        };
        let mut notes = Vec::new();
        let customer = new_customer(self.order, rules, cust_id, external_id, &mut notes)?;
        for note in notes {
            trail.rule(note.rule, &note.detail);
        }
        let step = format!("{CUSTOMER_STEP}{}", customer.cust_id);
        let customers = self.hand.connected.kinetic.customers();
        let draft = customers.draft(&customer, self.hand.deadline).await?;
        trail.will_create(&step).await?;
        match customers.save(draft, self.hand.deadline).await {
            Ok(found) => {
                trail.saved(&step, None);
                Ok(usable(&found)?)
            }
            Err(error) => Err(trail.failed(&step, error)),
        }
    }

    async fn free_cust_id(&self, external_id: &str) -> Result<Candidate, Failure> {
        let customers = self.hand.connected.kinetic.customers();
        for attempt in 0..CANDIDATES {
            let prefix = &self.hand.connected.rules.shoppers.cust_id_prefix;
            let Some(candidate) = cust_id(prefix, self.id, attempt) else { break };
            match customers.by_cust_id(&candidate, self.hand.deadline).await? {
                None => return Ok(Candidate::Free(candidate)),
                // It appeared since it was looked for by its ExternalID.
                Some(found) if found.external_id == external_id => {
                    return Ok(Candidate::Ours(usable(&found)?));
                }
                Some(_) => {}
            }
        }
        Err(Failure::Held(Hold::about(
            HoldReason::CustomerMissing,
            self.id.to_string(),
            format!(
                "every CustID that shopper {} could get is taken; create the customer by hand with its ExternalID",
                self.id
            ),
        )))
    }
}

/// How the trail names the step that creates a customer.
pub(crate) const CUSTOMER_STEP: &str = "customer ";

/// What a `CustID` that was tried came to.
enum Candidate {
    /// Nobody has it.
    Free(Text<10>),
    /// This very shopper's customer has it.
    Ours(Buyer),
}

/// The one that matches; none is fine, several need a person.
fn only(found: &[CustomerFound], by: &str) -> Result<Option<Buyer>, Hold> {
    match found {
        [] => Ok(None),
        [one] => usable(one).map(Some),
        several => {
            let ids: Vec<&str> = several.iter().map(|customer| customer.cust_id.as_str()).collect();
            Err(Hold::about(
                HoldReason::SeveralCustomers,
                ids.join(","),
                format!(
                    "customers {} share one {by}; merge them, or give the right one the ExternalID",
                    ids.join(", ")
                ),
            ))
        }
    }
}
