//! Every class of edit after the import: followed before a shipment, held with its consequence after it.

use connector_ports::HeaderField::{Address, Comment, ShipVia, Terms};
use test_case::test_case;

use super::*;

/// An edit, its class, and the first step that follows it.
fn edited() -> [(Edit, ShopOrder, Step); 15] {
    let order = three_lines();
    let line = |part: &str, quantity: u32, price: &str, discount: &str| Step::ChangeLine {
        reference: "194".to_owned(),
        order_line: 1,
        target: LineTarget {
            part_num: connector_domain::Text::exact(part).unwrap(),
            quantity: quantity.into(),
            unit_price: money(price),
            discount: money(discount),
        },
    };
    let header = |field| Step::ChangeHeader(vec![field]);
    [
        (Edit::Address, order.clone().shipped("street_1", "2 Main St"), header(Address)),
        (Edit::Address, order.clone().shipped("first_name", "Eda"), header(Address)),
        (Edit::Address, order.clone().shipped("country_iso2", "CA"), header(Address)),
        (Edit::Address, order.clone().shipped("phone", "512 555 0101"), header(Address)),
        (Edit::Comment, order.clone().with("customer_message", "Ring twice"), header(Comment)),
        (Edit::ShipVia, order.clone().shipped("shipping_method", "Pigeon"), header(ShipVia)),
        (Edit::Terms, order.clone().with("payment_method", "Credit Card"), header(Terms)),
        (
            Edit::RemovedLine,
            order.clone().without_line(2).with("coupon_discount", "0"),
            Step::RemoveLine { reference: "196".to_owned(), order_line: 3 },
        ),
        (
            Edit::Quantity,
            with_first(Line::new(194, "HB-M8-40-ZN", 5, "15.67")),
            line("HB-M8-40-ZN", 5, "15.67", "0"),
        ),
        (
            Edit::Price,
            with_first(Line::new(194, "HB-M8-40-ZN", 4, "15.66")),
            line("HB-M8-40-ZN", 4, "15.66", "0"),
        ),
        (Edit::Part, with_first(Line::new(194, "WASHER-8", 4, "15.67")), line("WASHER-8", 4, "15.67", "0")),
        (
            Edit::AddedLine,
            three_lines().and_first(Line::new(200, "HB-M8-40-ZN", 4, "15.67")),
            Step::AddLine(0),
        ),
        (
            Edit::Price,
            with_first(Line::new(194, "HB-M8-40-ZN", 4, "15.67").discount("0.02"))
                .with("coupon_discount", "0.26"),
            line("HB-M8-40-ZN", 4, "15.67", "0.02"),
        ),
        (Edit::Charge, order.clone().shipping("12.00"), Step::ChangeCharge { at: 0, seq: 1 }),
        (Edit::Charge, order.fee("Rush", "9.00"), Step::AddCharge(3)),
    ]
}

/// The order of three lines with another first line.
fn with_first(line: Line) -> ShopOrder {
    three_lines().without_line(0).and_first(line)
}

#[test]
fn an_edit_before_a_shipment_is_followed_by_one_step_and_then_nothing_is_left_to_do() {
    let before = desired(&three_lines());
    for (edit, order, step) in edited() {
        let mut kinetic = imported(&before);
        let applied = complete_with(&before, &kinetic);
        let after = desired(&order);
        let rest = plan(&after, Some(&applied), kinetic.held()).unwrap();
        assert_eq!((&rest.steps, rest.kept.len()), (&vec![step], 0), "{edit:?}");
        kinetic.carry_out(&after, &rest.steps);
        for applied in [complete_with(&after, &kinetic), applied] {
            let again = plan(&after, Some(&applied), kinetic.held()).unwrap();
            assert_eq!(again.steps, vec![], "{edit:?}: recorded or not, it is done");
        }
    }
}

