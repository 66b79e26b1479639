//! What is found is set going a few at a time: after an outage thousands of orders wait, and one that is placed today must not wait for
//! them all. It stands behind as many of them as a lane has under way.

use std::time::Duration;

use connector_domain::OrderId;
use connector_ports::{DedupId, LedgerRow, OrderMessage, Origin};

use super::place::{MOST_SENT, Place, Sent};
use super::run::{AT_LEAST, Halt, Run};
use crate::job::after;

/// How often it is looked whether a lane has become free.
const LOOK: Duration = Duration::from_secs(2);

/// An order that was not worked on is sent again so long after it was sent: its message was lost, or is among the dead letters.
const AGAIN: Duration = Duration::from_hours(1);

impl Run<'_> {
    /// Sends `order` when its lane has room; `known` says that the ledger has it.
    pub(super) async fn set_going(
        &mut self,
        place: &mut Place,
        order: OrderId,
        known: bool,
    ) -> Result<(), Halt> {
        self.room_for(place, order).await?;
        self.keep_once(place).await?;
        let at = self.send(order).await?;
        place.sent.push(Sent { order, since: at, at, known });
        Ok(())
    }

    async fn send(&mut self, order: OrderId) -> Result<connector_domain::Timestamp, Halt> {
        let at = self.now();
        let dedup = DedupId::fresh(self.on.directory.surroundings().random.as_ref());
        let message = OrderMessage::new(self.id().clone(), order, Origin::Poll, dedup);
        self.on.queue.send_order(&message, self.connected.rules.orders.writers).await?;
        self.sent += 1;
        Ok(at)
    }

    /// Waits until the lane of `order` has room.
    async fn room_for(&self, place: &mut Place, order: OrderId) -> Result<(), Halt> {
        let (lanes, most) =
            (self.connected.rules.orders.writers, self.connected.rules.poll.in_flight_per_lane);
        loop {
            self.in_time()?;
            if place.sent.len() >= MOST_SENT {
                let connection = self.id();
                tracing::error!(%connection, under_way = place.sent.len(), "{} orders of {connection} were sent and nobody works on them: look at the queue, its dead letters and its consumer", place.sent.len());
                return Err(Halt::Full);
            }
            let busy = place.in_lane(order, lanes, self.now());
            if u32::try_from(busy).is_ok_and(|busy| busy < most) {
                return Ok(());
            }
            self.settle_lanes(place).await?;
            if u32::try_from(place.in_lane(order, lanes, self.now())).is_ok_and(|busy| busy < most) {
                return Ok(());
            }
            if !self.deadline.fits(self.clock(), LOOK.saturating_add(AT_LEAST)) {
                return Err(Halt::Time);
            }
            self.clock().sleep(LOOK).await;
        }
    }

    /// Takes away what was worked on, among all that is under way.
    pub(super) async fn settle_all(&self, place: &mut Place) -> Result<(), Halt> {
        self.settle(place, false).await
    }

    async fn settle_lanes(&self, place: &mut Place) -> Result<(), Halt> {
        self.settle(place, true).await
    }

    async fn settle(&self, place: &mut Place, only_lanes: bool) -> Result<(), Halt> {
        let now = self.now();
        let mut left = Vec::with_capacity(place.sent.len());
        for sent in &place.sent {
            let looked_at = !only_lanes || sent.keeps_its_lane(now);
            let done =
                looked_at && self.row(sent.order).await?.is_some_and(|row| was_worked_on(&row, *sent, now));
            if !done {
                left.push(*sent);
            }
        }
        place.sent = left;
        Ok(())
    }

    /// Sends what nobody worked on once more.
    pub(super) async fn send_again(&mut self, place: &mut Place) -> Result<(), Halt> {
        let now = self.now();
        let lost: Vec<OrderId> =
            place.sent.iter().filter(|sent| now >= after(sent.at, AGAIN)).map(|sent| sent.order).collect();
        for order in lost {
            self.in_time()?;
            self.keep_once(place).await?;
            let at = self.send(order).await?;
            let connection = self.id();
            tracing::warn!(%connection, order.id = %order, "order {order} of {connection} was sent an hour ago and not worked on; it is sent again");
            for sent in place.sent.iter_mut().filter(|sent| sent.order == order) {
                sent.at = at;
            }
        }
        Ok(())
    }
}

/// Whether the order was worked on since it was sent, and is free again.
fn was_worked_on(row: &LedgerRow, sent: Sent, now: connector_domain::Timestamp) -> bool {
    !row.is_leased(now) && row.changed_at >= sent.at
}
