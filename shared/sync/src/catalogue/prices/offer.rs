//! What the store's price list should show of a part, from its row on Kinetic's. Pure.

use connector_bigcommerce::{BulkTier, TierKind};
use connector_domain::{CurrencyCode, Money};
use connector_kinetic::{ListPartRow, PriceBreak, PricePer};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::catalogue::wanted::{Problem, priced};
use crate::rules::InexactPrice;

/// A price and its breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// The price of one.
    pub(crate) price: Money,
    /// From how many on it is another, the fewest first.
    pub(crate) from: Vec<(u32, Money)>,
}

impl Offer {
    /// As it stands on the shelf and in the trail of changes: another list of the store, currency, price or break is another text.
    pub(crate) fn shown(&self, list: u64, currency: &CurrencyCode) -> String {
        let price = |money: Money| money.decimal().normalize();
        let breaks = self.from.iter().map(|(from, at)| format!(", {from}+ {}", price(*at)));
        format!("{list}: {currency} {}{}", price(self.price), breaks.collect::<String>())
    }

    /// As the store takes them. Each is the price of one: a percentage would leave the rounding to the store.
    pub(crate) fn tiers(&self) -> Vec<BulkTier> {
        let next = self.from.iter().skip(1).map(|(from, _)| Some(from.saturating_sub(1))).chain([None]);
        let tier = |((from, at), quantity_max): (&(u32, Money), Option<u32>)| BulkTier {
            quantity_min: *from,
            quantity_max,
            kind: TierKind::Fixed,
            amount: *at,
        };
        self.from.iter().zip(next).map(tier).collect()
    }
}

/// What the store should show, and what a person should know of it.
///
/// # Errors
/// It cannot go out as it is.
pub(crate) fn offer(
    row: &ListPartRow,
    per: &PricePer,
    inexact: InexactPrice,
) -> Result<(Offer, Vec<Problem>), Problem> {
    let of_one = |column: &str, price: Decimal| priced(&row.part_num, column, price, per, inexact);
    let (price, flag) = of_one("BasePrice", row.base_price)?;
    let mut flags: Vec<Problem> = flag.into_iter().collect();
    let mut offer = Offer { price, from: Vec::new() };
    for at in &row.breaks {
        let (price, flag) = of_one("the price of a break", price_of(row, at)?)?;
        flags.extend(flag);
        // The store sells whole numbers, of which the next one is the first that the break holds for.
        let whole = at.quantity.round_dp_with_strategy(0, RoundingStrategy::ToPositiveInfinity);
        if whole != at.quantity {
            flags.push(Problem {
                reason: "break_fraction",
                words: format!(
                    "the break of part \"{}\" at {} begins at {whole} in the store, which sells whole numbers",
                    row.part_num,
                    at.quantity.normalize()
                ),
            });
        }
        let from = whole.max(Decimal::ONE).to_u32().ok_or_else(|| Problem {
            reason: "break_quantity",
            words: format!("the store takes no break of part \"{}\" at {whole}", row.part_num),
        })?;
        // Breaks come by their quantity, so of two that begin at the same whole number the later holds.
        offer.from.retain(|(other, _)| *other != from);
        if from == 1 {
            offer.price = price;
        } else {
            offer.from.push((from, price));
        }
    }
    Ok((offer, flags))
}

/// For as many as the list's price is for.
fn price_of(row: &ListPartRow, at: &PriceBreak) -> Result<Decimal, Problem> {
    let unclear = |what: &str| Problem {
        reason: "break_unclear",
        words: format!(
            "the break of part \"{}\" at {} {what}; correct it in Kinetic",
            row.part_num,
            at.quantity.normalize()
        ),
    };
    let hundred = Decimal::ONE_HUNDRED;
    match (at.discount_percent.is_zero(), at.unit_price.is_zero()) {
        (false, false) => Err(unclear("has a percentage and a price")),
        (true, false) => Ok(at.unit_price),
        (true, true) => Ok(row.base_price),
        (false, true) if at.discount_percent > hundred => Err(unclear("takes off more than everything")),
        (false, true) => {
            let rest = hundred.saturating_sub(at.discount_percent);
            let percents = row.base_price.normalize().saturating_mul(rest.normalize());
            // A hundredth is two more decimals.
            let scale = percents.scale().saturating_add(2);
            Decimal::try_from_i128_with_scale(percents.mantissa(), scale)
                .map_err(|_| unclear("has more decimals than can be counted with"))
        }
    }
}

#[cfg(test)]
mod tests;
