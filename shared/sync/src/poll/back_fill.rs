//! Orders from before the connector, when somebody asks for them.

use connector_bigcommerce::{OrderPage, OrderSummary};
use connector_domain::{ConnectionId, OrderId, Timestamp};
use connector_ports::{Cursor, State, StateError};
use serde::{Deserialize, Serialize};

use super::Poller;
use super::place::{Place, next};
use super::run::{Halt, Run};
use crate::job::Failure;

/// The cursor's name.
const CURSOR: &str = "back-fill";

/// From where on orders are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// Those placed at this moment or later.
    Date(Timestamp),
    /// Those with this number or a higher one.
    Id(OrderId),
}

/// A back-fill, under way or done. Archived orders are not in the store's list, and are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackFill {
    /// From where on.
    pub from: Since,
    /// When somebody asked for it.
    pub asked_at: Timestamp,
    /// The last order that was dealt with.
    pub after: Option<OrderId>,
    /// The newest order when it began; those after it are the poller's anyway.
    pub until: Option<OrderId>,
    /// Orders it has set going.
    pub sent: u64,
    /// When it came to its end.
    pub done_at: Option<Timestamp>,
}

impl Poller<'_> {
    /// Asks for the orders of `connection` since `from`, in place of an earlier back-fill. The poller works on it at its next run, after
    /// what is of today, and at the same pace; orders that are known stay as they are.
    ///
    /// # Errors
    /// The state failed, or somebody else asked for one at the same moment.
    pub async fn back_fill(&self, connection: &ConnectionId, from: Since) -> Result<BackFill, Failure> {
        let asked_at = self.directory.surroundings().clock.now();
        let asked = BackFill { from, asked_at, after: None, until: None, sent: 0, done_at: None };
        let cursor = self.state.cursor(connection, CURSOR).await?;
        self.state.advance(connection, CURSOR, cursor.as_ref(), serde_json::json!(asked)).await?;
        Ok(asked)
    }

    /// How far the back-fill of `connection` is, if one was ever asked for.
    ///
    /// # Errors
    /// The state failed, or what it holds cannot be read.
    pub async fn back_filled(&self, connection: &ConnectionId) -> Result<Option<BackFill>, Failure> {
        Ok(read(self.state, connection).await?.map(|(_, back_fill)| back_fill))
    }
}

async fn read(
    state: &dyn State,
    connection: &ConnectionId,
) -> Result<Option<(Cursor, BackFill)>, StateError> {
    let Some(cursor) = state.cursor(connection, CURSOR).await? else { return Ok(None) };
    match serde_json::from_value(cursor.document.clone()) {
        Ok(back_fill) => Ok(Some((cursor, back_fill))),
        Err(error) => Err(StateError::Unavailable(format!("the cursor {CURSOR} cannot be read: {error}"))),
    }
}

impl Run<'_> {
    /// Goes on with the back-fill, if there is one.
    pub(super) async fn back_fill(&mut self, place: &mut Place) -> Result<(), Halt> {
        let Some((cursor, mut back_fill)) = read(self.on.state, self.id()).await? else { return Ok(()) };
        // A store without orders has nothing to fill back.
        let Some(until) = back_fill.until.or(place.looked_to) else { return Ok(()) };
        if back_fill.done_at.is_some() {
            return Ok(());
        }
        back_fill.until = Some(until);
        let done = self.fill(place, &mut back_fill, until).await;
        if done.is_ok() {
            back_fill.done_at = Some(self.now());
            let connection = self.id();
            tracing::info!(%connection, sent = back_fill.sent, "the back-fill of {connection} is at its end: {} orders were set going", back_fill.sent);
        }
        let document = serde_json::json!(back_fill);
        match self.on.state.advance(self.id(), CURSOR, Some(&cursor), document).await {
            // Another one was asked for meanwhile; it is worked on next time.
            Ok(_) | Err(StateError::Moved(_)) => done,
            Err(error) => Err(error.into()),
        }
    }

    async fn fill(
        &mut self,
        place: &mut Place,
        back_fill: &mut BackFill,
        until: OrderId,
    ) -> Result<(), Halt> {
        let (min_id, since) = match back_fill.from {
            Since::Date(date) => (None, Some(date)),
            Since::Id(order) => (Some(order), None),
        };
        loop {
            self.in_time()?;
            // What was placed since a moment has changed since it as well.
            let page = OrderPage {
                min_id: back_fill.after.map(next).or(min_id),
                modified_since: since,
                ..OrderPage::all()
            };
            let listed = self.connected.shop.orders().page(&page, self.deadline).await?;
            let ends = listed.last().is_none_or(|last| last.id >= until);
            for order in listed.iter().filter(|order| order.id <= until) {
                if self.is_asked_for(place, order, since).await? {
                    self.set_going(place, order.id, false).await?;
                    back_fill.sent = back_fill.sent.saturating_add(1);
                }
                back_fill.after = Some(order.id);
            }
            if ends {
                return Ok(());
            }
        }
    }

    /// Whether the order is one that was asked for, and nobody knows it.
    async fn is_asked_for(
        &self,
        place: &Place,
        order: &OrderSummary,
        since: Option<Timestamp>,
    ) -> Result<bool, Halt> {
        let placed_before = since.is_some_and(|since| order.date_created < since);
        if placed_before || place.is_under_way(order.id) {
            return Ok(false);
        }
        Ok(self.row(order.id).await?.is_none())
    }
}
