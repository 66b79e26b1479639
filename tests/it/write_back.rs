//! The Kinetic number in the shop's order: a flag with retries of its own.

use std::time::Duration;

use connector_ports::{OrderState, WriteBack};
use connector_simulators::Fault;
use test_case::test_case;

use crate::basket::gloves;
use crate::world::World;

#[test_case(Fault::Status { status: 500, body: None }; "the shop fails")]
#[test_case(Fault::CutBefore; "the connection breaks")]
#[test_case(Fault::Status { status: 403, body: None }; "the token may not write")]
#[tokio::test]
async fn a_write_back_that_fails_is_tried_again_and_never_repeats_the_order(fault: Fault) {
    let world = World::new().await;
    world.shop.faults().add(fault.always().on("PUT", "/v2/orders/"));
    let order = world.order(gloves()).await;
    assert_eq!(world.state(order).await, OrderState::Synced, "the order itself is done");
    world.later(Duration::from_mins(2)).await;
    let calls = world.kinetic_calls();
    for _ in 0..3 {
        world.later(Duration::from_mins(31)).await;
    }
    let pending = world.row(order).await.write_back;
    assert!(matches!(pending, WriteBack::Pending { attempt: 2.., .. }), "{pending:?}");
    assert_eq!(world.kinetic_calls(), calls, "Kinetic is not asked for it");
    world.shop.faults().clear();
    world.later(Duration::from_mins(31)).await;
    assert_eq!(world.row(order).await.write_back, WriteBack::Done);
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_write_back_whose_answer_was_lost_is_not_sent_again() {
    let world = World::new().await;
    world.shop.faults().add(Fault::CutAfter.always().on("PUT", "/v2/orders/"));
    let order = world.order(gloves()).await;
    let puts = world.shop.traffic().count("PUT", "/v2/orders/");
    world.later(Duration::from_mins(31)).await;
    assert_eq!(world.row(order).await.write_back, WriteBack::Done, "it was seen to stand in the shop");
    assert_eq!(world.shop.traffic().count("PUT", "/v2/orders/"), puts);
    world.shop.faults().clear();
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_that_is_held_meanwhile_bears_its_number_all_the_same() {
    let world = World::new().await;
    world.shop.faults().add(Fault::Status { status: 503, body: None }.always().on("PUT", "/v2/orders/"));
    let order = world.order(gloves()).await;
    world.shop.update_order(order, |order| order.status_id = 4);
    world.settle().await;
    assert_eq!(world.held(order).await.0, "refunded_after_import");
    world.shop.faults().clear();
    world.later(Duration::from_mins(31)).await;
    assert_eq!(world.row(order).await.write_back, WriteBack::Done);
    let number = world.kinetic(order).await.order_num.to_string();
    assert_eq!(world.shop.order(order).unwrap()["external_order_id"], number);
    assert_eq!(world.later(Duration::from_mins(31)).await, 0, "and it is not woken for ever");
    world.ends(&[order]).await;
}
