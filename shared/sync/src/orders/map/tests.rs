//! From the shop's order to Kinetic's: examples by subject, and totals by property.

mod address;
mod charges;
mod discounts;
mod header;
mod lines;
mod totals;

use connector_domain::Money;
use test_case::test_case;

use super::*;
use crate::orders::testing::{
    Line, ShopOrder, desired, facts, money, part, rules, rules_with, stock, three_lines,
};

/// One line of four bolts.
fn bolts() -> ShopOrder {
    ShopOrder::of([Line::new(194, "HB-M8-40-ZN", 4, "15.67")])
}

fn hold_by(order: &ShopOrder, facts: &Facts, rules: &Rules) -> Hold {
    sales_order(&order.read(), facts, rules).expect_err("a person must look")
}

fn hold(order: &ShopOrder) -> Hold {
    hold_by(order, &stock(), &rules())
}

fn notes(desired: &DesiredOrder) -> Vec<(&'static str, &str)> {
    desired.notes.iter().map(|note| (note.rule, note.detail.as_str())).collect()
}

#[test]
fn a_plain_order_is_itself_in_kinetics_words() {
    let order = desired(&bolts().shipping("11.09").with("total_tax", "6.0700"));
    assert_eq!(order.cust_num, CustNum(7));
    assert_eq!(order.header.external_ref.as_str(), "BC-218");
    assert_eq!(order.header.cust_id.as_str(), "WEBGUEST");
    assert_eq!(order.header.anchor.column(), "PONum");
    assert!(order.header.staged);
    assert_eq!(order.header.tax_region, None, "the customer's own");
    let line = &order.lines[0];
    assert_eq!((line.reference.as_str(), line.part_num.as_str()), ("194", "HB-M8-40-ZN"));
    assert_eq!(
        (line.quantity.to_string(), line.unit_price, line.discount),
        ("4".into(), money("15.67"), Money::ZERO)
    );
    let charge = &order.charges[0];
    assert_eq!(
        (charge.code.as_str(), charge.description.as_str(), charge.amount),
        ("FRT", "Shipping", money("11.09"))
    );
    assert_eq!((order.lines.len(), order.charges.len()), (1, 1));
    assert_eq!((order.totals.before_tax, order.totals.tax), (money("73.77"), money("6.07")));
    assert_eq!((order.totals.total(), order.totals.tax_is_charge), (money("79.84"), false));
    assert_eq!(order.totals.currency.as_str(), "USD");
    assert_eq!(notes(&order), [], "nothing out of the ordinary");
}

#[test]
fn an_order_in_another_currency_is_held() {
    let hold = hold(&bolts().with("default_currency_code", "EUR"));
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::ForeignCurrency, Some("EUR")));
    assert_eq!(hold.words, "the order is in EUR, the connection sells in USD");
}

#[test]
fn the_currency_that_was_only_shown_does_not_count() {
    let order = desired(&bolts().with("currency_code", "CAD"));
    assert_eq!(order.totals.currency.as_str(), "USD");
}

fn customer_in(currency: &str) -> Facts {
    let mut facts = stock();
    facts.buyer.currency = currency.to_owned();
    facts
}

#[test]
fn a_customer_in_another_currency_is_held() {
    let hold = hold_by(&bolts(), &customer_in("EUR"), &rules());
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::ForeignCurrency, Some("WEBGUEST")));
    assert!(hold.words.contains("trades in EUR, the order is in USD; use a customer in USD"), "{hold}");
}

#[test_case(""; "no currency of its own")]
#[test_case("usd "; "another spelling")]
fn a_customer_without_or_in_the_same_currency_is_fine(currency: &str) {
    assert!(sales_order(&bolts().read(), &customer_in(currency), &rules()).is_ok());
}

#[test]
fn kinetic_may_call_the_currency_by_another_code() {
    let rules = rules_with(&[("currency = \"USD\"", "currency = \"USD\"\nkinetic_currency = \"US$\"")]);
    assert!(sales_order(&bolts().read(), &customer_in("US$"), &rules).is_ok());
    assert_eq!(hold_by(&bolts(), &customer_in("USD"), &rules).reason, HoldReason::ForeignCurrency);
}

#[test]
fn a_shop_whose_figures_do_not_add_up_is_held_with_the_difference() {
    let hold = hold(&bolts().shipping("11.09").with("total_ex_tax", "73.7800"));
    assert_eq!((hold.reason, hold.subject), (HoldReason::ShopTotalsDiffer, None));
    assert_eq!(
        hold.words,
        "the shop says 73.78 before tax, its lines, discounts and charges give 73.77 (difference 0.01); \
         check the order's discounts in the shop"
    );
}

#[test]
fn what_was_paid_by_gift_certificate_or_store_credit_lowers_nothing_and_is_noted() {
    let paid = bolts().with("gift_certificate_amount", "20.0000").with("store_credit_amount", "5.5000");
    let order = desired(&paid);
    assert_eq!(order.totals.before_tax, money("62.68"));
    assert_eq!(notes(&order), [("tender.credit", "25.50 paid by gift certificate or store credit")]);
}

#[test]
fn no_note_and_no_hold_repeats_what_is_personal() {
    let name = "Zoë-Marguerite de la Fontaine-Hohenstein von und zu Wittelsbach";
    let order = three_lines().shipped("first_name", name).shipped("shipping_method", "Pigeon");
    let notes = format!("{:?}", desired(&order).notes);
    assert!(notes.contains("OTSName") && !notes.contains("Zoë"), "{notes}");
    for broken in [
        order.clone().shipped("country_iso2", "ZZ"),
        order.clone().shipped("street_1", ""),
        order.addresses(2),
    ] {
        let words = hold(&broken).to_string();
        for personal in ["Zoë", "Main St", "Austin", "78701", "0100", "ada@"] {
            assert!(!words.contains(personal), "{personal} in {words}");
        }
    }
}
