//! Days on which something is down, wrong or lies. Nothing is lost, nothing doubled, and somebody is told.

use std::time::Duration;

use connector_ports::{OrderState, StateName};
use connector_sandbox::connection::{RULES, between};
use connector_simulators::bigcommerce::NewOrder;
use connector_simulators::{Fault, KineticSim};
use secrecy::SecretString;
use test_case::test_case;

use crate::basket::{guest, line};
use crate::world::{MAIN, World, id};

fn basket() -> NewOrder {
    guest().with_line(line("GLV-LEA-M", 1)).with_line(line("DRL-HSS-8.5", 4))
}

fn not_saved() -> Fault {
    Fault::NotSaved { question: "Customer is over its credit limit. Continue?".to_owned() }
}

#[test_case(0; "the header")]
#[test_case(1; "the first line")]
#[test_case(2; "the second line")]
#[tokio::test]
async fn a_200_that_did_not_save_is_held_and_never_released(saves_before: u32) {
    let world = World::new().await;
    world.company.faults().add(not_saved().once().on("POST", "/MasterUpdate").after(saves_before));
    let order = world.order(basket()).await;
    let (reason, _, words) = world.held(order).await;
    assert_eq!(reason, "not_saved");
    assert!(words.contains("over its credit limit"), "{words}");
    let written = world.company.orders_by_po(&format!("BC-{order}"));
    assert_eq!(written.len(), usize::from(saves_before > 0));
    assert!(written.iter().all(|view| !view.can_be_picked()), "a half-built order was released");
    world.ends(&[order]).await;
}

