//! From BigCommerce's order to Kinetic's, in one pure step: the only place that knows both vocabularies.

mod cents;
mod charges;
mod content;
mod header;
mod lines;

use std::collections::BTreeMap;

use connector_bigcommerce::FullOrder;
use connector_domain::{CustNum, Money, Sku, Text};
use connector_kinetic::PartFound;
use rust_decimal::Decimal;

use super::desired::{DesiredOrder, ExpectedTotals, Note};
use crate::hold::{Hold, HoldReason};
use crate::rules::{Rules, TaxRule};

use cents::{Cents, Rounding};
pub(super) use content::content;
pub(crate) use header::country;
pub(crate) use lines::sellable;

/// What the mapping needs to know of Kinetic, fetched before, so that the mapping stays pure.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Who buys.
    pub buyer: Buyer,
    /// The parts of the order's lines, by the `PartNum` that was asked for.
    pub parts: BTreeMap<Text<50>, PartFound>,
}

/// The Kinetic customer an order is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buyer {
    /// `Customer.CustNum`.
    pub cust_num: CustNum,
    /// `Customer.CustID`.
    pub cust_id: Text<10>,
    /// Whether one-time ship-tos are allowed.
    pub allow_ots: bool,
    /// `Customer.CurrencyCode`, which a new order takes over.
    pub currency: String,
}

/// The `PartNum` a SKU stands for: its alias, else itself. `None` if it cannot be a `PartNum` at all.
pub fn part_num(sku: &Sku, rules: &Rules) -> Option<Text<50>> {
    let sku = sku.0.trim();
    match rules.aliases.get(&Sku(sku.to_owned())) {
        Some(part) => Some(part.clone()),
        None => Text::exact(sku).filter(|part: &Text<50>| !part.is_empty()),
    }
}

/// Maps a whole order.
///
/// Lines, discounts and charges are rounded to cents in the one way of two that gives the shop's total before tax; if neither does, the
/// order is held.
///
/// # Errors
/// A [`Hold`] that says what a person has to mend: an unknown part, a country without number, totals that differ.
pub fn sales_order(order: &FullOrder, facts: &Facts, rules: &Rules) -> Result<DesiredOrder, Hold> {
    currencies(order, facts, rules)?;
    let stated = order.order.total_ex_tax.rounded(2);
    let mut desired = rounded(order, facts, rules, Rounding::Sum)?;
    if desired.totals.before_tax != stated {
        let each = rounded(order, facts, rules, Rounding::Each)?;
        if each.totals.before_tax != stated {
            return Err(do_not_add_up(stated, desired.totals.before_tax, "before tax"));
        }
        desired = each;
    }
    let shop = &order.order;
    // What the shopper pays is the total with tax, so the tax is what is left of it; it must be the shop's own but for the rounding.
    let tax = shop.total_inc_tax.rounded(2) - stated;
    if (tax - shop.total_tax.rounded(2)).abs().decimal() > Decimal::new(1, 2) {
        return Err(do_not_add_up(
            shop.total_inc_tax.rounded(2),
            stated + shop.total_tax.rounded(2),
            "with tax",
        ));
    }
    desired.totals.tax = tax;
    if let TaxRule::Charge { code, .. } = &rules.tax {
        desired.charges.extend(charges::charge("tax", code, "Sales tax", tax));
    }
    if !shop.gift_certificate_amount.is_zero() || !shop.store_credit_amount.is_zero() {
        let tender = shop.gift_certificate_amount + shop.store_credit_amount;
        desired.notes.push(Note {
            rule: "tender.credit",
            detail: format!("{tender} paid by gift certificate or store credit"),
        });
    }
    Ok(desired)
}

/// The order, the customer and the connection must speak of one currency.
fn currencies(order: &FullOrder, facts: &Facts, rules: &Rules) -> Result<(), Hold> {
    let currency = &order.order.currency;
    if *currency != rules.orders.currency {
        return Err(Hold::about(
            HoldReason::ForeignCurrency,
            currency.as_str(),
            format!("the order is in {currency}, the connection sells in {}", rules.orders.currency),
        ));
    }
    let (theirs, ours) = (facts.buyer.currency.trim(), &rules.orders.kinetic_currency);
    if theirs.is_empty() || theirs.eq_ignore_ascii_case(ours) {
        return Ok(());
    }
    let customer = &facts.buyer.cust_id;
    Err(Hold::about(
        HoldReason::ForeignCurrency,
        customer.as_str(),
        format!("customer {customer} trades in {theirs}, the order is in {ours}; use a customer in {ours}"),
    ))
}

/// The order in cents, without tax.
fn rounded(
    order: &FullOrder,
    facts: &Facts,
    rules: &Rules,
    rounding: Rounding,
) -> Result<DesiredOrder, Hold> {
    let mut notes = Vec::new();
    let mut cents = Cents::new(rounding);
    let header = header::header(order, facts, rules, &mut notes)?;
    let lines = lines::lines(order, facts, rules, &header, &mut cents, &mut notes)?;
    let charges = charges::charges(order, rules, &mut cents, &mut notes)?;
    let totals = ExpectedTotals {
        before_tax: cents.total(),
        tax: Money::ZERO,
        tax_is_charge: matches!(rules.tax, TaxRule::Charge { .. }),
        currency: order.order.currency.clone(),
    };
    let (cust_num, content, credit) = (facts.buyer.cust_num, content(order), rules.orders.credit);
    Ok(DesiredOrder { cust_num, header, lines, charges, totals, credit, content, notes })
}

fn do_not_add_up(stated: Money, sum: Money, which: &str) -> Hold {
    Hold::because(
        HoldReason::ShopTotalsDiffer,
        format!(
            "the shop says {stated} {which}, its lines, discounts and charges give {sum} (difference {}); \
             check the order's discounts in the shop",
            stated - sum
        ),
    )
}

/// Fits `from` into a column and notes it if something was left out.
pub(crate) fn fitted<const N: usize>(from: &str, column: &'static str, notes: &mut Vec<Note>) -> Text<N> {
    let cut = Text::fit(from);
    if cut.was_cut {
        notes.push(Note { rule: "text.cut", detail: format!("{column} to {N} characters") });
    }
    cut.text
}

#[cfg(test)]
mod tests;
