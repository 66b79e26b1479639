//! Shipping, handling, wrapping, fees and discounts of the whole order as miscellaneous charges.

use connector_bigcommerce::{Fee, FullOrder};
use connector_domain::{Money, Text};
use connector_kinetic::NewCharge;

use super::{Cents, Note};
use crate::hold::{Hold, HoldReason};
use crate::rules::{DiscountRule, Rules};

pub(super) fn charges(
    order: &FullOrder,
    rules: &Rules,
    cents: &mut Cents,
    notes: &mut Vec<Note>,
) -> Result<Vec<NewCharge>, Hold> {
    let shop = &order.order;
    let codes = &rules.charges;
    let mut charges = Vec::new();
    let mut add = |kind: &'static str, code: Option<&Text<4>>, description: &str, amount: Money| {
        let amount = cents.next(amount);
        if code.is_some() && Text::<30>::fit(description).was_cut {
            notes.push(Note {
                rule: "text.cut",
                detail: "Description of a charge to 30 characters".to_owned(),
            });
        }
        match code {
            Some(code) => charges.extend(charge(kind, code, description, amount)),
            None if amount.is_zero() => {}
            None => return Err(without_code(kind, amount)),
        }
        Ok(())
    };
    add("shipping", codes.shipping.as_ref(), "Shipping", shop.shipping_cost_ex_tax)?;
    add("handling", codes.handling.as_ref(), "Handling", shop.handling_cost_ex_tax)?;
    add("wrapping", codes.wrapping.as_ref(), "Gift wrapping", shop.wrapping_cost_ex_tax)?;
    for fee in &order.fees {
        add("fees", codes.fees.as_ref(), fee_name(fee), fee.cost_ex_tax)?;
    }
    if let DiscountRule::Charge(code) = &rules.discounts {
        let discount = shop.discount_amount + shop.coupon_discount;
        add("discount", Some(code), "Discount", -discount)?;
        if !discount.is_zero() {
            notes.push(Note { rule: "discount.as_charge", detail: format!("{discount} as one charge") });
        }
    }
    Ok(charges)
}

/// What the merchant calls a fee, else what the shopper was shown.
fn fee_name(fee: &Fee) -> &str {
    let merchant = fee.display_name_merchant.trim();
    if merchant.is_empty() { fee.display_name_customer.trim() } else { merchant }
}

/// A charge, unless it is nothing: Kinetic refuses an amount of zero.
pub(super) fn charge(reference: &str, code: &Text<4>, description: &str, amount: Money) -> Option<NewCharge> {
    let named = Text::fit(description).text;
    let description = if named.is_empty() { Text::fit(reference).text } else { named };
    let charge = NewCharge { reference: reference.to_owned(), code: code.clone(), description, amount };
    (!amount.is_zero()).then_some(charge)
}

fn without_code(kind: &'static str, amount: Money) -> Hold {
    Hold::about(
        HoldReason::ChargeWithoutCode,
        kind,
        format!("the order has {kind} of {amount}, but [charges] names no MiscCode for it"),
    )
}
