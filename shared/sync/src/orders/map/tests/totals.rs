//! Whatever an order is made of, Kinetic's arithmetic arrives at the shop's total, and no line is lost.

use connector_kinetic::{NewLine, PricePer};
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

use super::*;
use crate::orders::plan::plan;
use crate::orders::prove::prove;
use crate::orders::testing::PretendKinetic;

/// How a shop writes the money of an order; the documentation leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Digits {
    /// Four decimals everywhere, also in the total.
    Four,
    /// Four decimals in lines and shares, cents in the total.
    CentsAtTheEnd,
    /// Cents everywhere; each line's share of a discount is rounded by itself, so that shares need not add up.
    Cents,
    /// Four decimals in lines, shares and charges, of which each is rounded by itself before the total is summed.
    EachRounded,
}

#[derive(Debug, Clone)]
struct Sale {
    digits: Digits,
    /// Quantity, price in hundredths of a cent, which `PricePer`.
    lines: Vec<(u32, i64, usize)>,
    percent: u32,
    shipping: i64,
    fees: Vec<i64>,
    discount_as_charge: bool,
}

fn sale() -> impl Strategy<Value = Sale> {
    let digits =
        prop::sample::select(vec![Digits::Four, Digits::CentsAtTheEnd, Digits::Cents, Digits::EachRounded]);
    let price = prop_oneof![0i64..200, 0i64..2_000_000, (0i64..20_000).prop_map(|cents| cents * 100)];
    // Lines of a few cents too: they are the first to be asked for more discount than they cost.
    let quantity = prop_oneof![1u32..=3, 1u32..=500];
    let lines = prop::collection::vec((quantity, price, 0usize..3), 1..=40);
    let percent = prop_oneof![Just(0u32), 1u32..=100];
    let fees = prop::collection::vec(0i64..100_000, 0..3);
    (digits, lines, percent, 0i64..1_000_000, fees, any::<bool>()).prop_map(
        |(digits, lines, percent, shipping, fees, discount_as_charge)| Sale {
            digits,
            lines,
            percent,
            shipping,
            fees,
            discount_as_charge,
        },
    )
}

impl Sale {
    fn at_the_line(&self, amount: Decimal) -> Decimal {
        rounded(amount, if self.digits == Digits::Cents { 2 } else { 4 })
    }

    fn at_the_end(&self, amount: Decimal) -> Decimal {
        rounded(amount, if self.digits == Digits::Four { 4 } else { 2 })
    }

    /// The order, and its total before tax.
    fn order(&self) -> (ShopOrder, Decimal) {
        let (mut lines, mut subtotal, mut spread) = (Vec::new(), Decimal::ZERO, Decimal::ZERO);
        let mut in_cents = Decimal::ZERO;
        for (id, (quantity, price, per)) in (1..).zip(&self.lines) {
            let price = Decimal::new(*price, 4);
            let total = self.at_the_line(price * Decimal::from(*quantity));
            let share = self.at_the_line(total * Decimal::from(self.percent) / Decimal::ONE_HUNDRED);
            let line = Line::new(id, SKUS[*per], *quantity, &price.to_string()).total(&total.to_string());
            lines.push(if share.is_zero() { line } else { line.discount(&share.to_string()) });
            subtotal += total;
            spread += share;
            in_cents += rounded(total, 2) - rounded(share, 2);
        }
        let off = match self.digits {
            Digits::Cents => rounded(subtotal * Decimal::from(self.percent) / Decimal::ONE_HUNDRED, 2),
            Digits::Four | Digits::CentsAtTheEnd | Digits::EachRounded => spread,
        };
        // A shop that shows cents would put a discount that no line has a share of somewhere else.
        let off = if spread.is_zero() { spread } else { off };
        let shipping = self.at_the_line(Decimal::new(self.shipping, 4));
        let fees = self.fees.iter().map(|fee| self.at_the_line(Decimal::new(*fee, 4)));
        let order = ShopOrder::of(lines).coupon("PCT", &off.to_string()).shipping(&shipping.to_string());
        let order = fees.clone().fold(order, |order, fee| order.fee("Fee", &fee.to_string()));
        let total = match self.digits {
            Digits::EachRounded if !self.discount_as_charge => {
                in_cents + rounded(shipping, 2) + fees.map(|fee| rounded(fee, 2)).sum::<Decimal>()
            }
            Digits::Four | Digits::CentsAtTheEnd | Digits::Cents | Digits::EachRounded => {
                self.at_the_end(subtotal - off + shipping + fees.sum::<Decimal>())
            }
        };
        let order = order.with("total_ex_tax", total.to_string()).with("total_inc_tax", total.to_string());
        (order, total)
    }