#[test]
fn an_edit_after_a_shipment_is_held_with_its_consequence() {
    let before = desired(&three_lines());
    let mut kinetic = imported(&before);
    let applied = complete_with(&before, &kinetic);
    for (edit, order, _) in edited() {
        let after = desired(&order);
        let shipped = Standing { held: kinetic.held().unwrap(), shipped: true };
        let hold = super::super::plan(&after, Some(&applied), Some(shipped)).unwrap_err();
        assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::EditedAfterShipment, Some("100234")));
        let words = format!(
            "changed in the shop after Kinetic order 100234 began to ship: {} ({}); when that is done, link the order to 100234",
            edit.name(),
            edit.after_shipment()
        );
        assert_eq!(hold.words, words);
    }
    kinetic.change(|held| held.open = false);
    let (_, order, _) = &edited()[0];
    let closed = plan(&desired(order), Some(&applied), kinetic.held()).unwrap_err();
    assert_eq!(closed.reason, HoldReason::EditedAfterShipment, "an order that was closed has shipped");
}

#[test]
fn nothing_is_held_after_a_shipment_if_the_shop_changed_nothing_that_goes_into_kinetic() {
    let wanted = desired(&three_lines());
    let kinetic = imported(&wanted);
    let shipped = Standing { held: kinetic.held().unwrap(), shipped: true };
    let rest = super::super::plan(&wanted, Some(&complete_with(&wanted, &kinetic)), Some(shipped)).unwrap();
    assert_eq!(rest.steps, vec![]);
}

#[test]
fn every_class_of_edit_stands_in_the_documentation_with_its_consequence() {
    const EDITS: &str = include_str!("../../../../../../docs/edits.md");
    for edit in Edit::ALL {
        let row = EDITS.lines().find(|line| line.starts_with(&format!("| {} |", edit.name())));
        let row = row.unwrap_or_else(|| panic!("docs/edits.md has no row for {}", edit.name()));
        assert!(row.contains(edit.after_shipment()), "{row}");
        assert!(
            edited().iter().any(|(tried, ..)| *tried == edit) || edit == Edit::TaxRegion,
            "{edit:?} is tried"
        );
    }
}

#[test]
fn what_a_person_changed_in_kinetic_is_left_alone_and_named() {
    let wanted = desired(&three_lines());
    let mut kinetic = imported(&wanted);
    let applied = complete_with(&wanted, &kinetic);
    kinetic.change(|held| {
        held.lines[0].quantity = 3.into();
        held.lines.pop();
        held.charges.remove(0);
        held.order_held = true;
        held.header.comment = "Call first".to_owned();
    });
    let rest = plan(&wanted, Some(&applied), kinetic.held()).unwrap();
    assert_eq!(rest.steps, vec![]);
    let kept = [
        "the comment of order 100234 was changed",
        "the quantity of line 1 (HB-M8-40-ZN) was changed",
        "the shop's line 196 (NUT-8) was taken out",
        "the charge FRT was taken out",
    ];
    assert_eq!(rest.kept, kept);
}

#[test]
fn a_persons_change_survives_an_edit_of_something_else() {
    let before = desired(&three_lines());
    let mut kinetic = imported(&before);
    let applied = complete_with(&before, &kinetic);
    kinetic.change(|held| held.lines[0].quantity = 3.into());
    let after = desired(&with_first(Line::new(194, "HB-M8-40-ZN", 4, "15.66")));
    let rest = plan(&after, Some(&applied), kinetic.held()).unwrap();
    kinetic.carry_out(&after, &rest.steps);
    let line = &kinetic.held().unwrap().lines[0];
    assert_eq!((line.quantity, line.unit_price), (3.into(), money("15.66")));
}

#[test_case(|order| order.lines[0].quantity = 3.into(), 5, Some("the quantity of line 1 (HB-M8-40-ZN)"); "otherwise")]
#[test_case(|order| order.lines[0].quantity = 5.into(), 5, None; "to the same")]
#[test_case(|order| drop(order.lines.remove(0)), 5, Some("the shop's line 194, which was taken out in Kinetic"); "taken out")]
fn one_thing_changed_on_both_sides_is_held_unless_both_say_the_same(
    person: fn(&mut ReadBack),
    shop: u32,
    clash: Option<&str>,
) {
    let before = desired(&three_lines());
    let mut kinetic = imported(&before);
    let applied = complete_with(&before, &kinetic);
    kinetic.change(person);
    let after = desired(&with_first(Line::new(194, "HB-M8-40-ZN", shop, "15.67")));
    match (plan(&after, Some(&applied), kinetic.held()), clash) {
        (Ok(rest), None) => assert_eq!(rest, Plan { resumes: Some(OrderNum(100_234)), ..Plan::default() }),
        (Err(hold), Some(clash)) => {
            assert_eq!(hold.reason, HoldReason::ChangedOnBothSides);
            assert!(hold.words.contains(clash), "{hold}");
        }
        (other, _) => panic!("{other:?}"),
    }
}

