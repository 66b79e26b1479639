//! The first reading: the orders that changed.

use connector_bigcommerce::{OrderPage, OrderSummary};
use connector_domain::Timestamp;
use jiff::SignedDuration;

use super::judge::{Verdict, judge};
use super::place::{ByDate, Place, next};
use super::run::{Halt, Run};

impl Run<'_> {
    /// Reads the list of changed orders to its end, from where it was left off, and sends what is news.
    ///
    /// What changes behind our place meanwhile has changed after the reading began, and is read by the next.
    pub(super) async fn by_date(&mut self, place: &mut Place) -> Result<(), Halt> {
        let overlap = SignedDuration::try_from(self.connected.rules.poll.overlap).unwrap_or_default();
        let since = place.read_to.checked_sub(overlap).unwrap_or(Timestamp::MIN);
        let mut pass = place.pass.unwrap_or(ByDate { since, begun: self.now(), after: None });
        loop {
            self.in_time()?;
            let page = OrderPage {
                min_id: pass.after.map(next),
                modified_since: Some(pass.since),
                ..OrderPage::all()
            };
            let listed = self.connected.shop.orders().page(&page, self.deadline).await?;
            if listed.is_empty() {
                break;
            }
            for order in &listed {
                // From here on the reading is one that was begun, wherever it stops.
                place.pass = Some(pass);
                self.consider(place, order).await?;
                pass.after = Some(order.id);
            }
            place.pass = Some(pass);
        }
        place.read_to = pass.begun;
        place.pass = None;
        Ok(())
    }

    async fn consider(&mut self, place: &mut Place, order: &OrderSummary) -> Result<(), Halt> {
        if place.is_under_way(order.id) {
            return Ok(());
        }
        let row = self.row(order.id).await?;
        match judge(row.as_ref(), order, self.now(), self.connected.rules.poll.grace) {
            Verdict::Known | Verdict::Young => Ok(()),
            // The overlap reaches back to before the account began.
            Verdict::Missed if place.begun.after_all_of(order) => Ok(()),
            Verdict::Missed => {
                let ahead = place.looked_to.is_none_or(|looked_to| order.id > looked_to);
                self.set_going(place, order.id, false).await?;
                self.was_missed(place, order.id, ahead);
                Ok(())
            }
            Verdict::Stale => {
                self.set_going(place, order.id, true).await?;
                self.stale += 1;
                Ok(())
            }
            Verdict::Unsure => self.set_going(place, order.id, true).await,
        }
    }

    /// Counts an order that no webhook told of; `ahead` says that its number is still to be looked at.
    pub(super) fn was_missed(&mut self, place: &mut Place, order: connector_domain::OrderId, ahead: bool) {
        let connection = self.id();
        tracing::info!(%connection, order.id = %order, "order {order} of {connection} was found by the poller: no webhook told of it");
        self.missed += 1;
        place.delivery.missed(ahead, self.now());
    }
}
