//! One shopper: linked before, found, or created under a lease.

use std::time::Duration;

use connector_bigcommerce::FullOrder;
use connector_domain::{CustNum, Email};
use connector_ports::{Lease, LinkKind, Settlement};
use serde::{Deserialize, Serialize};

use super::identity::{Fingerprint, Identity};
use super::usable;
use crate::job::Failure;
use crate::orders::audit::Trail;
use crate::orders::map::Buyer;
use crate::orders::{InHand, settled};

/// How long one shopper may be worked on; longer than a customer's few calls ever take.
const LEASE: Duration = Duration::from_mins(5);

/// What is remembered about a shopper, so that later orders need no search: the number, because people may retype a `CustID`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    cust_num: CustNum,
}

/// The shopper of one order.
pub(super) struct Shopper<'a> {
    pub(super) identity: Identity,
    pub(super) email: Option<Email>,
    pub(super) order: &'a FullOrder,
    pub(super) hand: InHand<'a>,
}

impl Shopper<'_> {
    /// The shopper's customer.
    pub(super) async fn buyer(&self, trail: &mut Trail<'_>) -> Result<Buyer, Failure> {
        if let Some(buyer) = self.linked().await? {
            return Ok(buyer);
        }
        let mut held = Vec::new();
        let result = self.leased(&mut held, trail).await;
        for lease in held {
            // A lease that lapsed meanwhile makes no second customer: the CustID that was tried under it is unique.
            if let Err(error) = self.hand.consumer.leases.release(lease).await {
                let connection = &self.hand.connected.id;
                tracing::warn!(%connection, %error, "the lease on a shopper of {connection} lapses by itself");
            }
        }
        result
    }

    /// Looks again, now that nobody else is at work on the same shopper, and creates what is still missing.
    async fn leased(&self, held: &mut Vec<Lease>, trail: &mut Trail<'_>) -> Result<Buyer, Failure> {
        for key in self.lease_keys() {
            let lease = self.hand.consumer.leases.acquire(&key, LEASE).await?;
            held.push(lease.ok_or(Failure::ShopperBusy)?);
        }
        // Whoever had the lease before may have found the customer by an address that this order does not have.
        if let Some(buyer) = self.linked().await? {
            return Ok(buyer);
        }
        let buyer = self.find_or_create(trail).await?;
        self.remember(&buyer).await?;
        Ok(buyer)
    }

    /// The shopper, and then the address: a guest and a registered shopper with one address are to become one customer too.
    fn lease_keys(&self) -> Vec<String> {
        let address = self.email.as_ref().map(|email| Fingerprint::of(email).key());
        let mut keys = vec![self.identity.key()];
        keys.extend(address.filter(|address| *address != self.identity.key()));
        keys.into_iter().map(|key| format!("customer/{}/{key}", self.hand.connected.id)).collect()
    }

    async fn linked(&self) -> Result<Option<Buyer>, Failure> {
        let state = self.hand.consumer.state;
        let link = state.link(&self.hand.connected.id, LinkKind::Shopper, &self.identity.key()).await?;
        // A link written by another version is no reason to stop: the search finds the same customer.
        let Some(Ok(Link { cust_num })) = link.map(serde_json::from_value) else { return Ok(None) };
        // Nor is one whose customer is gone.
        let found = self.hand.connected.kinetic.customers().by_cust_num(cust_num, self.hand.deadline).await?;
        Ok(found.as_ref().map(usable).transpose()?)
    }

    async fn remember(&self, buyer: &Buyer) -> Result<(), Failure> {
        let link = serde_json::json!(Link { cust_num: buyer.cust_num });
        let state = self.hand.consumer.state;
        Ok(state.set_link(&self.hand.connected.id, LinkKind::Shopper, &self.identity.key(), link).await?)
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

    /// What the shopper's customer bears as `ExternalID`.
    pub(super) fn external_id(&self) -> String {
        self.identity.external_id(&self.hand.connected.rules.orders.prefix)
    }
}
