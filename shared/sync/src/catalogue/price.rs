//! From a price of Kinetic to one of the store, which has four decimals (`docs/facts/bigcommerce.md` §5).

use connector_domain::Money;
use connector_kinetic::PricePer;
use rust_decimal::Decimal;

/// How many decimals the store keeps.
pub const PLACES: u32 = 4;

/// A price in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShopPrice {
    /// Just what Kinetic says.
    Exact(Money),
    /// Rounded, halves away from zero: Kinetic's has more decimals.
    Rounded {
        /// What the store can show.
        shown: Money,
        /// What it should be.
        exact: Money,
    },
}

impl ShopPrice {
    /// What the store shows.
    pub const fn shown(self) -> Money {
        match self {
            Self::Exact(price) => price,
            Self::Rounded { shown, .. } => shown,
        }
    }
}

/// Why there is no price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPrice {
    /// Kinetic's code for how many a price is for is not known here.
    UnknownCode(String),
    /// Below nothing.
    Negative,
}

/// The price of one, from a price for one, a hundred or a thousand.
///
/// # Errors
/// See [`NoPrice`].
pub fn each(price: Decimal, per: &PricePer) -> Result<ShopPrice, NoPrice> {
    // A hundredth is two more decimals, never a division that does not come out.
    let more = match per {
        PricePer::Each => 0,
        PricePer::Hundred => 2,
        PricePer::Thousand => 3,
        PricePer::Other(code) => return Err(NoPrice::UnknownCode(code.clone())),
    };
    if price < Decimal::ZERO {
        return Err(NoPrice::Negative);
    }
    let price = price.normalize();
    let hundredth = Decimal::try_from_i128_with_scale(price.mantissa(), price.scale().saturating_add(more));
    let exact = Money::new(hundredth.map_err(|_| NoPrice::Negative)?.normalize());
    let shown = exact.rounded(PLACES);
    Ok(if shown == exact { ShopPrice::Exact(exact) } else { ShopPrice::Rounded { shown, exact } })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use test_case::test_case;

    use super::*;

    fn money(text: &str) -> Money {
        Money::new(text.parse().unwrap())
    }

    #[test_case("45.25", &PricePer::Each, "45.25", true)]
    #[test_case("45.25", &PricePer::Hundred, "0.4525", true)]
    #[test_case("452.5", &PricePer::Thousand, "0.4525", true)]
    #[test_case("45.2512", &PricePer::Thousand, "0.0453", false; "halves and more go up")]
    #[test_case("0.12345", &PricePer::Each, "0.1235", false; "Kinetic has five decimals")]
    #[test_case("0", &PricePer::Thousand, "0", true)]
    fn a_price_is_exact_where_four_decimals_carry_it(price: &str, per: &PricePer, shown: &str, exact: bool) {
        let price = each(price.parse().unwrap(), per).unwrap();
        assert_eq!((price.shown(), matches!(price, ShopPrice::Exact(_))), (money(shown), exact));
    }

    #[test]
    fn what_is_no_price_is_said() {
        let unknown = each(Decimal::ONE, &PricePer::Other("D".to_owned()));
        assert_eq!(unknown, Err(NoPrice::UnknownCode("D".to_owned())));
        assert_eq!(each(-Decimal::ONE, &PricePer::Each), Err(NoPrice::Negative));
    }

    proptest! {
        #[test]
        fn a_thousand_at_the_exact_price_cost_what_kinetic_says(mantissa in 0_i64..10_000_000_000, scale in 0_u32..=5) {
            let price = Decimal::new(mantissa, scale);
            for (per, many) in [(PricePer::Each, 1), (PricePer::Hundred, 100), (PricePer::Thousand, 1000)] {
                let of_one = match each(price, &per).unwrap() {
                    ShopPrice::Exact(exact) => exact,
                    ShopPrice::Rounded { shown, exact } => {
                        prop_assert!((shown - exact).abs() <= money("0.00005"));
                        exact
                    }
                };
                prop_assert_eq!(of_one.decimal() * Decimal::from(many), price);
            }
        }
    }
}
