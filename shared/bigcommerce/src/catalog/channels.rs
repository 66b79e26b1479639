//! In which channels a product is sold (`docs/facts/bigcommerce.md` §5.1).

use connector_domain::Deadline;
use connector_http::{Call, CallError};
use serde::{Deserialize, Serialize};

use super::Catalog;
use crate::batch::Batch;
use crate::ids::{ChannelId, ProductId};
use crate::refusal::{OF_ROWS, Refusal, Sent, sent};

/// Assignments that one call makes at most. No number is documented: our own, as many as a page of them shows.
pub const CHANNEL_ASSIGNMENTS: usize = 250;

/// A product in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChannelAssignment {
    /// Which product.
    pub product_id: ProductId,
    /// Where.
    pub channel_id: ChannelId,
}

/// What became of a batch of assignments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelsAssigned {
    /// All stand.
    Whole,
    /// Some row is at fault.
    Refused(Refusal),
    /// The store takes fewer rows at once; its words.
    TooLarge(String),
}

impl Catalog<'_> {
    /// Puts products into channels; one that is there already stays. One call at a time.
    ///
    /// # Errors
    /// By class.
    pub async fn assign_channels(
        &self,
        assignments: Batch<'_, ChannelAssignment, CHANNEL_ASSIGNMENTS>,
        deadline: Deadline,
    ) -> Result<ChannelsAssigned, CallError> {
        let call = Call::put(
            "PUT /v3/catalog/products/channel-assignments",
            "v3/catalog/products/channel-assignments",
        )
        .body(serde_json::to_string(assignments.rows()).unwrap_or_default())
        .read_refusals(OF_ROWS);
        Ok(match sent(self.remote.send(&call, deadline).await)? {
            Sent::Taken(_) => ChannelsAssigned::Whole,
            Sent::TooLarge(words) => ChannelsAssigned::TooLarge(words),
            Sent::Refused(refusal, _) => ChannelsAssigned::Refused(refusal),
        })
    }
}
