//! Two stores on one Kinetic company: equal order ids, and prefixes that would clash.

use std::time::Duration;

use connector_ports::OrderState;
use connector_sandbox::connection::RULES;
use connector_simulators::bigcommerce::NewOrder;
use connector_simulators::{BigCommerceConfig, BigCommerceSim};

use crate::basket::{guest, line};
use crate::world::{MAIN, World};

const OUTLET: &str = "outlet";

fn of(sku: &str, quantity: u32) -> NewOrder {
    guest().with_line(line(sku, quantity))
}

async fn outlet(world: &World) -> BigCommerceSim {
    let config = BigCommerceConfig { store_id: 2, ..BigCommerceConfig::new().store_hash("xyz789") };
    BigCommerceSim::start(config.clock(world.sim_clock())).await.unwrap()
}

#[tokio::test]
async fn equal_order_ids_of_two_stores_are_two_orders() {
    let mut world = World::new().await;
    let outlet = outlet(&world).await;
    let rules =
        RULES.replace("\"BC-\"", "\"OUT-\"").replace("[shoppers]", "[shoppers]\ncust_id_prefix = \"O\"");
    world.connect(OUTLET, &outlet, &rules);

    let here = world.shop.place_order(of("GLV-LEA-M", 2));
    let there = outlet.place_order(of("TAPE-DUCT-48", 5));
    assert_eq!(here, there, "the story is about equal ids");
    outlet.drain_hooks().await;
    world.settle().await;
    outlet.drain_hooks().await;
    world.settle().await;

    let ours = world.is_synced(here).await;
    let theirs = world.company.order_by_po(&format!("OUT-{there}")).unwrap();
    assert_ne!(ours.order_num, theirs.order_num);
    assert_eq!(ours.lines[0].part_num, "GLV-LEA-M");
    assert_eq!(theirs.lines[0].part_num, "TAPE-DUCT-48");
    assert_eq!(world.row_of(OUTLET, there).await.order_num.unwrap().0, theirs.order_num);
    assert_eq!(world.row_of(MAIN, here).await.order_num.unwrap().0, ours.order_num);
    assert_eq!(outlet.order(there).unwrap()["external_order_id"], theirs.order_num.to_string());
    world.ends(&[]).await;
}

#[tokio::test]
async fn two_stores_with_one_prefix_are_refused_until_they_differ() {
    let mut world = World::new().await;
    let outlet = outlet(&world).await;
    world.connect(OUTLET, &outlet, RULES);
    let order = world.shop.place_order(of("GLV-LEA-M", 2));

    world.settle().await;
    let state = world.state(order).await;
    assert!(matches!(state, OrderState::Retrying { .. }), "it is kept for when the prefixes differ: {state}");
    assert!(
        world.logs.count("ERROR", "write to one Kinetic company under one prefix") > 0,
        "and a person is told"
    );
    assert!(world.company.orders().is_empty());

    let rules =
        RULES.replace("\"BC-\"", "\"OUT-\"").replace("[shoppers]", "[shoppers]\ncust_id_prefix = \"O\"");
    world.connect(OUTLET, &outlet, &rules);
    world.later(Duration::from_mins(6)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_delivery_of_another_store_is_refused() {
    let mut world = World::new().await;
    // Signed with the right secret, yet of another store.
    let outlet = outlet(&world).await;
    let order = outlet.place_order(of("GLV-LEA-M", 2));
    let delivery = outlet.delivery(
        "store/order/created",
        order,
        connector_simulators::bigcommerce::DeliveryMode::OnlyCompatibility,
    );
    let status = outlet.send(&delivery.unwrap(), &world.address()).await.unwrap();
    assert_eq!(status, 400);
    assert!(world.drain().await.is_empty());
    let rules =
        RULES.replace("\"BC-\"", "\"OUT-\"").replace("[shoppers]", "[shoppers]\ncust_id_prefix = \"O\"");
    world.connect(OUTLET, &outlet, &rules);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_store_that_comes_later_under_a_prefix_in_use_stops_both() {
    let mut world = World::new().await;
    let order = world.order(of("GLV-LEA-M", 2)).await;
    world.is_synced(order).await;
    let outlet = outlet(&world).await;
    world.connect(OUTLET, &outlet, RULES);
    outlet.place_order(of("TAPE-DUCT-48", 5));
    outlet.drain_hooks().await;
    world.order(of("GLV-LEA-M", 1)).await;
    assert_eq!(world.company.orders().len(), 1, "neither the newcomer nor the one that ran before writes");

    world.connect(
        OUTLET,
        &outlet,
        &RULES.replace("\"BC-\"", "\"OUT-\"").replace("[shoppers]", "[shoppers]\ncust_id_prefix = \"O\""),
    );
    world.later(Duration::from_mins(6)).await;
    outlet.drain_hooks().await;
    world.settle().await;
    assert_eq!(world.company.orders().len(), 3, "nothing was lost over it");
    world.ends(&[]).await;
}
