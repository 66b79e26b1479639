//! Coupons and manual discounts, on the lines or as one charge.

use test_case::test_case;

use super::*;

const AS_CHARGE: &[(&str, &str)] = &[("carry = \"line\"", "carry = \"charge\"\nmisc_code = \"DISC\"")];

/// A coupon over three lines of 10.00, with these shares.
fn spread(off: &str, shares: [&str; 3]) -> ShopOrder {
    let line = |id, share: &str| {
        let line = Line::new(id, "NUT-8", 1, "10.00");
        if share.is_empty() { line } else { line.discount(share) }
    };
    ShopOrder::of([line(1, shares[0]), line(2, shares[1]), line(3, shares[2])]).coupon("SPRING", off)
}

fn discounts(order: &ShopOrder) -> Vec<String> {
    desired(order).lines.iter().map(|line| line.discount.to_string()).collect()
}

#[test_case("5.00", ["1.67", "1.67", "1.66"] => vec!["1.67", "1.67", "1.66"]; "cents that add up")]
#[test_case("5.00", ["1.67", "1.67", "1.67"] => vec!["1.67", "1.67", "1.66"]; "a cent too many comes off the last")]
#[test_case("5.00", ["1.66", "1.67", "1.66"] => vec!["1.66", "1.67", "1.67"]; "a cent too few goes to the last")]
#[test_case("5.00", ["2.50", "2.49", ""] => vec!["2.50", "2.50", "0.00"]; "a line without a share gets none")]
#[test_case("0.01", ["0.01", "0.01", "0.00"] => vec!["0.01", "0.00", "0.00"]; "no share falls below nothing")]
#[test_case("29.99", ["9.98", "10.00", "10.00"] => vec!["9.99", "10.00", "10.00"]; "no share rises above its line")]
fn a_coupon_is_spread_over_the_lines_to_the_cent(off: &str, shares: [&str; 3]) -> Vec<String> {
    let order = spread(off, shares);
    assert_eq!(desired(&order).totals.before_tax, money("30") - money(off));
    discounts(&order)
}

#[test]
fn shares_with_four_decimals_move_a_cent_of_the_discount_and_never_the_price() {
    let mapped = desired(&spread("4.9998", ["1.6666", "1.6666", "1.6666"]));
    let lines: Vec<_> = mapped.lines.iter().map(|l| (l.unit_price, l.discount.to_string())).collect();
    assert_eq!(lines, ["1.67", "1.66", "1.67"].map(|share| (money("10"), share.to_owned())));
    assert_eq!((mapped.totals.before_tax, notes(&mapped)), (money("25.00"), vec![]));
}

#[test]
fn several_discounts_of_one_line_are_one() {
    let line = Line::new(1, "NUT-8", 1, "10.00").discount("1.00").discount("0.55");
    let order = ShopOrder::of([line]).coupon("SPRING", "1.00").with("discount_amount", "0.5500");
    assert_eq!(discounts(&order), ["1.55"]);
    assert_eq!(desired(&order).totals.before_tax, money("8.45"));
}

#[test_case("5.00", ["1.00", "1.00", "1.00"]; "shares that are far too small")]
#[test_case("5.00", ["", "", ""]; "no shares at all")]
#[test_case("0", ["1.00", "", ""]; "shares of a discount that the order does not know")]
fn a_discount_that_is_not_on_the_lines_is_held_with_both_figures(off: &str, shares: [&str; 3]) {
    let hold = hold(&spread(off, shares));
    assert_eq!((hold.reason, hold.subject.as_ref()), (HoldReason::ShopTotalsDiffer, None));
    let sum: Money = shares.iter().filter(|share| !share.is_empty()).map(|share| money(share)).sum();
    let figures = format!("the shop took {} off the order but spread {sum} over its lines", money(off));
    assert!(hold.words.starts_with(&figures), "{hold}");
    assert!(hold.words.contains("set [discounts] carry = \"charge\""), "{hold}");
}

#[test]
fn a_discount_carried_as_a_charge_leaves_the_lines_alone() {
    let order = spread("5.00", ["1.67", "1.67", "1.66"]).with("discount_amount", "1.0000").read();
    let mapped = sales_order(&order, &stock(), &rules_with(AS_CHARGE)).unwrap();
    assert!(mapped.lines.iter().all(|line| line.discount.is_zero() && line.unit_price == money("10")));
    let charge = &mapped.charges[0];
    assert_eq!(
        (charge.code.as_str(), charge.description.as_str(), charge.amount),
        ("DISC", "Discount", money("-6"))
    );
    assert_eq!((mapped.charges.len(), mapped.totals.before_tax), (1, money("24.00")));
    assert_eq!(notes(&mapped), [("discount.as_charge", "6.00 as one charge")]);
}

#[test]
fn a_charge_carries_what_the_shop_did_not_spread() {
    let order = spread("5.00", ["", "", ""]).read();
    let mapped = sales_order(&order, &stock(), &rules_with(AS_CHARGE)).unwrap();
    assert_eq!((mapped.charges[0].amount, mapped.totals.before_tax), (money("-5"), money("25")));
}

#[test]
fn no_discount_is_no_charge() {
    let mapped = sales_order(&bolts().read(), &stock(), &rules_with(AS_CHARGE)).unwrap();
    assert!(mapped.charges.is_empty() && mapped.notes.is_empty());
}