#[test_case(Fault::Status { status: 503, body: None }; "a gateway without a backend")]
#[test_case(Fault::Status { status: 500, body: None }; "an internal error")]
#[test_case(Fault::CutBefore; "a connection that breaks")]
#[test_case(KineticSim::no_licence(); "no licence free")]
#[tokio::test]
async fn a_company_that_is_down_for_hours_delays_orders_and_loses_none(fault: Fault) {
    let world = World::new().await;
    world.company.faults().add(fault.always());
    let orders: Vec<u64> = (0..3).map(|_| world.shop.place_order(basket())).collect();
    world.settle().await;
    for _ in 0..10 {
        world.later(Duration::from_mins(30)).await;
    }
    for order in &orders {
        assert_eq!(world.state(*order).await.name(), StateName::Retrying, "order {order}");
    }
    assert!(
        world.logs.count("ERROR", "waits for a person") > 0,
        "five hours of failures and nobody was called"
    );
    world.company.faults().clear();
    for _ in 0..3 {
        world.later(Duration::from_mins(31)).await;
    }
    for order in orders {
        world.is_synced(order).await;
    }
    assert_eq!(world.company.orders().len(), 3);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_wrong_api_key_parks_no_order_and_calls_a_person() {
    let world = World::new().await;
    let mut connection = between(id(MAIN), &world.shop, &world.company, RULES);
    connection.credentials.kinetic.api_key = SecretString::from("an-old-api-key-8842");
    world.pipeline.connect(connection);
    let order = world.order(basket()).await;
    for _ in 0..20 {
        world.later(Duration::from_mins(31)).await;
    }
    assert_eq!(world.state(order).await.name(), StateName::Retrying, "waiting for ten hours parks nothing");
    assert!(world.logs.count("ERROR", "waits for a person") >= 2);
    assert!(!world.logs.text().contains("an-old-api-key-8842"), "Kinetic repeats the key it refuses");
    let trail = format!("{:?}", world.trail(order).await);
    assert!(
        trail.contains("did not accept our credentials") && !trail.contains("an-old-api-key-8842"),
        "{trail}"
    );

    world.connect_again(RULES);
    world.later(Duration::from_mins(31)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn rules_that_cannot_be_read_make_the_shop_send_again() {
    let world = World::new().await;
    world.connect_again("colour = \"red\"");
    let order = world.shop.place_order(basket());
    let sent = world.shop.drain_hooks().await;
    assert_eq!(sent.first().unwrap().status, Some(500));
    let told = world.logs.text();
    for problem in ["colour is unknown here", "orders.prefix is missing", "guests.cust_id is missing"] {
        assert!(told.contains(problem), "{problem} in {told}");
    }
    world.connect_again(RULES);
    world.later(Duration::from_mins(2)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_already_queued_waits_while_the_rules_are_broken() {
    let world = World::new().await;
    let order = world.shop.place_order(basket());
    world.shop.drain_hooks().await;
    world.connect_again("");
    world.drain().await;
    assert_eq!(world.state(order).await.name(), StateName::Retrying);
    world.connect_again(RULES);
    world.later(Duration::from_mins(31)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_garbled_answer_of_the_shop_is_asked_for_again_later() {
    let world = World::new().await;
    world.shop.faults().add(Fault::Garbled.always().on("GET", "/products"));
    let order = world.order(basket()).await;
    assert_eq!(world.state(order).await.name(), StateName::Retrying);
    assert_eq!(world.logs.count("ERROR", ""), 0, "once is no reason to wake anybody");
    for _ in 0..8 {
        world.later(Duration::from_mins(31)).await;
    }
    assert!(world.logs.count("ERROR", "waits for a person") > 0, "an answer that stays unreadable is told");
    world.shop.faults().clear();
    world.later(Duration::from_mins(31)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_of_which_a_line_cannot_be_read_is_held_and_not_imported_in_part() {
    let world = World::new().await;
    // The shop says five pieces more than its lines have.
    let order = world.order(basket().raw("items_total", 10)).await;
    let (reason, _, words) = world.held(order).await;
    assert_eq!(reason, "incomplete_reading");
    assert!(words.contains("the lines have 5 pieces, the order says 10"), "{words}");
    assert_eq!(world.kinetic_calls(), 0);
    world.ends(&[order]).await;
}

#[tokio::test]
async fn an_order_that_the_shop_does_not_have_is_held() {
    let world = World::new().await;
    let delivery = world.shop.delivery(
        "store/order/created",
        world.shop.place_order(basket()),
        connector_simulators::bigcommerce::DeliveryMode::OnlyCompatibility,
    );
    let mut delivery = delivery.unwrap();
    let body = String::from_utf8(delivery.body).unwrap().replace("\"id\":100", "\"id\":99999");
    delivery.headers = vec![("X-BC-Signature".to_owned(), world.shop.sign(body.as_bytes()))];
    delivery.body = body.into_bytes();
    assert_eq!(world.shop.send(&delivery, &world.address()).await.unwrap(), 200);
    world.settle().await;
    assert_eq!(world.held(99_999).await.0, "missing_in_shop");
    world.ends(&[99_999]).await;
}

#[tokio::test]
async fn a_consumer_that_was_killed_leaves_its_order_to_the_next() {
    use connector_ports::{ClaimOutcome, Ledger};

    let world = World::new().await;
    let order = world.shop.place_order(basket());
    // A consumer claims the order and is never heard of again; its message was lost with it.
    let key = crate::world::key(MAIN, order);
    let claimed = world.pipeline.ledger().claim(&key, Duration::from_mins(5)).await.unwrap();
    assert!(matches!(claimed, ClaimOutcome::Granted(..)));
    drop(claimed);
    world.settle().await;
    assert_eq!(world.state(order).await, OrderState::New, "the hook found it busy");
    assert_eq!(world.later(Duration::from_mins(4)).await, 0, "the claim still stands");
    world.later(Duration::from_mins(2)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_broken_connection_does_not_slow_another() {
    let mut world = World::new().await;
    let config = connector_simulators::BigCommerceConfig::new().store_hash("xyz789").clock(world.sim_clock());
    let outlet = connector_simulators::BigCommerceSim::start(config).await.unwrap();
    let rules =
        RULES.replace("\"BC-\"", "\"OUT-\"").replace("[shoppers]", "[shoppers]\ncust_id_prefix = \"O\"");
    world.connect("outlet", &outlet, &rules);
    outlet.faults().add(Fault::Status { status: 503, body: None }.always());
    let there = outlet.place_order(basket());
    outlet.drain_hooks().await;
    let here = world.order(basket()).await;
    world.is_synced(here).await;
    assert_eq!(world.row_of("outlet", there).await.state.name(), StateName::Retrying);
    assert!(world.pipeline.directory().get(&id("outlet")).await.is_ok());
    outlet.faults().clear();
    world.later(Duration::from_mins(31)).await;
    outlet.drain_hooks().await;
    world.settle().await;
    assert_eq!(world.row_of("outlet", there).await.state, OrderState::Synced);
    world.ends(&[]).await;
}
