//! What the shop changes after the import, or while it was cut short, is named and held.

use test_case::test_case;

use super::*;

fn whole(desired: &DesiredOrder) -> Applied {
    applied_whole(desired, OrderNum(100_234), true)
}

fn edited() -> [(&'static str, ShopOrder); 15] {
    let order = three_lines();
    [
        ("address", order.clone().shipped("street_1", "2 Main St")),
        ("address", order.clone().shipped("first_name", "Eda")),
        ("address", order.clone().shipped("country_iso2", "CA")),
        ("address", order.clone().shipped("phone", "512 555 0101")),
        ("comment", order.clone().with("customer_message", "Ring twice")),
        ("customer, shipping method or payment", order.clone().shipped("shipping_method", "Pigeon")),
        ("customer, shipping method or payment", order.clone().with("payment_method", "Credit Card")),
        ("lines", order.clone().without_line(2).with("coupon_discount", "0")),
        ("lines", with_first(Line::new(194, "HB-M8-40-ZN", 5, "15.67"))),
        ("lines", with_first(Line::new(194, "HB-M8-40-ZN", 4, "15.66"))),
        ("lines", with_first(Line::new(194, "WASHER-8", 4, "15.67"))),
        ("lines", with_first(Line::new(200, "HB-M8-40-ZN", 4, "15.67"))),
        (
            "lines",
            with_first(Line::new(194, "HB-M8-40-ZN", 4, "15.67").discount("0.02"))
                .with("coupon_discount", "0.26"),
        ),
        ("charges", order.clone().shipping("12.00")),
        ("charges", order.fee("Rush", "9.00")),
    ]
}

/// The order of three lines with another first line.
fn with_first(line: Line) -> ShopOrder {
    three_lines().without_line(0).and_first(line)
}

#[test]
fn an_edit_after_the_import_is_held_and_says_what_changed() {
    let before = desired(&three_lines());
    let kinetic = imported(&before);
    for (what, order) in edited() {
        let hold = plan(&desired(&order), Some(&whole(&before)), kinetic.held()).unwrap_err();
        assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::EditedAfterImport, Some("100234")));
        let words = format!(
            "changed in the shop after the import: {what}; make the same change in Kinetic order 100234"
        );
        assert_eq!(hold.words, words);
    }
}

#[test]
fn everything_that_changed_is_named_at_once() {
    let before = desired(&three_lines());
    let order = three_lines()
        .shipped("city", "Dallas")
        .shipped("shipping_method", "Pigeon")
        .with("customer_message", "Ring twice")
        .shipping("12.00")
        .without_line(1);
    let hold = plan(&desired(&order), Some(&whole(&before)), imported(&before).held()).unwrap_err();
    assert!(
        hold.words.contains(": customer, shipping method or payment, address, comment, lines, charges; make"),
        "{hold}"
    );
}

#[test]
fn what_a_person_changed_in_kinetic_after_the_import_is_left_alone() {
    let wanted = desired(&three_lines());
    let mut kinetic = imported(&wanted);
    kinetic.change(|held| {
        held.lines[0].quantity = 3.into();
        held.lines.pop();
        held.charges.clear();
        held.order_held = true;
    });
    assert_eq!(plan(&wanted, Some(&whole(&wanted)), kinetic.held()).unwrap().steps, vec![]);
}

#[test]
fn what_the_shop_only_writes_otherwise_is_no_edit() {
    let before = desired(&three_lines());
    let order = three_lines()
        .shipped("first_name", " Ada ")
        .shipped("shipping_method", "UPS Ground")
        .with("status_id", 2);
    assert_eq!(
        plan(&desired(&order), Some(&whole(&before)), imported(&before).held()).unwrap().steps,
        vec![]
    );
}

#[test]
fn a_customer_of_another_kind_is_an_edit() {
    let before = desired(&three_lines());
    let mut facts = stock();
    facts.buyer.cust_id = connector_domain::Text::exact("W3PQ").unwrap();
    let moved = crate::orders::map::sales_order(&three_lines().read(), &facts, &rules_with(&[])).unwrap();
    let hold = plan(&moved, Some(&whole(&before)), imported(&before).held()).unwrap_err();
    assert!(hold.words.contains("after the import: customer, shipping method or payment;"), "{hold}");
}

#[test_case("address", &three_lines().shipped("street_1", "2 Main St"); "address")]
#[test_case("comment", &three_lines().with("customer_message", "Ring twice"); "comment")]
#[test_case("customer, shipping method or payment", &three_lines().with("payment_method", "Credit Card"); "payment")]
fn a_header_that_was_written_otherwise_is_not_completed_as_if_it_were_the_new_one(
    what: &str,
    order: &ShopOrder,
) {
    let before = desired(&three_lines());
    let kinetic = after(&before, &[Step::CreateHeader, Step::AddLine(0)]);
    let hold = plan(&desired(order), Some(&begun(&before)), kinetic.held()).unwrap_err();
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::EditedAfterImport, Some("100234")));
    let words = format!(
        "changed in the shop before Kinetic order 100234 was complete: {what}; make the change there and add what is \
         missing by hand"
    );
    assert_eq!(hold.words, words);
}
