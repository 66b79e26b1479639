//! Order numbers in a row.

use connector_domain::OrderId;
use serde::{Deserialize, Serialize};

use super::place::{before, next};

/// Order numbers in a row, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The lowest.
    pub first: OrderId,
    /// The highest.
    pub last: OrderId,
}

impl Range {
    /// One number alone.
    pub const fn one(order: OrderId) -> Self {
        Self { first: order, last: order }
    }

    /// How many numbers it has.
    pub const fn count(&self) -> u64 {
        self.last.0.saturating_sub(self.first.0).saturating_add(1)
    }

    /// Whether it is one number.
    pub const fn is_one(&self) -> bool {
        self.first.0 == self.last.0
    }

    /// Each number alone.
    pub(super) fn each(self) -> impl Iterator<Item = Self> {
        (self.first.0..=self.last.0).map(|order| Self::one(OrderId(order)))
    }

    /// What is left of it without `taken`, which come lowest first.
    pub(super) fn without(self, taken: impl IntoIterator<Item = OrderId>) -> Vec<Self> {
        let mut left = Vec::new();
        let mut from = self.first;
        for order in taken.into_iter().filter(|order| (self.first..=self.last).contains(order)) {
            if order > from {
                left.push(Self { first: from, last: before(order) });
            }
            from = next(order);
        }
        if from <= self.last {
            left.push(Self { first: from, last: self.last });
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: u64, last: u64) -> Range {
        Range { first: OrderId(first), last: OrderId(last) }
    }

    #[test]
    fn what_is_taken_splits_a_range() {
        let without = |taken: &[u64]| range(5, 9).without(taken.iter().copied().map(OrderId));
        assert_eq!(without(&[]), [range(5, 9)]);
        assert_eq!(without(&[5, 7, 12]), [range(6, 6), range(8, 9)]);
        assert_eq!(without(&[1, 9]), [range(5, 8)]);
        assert_eq!(without(&[5, 6, 7, 8, 9]), []);
        assert_eq!((range(5, 9).count(), range(5, 9).each().count()), (5, 5));
    }
}
