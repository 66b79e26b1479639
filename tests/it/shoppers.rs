//! Who buys: guests, returning shoppers, new ones.

mod credit;

use connector_ports::{LinkKind, State};
use connector_simulators::bigcommerce::{Address, NewOrder};
use connector_simulators::kinetic::Customer;

use crate::basket::{guest, line, shopper};
use crate::world::{MAIN, Plan, World, id};

fn renee() -> Address {
    Address::of("Renée", "Maçon", "renee.macon@example.com")
}

fn joaquin() -> Address {
    Address::of("Joaquín ☕", "Ibáñez", "joaquin@cafe-ibanez.example.com").company("Café Ibáñez")
}

fn cust_num(world: &World, cust_id: &str) -> i64 {
    let customers = world.company.customers();
    let found = customers.iter().find(|row| row.text("CustID") == cust_id);
    found.unwrap_or_else(|| panic!("no customer {cust_id}")).int("CustNum")
}

/// What a person does in the shop once the cause of a hold is mended.
async fn saved_in_the_shop(world: &World, order: u64) {
    assert!(world.shop.update_order(order, |order| order.staff_notes = "Mended.".into()));
    world.settle().await;
}

#[tokio::test]
async fn a_guest_buys_on_the_house_account() {
    let world = World::new().await;
    let before = world.company.customers().len();
    let order = world.order(NewOrder { billing: renee(), ..guest() }.with_line(line("GLV-LEA-M", 1))).await;
    let view = world.is_synced(order).await;
    assert_eq!(i64::from(view.cust_num), cust_num(&world, "WEBGUEST"));
    assert_eq!(world.company.customers().len(), before);
    assert_eq!(view.header.text("OTSName"), "Renée Maçon", "and the goods go to the guest");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_registered_shopper_is_matched_by_email_and_remembered() {
    let world = World::new().await;
    let before = world.company.customers().len();
    let first = world.order(shopper(11, renee()).with_line(line("GLV-LEA-M", 1))).await;
    assert_eq!(i64::from(world.is_synced(first).await.cust_num), cust_num(&world, "MACON"));
    let link = world.pipeline.state().link(&id(MAIN), LinkKind::Shopper, "11").await.unwrap();
    assert_eq!(link.unwrap()["cust_id"], "MACON");
    // She has another address now; she is still the same shopper.
    let moved = Address::of("Renée", "Maçon", "new@example.com");
    let second = world.order(shopper(11, moved).with_line(line("GLV-LEA-M", 1))).await;
    assert_eq!(i64::from(world.is_synced(second).await.cust_num), cust_num(&world, "MACON"));
    assert_eq!(world.company.customers().len(), before);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_new_shopper_becomes_one_customer_however_many_orders_come_at_once() {
    let world = World::new().await;
    let before = world.company.customers().len();
    let orders: Vec<u64> = (0..4)
        .map(|_| world.shop.place_order(shopper(12, joaquin()).with_line(line("GLV-LEA-M", 1))))
        .collect();
    world.settle().await;
    assert_eq!(world.company.customers().len(), before + 1);
    let number = cust_num(&world, "WC");
    for order in orders {
        assert_eq!(i64::from(world.is_synced(order).await.cust_num), number);
    }
    let customers = world.company.customers();
    let row = customers.iter().find(|row| row.text("CustID") == "WC").unwrap();
    assert_eq!(row.text("Name"), "Café Ibáñez");
    assert_eq!(row.text("ExternalID"), "BC-12");
    assert_eq!(row.text("EMailAddress"), "joaquin@cafe-ibanez.example.com");
    assert_eq!(row.text("CustomerType"), "CUS");
    assert!(row.flag("AllowOTS"));
    world.ends(&[]).await;
}

#[tokio::test]
async fn two_customers_with_one_email_are_a_persons_business() {
    let world = World::new().await;
    for cust_id in ["TWIN1", "TWIN2"] {
        let email = "joaquin@cafe-ibanez.example.com".to_owned();
        world.company.add_customer(&Customer { email, ..Customer::new(cust_id, "A twin") });
    }
    let order = world.order(shopper(12, joaquin()).with_line(line("GLV-LEA-M", 1))).await;
    let (reason, subject, _) = world.held(order).await;
    assert_eq!((reason.as_str(), subject.as_deref()), ("several_customers", Some("TWIN1,TWIN2")));
    assert!(world.company.orders().is_empty());
    world.ends(&[order]).await;
}

#[tokio::test]
async fn a_prospect_gets_no_order() {
    let world = World::new().await;
    let email = "joaquin@cafe-ibanez.example.com".to_owned();
    let customer_type = Some("PRO".to_owned());
    world.company.add_customer(&Customer {
        email,
        customer_type,
        ..Customer::new("MAYBE", "Perhaps one day")
    });
    let order = world.order(shopper(12, joaquin()).with_line(line("GLV-LEA-M", 1))).await;
    assert_eq!(world.held(order).await.0, "customer_not_usable");
    world.ends(&[order]).await;
}

#[tokio::test]
async fn where_nobody_may_be_created_the_order_waits_for_a_person() {
    let world = World::with(Plan::default().rule("[shoppers]", "[shoppers]\ncreate = false")).await;
    let before = world.company.customers().len();
    let order = world.order(shopper(12, joaquin()).with_line(line("GLV-LEA-M", 1))).await;
    let (reason, _, words) = world.held(order).await;
    assert_eq!(reason, "customer_missing");
    assert!(words.contains("ExternalID BC-12"), "{words}");
    assert_eq!(world.company.customers().len(), before);
    world.ends(&[order]).await;
}

#[tokio::test]
async fn a_house_account_that_is_missing_is_told_by_name() {
    let world = World::with(Plan::default().rule("WEBGUEST", "NOHOUSE")).await;
    let order = world.order(NewOrder { billing: renee(), ..guest() }.with_line(line("GLV-LEA-M", 1))).await;
    let (reason, subject, _) = world.held(order).await;
    assert_eq!((reason.as_str(), subject.as_deref()), ("house_account_missing", Some("NOHOUSE")));
    world.ends(&[order]).await;
}
