//! Guests: all on the house account, or each a customer by the e-mail address.

use std::time::Duration;

use connector_ports::StateName;
use connector_simulators::Fault;
use connector_simulators::bigcommerce::{Address, NewOrder};
use connector_simulators::kinetic::Customer;
use test_case::test_case;

use super::{at_once, bought_by, buys, cust_num, customer, link, renee, saved_in_the_shop, trail};
use crate::basket::{guest, line};
use crate::world::{Plan, World};

const EMAIL: &str = "ada@example.com";

/// What stands for Ada's address, in `ExternalID`, `CustID` and keys.
const EXTERNAL_ID: &str = "BC-GRMOT0872QBC05Z4F";
const CUST_ID: &str = "WRMOT0872";
const KEY: &str = "GRMOT0872QBC05Z4F";

fn ada() -> Address {
    Address::of("Ada", "Wong", EMAIL)
}

fn as_guest(billing: Address) -> NewOrder {
    NewOrder { billing, ..guest() }.with_line(line("GLV-LEA-M", 1))
}

/// Each guest is a customer.
fn each() -> Plan {
    Plan::default().rule("[guests]", "[guests]\nmode = \"customer\"")
}

/// The same without a house account.
fn no_house() -> Plan {
    each().rule("cust_id = \"WEBGUEST\"", "")
}

