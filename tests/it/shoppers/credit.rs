//! Customers of whose credit Kinetic warns.

use connector_sandbox::connection::RULES;
use connector_simulators::bigcommerce::{Address, NewOrder};
use connector_simulators::kinetic::Customer;

use super::saved_in_the_shop;
use crate::basket::{line, shopper};
use crate::world::{Plan, World};

const HOLD: &str = "[orders]\ncredit = \"hold\"";
const WARNING: &str = "The customer is on credit hold.";

fn basket() -> NewOrder {
    shopper(14, Address::of("Ida", "Sommer", "ida@sommer.example.com")).with_line(line("GLV-LEA-M", 1))
}

/// A world in which Ida's firm pays late.
async fn world(plan: Plan) -> (World, i32) {
    let world = World::with(plan).await;
    let email = "ida@sommer.example.com".to_owned();
    let late =
        Customer { email, credit_hold: true, allow_ots: true, ..Customer::new("LATEINC", "Late Inc.") };
    let cust_num = world.company.add_customer(&late);
    (world, cust_num)
}

/// The order is held for its credit and nothing of it was written.
async fn is_held(world: &World, order: u64, cust_num: i32) {
    let (reason, subject, words) = world.held(order).await;
    assert_eq!((reason.as_str(), subject.as_deref()), ("credit_hold", Some("LATEINC")));
    let named = format!("customer LATEINC (CustNum {cust_num})");
    for expected in [named.as_str(), WARNING, "credit = \"flag\""] {
        assert!(words.contains(expected), "{words}");
    }
    assert_eq!(world.company.traffic().count("POST", "/MasterUpdate"), 0, "before anything is saved");
}

#[tokio::test]
async fn a_credit_warning_is_flagged_and_the_order_goes_on() {
    let (world, cust_num) = world(Plan::default()).await;
    let order = world.order(basket()).await;
    assert_eq!(world.is_synced(order).await.cust_num, cust_num);
    let trail = format!("{:?}", world.trail(order).await);
    assert!(trail.contains("credit.warning") && trail.contains(WARNING), "{trail}");
    assert_eq!(world.logs.count("WARN", WARNING), 1, "and somebody can see it");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_customer_called_as_the_shopper_is_named_by_number() {
    let (world, cust_num) = world(Plan::default()).await;
    assert!(world.company.edit_customer(cust_num, |row| row.set("CustID", "SOMMER")));
    let order = world.order(basket()).await;
    world.is_synced(order).await;
    assert_eq!(world.logs.count("WARN", &format!("customer […] (CustNum {cust_num})")), 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_credit_warning_holds_where_the_rules_say_so_until_the_hold_is_released() {
    let (world, cust_num) = world(Plan::default().rule("[orders]", HOLD)).await;
    let order = world.order(basket()).await;
    is_held(&world, order, cust_num).await;
    assert!(world.company.edit_customer(cust_num, |row| row.set("CreditHold", false)));
    saved_in_the_shop(&world, order).await;
    assert_eq!(world.is_synced(order).await.cust_num, cust_num);
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_held_for_credit_goes_on_when_the_rules_change() {
    let (world, cust_num) = world(Plan::default().rule("[orders]", HOLD)).await;
    let order = world.order(basket()).await;
    is_held(&world, order, cust_num).await;
    world.connect_again(RULES);
    saved_in_the_shop(&world, order).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}
