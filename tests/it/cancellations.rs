//! Cancelled, reinstated, refunded, archived, shipped by the shop's word: what no field carries. See `docs/edits.md`.

use std::time::Duration;

use connector_ports::{OrderState, StateName};
use connector_simulators::Fault;
use connector_simulators::bigcommerce::{OrderEvent, dec};
use test_case::test_case;

use crate::basket::gloves;
use crate::world::World;

const CANCELLED: u8 = 5;

#[test_case(None; "at once")]
#[test_case(Some(Fault::CutAfter); "though the answer to closing is lost")]
#[test_case(Some(Fault::CutBefore); "though the call is lost")]
#[test_case(Some(Fault::Modified); "though somebody else was faster")]
#[tokio::test]
async fn an_order_cancelled_before_a_shipment_is_closed_in_kinetic(fault: Option<Fault>) {
    let world = World::new().await;
    let order = world.order(gloves()).await;
    world.is_synced(order).await;
    if let Some(fault) = fault {
        world.company.faults().add(fault.once().on("POST", "/CloseOrder"));
    }
    world.shop.update_order(order, |order| order.status_id = CANCELLED);
    world.settle().await;
    for _ in 0..3 {
        world.later(Duration::from_mins(6)).await;
    }
    assert_eq!(world.state(order).await, OrderState::Cancelled);
    let view = world.kinetic(order).await;
    assert!(view.void && !view.open && !view.can_be_picked());
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_cancelled_after_a_shipment_is_held_and_not_closed() {
    let world = World::new().await;
    let order = world.order(gloves().with_line(crate::basket::line("DRL-HSS-8.5", 4))).await;
    let number = world.is_synced(order).await.order_num;
    assert!(world.company.ship(number, 2, dec("1")));
    world.shop.update_order(order, |order| order.status_id = CANCELLED);
    world.settle().await;
    let (reason, subject, words) = world.held(order).await;
    assert_eq!((reason.as_str(), subject), ("cancelled_after_shipment", Some(number.to_string())));
    assert!(words.contains("take the goods back and credit them"), "{words}");
    assert!(world.kinetic(order).await.open);
    world.ends(&[order]).await;
}

#[tokio::test]
async fn a_cancelled_order_that_the_shop_wants_again_gets_a_new_one() {
    let world = World::new().await;
    let order = world.order(gloves()).await;
    let first = world.is_synced(order).await.order_num;
    world.shop.update_order(order, |order| order.status_id = CANCELLED);
    world.settle().await;
    assert_eq!(world.state(order).await, OrderState::Cancelled);
    world.shop.update_order(order, |order| order.status_id = 11);
    world.settle().await;
    assert_eq!(world.state(order).await, OrderState::Synced);
    let second = world.valid(order);
    assert!(second.can_be_picked() && second.order_num != first);
    assert_eq!(world.shop.order(order).unwrap()["external_order_id"], second.order_num.to_string());
    assert_eq!(world.row(order).await.order_num.unwrap().0, second.order_num);
    // And the new one can be edited and cancelled like any other.
    world.shop.update_order(order, |order| order.lines[0].quantity = 3);
    world.settle().await;
    assert_eq!(world.valid(order).lines[0].selling_quantity, 3.into());
    world.shop.update_order(order, |order| order.status_id = CANCELLED);
    world.settle().await;
    assert!(world.company.orders_by_po(&format!("BC-{order}")).iter().all(|view| view.void));
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_that_a_clerk_reopened_goes_on_when_the_shop_wants_it_again() {
    let world = World::new().await;
    let order = world.order(gloves()).await;
    let number = world.is_synced(order).await.order_num;
    world.shop.update_order(order, |order| order.status_id = CANCELLED);
    world.settle().await;
    assert!(world.company.reopen_order(number));
    world.shop.update_order(order, |order| order.status_id = 11);
    world.settle().await;
    assert_eq!(world.is_synced(order).await.order_num, number, "no second one");
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_that_a_clerk_reopened_is_not_closed_a_second_time() {
    let world = World::new().await;
    let order = world.order(gloves()).await;
    let number = world.is_synced(order).await.order_num;
    world.shop.update_order(order, |order| order.status_id = CANCELLED);
    world.settle().await;
    assert!(world.company.reopen_order(number));
    world.shop.update_order(order, |order| order.customer_message = "Sorry!".into());
    world.settle().await;
    let (reason, _, words) = world.held(order).await;
    assert_eq!(reason, "cancelled_after_import");
    assert!(words.contains("was reopened by somebody"), "{words}");
    assert!(world.kinetic(order).await.open);
    world.ends(&[order]).await;
}

#[tokio::test]
async fn an_order_that_a_clerk_voided_and_the_shop_wants_is_held_until_the_shop_cancels_it_too() {
    let world = World::new().await;
    let order = world.order(gloves()).await;
    let number = world.is_synced(order).await.order_num;
    assert!(world.company.void_order(number));
    world.shop.update_order(order, |order| order.lines[0].quantity = 3);
    world.settle().await;
    assert_eq!(world.held(order).await.0, "voided_in_kinetic");
    world.shop.update_order(order, |order| order.status_id = CANCELLED);
    world.settle().await;
    assert_eq!(world.state(order).await, OrderState::Cancelled);
    assert_eq!(world.company.orders().len(), 1);
    world.ends(&[]).await;
}

#[test_case(4, "nothing has left: void it"; "refunded")]
#[test_case(14, "nothing has left: void it"; "partially refunded")]
#[test_case(13, "nothing has left: void it"; "disputed")]
#[tokio::test]
async fn a_refund_after_the_import_is_told_and_settled_by_voiding_the_order(status: u8, says: &str) {
    let world = World::new().await;
    let (open, shipped) = (world.order(gloves()).await, world.order(gloves()).await);
    let number = world.is_synced(open).await.order_num;
    world.company.ship_all(world.is_synced(shipped).await.order_num);
    for order in [open, shipped] {
        world.shop.update_order(order, |order| order.status_id = status);
    }
    world.settle().await;
    let (reason, _, words) = world.held(open).await;
    assert_eq!(reason, "refunded_after_import");
    assert!(words.contains(says), "{words}");
    let (reason, _, words) = world.held(shipped).await;
    assert_eq!(reason, "refunded_after_import");
    assert!(words.contains("goods have left: credit the customer"), "{words}");
    world.company.void_order(number);
    world.shop.emit(OrderEvent::Updated, open);
    world.settle().await;
    assert_eq!(world.state(open).await, OrderState::Cancelled);
    world.ends(&[shipped]).await;
}

#[test_case(|order| order.is_deleted = true, "archived_after_import"; "archived")]
#[test_case(|order| order.status_id = 2, "shipped_in_shop_first"; "shipped")]
#[test_case(|order| order.status_id = 3, "shipped_in_shop_first"; "partially shipped")]
#[test_case(|order| order.status_id = 10, "shipped_in_shop_first"; "completed in the shop first")]
#[tokio::test]
async fn a_shop_that_is_done_before_kinetic_has_shipped_is_told_and_after_it_is_right(
    edit: fn(&mut connector_simulators::bigcommerce::NewOrder),
    reason: &str,
) {
    let world = World::new().await;
    let (early, late) = (world.order(gloves()).await, world.order(gloves()).await);
    let number = world.is_synced(early).await.order_num;
    world.company.ship_all(world.is_synced(late).await.order_num);
    for order in [early, late] {
        world.shop.update_order(order, edit);
    }
    world.settle().await;
    assert_eq!(world.held(early).await.0, reason);
    assert_eq!(world.state(late).await, OrderState::Synced);
    // The warehouse does what the shop says it did.
    world.company.ship_all(number);
    world.shop.emit(OrderEvent::Updated, early);
    world.settle().await;
    assert_eq!(world.state(early).await, OrderState::Synced);
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_that_was_paid_only_after_it_waited_is_written_once() {
    let world = World::new().await;
    // Paid before the hook of its creation is looked at; and incomplete first, then paid.
    let paid = world.shop.place_order(gloves().status(7));
    world.shop.update_order(paid, |order| order.status_id = 11);
    let incomplete = world.shop.place_order(gloves().status(0));
    world.settle().await;
    assert_eq!(world.state(incomplete).await.name(), StateName::Waiting);
    world.shop.update_order(incomplete, |order| order.status_id = 11);
    world.settle().await;
    for order in [paid, incomplete] {
        world.is_synced(order).await;
    }
    assert_eq!(world.company.orders().len(), 2);
    world.ends(&[]).await;
}
