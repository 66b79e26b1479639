//! The lines: part, quantity, price and discount, exact to the cent.

use connector_bigcommerce::{FullOrder, LineKind, OrderLine};
use connector_domain::{Money, Quantity, Sku, Text};
use connector_kinetic::{NewHeader, NewLine, PartFound, PricePer};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Cents, Facts, Note, part_num};
use crate::hold::{Hold, HoldReason};
use crate::rules::{DiscountRule, Rules};

pub(super) fn lines(
    order: &FullOrder,
    facts: &Facts,
    rules: &Rules,
    header: &NewHeader,
    cents: &mut Cents,
    notes: &mut Vec<Note>,
) -> Result<Vec<NewLine>, Hold> {
    let discounts = match rules.discounts {
        DiscountRule::Line => spread_discounts(order)?,
        DiscountRule::Charge(_) => vec![Money::ZERO; order.lines.len()],
    };
    let mut lines = Vec::with_capacity(order.lines.len());
    let aliased = |line: &OrderLine| rules.aliases.contains_key(&Sku(line.sku.0.trim().to_owned()));
    for (line, discount) in order.lines.iter().zip(discounts).filter(|(line, _)| line.quantity > 0) {
        let part = part(line, facts, rules)?;
        if aliased(line) {
            notes.push(Note { rule: "sku.alias", detail: format!("{} is {}", line.sku, part.part_num) });
        }
        let net = cents.next_less(line.total_ex_tax, discount);
        let price = price(line, net, discount.rounded(2), part).ok_or_else(|| unpriceable(line))?;
        if price.bridged {
            let detail = format!(
                "line {} {}: the cent is carried by a discount of {}",
                line.id, line.sku, price.discount
            );
            notes.push(Note { rule: "price.bridged", detail });
        }
        lines.push(NewLine {
            reference: Text::fit(&line.id.to_string()).text,
            part_num: Text::fit(&part.part_num).text,
            quantity: Quantity::from(line.quantity),
            unit_price: price.unit,
            discount: price.discount,
            request_date: header.request_date,
            need_by: header.need_by,
            comment: options(line),
        });
    }
    if lines.is_empty() {
        return Err(Hold::because(
            HoldReason::LineWithoutSku,
            "the order has no lines that could be shipped",
        ));
    }
    Ok(lines)
}

/// What is taken off each line, the way BigCommerce spread it.
///
/// What its own rounding lost or gained, half a cent a line at most, goes to the last line that has a discount, and from there
/// towards the first as far as a line cannot bear it: no discount falls below nothing or rises above its line.
fn spread_discounts(order: &FullOrder) -> Result<Vec<Money>, Hold> {
    let of_line =
        |line: &OrderLine| line.applied_discounts.iter().map(|discount| discount.amount).sum::<Money>();
    let mut discounts: Vec<Money> = order.lines.iter().map(of_line).collect();
    let taken = order.order.discount_amount + order.order.coupon_discount;
    let spread: Money = discounts.iter().copied().sum();
    let rounding = Decimal::new(5, 3).saturating_mul(Decimal::from(order.lines.len()));
    let mut rest = taken - spread;
    if !rest.is_zero() && rest.abs().decimal() <= rounding {
        for (line, discount) in
            order.lines.iter().zip(&mut discounts).rev().filter(|(_, discount)| !discount.is_zero())
        {
            let borne =
                (*discount + rest).clamp(Money::ZERO, line.total_ex_tax.max(*discount).max(Money::ZERO));
            rest = rest - (borne - *discount);
            *discount = borne;
        }
    }
    if rest.is_zero() {
        return Ok(discounts);
    }
    Err(Hold::because(
        HoldReason::ShopTotalsDiffer,
        format!(
            "the shop took {taken} off the order but spread {spread} over its lines; \
             set [discounts] carry = \"charge\" to carry discounts of the whole order as one charge"
        ),
    ))
}

