//! Shipping, handling, wrapping, fees and tax.

use connector_kinetic::NewCharge;
use test_case::test_case;

use super::*;

type Charge<'a> = (&'a str, &'a str, &'a str, String);

fn charges(desired: &DesiredOrder) -> Vec<Charge<'_>> {
    fn row(charge: &NewCharge) -> Charge<'_> {
        let NewCharge { reference, code, description, amount } = charge;
        (reference, code.as_str(), description.as_str(), amount.to_string())
    }
    desired.charges.iter().map(row).collect()
}

#[test]
fn each_kind_of_cost_is_a_charge_under_its_own_code() {
    let order = desired(
        &bolts()
            .shipping("11.0900")
            .with("handling_cost_ex_tax", "1.5000")
            .with("wrapping_cost_ex_tax", "2.0000")
            .fee("Insurance", "0.9900")
            .fee("  ", "2.5000"),
    );
    let expected = [
        ("shipping", "FRT", "Shipping", "11.09".to_owned()),
        ("handling", "HAND", "Handling", "1.50".to_owned()),
        ("wrapping", "WRAP", "Gift wrapping", "2.00".to_owned()),
        ("fees", "FEE", "Insurance", "0.99".to_owned()),
        ("fees", "FEE", "A fee", "2.50".to_owned()),
    ];
    assert_eq!(charges(&order), expected, "a fee without a merchant's name has the shopper's");
    assert_eq!(order.totals.before_tax, money("80.76"));
}

#[test]
fn a_description_fits_its_thirty_characters_and_is_never_blank() {
    let order = bolts().fee("Rush fee for an order after four o'clock", "5");
    assert_eq!(desired(&order).charges[0].description.as_str(), "Rush fee for an order after fo");
    let nameless = bolts().fee("", "5").read();
    let mut nameless_for_both = nameless.clone();
    nameless_for_both.fees[0].display_name_customer.clear();
    let mapped = sales_order(&nameless_for_both, &stock(), &rules()).unwrap();
    assert_eq!(mapped.charges[0].description.as_str(), "fees");
}

#[test]
fn what_costs_nothing_is_no_charge() {
    assert_eq!(charges(&desired(&bolts().shipping("0").fee("Waived", "0.0000"))), []);
}

#[test_case("shipping", "shipping = \"FRT\"", "shipping_cost_ex_tax"; "shipping")]
#[test_case("handling", "handling = \"HAND\"", "handling_cost_ex_tax"; "handling")]
#[test_case("wrapping", "wrapping = \"WRAP\"", "wrapping_cost_ex_tax"; "wrapping")]
fn a_kind_without_a_code_holds_the_orders_that_have_it_and_no_others(kind: &str, setting: &str, field: &str) {
    let rules = rules_with(&[(setting, "")]);
    let hold = hold_by(&bolts().with(field, "4.5000"), &stock(), &rules);
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::ChargeWithoutCode, Some(kind)));
    assert_eq!(hold.words, format!("the order has {kind} of 4.50, but [charges] names no MiscCode for it"));
    assert!(sales_order(&bolts().read(), &stock(), &rules).is_ok());
}

#[test]
fn fees_without_a_code_hold_the_order() {
    let hold = hold_by(&bolts().fee("Rush", "1"), &stock(), &rules_with(&[("fees = \"FEE\"", "")]));
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::ChargeWithoutCode, Some("fees")));
}

const TAX_AS_CHARGE: &[(&str, &str)] = &[
    ("mode = \"kinetic\"", "mode = \"charge\"\nmisc_code = \"TAX\"\nexempt_region = \"WEB\""),
    ("tolerance = \"0.05\"", ""),
];

#[test]
fn tax_as_a_charge_comes_last_and_names_a_region_without_tax() {
    let order = bolts().shipping("1.00").with("total_tax", "5.1650").read();
    let mapped = sales_order(&order, &stock(), &rules_with(TAX_AS_CHARGE)).unwrap();
    assert_eq!(charges(&mapped)[1], ("tax", "TAX", "Sales tax", "5.17".to_owned()));
    assert_eq!(mapped.header.tax_region, Text::exact("WEB"));
    assert!(mapped.totals.tax_is_charge);
    assert_eq!((mapped.totals.before_tax, mapped.totals.tax), (money("63.68"), money("5.17")));
}

#[test]
fn an_order_without_tax_gets_no_tax_charge_but_the_region() {
    let mapped = sales_order(&bolts().read(), &stock(), &rules_with(TAX_AS_CHARGE)).unwrap();
    assert_eq!((charges(&mapped), &mapped.header.tax_region), (vec![], &Text::exact("WEB")));
}

#[test]
fn tax_left_to_kinetic_is_neither_charge_nor_region() {
    let order = desired(&bolts().with("total_tax", "5.1650"));
    assert_eq!((charges(&order), &order.header.tax_region), (vec![], &None));
    assert_eq!((order.totals.tax, order.totals.tax_is_charge), (money("5.17"), false));
}