    fn rules(&self) -> Rules {
        if self.discount_as_charge {
            rules_with(&[("carry = \"line\"", "carry = \"charge\"\nmisc_code = \"DISC\"")])
        } else {
            rules()
        }
    }
}

fn rounded(amount: Decimal, places: u32) -> Decimal {
    amount.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

const SKUS: [&str; 3] = ["EACH", "HUNDRED", "THOUSAND"];

fn priced() -> Facts {
    let pers = [PricePer::Each, PricePer::Hundred, PricePer::Thousand];
    facts(SKUS.into_iter().zip(pers).map(|(sku, price_per)| PartFound { price_per, ..part(sku) }))
}

fn mapped(order: &ShopOrder, facts: &Facts, rules: &Rules) -> Result<DesiredOrder, TestCaseError> {
    sales_order(&order.read(), facts, rules).map_err(|hold| TestCaseError::fail(hold.to_string()))
}

proptest! {
    #[test]
    fn kinetic_arrives_at_the_shops_total_and_no_line_is_lost(sale in sale()) {
        let (order, total) = sale.order();
        let (facts, rules) = (priced(), sale.rules());
        let mapped = mapped(&order, &facts, &rules)?;

        let line = |line: &NewLine| [line.reference.to_string(), line.quantity.to_string(), line.part_num.to_string()];
        let lines: Vec<_> = mapped.lines.iter().map(line).collect();
        let sold = |(id, (quantity, _, per)): (u64, &(u32, i64, usize))| {
            [id.to_string(), quantity.to_string(), SKUS[*per].to_owned()]
        };
        prop_assert_eq!(lines, (1..).zip(&sale.lines).map(sold).collect::<Vec<_>>());

        let mut kinetic = PretendKinetic::with(&facts);
        kinetic.carry_out(&mapped, &plan(&mapped, None, None).unwrap().steps);
        let held = kinetic.held().unwrap();
        prop_assert_eq!(held.total.decimal(), rounded(total, 2));
        prop_assert!(prove(&mapped, held, &rules).is_ok());
    }

    #[test]
    fn no_price_has_more_digits_than_kinetic_keeps_and_no_discount_exceeds_its_line(sale in sale()) {
        let facts = priced();
        let mapped = mapped(&sale.order().0, &facts, &sale.rules())?;
        for line in &mapped.lines {
            let per = match facts.parts[&line.part_num].price_per {
                PricePer::Hundred => Decimal::ONE_HUNDRED,
                PricePer::Thousand => Decimal::ONE_THOUSAND,
                PricePer::Each | PricePer::Other(_) => Decimal::ONE,
            };
            let extended = rounded(line.unit_price.decimal() * line.quantity.decimal() / per, 2);
            prop_assert!(line.unit_price.decimal().normalize().scale() <= 5, "{line:?}");
            prop_assert!(line.discount.decimal().normalize().scale() <= 2, "{line:?}");
            prop_assert!(line.unit_price >= Money::ZERO && line.discount >= Money::ZERO, "{line:?}");
            prop_assert!(line.discount.decimal() <= extended, "{line:?}");
        }
        for charge in &mapped.charges {
            prop_assert!(!charge.amount.is_zero() && charge.amount.decimal().normalize().scale() <= 2, "{charge:?}");
        }
    }
}

#[test]
fn the_shopper_pays_the_total_with_tax_and_kinetic_is_held_to_it() {
    let taxed = bolts().with("total_tax", "5.1711").with("total_inc_tax", "67.8500");
    assert_eq!(desired(&taxed).totals.total().to_string(), "67.85", "though 62.68 and 5.1711 are more");

    let doubtful = hold(&bolts().with("total_tax", "5.1700").with("total_inc_tax", "68.8500"));
    assert_eq!(doubtful.reason, HoldReason::ShopTotalsDiffer);
    assert!(doubtful.words.contains("the shop says 68.85 with tax"), "{}", doubtful.words);
}
