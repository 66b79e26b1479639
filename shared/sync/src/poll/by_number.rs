//! The second reading: the numbers after the highest looked at, each of which must be an order of the ledger, or explained.

use connector_bigcommerce::OrderPage;
use connector_domain::OrderId;

use super::judge::{Verdict, judge};
use super::place::{Gap, MOST_GAPS, Place, before, next};
use super::range::Range;
use super::run::{Halt, Run};

/// So many missing numbers in a row are looked at one by one; more are kept as a range.
const ONE_BY_ONE: u64 = 100;

/// So many rows of the ledger are read at once.
const ROWS: usize = 250;

impl Run<'_> {
    /// Looks at the numbers up to the highest order that is old enough.
    pub(super) async fn by_number(&mut self, place: &mut Place) -> Result<(), Halt> {
        loop {
            self.in_time()?;
            let page = OrderPage { min_id: place.looked_to.map(next), ..OrderPage::all() };
            let listed = self.connected.shop.orders().page(&page, self.deadline).await?;
            if listed.is_empty() {
                return Ok(());
            }
            for order in &listed {
                // The first order of a store that had none: the account begins with it.
                let looked_to = *place.looked_to.get_or_insert(before(order.id));
                let row = self.row(order.id).await?;
                let verdict = judge(row.as_ref(), order, self.now(), self.connected.rules.poll.grace);
                if verdict == Verdict::Young && !place.is_under_way(order.id) {
                    return Ok(());
                }
                if next(looked_to) < order.id {
                    let missing = Range { first: next(looked_to), last: before(order.id) };
                    if !self.open(place, missing).await? {
                        return Ok(());
                    }
                    place.looked_to = Some(before(order.id));
                }
                match verdict {
                    // What has changed since it was read is the other reading's.
                    Verdict::Known | Verdict::Stale | Verdict::Unsure => place.delivery.known(self.now()),
                    Verdict::Young | Verdict::Missed if place.is_under_way(order.id) => {
                        place.delivery.known(self.now());
                    }
                    Verdict::Young | Verdict::Missed => {
                        self.set_going(place, order.id, false).await?;
                        self.was_missed(place, order.id, false);
                    }
                }
                place.looked_to = Some(order.id);
            }
        }
    }

    /// Keeps the numbers of `missing` that have no row as gaps; says whether there was room for them.
    async fn open(&self, place: &mut Place, missing: Range) -> Result<bool, Halt> {
        let now = self.now();
        let mut gaps = Vec::new();
        for range in self.without_row(missing).await? {
            let gap = |range| Gap { range, since: now, looked: None };
            if range.count() <= ONE_BY_ONE {
                gaps.extend(range.each().map(gap));
            } else {
                gaps.push(gap(range));
            }
        }
        if !gaps.is_empty() && place.gaps.len().saturating_add(gaps.len()) > MOST_GAPS {
            let connection = self.id();
            tracing::warn!(%connection, gaps = place.gaps.len(), "too many numbers of {connection} are unexplained; those from {} on are looked at when some are explained", missing.first);
            return Ok(false);
        }
        place.gaps.extend(gaps);
        Ok(true)
    }

    /// The numbers of `range` that have no row.
    pub(super) async fn without_row(&self, range: Range) -> Result<Vec<Range>, Halt> {
        let mut rows: Vec<OrderId> = Vec::new();
        let mut after = before(range.first);
        loop {
            let page = self.on.ledger.list(self.id(), None, Some(after), ROWS).await?;
            let ends = page.len() < ROWS;
            rows.extend(page.iter().map(|row| row.key.order).take_while(|order| *order <= range.last));
            match page.last().map(|row| row.key.order) {
                Some(last) if !ends && last < range.last => after = last,
                Some(_) | None => return Ok(range.without(rows)),
            }
        }
    }
}
