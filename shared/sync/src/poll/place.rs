//! Where the poller stands with a connection: one cursor, read and written as a whole, and small whatever happens.

use std::time::Duration;

use connector_bigcommerce::OrderSummary;
use connector_domain::{OrderId, Timestamp};
use connector_ports::{Cursor, StateError};
use serde::{Deserialize, Serialize};

use super::delivery::Delivery;
use super::explained::Explained;
use super::range::Range;
use crate::job::after;

/// The cursor's name.
pub(super) const CURSOR: &str = "poll";

/// An order that was sent so long ago keeps no lane any more.
pub(super) const GIVEN_UP: Duration = Duration::from_mins(15);

/// So many orders that were sent and not worked on are kept; with more, something is wrong with the queue or its consumer.
pub(super) const MOST_SENT: usize = 200;

/// So many gaps are kept; with more, numbers are looked at no further until some are explained.
pub(super) const MOST_GAPS: usize = 300;

/// The poller's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    /// When the next run is due.
    pub(super) next: Timestamp,
    /// Where the account begins.
    pub(super) begun: Begun,
    /// The list of changed orders was read to its end as of this moment.
    pub(super) read_to: Timestamp,
    /// A reading of that list that is not at its end.
    pub(super) pass: Option<ByDate>,
    /// The highest number looked at; none as long as the store has no order.
    pub(super) looked_to: Option<OrderId>,
    /// Orders that were sent and not worked on yet.
    pub(super) sent: Vec<Sent>,
    /// Numbers nobody can explain yet, up to the highest looked at.
    pub(super) gaps: Vec<Gap>,
    /// Numbers of which it is explained that there is no order.
    pub(super) explained: Explained,
    /// How orders came to be known.
    pub(super) delivery: Delivery,
}

/// Where the account of a connection begins: what came before the connector is not imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begun {
    /// When the first run was.
    pub at: Timestamp,
    /// The newest order that existed then, if there was one.
    pub after: Option<OrderId>,
}

impl Begun {
    /// Whether all that is to be seen of `order` happened before.
    pub(super) fn after_all_of(&self, order: &OrderSummary) -> bool {
        self.after.is_some_and(|newest| order.id <= newest) && order.date_modified <= self.at
    }
}

/// A reading of the list of changed orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ByDate {
    /// Orders that changed at this moment or later.
    pub(super) since: Timestamp,
    /// When the reading began: what changes later is read by the next.
    pub(super) begun: Timestamp,
    /// The last order that was dealt with.
    pub(super) after: Option<OrderId>,
}

/// An order that was sent and not worked on yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sent {
    /// Which order.
    pub(super) order: OrderId,
    /// Since when it is under way.
    pub(super) since: Timestamp,
    /// When it was last sent.
    pub(super) at: Timestamp,
    /// Whether the ledger knew it before.
    pub(super) known: bool,
}

/// Numbers without an order, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gap {
    /// Which numbers.
    pub(super) range: Range,
    /// Since when they are missing.
    pub(super) since: Timestamp,
    /// When the store was last asked for them by number.
    pub(super) looked: Option<Timestamp>,
}

impl Place {
    /// The place of a connection that begins at `now`, when `newest` is its newest order.
    pub(super) fn new(now: Timestamp, newest: Option<OrderId>) -> Self {
        Self {
            next: now,
            begun: Begun { at: now, after: newest },
            read_to: now,
            pass: None,
            looked_to: newest,
            sent: Vec::new(),
            gaps: Vec::new(),
            explained: Explained::default(),
            delivery: Delivery::default(),
        }
    }

    /// The place in a cursor.
    ///
    /// # Errors
    /// It cannot be read. It is not begun anew then: that would pass over everything since.
    pub(super) fn read(cursor: Option<&Cursor>) -> Result<Option<Self>, StateError> {
        let Some(cursor) = cursor else { return Ok(None) };
        serde_json::from_value(cursor.document.clone())
            .map(Some)
            .map_err(|error| StateError::Unavailable(format!("the cursor {CURSOR} cannot be read: {error}")))
    }

