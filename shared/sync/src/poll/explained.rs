//! Numbers without an order that are explained.

use connector_domain::OrderId;
use serde::{Deserialize, Serialize};

use super::place::next;
use super::range::Range;

/// So many ranges are kept; of those below, only how many numbers they were.
const MOST: usize = 100;

/// Numbers of which it is explained that there is no order: never given, or its order deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explained {
    /// The highest of them, lowest first.
    pub ranges: Vec<Range>,
    /// How many more there are below these.
    pub below: u64,
}

impl Explained {
    /// Puts `range` among them. Neighbours become one.
    pub(super) fn add(&mut self, range: Range) {
        self.ranges.push(range);
        self.ranges.sort_by_key(|range| range.first);
        let mut merged: Vec<Range> = Vec::with_capacity(self.ranges.len());
        for range in self.ranges.drain(..) {
            match merged.last_mut() {
                Some(last) if range.first <= next(last.last) => last.last = last.last.max(range.last),
                _ => merged.push(range),
            }
        }
        let too_many = merged.len().saturating_sub(MOST);
        for lowest in merged.drain(..too_many) {
            self.below = self.below.saturating_add(lowest.count());
        }
        self.ranges = merged;
    }

    /// How many numbers.
    pub fn count(&self) -> u64 {
        self.ranges.iter().map(Range::count).fold(self.below, u64::saturating_add)
    }

    /// Whether `order` is among those that are kept.
    pub fn contains(&self, order: OrderId) -> bool {
        self.ranges.iter().any(|range| (range.first..=range.last).contains(&order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_one_and_the_lowest_become_a_count() {
        let mut explained = Explained::default();
        for order in [7, 5, 6, 9] {
            explained.add(Range::one(OrderId(order)));
        }
        assert_eq!(explained.ranges, [Range { first: OrderId(5), last: OrderId(7) }, Range::one(OrderId(9))]);
        assert!(explained.contains(OrderId(6)) && !explained.contains(OrderId(8)));
        for order in 0..200 {
            explained.add(Range::one(OrderId(1000 + 2 * order)));
        }
        assert_eq!((explained.ranges.len(), explained.count()), (MOST, 204));
        assert!(!explained.contains(OrderId(6)), "the lowest are only counted");
    }
}