#[tokio::test]
async fn a_guest_who_orders_twice_is_on_the_house_account_twice() {
    let world = World::new().await;
    let before = world.company.customers().len();
    for _ in 0..2 {
        let order = world.order(as_guest(renee())).await;
        let view = world.is_synced(order).await;
        assert_eq!(view.cust_num, cust_num(&world, "WEBGUEST"), "though a customer has the address");
        assert_eq!(view.header.text("OTSName"), "Renée Maçon", "and the goods go to the guest");
    }
    assert_eq!(world.company.customers().len(), before);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_house_account_that_is_missing_is_told_by_name_until_it_is_there() {
    let world = World::with(Plan::default().rule("WEBGUEST", "NOHOUSE")).await;
    let order = world.order(as_guest(ada())).await;
    let (reason, subject, _) = world.held(order).await;
    assert_eq!((reason.as_str(), subject.as_deref()), ("house_account_missing", Some("NOHOUSE")));
    let house = Customer { allow_ots: true, ..Customer::new("NOHOUSE", "Guests") };
    let house = world.company.add_customer(&house);
    saved_in_the_shop(&world, order).await;
    assert_eq!(bought_by(&world, order).await, house);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_guest_who_orders_twice_is_one_customer_by_the_address() {
    let world = World::with(no_house()).await;
    let before = world.company.customers().len();
    let first = world.order(as_guest(ada())).await;
    // However she types it, and wherever she lives now.
    let second = world.order(as_guest(Address::of("Ada", "Wong-Lee", " Ada@Example.COM "))).await;
    assert_eq!(bought_by(&world, first).await, bought_by(&world, second).await);
    assert_eq!(world.company.customers().len(), before + 1);
    let row = customer(&world, CUST_ID);
    assert_eq!((row.text("ExternalID"), row.text("EMailAddress")), (EXTERNAL_ID, EMAIL));
    assert!(link(&world, KEY).await.is_some());
    let kept = [
        world.logs.text(),
        trail(&world, first).await,
        format!("{:?} {:?}", world.row(first).await, world.pipeline),
    ];
    assert!(!kept.concat().to_lowercase().contains(EMAIL), "the address is kept nowhere");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_guest_whose_address_a_customer_has_is_that_customer() {
    let world = World::with(each()).await;
    let before = world.company.customers().len();
    let order = world.order(as_guest(renee())).await;
    assert_eq!(bought_by(&world, order).await, cust_num(&world, "MACON"));
    let contact = Address::of("Erna", "Löwe", "einkauf@loewenzahn.example.com");
    let order = world.order(as_guest(contact)).await;
    assert_eq!(bought_by(&world, order).await, cust_num(&world, "LOEWEN"));
    assert_eq!(world.company.customers().len(), before);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_guest_who_registers_later_stays_the_same_customer() {
    let world = World::with(each()).await;
    let before = world.company.customers().len();
    let as_a_guest = world.order(as_guest(ada())).await;
    let registered = world.order(buys(21, ada())).await;
    assert_eq!(bought_by(&world, as_a_guest).await, bought_by(&world, registered).await);
    assert_eq!(world.company.customers().len(), before + 1);
    assert_eq!(customer(&world, CUST_ID).text("ExternalID"), EXTERNAL_ID, "which is not overwritten");
    // Remembered under both, whatever becomes of the address.
    let number = cust_num(&world, CUST_ID);
    assert!(world.company.edit_customer(number, |row| row.set("EMailAddress", "")));
    for order in [as_guest(ada()), buys(21, ada())] {
        let order = world.order(order).await;
        assert_eq!(bought_by(&world, order).await, number);
    }
    world.ends(&[]).await;
}

#[test_case(as_guest(ada()); "two orders of one guest")]
#[test_case(buys(21, ada()); "a guest and a registered shopper with one address")]
#[tokio::test]
async fn first_orders_at_once_make_one_customer(other: NewOrder) {
    let world = World::with(each()).await;
    let before = world.company.customers().len();
    let orders = [world.shop.place_order(as_guest(ada())), world.shop.place_order(other)];
    at_once(&world).await;
    assert_eq!(world.company.customers().len(), before + 1);
    assert_eq!(bought_by(&world, orders[0]).await, bought_by(&world, orders[1]).await);
    world.ends(&[]).await;
}

#[test_case(Fault::CutAfter, 1; "saved and the answer cut")]
#[test_case(Fault::CutBefore, 2; "not saved and the connection cut")]
#[tokio::test]
async fn a_lost_answer_makes_no_second_customer_of_a_guest(fault: Fault, saves: usize) {
    let world = World::with(each()).await;
    let before = world.company.customers().len();
    world.company.faults().add(fault.once().on("POST", "CustomerSvc/Update"));
    let first = world.order(as_guest(ada())).await;
    assert_eq!(world.state(first).await.name(), StateName::Uncertain);
    let second = world.order(as_guest(ada())).await;
    for _ in 0..4 {
        world.later(Duration::from_mins(6)).await;
    }
    assert_eq!(bought_by(&world, first).await, bought_by(&world, second).await);
    assert_eq!(world.company.customers().len(), before + 1);
    assert_eq!(world.company.traffic().count("POST", "CustomerSvc/Update"), saves);
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_address_in_other_hands_gives_a_guest_the_next_cust_id() {
    let world = World::with(each()).await;
    world.company.add_customer(&Customer::new(CUST_ID, "Somebody else"));
    let order = world.order(as_guest(ada())).await;
    assert_eq!(bought_by(&world, order).await, cust_num(&world, "WQBC05Z4F"));
    assert_eq!(customer(&world, CUST_ID).text("ExternalID"), "", "theirs is left alone");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_guest_without_an_address_is_on_the_house_account() {
    let world = World::with(each()).await;
    let order = world.order(as_guest(Address::of("Ada", "Wong", ""))).await;
    assert_eq!(bought_by(&world, order).await, cust_num(&world, "WEBGUEST"));
    assert!(trail(&world, order).await.contains("shopper.guest_without_email"));
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_guest_without_an_address_is_held_where_there_is_no_house_account() {
    let world = World::with(no_house()).await;
    let order = world.order(as_guest(Address::of("Ada", "Wong", ""))).await;
    let (reason, subject, words) = world.held(order).await;
    assert_eq!((reason.as_str(), subject), ("customer_missing", None));
    assert!(words.contains("[guests] cust_id"), "{words}");
    world.shop.update_order(order, |order| order.billing = ada());
    world.settle().await;
    assert_eq!(bought_by(&world, order).await, cust_num(&world, CUST_ID));
    world.ends(&[]).await;
}

#[tokio::test]
async fn where_nobody_may_be_created_a_guest_waits_for_a_person() {
    let world = World::with(each().rule("[shoppers]", "[shoppers]\ncreate = false")).await;
    let order = world.order(as_guest(ada())).await;
    let (reason, subject, words) = world.held(order).await;
    assert_eq!((reason.as_str(), subject.as_deref()), ("customer_missing", Some(KEY)));
    assert!(words.contains(EXTERNAL_ID) && !words.contains('@'), "{words}");
    let made =
        Customer { external_id: EXTERNAL_ID.to_owned(), allow_ots: true, ..Customer::new("ADA", "Ada") };
    let made = world.company.add_customer(&made);
    saved_in_the_shop(&world, order).await;
    assert_eq!(bought_by(&world, order).await, made);
    world.ends(&[]).await;
}
