//! New customers that Kinetic takes for others.

use connector_sandbox::connection::RULES;
use connector_simulators::kinetic::Customer;

use super::{bought_by, buys, cust_num, joaquin, saved_in_the_shop, trail};
use crate::world::{Plan, World};

const HOLD: &str = "[shoppers]\nlook_alike = \"hold\"";

/// A world in which the café is a customer already, under a name alone.
async fn world(plan: Plan) -> (World, i32) {
    let world = World::with(plan).await;
    let cafe = Customer { allow_ots: true, ..Customer::new("CAFE-SM", "Café Ibáñez") };
    let cust_num = world.company.add_customer(&cafe);
    (world, cust_num)
}

/// The order is held, the look-alike named, and no customer was made.
async fn is_held(world: &World, order: u64, cafe: i32) {
    let (reason, subject, words) = world.held(order).await;
    assert_eq!((reason.as_str(), subject.as_deref()), ("look_alike_customer", Some("CAFE-SM")));
    let named = format!("CAFE-SM (CustNum {cafe})");
    for expected in [named.as_str(), "ExternalID BC-12", "look_alike = \"note\""] {
        assert!(words.contains(expected), "{words}");
    }
    assert_eq!(world.company.traffic().count("POST", "CustomerSvc/Update"), 0);
    assert!(world.company.orders().is_empty());
}

#[tokio::test]
async fn a_look_alike_is_noted_and_the_new_customer_is_made() {
    let (world, cafe) = world(Plan::default()).await;
    let order = world.order(buys(12, joaquin())).await;
    assert_eq!(bought_by(&world, order).await, cust_num(&world, "WC"));
    let trail = trail(&world, order).await;
    let noted = format!("customer WC looks like CAFE-SM (CustNum {cafe})");
    assert!(trail.contains("shopper.look_alike") && trail.contains(&noted), "{trail}");
    let second = world.order(buys(12, joaquin())).await;
    world.is_synced(second).await;
    assert_eq!(world.company.traffic().count("POST", "CheckDupCustomer"), 1, "only a new one is compared");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_look_alike_holds_where_the_rules_say_so_until_it_is_given_the_shops_id() {
    let (world, cafe) = world(Plan::default().rule("[shoppers]", HOLD)).await;
    let before = world.company.customers().len();
    let order = world.order(buys(12, joaquin())).await;
    is_held(&world, order, cafe).await;
    assert!(world.company.edit_customer(cafe, |row| row.set("ExternalID", "BC-12")));
    saved_in_the_shop(&world, order).await;
    assert_eq!(bought_by(&world, order).await, cafe);
    assert_eq!(world.company.customers().len(), before);
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_held_for_a_look_alike_goes_on_when_the_rules_change() {
    let (world, cafe) = world(Plan::default().rule("[shoppers]", HOLD)).await;
    let order = world.order(buys(12, joaquin())).await;
    is_held(&world, order, cafe).await;
    world.connect_again(RULES);
    saved_in_the_shop(&world, order).await;
    assert_eq!(bought_by(&world, order).await, cust_num(&world, "WC"));
    world.ends(&[]).await;
}

#[tokio::test]
async fn who_looks_like_nobody_is_held_by_no_rule() {
    let world = World::with(Plan::default().rule("[shoppers]", HOLD)).await;
    let order = world.order(buys(12, joaquin())).await;
    assert_eq!(bought_by(&world, order).await, cust_num(&world, "WC"));
    assert!(!trail(&world, order).await.contains("look_alike"));
    world.ends(&[]).await;
}
