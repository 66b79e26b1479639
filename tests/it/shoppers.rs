//! Who buys: guests, returning shoppers, new ones.

mod credit;
mod guests;
mod look_alikes;
mod matches;

use std::time::Duration;

use connector_ports::{Leases, LinkKind, State, StateName};
use connector_simulators::Fault;
use connector_simulators::bigcommerce::{Address, NewOrder};
use connector_simulators::kinetic::Row;
use serde_json::{Value, json};
use test_case::test_case;

use crate::basket::{line, shopper};
use crate::world::{MAIN, Plan, World, id};

const JOAQUIN: &str = "joaquin@cafe-ibanez.example.com";

fn renee() -> Address {
    Address::of("Renée", "Maçon", "renee.macon@example.com")
}

fn joaquin() -> Address {
    Address::of("Joaquín ☕", "Ibáñez", JOAQUIN).company("Café Ibáñez")
}

/// A registered shopper buys gloves.
fn buys(shopper_id: u64, billing: Address) -> NewOrder {
    shopper(shopper_id, billing).with_line(line("GLV-LEA-M", 1))
}

fn customer(world: &World, cust_id: &str) -> Row {
    let mut customers = world.company.customers().into_iter();
    customers.find(|row| row.text("CustID") == cust_id).unwrap_or_else(|| panic!("no customer {cust_id}"))
}

fn cust_num(world: &World, cust_id: &str) -> i32 {
    i32::try_from(customer(world, cust_id).int("CustNum")).unwrap()
}

/// The customer whose order it became.
async fn bought_by(world: &World, order: u64) -> i32 {
    world.is_synced(order).await.cust_num
}

async fn link(world: &World, key: &str) -> Option<Value> {
    world.pipeline.state().link(&id(MAIN), LinkKind::Shopper, key).await.unwrap()
}

async fn trail(world: &World, order: u64) -> String {
    format!("{:?}", world.trail(order).await)
}

/// Works on all that waits as two invocations that run at the same time would, and then on what they put off.
async fn at_once(world: &World) {
    world.shop.drain_hooks().await;
    let budget = Duration::from_mins(15);
    let works = || Box::pin(world.pipeline.work_one(budget));
    let (one, other) = tokio::join!(works(), works());
    assert!(one.unwrap().is_some() && other.unwrap().is_some(), "there was work for two");
    for _ in 0..3 {
        world.later(Duration::from_mins(6)).await;
    }
}

/// What a person does in the shop once the cause of a hold is mended.
async fn saved_in_the_shop(world: &World, order: u64) {
    assert!(world.shop.update_order(order, |order| order.staff_notes = "Mended.".into()));
    world.settle().await;
}

