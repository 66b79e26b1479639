//! Rounds amounts to cents so that the cents add up.

use connector_domain::Money;

/// How the shop may have come from four decimals to cents; no public source says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    /// The sum was rounded: a running sum is rounded here, instead of each amount. Three lines of 0.3333 are
    /// 0.33 + 0.34 + 0.33 = 1.00 this way, not 0.99. Every amount is at most one cent off its own rounding.
    Sum,
    /// Each amount was rounded, and then summed.
    Each,
}

/// Gives amounts out in cents.
#[derive(Debug)]
pub(super) struct Cents {
    rounding: Rounding,
    exact: Money,
    given: Money,
}

impl Cents {
    /// Nothing given out yet.
    pub(super) const fn new(rounding: Rounding) -> Self {
        Self { rounding, exact: Money::ZERO, given: Money::ZERO }
    }

    /// The next amount, in cents.
    pub(super) fn next(&mut self, amount: Money) -> Money {
        self.exact = self.exact + amount;
        let cents = match self.rounding {
            Rounding::Sum => self.exact.rounded(2) - self.given,
            Rounding::Each => amount.rounded(2),
        };
        self.given = self.given + cents;
        cents
    }

    /// The next amount less what is taken off it, in cents.
    pub(super) fn next_less(&mut self, amount: Money, discount: Money) -> Money {
        match self.rounding {
            Rounding::Sum => self.next(amount - discount),
            Rounding::Each => self.next(amount) + self.next(-discount),
        }
    }

    /// The sum of all that was given out.
    pub(super) fn total(&self) -> Money {
        self.given
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_domain::exact;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    #[test]
    fn three_thirds_are_a_whole() {
        let third = Money::new(exact::parse("0.3333").unwrap());
        let mut cents = Cents::new(Rounding::Sum);
        let given: Vec<String> = (0..3).map(|_| cents.next(third).to_string()).collect();
        assert_eq!(given, ["0.33", "0.34", "0.33"]);
    }

    #[test]
    fn where_each_is_rounded_three_thirds_lose_a_cent() {
        let third = Money::new(exact::parse("0.3333").unwrap());
        let mut cents = Cents::new(Rounding::Each);
        let given: Money = (0..3).map(|_| cents.next(third)).sum();
        assert_eq!((given.to_string(), cents.total()), ("0.99".to_owned(), given));
    }

    proptest! {
        #[test]
        fn the_sum_of_the_cents_is_the_rounded_sum(amounts in prop::collection::vec(-1_000_000i64..1_000_000, 1..80)) {
            let amounts: Vec<Money> = amounts.into_iter().map(|n| Money::new(Decimal::new(n, 4))).collect();
            let mut cents = Cents::new(Rounding::Sum);
            let given: Money = amounts.iter().map(|amount| cents.next(*amount)).sum();
            let exact: Money = amounts.into_iter().sum();
            prop_assert_eq!(given, exact.rounded(2));
            prop_assert_eq!(given, cents.total());
        }
    }
}
