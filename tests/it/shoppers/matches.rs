//! Which of Kinetic's customers a shopper is.

use connector_simulators::kinetic::Customer;
use test_case::test_case;

use super::{JOAQUIN, bought_by, buys, cust_num, customer, joaquin, renee, saved_in_the_shop, trail};
use crate::world::World;

fn with_email(cust_id: &str) -> Customer {
    Customer { email: JOAQUIN.to_owned(), allow_ots: true, ..Customer::new(cust_id, "Somebody") }
}

fn with_contact(cust_id: &str) -> Customer {
    Customer {
        contact_emails: vec![
            "someone@else.example.com".to_owned(),
            JOAQUIN.to_owned(),
            JOAQUIN.to_uppercase(),
        ],
        allow_ots: true,
        ..Customer::new(cust_id, "Somebody else")
    }
}

/// Held for several customers, without a word of the address; and gone on with the one that is given the `ExternalID`.
async fn is_held_until_one_is_named(world: World, cust_ids: [&str; 2]) {
    let before = world.company.customers().len();
    let order = world.order(buys(12, joaquin())).await;
    let (reason, subject, words) = world.held(order).await;
    assert_eq!((reason, subject), ("several_customers".to_owned(), Some(cust_ids.join(","))));
    for cust_id in cust_ids {
        assert!(words.contains(&format!("{cust_id} (CustNum {})", cust_num(&world, cust_id))), "{words}");
    }
    let kept = format!("{words} {} {:?}", trail(&world, order).await, world.row(order).await);
    assert!(!kept.contains('@') && !kept.contains("ibanez"), "{kept}");
    assert!(world.company.orders().is_empty());

    let right = cust_num(&world, cust_ids[1]);
    assert!(world.company.edit_customer(right, |row| row.set("ExternalID", "BC-12")));
    saved_in_the_shop(&world, order).await;
    assert_eq!(bought_by(&world, order).await, right);
    assert_eq!(world.company.customers().len(), before);
    world.ends(&[]).await;
}

#[tokio::test]
async fn two_customers_with_one_address_are_held_until_a_person_says_which() {
    let world = World::new().await;
    world.company.add_customer(&with_email("TWIN1"));
    world.company.add_customer(&with_email("TWIN2"));
    is_held_until_one_is_named(world, ["TWIN1", "TWIN2"]).await;
}

#[tokio::test]
async fn a_customer_and_a_contact_of_another_are_held_until_a_person_says_which() {
    let world = World::new().await;
    world.company.add_customer(&with_contact("THEIRS"));
    world.company.add_customer(&with_email("OWN"));
    is_held_until_one_is_named(world, ["OWN", "THEIRS"]).await;
}

#[tokio::test]
async fn contacts_of_two_customers_are_held_until_a_person_says_which() {
    let world = World::new().await;
    world.company.add_customer(&with_contact("THEIRS1"));
    world.company.add_customer(&with_contact("THEIRS2"));
    is_held_until_one_is_named(world, ["THEIRS1", "THEIRS2"]).await;
}

#[tokio::test]
async fn a_shopper_whose_address_stands_at_a_contact_is_that_customer() {
    let world = World::new().await;
    let before = world.company.customers().len();
    let theirs = world.company.add_customer(&with_contact("THEIRS"));
    let order = world.order(buys(12, joaquin())).await;
    assert_eq!(bought_by(&world, order).await, theirs);
    assert!(trail(&world, order).await.contains("shopper.by_contact_email"));
    assert_eq!(world.company.customers().len(), before + 1, "nobody was created beside it");
    world.ends(&[]).await;
}

#[tokio::test]
async fn one_customer_that_has_the_address_itself_and_at_a_contact_is_one() {
    let world = World::new().await;
    let both = Customer { email: JOAQUIN.to_owned(), ..with_contact("BOTH") };
    let both = world.company.add_customer(&both);
    let order = world.order(buys(12, joaquin())).await;
    assert_eq!(bought_by(&world, order).await, both);
    assert!(trail(&world, order).await.contains("shopper.by_email"));
    world.ends(&[]).await;
}

#[tokio::test]
async fn the_shops_id_goes_before_the_address() {
    let world = World::new().await;
    world.company.add_customer(&with_email("OTHER"));
    let named =
        Customer { external_id: "BC-12".to_owned(), allow_ots: true, ..Customer::new("NAMED", "Named") };
    let named = world.company.add_customer(&named);
    let order = world.order(buys(12, joaquin())).await;
    assert_eq!(bought_by(&world, order).await, named);
    world.ends(&[]).await;
}

#[test_case("PRO", false; "a prospect")]
#[test_case("SUS", false; "a suspect")]
#[test_case("CUS", true; "an inactive customer")]
#[tokio::test]
async fn who_is_no_active_customer_gets_no_order_until_it_is_one(customer_type: &str, inactive: bool) {
    let world = World::new().await;
    let maybe = world.company.add_customer(&with_email("MAYBE"));
    assert!(world.company.edit_customer(maybe, |row| {
        row.set("CustomerType", customer_type);
        row.set("Inactive", inactive);
    }));
    let order = world.order(buys(12, joaquin())).await;
    let (reason, subject, _) = world.held(order).await;
    assert_eq!((reason.as_str(), subject.as_deref()), ("customer_not_usable", Some("MAYBE")));
    assert!(world.company.orders().is_empty());
    assert!(world.company.edit_customer(maybe, |row| {
        row.set("CustomerType", "CUS");
        row.set("Inactive", false);
    }));
    saved_in_the_shop(&world, order).await;
    assert_eq!(bought_by(&world, order).await, maybe);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_customer_without_one_time_ship_tos_gets_no_order_until_it_may_have_them() {
    let world = World::new().await;
    let macon = cust_num(&world, "MACON");
    assert!(world.company.edit_customer(macon, |row| row.set("AllowOTS", false)));
    let order = world.order(buys(11, renee())).await;
    let (reason, subject, words) = world.held(order).await;
    assert_eq!((reason.as_str(), subject.as_deref()), ("customer_not_usable", Some("MACON")));
    assert!(words.contains("Allow One Time Ship To"), "{words}");
    assert!(world.company.edit_customer(macon, |row| row.set("AllowOTS", true)));
    saved_in_the_shop(&world, order).await;
    assert_eq!(bought_by(&world, order).await, macon);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_cust_id_that_somebody_else_has_is_left_to_them() {
    let world = World::new().await;
    let somebody = world.company.add_customer(&Customer::new("wc", "Somebody else"));
    let order = world.order(buys(12, joaquin())).await;
    assert_eq!(bought_by(&world, order).await, cust_num(&world, "WCA"));
    assert_ne!(cust_num(&world, "WCA"), somebody);
    assert_eq!(customer(&world, "wc").text("ExternalID"), "");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_cust_id_whose_customer_has_the_shoppers_address_is_the_shoppers() {
    let world = World::new().await;
    // The blank hides the address from the search, and not from a reader.
    let typed =
        Customer { email: format!(" {JOAQUIN}"), allow_ots: true, ..Customer::new("WC", "Typed by hand") };
    let typed = world.company.add_customer(&typed);
    let order = world.order(buys(12, joaquin())).await;
    assert_eq!(bought_by(&world, order).await, typed);
    world.ends(&[]).await;
}