#[tokio::test]
async fn a_registered_shopper_is_matched_by_email_and_remembered() {
    let world = World::new().await;
    let before = world.company.customers().len();
    let macon = cust_num(&world, "MACON");
    let first = world.order(buys(11, renee())).await;
    assert_eq!(bought_by(&world, first).await, macon);
    assert_eq!(link(&world, "11").await, Some(json!({ "cust_num": macon })), "by what nobody retypes");
    // She has another address now; she is still the same shopper.
    let second = world.order(buys(11, Address::of("Renée", "Maçon", "new@example.com"))).await;
    assert_eq!(bought_by(&world, second).await, macon);
    assert_eq!(world.company.customers().len(), before);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_link_survives_a_retyped_cust_id() {
    let world = World::new().await;
    let macon = cust_num(&world, "MACON");
    let first = world.order(buys(11, renee())).await;
    assert_eq!(bought_by(&world, first).await, macon);
    assert!(world.company.edit_customer(macon, |row| {
        row.set("CustID", "MACONWORKS");
        row.set("EMailAddress", "office@macon.example.com");
    }));
    let second = world.order(buys(11, renee())).await;
    assert_eq!(bought_by(&world, second).await, macon);
    world.ends(&[]).await;
}

#[test_case(json!({ "cust_num": 9999 }); "whose customer vanished")]
#[test_case(json!({ "cust_id": "WEBGUEST" }); "in the form of an earlier version")]
#[tokio::test]
async fn a_link_that_leads_nowhere_is_searched_anew(stale: Value) {
    let world = World::new().await;
    world.pipeline.state().set_link(&id(MAIN), LinkKind::Shopper, "11", stale).await.unwrap();
    let order = world.order(buys(11, renee())).await;
    let macon = cust_num(&world, "MACON");
    assert_eq!(bought_by(&world, order).await, macon);
    assert_eq!(link(&world, "11").await, Some(json!({ "cust_num": macon })));
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_linked_customer_that_was_made_inactive_holds_until_it_is_active_again() {
    let world = World::new().await;
    let first = world.order(buys(11, renee())).await;
    let macon = bought_by(&world, first).await;
    assert!(world.company.edit_customer(macon, |row| row.set("Inactive", true)));
    let second = world.order(buys(11, renee())).await;
    let (reason, subject, _) = world.held(second).await;
    assert_eq!((reason.as_str(), subject.as_deref()), ("customer_not_usable", Some("MACON")));
    assert!(world.company.edit_customer(macon, |row| row.set("Inactive", false)));
    saved_in_the_shop(&world, second).await;
    assert_eq!(bought_by(&world, second).await, macon);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_new_shopper_becomes_one_customer_however_many_orders_come_at_once() {
    let world = World::new().await;
    let before = world.company.customers().len();
    let orders: Vec<u64> = (0..4).map(|_| world.shop.place_order(buys(12, joaquin()))).collect();
    at_once(&world).await;
    assert_eq!(world.company.customers().len(), before + 1);
    let row = customer(&world, "WC");
    for order in orders {
        assert_eq!(bought_by(&world, order).await, cust_num(&world, "WC"));
    }
    assert_eq!(row.text("Name"), "Café Ibáñez");
    assert_eq!(row.text("ExternalID"), "BC-12");
    assert_eq!(row.text("EMailAddress"), JOAQUIN);
    assert_eq!(row.text("CustomerType"), "CUS");
    assert!(row.flag("AllowOTS"));
    world.ends(&[]).await;
}

#[test_case("customer/main-store/12"; "the shopper is leased")]
#[test_case("customer/main-store/GLT6RHF1B8LDYULEA"; "the address is leased")]
#[tokio::test]
async fn a_shopper_at_whom_somebody_else_is_at_work_waits_a_little(key: &str) {
    let world = World::new().await;
    let before = world.company.customers().len();
    let lease = world.pipeline.leases().acquire(key, Duration::from_mins(5)).await.unwrap().unwrap();
    let order = world.order(buys(12, joaquin())).await;
    assert_eq!(world.state(order).await.name(), StateName::Retrying);
    assert_eq!(world.company.customers().len(), before);
    world.pipeline.leases().release(lease).await.unwrap();
    world.later(Duration::from_mins(1)).await;
    assert_eq!(bought_by(&world, order).await, cust_num(&world, "WC"));
    let again = world.pipeline.leases().acquire(key, Duration::from_mins(5)).await.unwrap();
    assert!(again.is_some(), "and the leases are given back");
    world.ends(&[]).await;
}

#[tokio::test]
async fn two_first_orders_with_different_addresses_are_still_one_shopper() {
    let world = World::new().await;
    let before = world.company.customers().len();
    let known = world.shop.place_order(buys(11, renee()));
    let unknown = world.shop.place_order(buys(11, Address::of("Renée", "Maçon", "home@example.com")));
    at_once(&world).await;
    // Whichever came first: the second order finds what the first one linked.
    assert_eq!(bought_by(&world, known).await, bought_by(&world, unknown).await);
    assert!(world.company.customers().len() <= before + 1);
    world.ends(&[]).await;
}

#[test_case(Fault::CutAfter; "saved and the answer cut")]
#[test_case(Fault::CutBefore; "not saved and the connection cut")]
#[tokio::test]
async fn a_second_order_while_the_answer_of_the_first_is_lost_makes_no_second_customer(fault: Fault) {
    let world = World::new().await;
    let before = world.company.customers().len();
    world.company.faults().add(fault.once().on("POST", "CustomerSvc/Update"));
    let first = world.order(buys(12, joaquin())).await;
    assert_eq!(world.state(first).await.name(), StateName::Uncertain);
    let second = world.order(buys(12, joaquin())).await;
    for _ in 0..4 {
        world.later(Duration::from_mins(6)).await;
    }
    assert_eq!(world.company.customers().len(), before + 1);
    assert_eq!(bought_by(&world, first).await, bought_by(&world, second).await);
    world.ends(&[]).await;
}

#[tokio::test]
async fn where_nobody_may_be_created_the_order_waits_for_a_person() {
    let world = World::with(Plan::default().rule("[shoppers]", "[shoppers]\ncreate = false")).await;
    let before = world.company.customers().len();
    let order = world.order(buys(12, joaquin())).await;
    let (reason, subject, words) = world.held(order).await;
    assert_eq!((reason.as_str(), subject.as_deref()), ("customer_missing", Some("12")));
    assert!(words.contains("ExternalID BC-12"), "{words}");
    assert_eq!(world.company.customers().len(), before);
    world.ends(&[order]).await;
}
