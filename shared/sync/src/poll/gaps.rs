//! Numbers without an order: archived, late, or never given.

use std::time::Duration;

use connector_domain::{OrderId, Timestamp};
use connector_http::Class;

use super::place::{Gap, Place};
use super::run::{Halt, Run};
use crate::job::after;

/// So many numbers are asked for in a run.
const AT_ONCE: usize = 20;

/// A number is asked for again so long after it was.
const EVERY: Duration = Duration::from_hours(1);

/// What is still missing after so long never was, or is gone.
const EXPLAINED: Duration = Duration::from_hours(24);

/// An order whose answer cannot be read for so long is there, and its answer is of a shape that we do not know.
const UNREADABLE: Duration = Duration::from_hours(72);

impl Run<'_> {
    /// Asks the store for numbers that are missing from its list, sends what it has, and explains what has been missing for a day.
    pub(super) async fn look_at_gaps(&mut self, place: &mut Place) -> Result<(), Halt> {
        let mut asked = 0;
        // The place keeps them all meanwhile: it may be written down in between.
        let mut gaps = place.gaps.clone();
        // Those that were never asked for come first, then those that were asked for longest ago.
        gaps.sort_by_key(|gap| (gap.looked, gap.range.first));
        let mut left = Vec::with_capacity(gaps.len());
        let mut gaps = gaps.into_iter();
        let mut done = Ok(());
        for gap in gaps.by_ref() {
            match self.look_at(place, gap, &mut asked).await {
                Ok(still) => left.extend(still),
                Err(halt) => {
                    left.push(gap);
                    done = Err(halt);
                    break;
                }
            }
        }
        left.extend(gaps);
        left.sort_by_key(|gap| gap.range.first);
        place.gaps = left;
        done
    }

    /// What is left of a gap.
    async fn look_at(&mut self, place: &mut Place, gap: Gap, asked: &mut usize) -> Result<Vec<Gap>, Halt> {
        let now = self.now();
        let is_old = now >= after(gap.since, EXPLAINED);
        if !gap.range.is_one() {
            // Nobody asks for each of a long row of numbers; a webhook may have brought some.
            if !is_old {
                return Ok(vec![gap]);
            }
            for range in self.without_row(gap.range).await? {
                place.explained.add(range);
            }
            return Ok(Vec::new());
        }
        let order = gap.range.first;
        if place.is_under_way(order) || self.row(order).await?.is_some() {
            return Ok(Vec::new());
        }
        let is_due = gap.looked.is_none_or(|looked| now >= after(looked, EVERY));
        if !is_due || *asked >= AT_ONCE {
            return Ok(vec![gap]);
        }
        self.in_time()?;
        *asked += 1;
        let asked_for = self.asked(order).await?;
        let there = match asked_for {
            Asked::There => true,
            // An answer that is cut may say an hour later that there is nothing.
            Asked::Unreadable => now >= after(gap.since, UNREADABLE),
            Asked::Nothing => false,
        };
        if there {
            self.set_going(place, order, false).await?;
            self.was_missed(place, order, false);
            return Ok(Vec::new());
        }
        if is_old && asked_for == Asked::Nothing {
            tracing::info!(connection = %self.id(), order.id = %order, "the shop has no order {order} of {} a day after it was missed: it never was, or is gone", self.id());
            place.explained.add(gap.range);
            return Ok(Vec::new());
        }
        Ok(vec![Gap { looked: Some(now), ..gap }])
    }

    async fn asked(&self, order: OrderId) -> Result<Asked, Halt> {
        match self.connected.shop.orders().get(order, self.deadline).await {
            Ok(Some(_)) => Ok(Asked::There),
            Ok(None) => Ok(Asked::Nothing),
            Err(error) if error.class == Class::Unreadable => Ok(Asked::Unreadable),
            Err(error) => Err(error.into()),
        }
    }
}

/// What the store says of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// There is an order.
    There,
    /// There is none.
    Nothing,
    /// Something that is no answer. If it stays so, the order is sent, and the consumer says what is wrong with it.
    Unreadable,
}

impl Gap {
    /// When it counts as explained if it is still missing.
    pub(super) fn explained_at(&self) -> Timestamp {
        after(self.since, EXPLAINED)
    }
}