#[test]
fn a_line_that_the_shop_removed_and_a_person_changed_is_held() {
    let before = desired(&three_lines());
    let mut kinetic = imported(&before);
    let applied = complete_with(&before, &kinetic);
    kinetic.change(|held| held.lines[2].quantity = 13.into());
    let after = desired(&three_lines().without_line(2).with("coupon_discount", "0"));
    let hold = plan(&after, Some(&applied), kinetic.held()).unwrap_err();
    assert_eq!(hold.reason, HoldReason::ChangedOnBothSides);
}

#[test]
fn a_charge_that_both_changed_is_held_and_one_that_a_person_changed_is_kept() {
    let before = desired(&three_lines());
    let mut kinetic = imported(&before);
    let applied = complete_with(&before, &kinetic);
    kinetic.change(|held| held.charges[0].amount = money("5.00"));
    let rest = plan(&before, Some(&applied), kinetic.held()).unwrap();
    assert_eq!(rest.kept, ["the charge FRT was changed to 5.00"]);
    let hold = plan(&desired(&three_lines().shipping("12.00")), Some(&applied), kinetic.held()).unwrap_err();
    assert_eq!(hold.reason, HoldReason::ChangedOnBothSides);
}

#[test]
fn an_order_keyed_by_hand_is_never_changed() {
    let before = desired(&three_lines());
    let kinetic = imported(&before);
    let applied = Applied { stage: Stage::ByHand, ..complete_with(&before, &kinetic) };
    assert_eq!(plan(&before, Some(&applied), kinetic.held()).unwrap().steps, vec![]);
    for (_, order, _) in edited() {
        let hold = plan(&desired(&order), Some(&applied), kinetic.held()).unwrap_err();
        assert_eq!(hold.reason, HoldReason::EditedAfterImport);
    }
}

#[test]
fn what_the_shop_only_writes_otherwise_is_no_edit() {
    let before = desired(&three_lines());
    let order = three_lines()
        .shipped("first_name", " Ada ")
        .shipped("shipping_method", "UPS Ground")
        .with("status_id", 2);
    assert_eq!(
        plan(&desired(&order), Some(&complete_with(&before, &imported(&before))), imported(&before).held())
            .unwrap()
            .steps,
        vec![]
    );
}

#[test]
fn an_order_that_the_shop_moved_to_another_customer_is_held() {
    let before = desired(&three_lines());
    let mut facts = stock();
    facts.buyer.cust_id = connector_domain::Text::exact("W3PQ").unwrap();
    facts.buyer.cust_num = connector_domain::CustNum(8);
    let moved = crate::orders::map::sales_order(&three_lines().read(), &facts, &rules_with(&[])).unwrap();
    for applied in [complete_with(&before, &imported(&before)), begun(&before)] {
        let hold = plan(&moved, Some(&applied), imported(&before).held()).unwrap_err();
        assert_eq!(hold.reason, HoldReason::CustomerChanged);
        assert!(
            hold.words.contains("customer W3PQ (CustNum 8), Kinetic order 100234 to CustNum 7"),
            "{hold}"
        );
    }
}

#[test_case(Address, &three_lines().shipped("street_1", "2 Main St"); "address")]
#[test_case(Comment, &three_lines().with("customer_message", "Ring twice"); "comment")]
#[test_case(Terms, &three_lines().with("payment_method", "Credit Card"); "payment")]
fn a_header_that_was_written_otherwise_is_changed_before_the_rest_is_added(
    field: connector_ports::HeaderField,
    order: &ShopOrder,
) {
    let before = desired(&three_lines());
    let kinetic = after(&before, &[Step::CreateHeader, Step::AddLine(0)]);
    for applied in [Some(begun(&before)), None] {
        let rest = plan(&desired(order), applied.as_ref(), kinetic.held()).unwrap();
        assert_eq!(rest.steps[0], Step::ChangeHeader(vec![field]));
        assert_eq!(rest.steps.last(), Some(&Step::Release));
    }
}
