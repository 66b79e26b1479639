//! An imported order follows the shop, and a clerk's work survives it. The rows are those of `docs/edits.md`.

use std::time::Duration;

use connector_ports::OrderState;
use connector_simulators::Fault;
use connector_simulators::bigcommerce::{NewOrder, OrderEvent, dec};
use connector_simulators::kinetic::OrderView;
use test_case::test_case;

use crate::basket::{guest, line};
use crate::world::World;

fn basket() -> NewOrder {
    guest()
        .with_line(line("GLV-LEA-M", 2))
        .with_line(line("DRL-HSS-8.5", 4))
        .shipping("Flat Rate", dec("8.50"))
}

/// What the shop does, what Kinetic says then, and how the held order names it once goods have left.
type Row = (fn(&mut NewOrder), fn(&OrderView) -> bool, &'static str);

const ADDRESS: Row = (
    |order| order.billing.street_1 = "99 New Street".into(),
    |view| {
        let releases = view.releases.iter().all(|release| release.text("OTSAddress1") == "99 New Street");
        view.ots_address1() == "99 New Street" && releases
    },
    "address (what has left went to the old address",
);
const COMMENT: Row = (
    |order| order.customer_message = "Ring twice".into(),
    |view| view.comment() == "Ring twice",
    "comment (the packing slip was printed without it",
);
const SHIP_VIA: Row = (
    |order| order.shipping_method = "In-Store Pickup".into(),
    |view| view.ship_via() == "WILL",
    "shipping method (what has left went by the old method",
);
const TERMS: Row = (
    |order| order.payment_method = "Bank Deposit".into(),
    |view| view.header.text("TermsCode") == "N30",
    "payment terms (an invoice may be out under the old terms",
);
const QUANTITY: Row = (
    |order| order.lines[0].quantity = 7,
    |view| view.lines[0].selling_quantity == 7.into(),
    "quantity (the old quantity may have left",
);
const PRICE: Row = (
    |order| order.lines[0].price = dec("11.11"),
    |view| view.lines[0].doc_unit_price == dec("11.11"),
    "price or discount (an invoice may be out at the old price",
);
const DISCOUNT: Row = (
    |order| order.manual_discount = dec("3.00"),
    |view| view.doc_discount == dec("3.00"),
    "price or discount (an invoice may be out at the old price",
);
const PART: Row = (
    |order| order.lines[1].sku = "HB-M8-40-ZN".into(),
    |view| view.lines[1].part_num == "HB-M8-40-ZN" && view.lines.len() == 2,
    "another part on a line (the old part may have left",
);
const ADDED: Row = (
    |order| order.lines.push(line("HB-M8-40-ZN", 100)),
    |view| view.lines.len() == 3 && view.lines[2].part_num == "HB-M8-40-ZN",
    "line added (it would miss the shipment",
);
const REMOVED: Row = (
    |order| drop(order.lines.remove(1)),
    |view| view.lines.len() == 1 && view.releases.len() == 1,
    "line removed (its goods may have left",
);
const CHARGE: Row = (
    |order| order.shipping = dec("12.25"),
    |view| view.charges.len() == 1 && view.charges[0].doc_misc_amt == dec("12.25"),
    "charge (an invoice may be out with the old charge",
);
const CHARGE_ADDED: Row = (
    |order| order.handling = dec("4.00"),
    |view| view.charges.len() == 2 && view.doc_misc == dec("12.50"),
    "charge (an invoice may be out with the old charge",
);
const CHARGE_REMOVED: Row = (
    |order| order.shipping = dec("0"),
    |view| view.charges.is_empty(),
    "charge (an invoice may be out with the old charge",
);

#[test_case(ADDRESS; "address")]
#[test_case(COMMENT; "comment")]
#[test_case(SHIP_VIA; "shipping method")]
#[test_case(TERMS; "payment terms")]
#[test_case(QUANTITY; "quantity")]
#[test_case(PRICE; "price")]
#[test_case(DISCOUNT; "discount")]
#[test_case(PART; "another part")]
#[test_case(ADDED; "line added")]
#[test_case(REMOVED; "line removed")]
#[test_case(CHARGE; "charge changed")]
#[test_case(CHARGE_ADDED; "charge added")]
#[test_case(CHARGE_REMOVED; "charge removed")]
#[tokio::test]
async fn an_edit_is_followed_before_a_shipment_and_held_with_its_consequence_after_it(
    (edit, follows, says): Row,
) {
    let world = World::new().await;
    let (open, shipped) = (world.order(basket()).await, world.order(basket()).await);
    let view = world.is_synced(shipped).await;
    assert!(world.company.ship(view.order_num, 1, dec("1")));
    let before = world.kinetic(shipped).await;
    for order in [open, shipped] {
        world.shop.update_order(order, edit);
    }
    world.settle().await;

    let view = world.is_synced(open).await;
    assert!(follows(&view), "{view:?}");

    let (reason, subject, words) = world.held(shipped).await;
    assert_eq!((reason.as_str(), subject), ("edited_after_shipment", Some(before.order_num.to_string())));
    assert!(words.contains(says), "{words}");
    let after = world.kinetic(shipped).await;
    assert_eq!(after.header, before.header, "nothing was touched");
    assert_eq!(after.lines.len(), before.lines.len());

    // A repeated event finds nothing to do, and the held one stays held since then.
    let (calls, since) = (world.kinetic_calls(), world.row(shipped).await.held_since);
    world.clock.advance(Duration::from_hours(2));
    world.shop.emit(OrderEvent::Updated, open);
    world.settle().await;
    assert_eq!(world.kinetic_calls(), calls);
    world.shop.emit(OrderEvent::Updated, shipped);
    world.settle().await;
    assert_eq!(world.held(shipped).await.2, words);
    assert_eq!(world.row(shipped).await.held_since, since);
    world.ends(&[shipped]).await;
}

#[tokio::test]
async fn several_edits_at_once_are_one_run_and_no_line_stands_twice() {
    let world = World::new().await;
    let order = world.order(basket()).await;
    let number = world.is_synced(order).await.order_num;
    world.shop.update_order(order, |order| {
        (ADDRESS.0)(order);
        (QUANTITY.0)(order);
        (REMOVED.0)(order);
        (ADDED.0)(order);
        (CHARGE.0)(order);
        (COMMENT.0)(order);
    });
    world.settle().await;
    let view = world.is_synced(order).await;
    assert_eq!((view.order_num, view.lines.len()), (number, 2));
    assert_eq!((view.ots_address1(), view.comment()), ("99 New Street", "Ring twice"));
    world.ends(&[]).await;
}

/// Saves of an edit: header, line, added line, charge, removed line.
#[test_case(Fault::CutAfter; "done, and the answer cut")]
#[test_case(Fault::CutBefore; "not done, and the connection cut")]
#[test_case(Fault::Garbled; "done, and the answer garbled")]
#[test_case(Fault::Modified; "somebody else was faster")]
#[test_case(Fault::Status { status: 503, body: None }; "a gateway answered")]
#[tokio::test]
async fn an_edit_that_is_cut_short_anywhere_is_completed_once(fault: Fault) {
    for at in 0..5 {
        let world = World::new().await;
        let order = world.order(basket()).await;
        world.is_synced(order).await;
        let path = if at == 4 { "SalesOrderSvc/Update$" } else { "/MasterUpdate" };
        world.company.faults().add(fault.clone().once().on("POST", path).after(at % 4));
        world.shop.update_order(order, |order| {
            (COMMENT.0)(order);
            (QUANTITY.0)(order);
            (REMOVED.0)(order);
            (ADDED.0)(order);
            (CHARGE.0)(order);
        });
        world.settle().await;
        for _ in 0..4 {
            world.later(Duration::from_mins(6)).await;
        }
        assert_eq!(world.company.faults().fired(), 1, "save {at}");
        let view = world.is_synced(order).await;
        assert_eq!((view.lines.len(), view.charges.len()), (2, 1), "save {at}");
        world.ends(&[]).await;
    }
}

#[tokio::test]
async fn a_clerks_quantity_survives_a_later_webhook_and_is_named() {
    let world = World::new().await;
    let order = world.order(basket()).await;
    let number = world.is_synced(order).await.order_num;
    world.company.edit_line(number, 1, |row| row.set("SellingQuantity", 1));
    // An event without an edit, and one with an edit of something else.
    world.shop.emit(OrderEvent::Updated, order);
    world.settle().await;
    world.shop.update_order(order, |order| order.customer_message = "Ring twice".into());
    world.settle().await;
    let view = world.kinetic(order).await;
    assert_eq!((view.lines[0].selling_quantity, view.comment()), (1.into(), "Ring twice"));
    assert_eq!(world.state(order).await, OrderState::Synced);
    let rules = world.rules_of(order).await;
    let kept = ("kinetic.kept".to_owned(), "the quantity of line 1 (GLV-LEA-M) was changed".to_owned());
    assert!(rules.contains(&kept), "{rules:?}");
    assert!(rules.iter().any(|(rule, _)| rule == "kinetic.total"), "both totals are told: {rules:?}");
    // And once more: what survived once is still known as the clerk's.
    world.shop.update_order(order, |order| order.customer_message = "Ring three times".into());
    world.settle().await;
    let view = world.kinetic(order).await;
    assert_eq!((view.lines[0].selling_quantity, view.comment()), (1.into(), "Ring three times"));
    world.ends(&[]).await;
}

#[tokio::test]
async fn what_a_clerk_added_and_took_out_stays_so() {
    let world = World::new().await;
    let order = world.order(basket().handling(dec("4.00"))).await;
    let number = world.is_synced(order).await.order_num;
    world.company.add_clerk_line(number, "HB-M8-40-ZN", dec("100"), dec("30")).unwrap();
    assert!(world.company.remove_clerk_line(number, 2));
    world.company.edit_charge(number, 1, |row| row.set("DocMiscAmt", dec("5.00")));
    world.company.edit_order(number, |row| row.set("OrderComment", "Call first"));
    world.shop.update_order(order, |order| order.lines[0].quantity = 7);
    world.settle().await;
    let view = world.kinetic(order).await;
    let parts: Vec<&str> = view.lines.iter().map(|line| line.part_num.as_str()).collect();
    assert_eq!(parts, ["GLV-LEA-M", "HB-M8-40-ZN"]);
    assert_eq!(view.lines[0].selling_quantity, 7.into());
    assert_eq!((view.charges[0].doc_misc_amt, view.comment()), (dec("5.00"), "Call first"));
    assert_eq!(world.state(order).await, OrderState::Synced);
    world.ends(&[]).await;
}

#[tokio::test]
async fn the_same_field_changed_on_both_sides_is_held_and_goes_on_when_they_agree() {
    let world = World::new().await;
    let order = world.order(basket()).await;
    let number = world.is_synced(order).await.order_num;
    world.company.edit_line(number, 1, |row| row.set("SellingQuantity", 1));
    world.shop.update_order(order, |order| {
        order.lines[0].quantity = 7;
        order.customer_message = "Ring twice".into();
    });
    world.settle().await;
    let (reason, _, words) = world.held(order).await;
    assert_eq!(reason, "changed_on_both_sides");
    assert!(words.contains("the quantity of line 1 (GLV-LEA-M)"), "{words}");
    assert_eq!(world.kinetic(order).await.comment(), "", "and nothing else was written either");
    // The clerk types what the shop says.
    world.company.edit_line(number, 1, |row| row.set("SellingQuantity", 7));
    world.shop.emit(OrderEvent::Updated, order);
    world.settle().await;
    assert_eq!(world.is_synced(order).await.comment(), "Ring twice");
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_edit_that_a_clerk_made_already_is_no_edit() {
    let world = World::new().await;
    let order = world.order(basket()).await;
    let number = world.is_synced(order).await.order_num;
    world.company.edit_line(number, 1, |row| row.set("SellingQuantity", 7));
    world.shop.update_order(order, |order| order.lines[0].quantity = 7);
    let saves = world.company.traffic().count("POST", "/MasterUpdate");
    world.settle().await;
    world.is_synced(order).await;
    assert_eq!(world.company.traffic().count("POST", "/MasterUpdate"), saves);
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_that_the_shop_moves_to_another_customer_is_held() {
    let world = World::new().await;
    let order = world.order(basket()).await;
    world.shop.update_order(order, |order| order.customer_id = 11);
    world.settle().await;
    assert_eq!(world.held(order).await.0, "customer_changed");
    world.ends(&[order]).await;
}

#[tokio::test]
async fn an_order_edited_while_it_is_being_imported_arrives_as_it_is_by_then() {
    let world = World::new().await;
    // The second line is refused for now: the order stands there begun.
    world
        .company
        .faults()
        .add(Fault::Status { status: 503, body: None }.times(2).on("POST", "/GetNewOrderDtl").after(1));
    world.company.faults().add(Fault::CutBefore.times(8).on("POST", "/GetNewOrderDtl").after(1));
    let order = world.order(basket()).await;
    assert!(!world.valid(order).can_be_picked());
    world.company.faults().clear();
    world.shop.update_order(order, |order| {
        (ADDRESS.0)(order);
        (QUANTITY.0)(order);
        (REMOVED.0)(order);
        (ADDED.0)(order);
    });
    world.settle().await;
    for _ in 0..3 {
        world.later(Duration::from_mins(6)).await;
    }
    let view = world.is_synced(order).await;
    assert_eq!((view.lines.len(), view.ots_address1()), (2, "99 New Street"));
    assert_eq!(view.lines[0].selling_quantity, 7.into());
    world.ends(&[]).await;
}
