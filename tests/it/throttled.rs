//! 429, with and without a word about how long.

use connector_domain::Clock;
use connector_simulators::{BigCommerceConfig, Fault};
use test_case::test_case;

use crate::basket::gloves;
use crate::world::{Plan, World};

#[test_case(true; "with headers")]
#[test_case(false; "without headers")]
#[tokio::test]
async fn a_shop_that_throttles_is_waited_for(headers: bool) {
    let world = World::new().await;
    world.shop.faults().add(Fault::Throttle { headers }.times(2).on("GET", "/v2/orders/"));
    let began = world.clock.now();
    let order = world.order(gloves()).await;
    world.is_synced(order).await;
    assert!(world.clock.now() > began, "the wait was taken, on the story's own clock");
    assert_eq!(world.company.orders().len(), 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_company_that_throttles_a_save_is_asked_again_and_holds_one_order() {
    let world = World::new().await;
    world.company.faults().add(Fault::Throttle { headers: true }.once().on("POST", "/MasterUpdate"));
    let order = world.order(gloves()).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[test_case(true; "with headers")]
#[test_case(false; "without headers")]
#[tokio::test]
async fn a_shop_that_throttles_for_long_is_left_alone_until_later_and_nothing_is_lost(headers: bool) {
    let world = World::new().await;
    world.shop.faults().add(Fault::Throttle { headers }.always().on("GET", "/v2/orders/"));
    let order = world.order(gloves()).await;
    assert_eq!(world.state(order).await.name(), connector_ports::StateName::Retrying);
    let asked = world.shop.traffic().count("GET", "/v2/orders/");
    assert!(asked <= 10, "{asked} requests to a shop that says stop");
    world.shop.faults().clear();
    world.later(std::time::Duration::from_hours(1)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn the_pace_is_learned_from_the_shops_own_headers() {
    // Thirty requests in thirty seconds, of which orders may spend 40 percent: twelve.
    let shop = BigCommerceConfig { quota: 30, ..BigCommerceConfig::new() };
    let world = World::with(Plan { shop, ..Plan::default() }).await;
    let began = world.clock.now();
    let orders: Vec<u64> = (0..8).map(|_| world.shop.place_order(gloves())).collect();
    world.settle().await;
    for order in orders {
        world.is_synced(order).await;
    }
    let refused = world.shop.traffic().calls().iter().filter(|call| call.status == Some(429)).count();
    assert_eq!(refused, 0, "the quota was never overrun");
    let passed = world.clock.now().duration_since(began).as_secs();
    let calls = world.shop.traffic().calls().len();
    assert!(passed >= 60, "{calls} calls need more than two windows, not {passed} s");
    world.ends(&[]).await;
}