    /// Up to which number every order is in the ledger, or explained.
    pub(super) fn accounted_to(&self) -> Option<OrderId> {
        let looked_to = self.looked_to?;
        let ours = |order: &OrderId| self.begun.after.is_none_or(|begun| *order > begun);
        let sent = self.sent.iter().filter(|sent| !sent.known).map(|sent| sent.order).filter(ours);
        let open = sent.chain(self.gaps.iter().map(|gap| gap.range.first)).min();
        Some(open.map_or(looked_to, |open| before(open).min(looked_to)))
    }

    /// Whether `order` is under way.
    pub(super) fn is_under_way(&self, order: OrderId) -> bool {
        self.sent.iter().any(|sent| sent.order == order)
    }

    /// How many of the orders that were sent keep this lane among `lanes` busy.
    pub(super) fn in_lane(&self, of: OrderId, lanes: u32, now: Timestamp) -> usize {
        let lane = |order: OrderId| order.0 % u64::from(lanes.max(1));
        self.sent.iter().filter(|sent| lane(sent.order) == lane(of) && sent.keeps_its_lane(now)).count()
    }

    /// How many numbers nobody can explain.
    pub(super) fn open_gaps(&self) -> u64 {
        self.gaps.iter().map(|gap| gap.range.count()).fold(0, u64::saturating_add)
    }
}

impl Sent {
    /// Whether the next order of its lane waits for it.
    pub(super) fn keeps_its_lane(&self, now: Timestamp) -> bool {
        now < after(self.at, GIVEN_UP)
    }
}

/// The number before.
pub(super) const fn before(order: OrderId) -> OrderId {
    OrderId(order.0.saturating_sub(1))
}

/// The number after.
pub(super) const fn next(order: OrderId) -> OrderId {
    OrderId(order.0.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn sent(order: u64, known: bool) -> Sent {
        Sent { order: OrderId(order), since: at(0), at: at(0), known }
    }

    #[test]
    fn accounted_is_up_to_the_lowest_number_that_is_open() {
        let mut place = Place::new(at(0), Some(OrderId(100)));
        assert_eq!(place.accounted_to(), Some(OrderId(100)));
        place.looked_to = Some(OrderId(120));
        assert_eq!(place.accounted_to(), Some(OrderId(120)));
        place.sent = vec![sent(50, false), sent(103, true), sent(118, false)];
        assert_eq!(
            place.accounted_to(),
            Some(OrderId(117)),
            "one before the beginning, and one that is known, are not open"
        );
        place.gaps = vec![Gap {
            range: Range { first: OrderId(110), last: OrderId(112) },
            since: at(0),
            looked: None,
        }];
        assert_eq!(place.accounted_to(), Some(OrderId(109)));
        assert_eq!(place.open_gaps(), 3);
        assert_eq!(Place::new(at(0), None).accounted_to(), None);
    }

    #[test]
    fn a_lane_is_free_again_when_its_order_was_sent_long_ago() {
        let mut place = Place::new(at(0), Some(OrderId(100)));
        place.sent = vec![sent(101, false), sent(102, false)];
        assert_eq!(place.in_lane(OrderId(103), 2, at(899)), 1);
        assert_eq!(place.in_lane(OrderId(103), 2, at(900)), 0);
        assert_eq!(place.in_lane(OrderId(103), 1, at(0)), 2);
    }

    #[test]
    fn a_place_that_cannot_be_read_is_not_begun_anew() {
        let place = Place::new(at(0), Some(OrderId(100)));
        let cursor = |document| Cursor { document, version: 1 };
        let written = serde_json::json!(place);
        assert_eq!(Place::read(Some(&cursor(written.clone()))).unwrap(), Some(place));
        let mut other = written;
        other["more"] = serde_json::json!(1);
        assert!(Place::read(Some(&cursor(other))).is_err());
        assert_eq!(Place::read(None).unwrap(), None);
    }
}
