//! From BigCommerce's order to Kinetic's, in one pure step: the only place that knows both vocabularies.

mod cents;
mod charges;
mod header;
mod lines;

use std::collections::BTreeMap;

use connector_bigcommerce::FullOrder;
use connector_domain::{CustNum, Sku, Text};
use connector_kinetic::PartFound;

use super::desired::{DesiredOrder, ExpectedTotals, Note};
use crate::hold::{Hold, HoldReason};
use crate::rules::{Rules, TaxRule};

use cents::Cents;
pub(crate) use header::country;

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
    match rules.aliases.get(sku) {
        Some(part) => Some(part.clone()),
        None => Text::exact(sku.0.trim()).filter(|part: &Text<50>| !part.is_empty()),
    }
}

/// Maps a whole order.
///
/// The cents of all lines and charges are rounded together, so that their sum is the rounded sum; it must be the shop's total before
/// tax to the cent.
///
/// # Errors
/// A [`Hold`] that says what a person has to mend: an unknown part, a country without number, totals that differ.
pub fn sales_order(order: &FullOrder, facts: &Facts, rules: &Rules) -> Result<DesiredOrder, Hold> {
    let shop = &order.order;
    if shop.currency != rules.orders.currency {
        return Err(Hold::about(
            HoldReason::ForeignCurrency,
            shop.currency.as_str(),
            format!("the order is in {}, the connection sells in {}", shop.currency, rules.orders.currency),
        ));
    }
    let (theirs, ours) = (facts.buyer.currency.trim(), &rules.orders.kinetic_currency);
    if !theirs.is_empty() && !theirs.eq_ignore_ascii_case(ours) {
        return Err(Hold::about(
            HoldReason::ForeignCurrency,
            facts.buyer.cust_id.as_str(),
            format!(
                "customer {} trades in {theirs}, the order is in {ours}; use a customer in {ours}",
                facts.buyer.cust_id
            ),
        ));
    }
    let mut notes = Vec::new();
    let mut cents = Cents::default();
    let header = header::header(order, facts, rules, &mut notes)?;
    let lines = lines::lines(order, facts, rules, &header, &mut cents, &mut notes)?;
    let mut charges = charges::charges(order, rules, &mut cents, &mut notes)?;
    let before_tax = cents.total();
    let stated = shop.total_ex_tax.rounded(2);
    if before_tax != stated {
        return Err(Hold::because(
            HoldReason::ShopTotalsDiffer,
            format!(
                "the shop says {stated} before tax, its lines, discounts and charges give {before_tax} \
                 (difference {}); check the order's discounts in the shop",
                stated - before_tax
            ),
        ));
    }
    let tax = shop.total_tax.rounded(2);
    let tax_is_charge = matches!(rules.tax, TaxRule::Charge { .. });
    if let TaxRule::Charge { code, .. } = &rules.tax {
        charges.extend(charges::charge("tax", code, "Sales tax", tax));
    }
    if !shop.gift_certificate_amount.is_zero() || !shop.store_credit_amount.is_zero() {
        let tender = shop.gift_certificate_amount + shop.store_credit_amount;
        notes.push(Note {
            rule: "tender.credit",
            detail: format!("{tender} paid by gift certificate or store credit"),
        });
    }
    let totals = ExpectedTotals { before_tax, tax, tax_is_charge, currency: shop.currency.clone() };
    Ok(DesiredOrder { cust_num: facts.buyer.cust_num, header, lines, charges, totals, notes })
}

/// Fits `from` into a column and notes it if something was left out.
fn fitted<const N: usize>(from: &str, column: &'static str, notes: &mut Vec<Note>) -> Text<N> {
    let cut = Text::fit(from);
    if cut.was_cut {
        notes.push(Note { rule: "text.cut", detail: format!("{column} to {N} characters") });
    }
    cut.text
}

#[cfg(test)]
mod tests;
