//! A vendor that works for nobody: one order a step tries, the others wait, and then all go on by themselves.

use std::time::Duration;

use connector_ports::{OrderState, StateName};
use connector_simulators::bigcommerce::dec;
use connector_simulators::kinetic::Part;
use connector_simulators::{Fault, KineticConfig};
use test_case::test_case;

use crate::basket::{gloves, guest};
use crate::world::{Plan, World};

const ORDERS: usize = 6;

async fn some_orders(world: &World) -> Vec<u64> {
    let orders: Vec<u64> = (0..ORDERS).map(|_| world.shop.place_order(gloves())).collect();
    world.settle().await;
    orders
}

async fn all_wait(world: &World, orders: &[u64]) {
    for order in orders {
        assert_eq!(world.state(*order).await.name(), StateName::Retrying, "nothing is parked");
    }
}

async fn all_go_on(world: World, orders: Vec<u64>) {
    // A step, and what the others wait while one tries.
    world.later(Duration::from_mins(30)).await;
    world.later(Duration::from_mins(3)).await;
    for order in &orders {
        world.is_synced(*order).await;
    }
    assert_eq!(world.company.orders().len(), orders.len());
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_a_step_and_when_it_is_mended_all_go_on() {
    let world = World::new().await;
    let right = world.company.config().password.clone();
    world.company.set_password("another-password-2201");
    let orders = some_orders(&world).await;
    assert_eq!(world.kinetic_calls(), 1, "one of {ORDERS} orders asked");
    let mut asked = 1;
    for minutes in [1, 1, 2, 4, 8, 16, 30, 30] {
        world.later(Duration::from_mins(minutes)).await;
        asked += 1;
        assert!(world.kinetic_calls() <= asked, "at most one a step");
        world.later(Duration::ZERO).await;
        assert!(world.kinetic_calls() <= asked, "and none of the others");
    }
    assert!(world.kinetic_calls() >= 6, "but one does try: {}", world.kinetic_calls());
    all_wait(&world, &orders).await;
    assert!(world.logs.count("ERROR", "Kinetic of main-store is out of order") >= 6);
    assert!(!world.logs.text().contains("another-password-2201") && !world.logs.text().contains(&right));
    world.company.set_password(&right);
    all_go_on(world, orders).await;
}

/// The job that looks for them is no order, and keeps to the same steps.
#[tokio::test]
async fn a_wrong_password_is_not_tried_every_minute_for_the_parts_that_orders_are_held_for() {
    let world = World::new().await;
    let held = world.order(guest().line("COMES-LATER", 1, dec("4.50"))).await;
    assert_eq!(world.held(held).await.0, "unknown_part");
    let right = world.company.config().password.clone();
    world.company.set_password("another-password-2201");
    let before = world.kinetic_calls();
    for _ in 0..60 {
        world.later(Duration::from_mins(1)).await;
    }
    let asked = world.kinetic_calls() - before;
    assert!((3..=8).contains(&asked), "{asked} times in an hour");
    assert_eq!(world.logs.count("ERROR", "Kinetic of main-store is out of order"), asked);
    world.company.set_password(&right);
    world.company.add_part(&Part::new("COMES-LATER", "Late part", dec("4")));
    for _ in 0..10 {
        world.later(Duration::from_mins(5)).await;
    }
    world.is_synced(held).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_empty_pool_of_licences_is_named_and_not_stormed() {
    let company = KineticConfig { seats: Some(2), ..KineticConfig::new() };
    let world = World::with(Plan { company, ..Plan::default() }).await;
    world.company.take_seats(2);
    let orders = some_orders(&world).await;
    for _ in 0..10 {
        world.later(Duration::from_mins(1)).await;
    }
    all_wait(&world, &orders).await;
    let put_off = format!("{}", world.state(orders[ORDERS - 1]).await);
    assert!(put_off.contains("kinetic.no_licence"), "{put_off}");
    assert!(world.company.pool_refusals() <= 6, "{} knocks in ten minutes", world.company.pool_refusals());
    assert!(world.logs.count("ERROR", "kinetic.no_licence") >= 2);
    world.company.give_seats();
    all_go_on(world, orders).await;
}

#[test_case("/v2/orders/"; "the store refuses the token")]
#[tokio::test]
async fn a_store_that_refuses_the_token_is_tried_once_a_step(path: &str) {
    let world = World::new().await;
    world.shop.faults().add(Fault::Status { status: 401, body: None }.always().on("GET", path));
    let orders = some_orders(&world).await;
    assert_eq!(world.shop.faults().fired(), 1);
    world.later(Duration::from_mins(1)).await;
    assert_eq!(world.shop.faults().fired(), 2);
    world.shop.faults().clear();
    all_go_on(world, orders).await;
}

#[tokio::test]
async fn one_order_that_may_not_do_something_does_not_stop_the_others() {
    let company =
        KineticConfig { denied: ["Erp.BO.Customer.Update".to_owned()].into(), ..KineticConfig::new() };
    let world = World::with(Plan { company, ..Plan::default() }).await;
    let stranger = connector_simulators::bigcommerce::Address::of("Zoe", "Quill", "zoe.quill@example.com");
    let refused = world
        .order(crate::basket::shopper(11, stranger).with_line(crate::basket::line("GLV-LEA-M", 1)))
        .await;
    let order = world.order(gloves()).await;
    assert_eq!(world.state(refused).await.name(), StateName::Retrying);
    world.is_synced(order).await;
}

#[tokio::test]
async fn an_order_that_is_done_is_not_put_off_for_a_vendor_it_does_not_need() {
    let world = World::new().await;
    let done = world.order(gloves()).await;
    world.is_synced(done).await;
    let right = world.company.config().password.clone();
    world.company.set_password("another-password-2201");
    let waits = world.order(gloves()).await;
    assert_eq!(world.state(waits).await.name(), StateName::Retrying);
    // It is paid, and the shopper has not paid for another one.
    world.shop.update_order(done, |order| order.status_id = 9);
    let unpaid = world.order(gloves().status(7)).await;
    world.settle().await;
    assert_eq!(world.state(done).await, OrderState::Synced);
    assert_eq!(world.state(unpaid).await.name(), StateName::Waiting);
    world.company.set_password(&right);
    world.later(Duration::from_mins(31)).await;
    world.is_synced(waits).await;
    world.ends(&[]).await;
}
