//! Stock by location (`docs/facts/bigcommerce.md` §6).

mod item;
mod level;
mod location;

use connector_domain::{Deadline, Sku};
use connector_http::{Call, CallError, Page, Remote, Safety};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::batch::Batch;
use crate::ids::{self, LocationId, ProductId};
use crate::listing::{Listed, fitting};
use crate::refusal::{OF_ROWS, Sent, sent};

pub use item::{Item, ItemStock, ItemsOf};
pub use level::{ItemRef, MOST_STOCK, StockLevel, StockSet};
pub use location::Location;

/// Stock levels that one call sets at most.
pub const STOCK_LEVELS: usize = 2_000;

/// Rows on a page, the most there are (§1.4).
const LIMIT: &str = "1000";

/// Stock of the store.
#[derive(Debug, Clone, Copy)]
pub struct Inventory<'a> {
    remote: &'a Remote,
}

impl<'a> Inventory<'a> {
    pub(crate) const fn new(remote: &'a Remote) -> Self {
        Self { remote }
    }

    /// One page of items with their stock, in one call; pages count from 1. What was set a moment ago may not show yet.
    ///
    /// # Errors
    /// By class; `Unreadable` names the path to what is not as documented.
    pub async fn items(
        &self,
        of: &ItemsOf<'_>,
        page: u32,
        deadline: Deadline,
    ) -> Result<Page<Item, u32>, CallError> {
        let answer = self.remote.send(&items_call(of, page), deadline).await?;
        let listed: Listed<Item> = Listed::of(&answer)?;
        let next = (!listed.is_last()).then(|| page.saturating_add(1));
        Ok(Page { items: listed.data, next })
    }

    /// The items that have one of these SKUs, in as few calls as their addresses allow: the only bulk way from SKU to ids. Compared again
    /// here, without case, as the store keeps SKUs apart.
    ///
    /// A SKU with a comma cannot stand in a list (§1.4); it is not asked for, so ask for it by number.
    ///
    /// # Errors
    /// By class; `Unreadable` names the path to what is not as documented.
    pub async fn by_skus(&self, skus: &[Sku], deadline: Deadline) -> Result<Vec<Item>, CallError> {
        let asked: Vec<Sku> =
            skus.iter().filter(|sku| !sku.0.is_empty() && !sku.0.contains(',')).cloned().collect();
        let (mut found, mut rest) = (Vec::new(), asked.as_slice());
        while !rest.is_empty() {
            let (batch, left) = fitting(self.remote, rest, |batch| items_call(&ItemsOf::Skus(batch), 1));
            rest = left;
            let wanted: std::collections::HashSet<String> =
                batch.iter().map(|sku| sku.0.to_lowercase()).collect();
            let mut next = Some(1);
            while let Some(number) = next {
                let page = self.items(&ItemsOf::Skus(batch), number, deadline).await?;
                found.extend(
                    page.items.into_iter().filter(|item| wanted.contains(&item.sku.0.to_lowercase())),
                );
                next = page.next;
            }
        }
        Ok(found)
    }

    /// The items of these products, in as few calls as their addresses allow.
    ///
    /// # Errors
    /// By class; `Unreadable` names the path to what is not as documented.
    pub async fn by_products(
        &self,
        products: &[ProductId],
        deadline: Deadline,
    ) -> Result<Vec<Item>, CallError> {
        let (mut found, mut rest) = (Vec::new(), products);
        while !rest.is_empty() {
            let (batch, left) = fitting(self.remote, rest, |batch| items_call(&ItemsOf::Products(batch), 1));
            rest = left;
            let mut next = Some(1);
            while let Some(number) = next {
                let page = self.items(&ItemsOf::Products(batch), number, deadline).await?;
                found.extend(page.items.into_iter().filter(|item| batch.contains(&item.product_id)));
                next = page.next;
            }
        }
        Ok(found)
    }

    /// Sets what is on hand. Accepted is not applied: the store does so later, and no call tells when (§6).
    ///
    /// One call at a time for a store, and none beside a bulk call of the catalogue. It overwrites what orders took since the levels were
    /// computed. So it counts as unsafe to repeat: after a lost answer the orders have to be read again first.
    ///
    /// # Errors
    /// By class. After `Ambiguous` it may have been accepted.
    pub async fn set_absolute(
        &self,
        reason: &str,
        levels: Batch<'_, StockLevel, STOCK_LEVELS>,
        deadline: Deadline,
    ) -> Result<StockSet, CallError> {
        #[derive(Serialize)]
        struct Body<'a> {
            reason: &'a str,
            items: &'a [StockLevel],
        }
        #[derive(Deserialize)]
        struct Accepted {
            transaction_id: String,
        }
        let body = Body { reason, items: levels.rows() };
        let path = "v3/inventory/adjustments/absolute";
        let call = Call::new("PUT /v3/inventory/adjustments/absolute", Method::PUT, path, Safety::Unsafe)
            // Numbers and texts can always be written; if they could not, the store would refuse the empty body.
            .body(serde_json::to_string(&body).unwrap_or_default())
            .read_refusals(OF_ROWS);
        Ok(match sent(self.remote.send(&call, deadline).await)? {
            Sent::Taken(answer) => {
                let Accepted { transaction_id: transaction } = answer.json()?;
                StockSet::Accepted { transaction }
            }
            Sent::TooLarge(words) => StockSet::TooLarge(words),
            Sent::Refused(refusal, _) => StockSet::Refused(refusal),
        })
    }

    /// All locations.
    ///
    /// # Errors
    /// By class: `Forbidden` where the API account lacks the scope of locations.
    pub async fn locations(&self, deadline: Deadline) -> Result<Vec<Location>, CallError> {
        self.locations_by(|call| call, deadline).await
    }

    /// The default location, which decides what a storefront sells unless it is set otherwise.
    ///
    /// # Errors
    /// As [`Self::locations`].
    pub async fn default_location(&self, deadline: Deadline) -> Result<Option<LocationId>, CallError> {
        let found = self.locations_by(|call| call.query("is_default", "true"), deadline).await?;
        // A store that does not know the filter would give us all of them.
        Ok(match found.as_slice() {
            [one] => Some(one.id),
            _ => None,
        })
    }

    async fn locations_by(
        &self,
        with: impl Fn(Call) -> Call,
        deadline: Deadline,
    ) -> Result<Vec<Location>, CallError> {
        let mut locations: Vec<Location> = Vec::new();
        for page in 1_u32.. {
            let call = with(Call::get("GET /v3/inventory/locations", "v3/inventory/locations"));
            let call = call.query("page", page.to_string()).query("limit", LIMIT);
            let listed: Listed<Location> = Listed::of(&self.remote.send(&call, deadline).await?)?;
            let (last, before) = (listed.is_last(), locations.len());
            for location in listed.data {
                if !locations.iter().any(|known| known.id == location.id) {
                    locations.push(location);
                }
            }
            if last || locations.len() == before {
                break;
            }
        }
        Ok(locations)
    }
}

fn items_call(of: &ItemsOf<'_>, page: u32) -> Call {
    let call = Call::get("GET /v3/inventory/items", "v3/inventory/items");
    let call = match of {
        ItemsOf::Skus(skus) => call.query("sku:in", ids::list(*skus)),
        ItemsOf::Variants(variants) => call.query("variant_id:in", ids::list(*variants)),
        ItemsOf::Products(products) => call.query("product_id:in", ids::list(*products)),
        ItemsOf::Location(location) => call.query("location_id:in", location.to_string()),
    };
    call.query("page", page.to_string()).query("limit", LIMIT)
}