/// The part of a line, if it can be sold.
fn part<'f>(line: &OrderLine, facts: &'f Facts, rules: &Rules) -> Result<&'f PartFound, Hold> {
    if line.kind == LineKind::GiftCertificate {
        return Err(Hold::because(
            HoldReason::LineWithoutSku,
            format!("line {} sells a gift certificate, which Kinetic cannot ship; enter it by hand", line.id),
        ));
    }
    let sku = line.sku.0.trim();
    let Some(wanted) = part_num(&line.sku, rules) else {
        let what = if sku.is_empty() {
            "has no SKU".to_owned()
        } else {
            "has a SKU longer than a PartNum".to_owned()
        };
        return Err(Hold::about(
            HoldReason::LineWithoutSku,
            sku,
            format!("line {} {what}; give the product a SKU, or add it under [aliases]", line.id),
        ));
    };
    let Some(part) = facts.parts.get(&wanted) else {
        return Err(Hold::about(
            HoldReason::UnknownPart,
            sku,
            format!(
                "no part \"{wanted}\" in Kinetic for SKU \"{sku}\"; create the part, or name the right one under [aliases]"
            ),
        ));
    };
    if part.inactive || part.on_hold {
        let state = if part.inactive { "inactive" } else { "on hold" };
        return Err(Hold::about(
            HoldReason::PartNotSaleable,
            sku,
            format!("part \"{wanted}\" is {state} in Kinetic; reactivate it or cancel the line in the shop"),
        ));
    }
    Ok(part)
}

/// Whether a line of this part can be written: what is held for it goes on when this becomes true.
pub(crate) fn sellable(part: &PartFound) -> bool {
    !part.inactive && !part.on_hold && per(part).is_some()
}

/// A price in Kinetic's terms.
struct Price {
    /// For as many as the part is priced per.
    unit: Money,
    /// Off the line.
    discount: Money,
    /// Whether the discount carries cents that no unit price could.
    bridged: bool,
}

/// The unit price and discount with which Kinetic arrives at `net`.
///
/// Kinetic rounds price × quantity ÷ per to cents and keeps five decimals of a price (`docs/facts/kinetic.md`, money). The shop's own
/// unit price is taken where it fits, or fits but for a cent that a discount takes up; else the net divided; else the next price above,
/// and the rest as a discount.
fn price(line: &OrderLine, net: Money, discount: Money, part: &PartFound) -> Option<Price> {
    let quantity = Decimal::from(line.quantity);
    let per = per(part)?;
    let gross = net + discount;
    let extended = |unit: Decimal| Some(Money::new(unit.checked_mul(quantity)?.checked_div(per)?).rounded(2));
    let own = line.price_ex_tax.decimal().checked_mul(per)?;
    if own.normalize().scale() <= 5 {
        let off = extended(own)? - net;
        let moved = (off - discount).abs();
        let takes_it_up = !discount.is_zero() && moved.decimal() <= Decimal::new(1, 2);
        if moved.is_zero() || takes_it_up {
            return Some(Price { unit: Money::new(own), discount: off, bridged: false });
        }
    }
    let divided = gross.decimal().checked_mul(per)?.checked_div(quantity)?;
    let nearest = divided.round_dp_with_strategy(5, RoundingStrategy::MidpointAwayFromZero);
    if extended(nearest)? == gross {
        return Some(Price { unit: Money::new(nearest), discount, bridged: false });
    }
    let above = divided.round_dp_with_strategy(5, RoundingStrategy::ToPositiveInfinity);
    let rest = extended(above)? - gross;
    Some(Price { unit: Money::new(above), discount: discount + rest, bridged: true })
}

/// How many a price is for; `None` for a code nobody has explained to us.
fn per(part: &PartFound) -> Option<Decimal> {
    match part.price_per {
        PricePer::Each => Some(Decimal::ONE),
        PricePer::Hundred => Some(Decimal::ONE_HUNDRED),
        PricePer::Thousand => Some(Decimal::ONE_THOUSAND),
        PricePer::Other(_) => None,
    }
}

fn unpriceable(line: &OrderLine) -> Hold {
    Hold::about(
        HoldReason::PartNotSaleable,
        line.sku.0.trim(),
        format!(
            "line {}: the part's \"price per\" code is neither E, C nor M, or its price is out of range",
            line.id
        ),
    )
}

/// What the shopper chose, for the picker: `Finish: Zinc`.
fn options(line: &OrderLine) -> String {
    let chosen: Vec<String> = line
        .product_options
        .iter()
        .map(|option| format!("{}: {}", option.display_name, option.display_value))
        .collect();
    chosen.join("; ")
}
