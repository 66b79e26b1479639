//! Whom a price list is for (`docs/facts/bigcommerce.md` §7).

use connector_domain::Deadline;
use connector_http::{Call, CallError};
use serde::{Deserialize, Serialize};

use super::PriceLists;
use crate::ids::{ChannelId, CustomerGroupId, PriceListId};
use crate::refusal::{Refusal, Sent, sent};

/// A list for a group, a channel, or a group in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub struct PriceListAssignment {
    /// Which list.
    pub price_list_id: PriceListId,
    /// For which group; `None` for all.
    #[serde(default)]
    pub customer_group_id: Option<CustomerGroupId>,
    /// In which channel; `None` for all.
    #[serde(default)]
    pub channel_id: Option<ChannelId>,
}

/// What became of an assignment to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assigned {
    /// It stands.
    Whole,
    /// It does not: there is no such list, group or channel, or the group has discounts of its own.
    Refused(Refusal),
}

impl PriceLists<'_> {
    /// All assignments of all lists.
    ///
    /// # Errors
    /// By class.
    pub async fn assignments(&self, deadline: Deadline) -> Result<Vec<PriceListAssignment>, CallError> {
        self.all(|| Call::get("GET /v3/pricelists/assignments", "v3/pricelists/assignments"), deadline).await
    }

    /// Gives a list to a group in a channel, instead of what it had.
    ///
    /// # Errors
    /// By class.
    pub async fn assign(
        &self,
        list: PriceListId,
        group: CustomerGroupId,
        channel: ChannelId,
        deadline: Deadline,
    ) -> Result<Assigned, CallError> {
        #[derive(Serialize)]
        struct Body {
            customer_group_id: CustomerGroupId,
            channel_id: ChannelId,
        }
        let body = Body { customer_group_id: group, channel_id: channel };
        let call =
            Call::put("PUT /v3/pricelists/{id}/assignments", format!("v3/pricelists/{list}/assignments"))
                .body(serde_json::to_string(&body).unwrap_or_default())
                .read_refusals(&[404, 409, 422]);
        Ok(match sent(self.remote.send(&call, deadline).await)? {
            Sent::Taken(_) => Assigned::Whole,
            Sent::Refused(refusal, _) => Assigned::Refused(refusal),
            // 413 is not asked to be read, so it is a failure before it comes here.
            Sent::TooLarge(words) => Assigned::Refused(Refusal { status: 413, words, fields: Vec::new() }),
        })
    }
}
