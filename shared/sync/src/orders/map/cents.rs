//! Rounds amounts to cents so that the cents add up.

use connector_domain::Money;

/// Rounds a running sum instead of each amount.
///
/// Three lines of 0.3333 are 0.33 + 0.34 + 0.33 = 1.00 this way, not 0.99. Every amount is at most one cent off its own rounding.
#[derive(Debug, Default)]
pub(super) struct Cents {
    exact: Money,
    given: Money,
}

impl Cents {
    /// The next amount, in cents.
    pub(super) fn next(&mut self, amount: Money) -> Money {
        self.exact = self.exact + amount;
        let target = self.exact.rounded(2);
        let cents = target - self.given;
        self.given = target;
        cents
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
        let mut cents = Cents::default();
        let given: Vec<String> = (0..3).map(|_| cents.next(third).to_string()).collect();
        assert_eq!(given, ["0.33", "0.34", "0.33"]);
    }

    proptest! {
        #[test]
        fn the_sum_of_the_cents_is_the_rounded_sum(amounts in prop::collection::vec(-1_000_000i64..1_000_000, 1..80)) {
            let amounts: Vec<Money> = amounts.into_iter().map(|n| Money::new(Decimal::new(n, 4))).collect();
            let mut cents = Cents::default();
            let given: Money = amounts.iter().map(|amount| cents.next(*amount)).sum();
            let exact: Money = amounts.into_iter().sum();
            prop_assert_eq!(given, exact.rounded(2));
            prop_assert_eq!(given, cents.total());
        }
    }
}
