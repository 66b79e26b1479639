//! What an order comes to, in exact decimals.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    CouponKind, NewOrder,
    amount::{cents, text},
};

/// An amount without tax, with tax, and the tax itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the three say what they are")]
pub struct Taxed {
    pub ex: Decimal,
    pub inc: Decimal,
    pub tax: Decimal,
}

impl Taxed {
    fn at(ex: Decimal, rate: Decimal) -> Self {
        let tax = cents(ex * rate);
        Self { ex, inc: ex + tax, tax }
    }
}

/// One line's part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineTotals {
    /// One piece; its tax has four decimals.
    pub price: Taxed,
    /// All pieces before discounts, to the cent.
    pub total: Taxed,
    /// All pieces after discounts.
    pub discounted: Taxed,
    /// What each coupon takes off this line, in the coupons' order.
    pub by_coupon: Vec<Decimal>,
    /// This line's share of the manual discount.
    pub by_hand: Decimal,
}

/// The whole order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as on the wire")]
pub struct Totals {
    pub lines: Vec<LineTotals>,
    /// Σ of the lines before discounts.
    pub subtotal: Taxed,
    pub shipping: Taxed,
    pub handling: Taxed,
    pub wrapping: Taxed,
    pub fees: Vec<Taxed>,
    /// What each coupon takes off, in the coupons' order.
    pub coupons: Vec<Decimal>,
    pub coupon_discount: Decimal,
    pub discount_amount: Decimal,
    pub total: Taxed,
    pub items: u32,
}

impl Totals {
    /// Computes: `total_ex_tax = subtotal_ex_tax − discount_amount − coupon_discount + shipping + handling +
    /// wrapping + fees`, and the tax on what is left of each line.
    pub(crate) fn of(order: &NewOrder) -> Self {
        let rate = order.tax_rate;
        let charges = if order.charges_taxed { rate } else { Decimal::ZERO };
        let mut lines: Vec<LineTotals> = order
            .lines
            .iter()
            .map(|line| {
                let tax =
                    (line.price * rate).round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero);
                LineTotals {
                    price: Taxed { ex: line.price, inc: line.price + tax, tax },
                    total: Taxed::at(cents(line.price * Decimal::from(line.quantity)), rate),
                    ..LineTotals::default()
                }
            })
            .collect();

        let mut left: Vec<Decimal> = lines.iter().map(|line| line.total.ex).collect();
        let mut coupons = Vec::new();
        for coupon in &order.coupons {
            let base: Decimal = left.iter().sum();
            let wanted = match coupon.kind {
                CouponKind::Percentage => cents(base * coupon.amount / Decimal::ONE_HUNDRED),
                CouponKind::Fixed => coupon.amount,
            };
            let discount = wanted.min(base);
            let shares = spread(discount, &left);
            for ((line, left), share) in lines.iter_mut().zip(&mut left).zip(shares) {
                line.by_coupon.push(share);
                *left -= share;
            }
            coupons.push(discount);
        }
        let discount_amount = order.manual_discount.min(left.iter().sum());
        let shares = spread(discount_amount, &left);
        for ((line, left), share) in lines.iter_mut().zip(&mut left).zip(shares) {
            line.by_hand = share;
            *left -= share;
            line.discounted = Taxed::at(*left, rate);
        }

        let subtotal = sum(lines.iter().map(|line| line.total));
        let shipping = Taxed::at(order.shipping, charges);
        let handling = Taxed::at(order.handling, charges);
        let wrapping = Taxed::at(order.wrapping, charges);
        let fees: Vec<Taxed> = order.fees.iter().map(|fee| Taxed::at(fee.cost, charges)).collect();
        let total = sum(lines
            .iter()
            .map(|line| line.discounted)
            .chain([shipping, handling, wrapping])
            .chain(fees.iter().copied()));
        Self {
            subtotal,
            shipping,
            handling,
            wrapping,
            fees,
            coupon_discount: coupons.iter().sum(),
            coupons,
            discount_amount,
            total,
            items: order.lines.iter().map(|line| line.quantity).sum(),
            lines,
        }
    }
}

fn sum(parts: impl Iterator<Item = Taxed>) -> Taxed {
    parts.fold(Taxed::default(), |all, part| Taxed {
        ex: all.ex + part.ex,
        inc: all.inc + part.inc,
        tax: all.tax + part.tax,
    })
}

