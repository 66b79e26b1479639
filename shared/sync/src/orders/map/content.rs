//! What of a shop's order goes into Kinetic, as one digest.

use connector_bigcommerce::{Address, FullOrder};
use connector_ports::Digest;
use sha2::{Digest as _, Sha256};

/// The digest of everything that the mapping reads of an order, and of nothing else.
///
/// A status, a payment that was captured, a shipment or a note change the order but not this. Where it is what was imported, Kinetic
/// has nothing to follow, whatever became of parts, customers or rules since.
pub(crate) fn content(full: &FullOrder) -> Digest {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        // The length first, so that no two lists of texts read the same.
        digest.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(text.as_bytes());
    };
    let order = &full.order;
    add(&order.customer.map(|shopper| shopper.to_string()).unwrap_or_default());
    add(order.currency.as_str());
    add(&order.payment_method);
    add(&order.customer_message);
    address(&order.billing_address, &mut add);
    for amount in [
        order.shipping_cost_ex_tax,
        order.handling_cost_ex_tax,
        order.wrapping_cost_ex_tax,
        order.discount_amount,
        order.coupon_discount,
        order.total_ex_tax,
        order.total_inc_tax,
    ] {
        add(&amount.to_string());
    }
    for to in &full.shipping_addresses {
        add("ship to");
        add(&to.shipping_method);
        address(&to.address, &mut add);
    }
    for line in &full.lines {
        add("line");
        add(&line.id.to_string());
        add(&line.sku.0);
        add(&line.quantity.to_string());
        for amount in [line.price_ex_tax, line.total_ex_tax] {
            add(&amount.to_string());
        }
        for discount in &line.applied_discounts {
            add(&discount.amount.to_string());
        }
        for option in &line.product_options {
            add(&option.display_name);
            add(&option.display_value);
        }
    }
    for fee in &full.fees {
        add("fee");
        add(&fee.display_name_merchant);
        add(&fee.display_name_customer);
        add(&fee.cost_ex_tax.to_string());
    }
    Digest::new(digest.finalize().into())
}

fn address(from: &Address, add: &mut impl FnMut(&str)) {
    for text in [
        &from.first_name,
        &from.last_name,
        &from.company,
        &from.street_1,
        &from.street_2,
        &from.city,
        &from.state,
        &from.zip,
        &from.country_iso2,
        &from.phone,
        &from.email,
    ] {
        add(text);
    }
}

#[cfg(test)]
mod tests;