/// Spreads `discount` over `lines` in proportion, to the cent; the rounding rest goes to the last line, and from
/// there towards the first as far as the last cannot bear it.
fn spread(discount: Decimal, lines: &[Decimal]) -> Vec<Decimal> {
    let whole: Decimal = lines.iter().sum();
    if whole.is_zero() {
        return vec![Decimal::ZERO; lines.len()];
    }
    let mut shares: Vec<Decimal> = lines.iter().map(|line| cents(discount * line / whole)).collect();
    let mut rest = discount - shares.iter().sum::<Decimal>();
    for (share, line) in shares.iter_mut().zip(lines).rev() {
        let borne = (*share + rest).clamp(Decimal::ZERO, (*line).max(Decimal::ZERO));
        rest -= borne - *share;
        *share = borne;
    }
    shares
}

impl std::fmt::Display for Taxed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} + {} = {}", text(self.ex), text(self.tax), text(self.inc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bigcommerce::{Address, NewLine, dec};

    fn order() -> NewOrder {
        NewOrder::guest(Address::of("Ada", "Lane", "ada@example.com")).tax_rate(dec("0.0825"))
    }

    #[test]
    fn a_line_of_sub_cent_prices_is_rounded_to_the_cent_once() {
        let totals = order().line("SCREW", 10, dec("0.0375")).totals();
        assert_eq!(totals.subtotal.ex, dec("0.38"));
        assert_eq!(totals.lines[0].price.tax, dec("0.0031"));
        assert_eq!(totals.items, 10);
    }

    #[test]
    fn a_percentage_is_taken_off_to_the_cent_and_the_last_line_bears_the_rest() {
        let order = order()
            .line("A", 1, dec("10.00"))
            .line("B", 1, dec("10.00"))
            .line("C", 1, dec("10.01"))
            .amount_off("FIVE", dec("5.00"));
        let totals = order.totals();
        let shares: Vec<Decimal> = totals.lines.iter().map(|line| line.by_coupon[0]).collect();
        assert_eq!(shares, [dec("1.67"), dec("1.67"), dec("1.66")]);
        assert_eq!(totals.coupon_discount, dec("5.00"));
        assert_eq!(totals.total.ex, dec("25.01"));
    }

    #[test]
    fn a_last_line_that_is_free_bears_nothing() {
        let totals = order()
            .line("A", 1, dec("0.01"))
            .line("B", 1, dec("0.01"))
            .line("C", 1, dec("0.01"))
            .line("FREE", 1, dec("0"))
            .amount_off("X", dec("0.02"))
            .totals();
        let shares: Vec<Decimal> = totals.lines.iter().map(|line| line.by_coupon[0]).collect();
        assert_eq!(shares.iter().sum::<Decimal>(), dec("0.02"));
        assert_eq!(shares[3], dec("0"));
    }

    #[test]
    fn everything_together_adds_up() {
        let order = order()
            .with_line(NewLine::new("A", 4, dec("15.67")))
            .line("B", 3, dec("2.3333"))
            .percent_off("TEN", dec("10"))
            .manual_discount(dec("3.33"))
            .shipping("Ground", dec("11.09"))
            .handling(dec("1.50"))
            .wrapping(dec("2.00"))
            .fee("Insurance", dec("0.99"));
        let totals = order.totals();
        assert_eq!(totals.subtotal.ex, dec("69.68"));
        assert_eq!(totals.coupon_discount, dec("6.97"));
        let applied: Decimal =
            totals.lines.iter().map(|line| line.by_coupon.iter().sum::<Decimal>() + line.by_hand).sum();
        assert_eq!(applied, totals.coupon_discount + totals.discount_amount);
        assert_eq!(totals.total.ex, dec("69.68") - dec("6.97") - dec("3.33") + dec("15.58"));
        assert_eq!(totals.total.inc, totals.total.ex + totals.total.tax);
    }

    #[test]
    fn a_coupon_never_takes_more_than_the_lines_cost() {
        let totals =
            order().line("A", 1, dec("4.00")).amount_off("BIG", dec("50")).shipping("G", dec("5")).totals();
        assert_eq!(totals.coupon_discount, dec("4.00"));
        assert_eq!(totals.total.ex, dec("5"));
    }

    #[test]
    fn untaxed_charges_carry_no_tax() {
        let totals = order().line("A", 1, dec("100")).shipping("G", dec("10")).charges_untaxed().totals();
        assert_eq!(totals.total.tax, dec("8.25"));
    }
}
