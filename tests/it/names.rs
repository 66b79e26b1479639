//! Names with accents, emoji, and more than fit.

use connector_ports::AuditEvent;
use connector_simulators::bigcommerce::{Address, NewOrder};
use test_case::test_case;

use crate::basket::{gloves, line, shopper};
use crate::world::World;

fn to(first: &str, last: &str, company: &str) -> NewOrder {
    let address = Address::of(first, last, "someone@example.com").company(company);
    NewOrder { billing: address, ..gloves() }
}

#[test_case("Zoë", "Ångström-Ñandú", ""; "accents")]
#[test_case("José 🔩", "李小龍", "Café ☕ Łódź"; "emoji and other scripts")]
#[tokio::test]
async fn a_name_arrives_as_it_was_typed(first: &str, last: &str, company: &str) {
    let world = World::new().await;
    let order = world.order(to(first, last, company)).await;
    let view = world.is_synced(order).await;
    let person = format!("{first} {last}");
    assert_eq!(view.header.text("OTSName"), if company.is_empty() { &person } else { company });
    assert_eq!(view.header.text("OTSContact"), person);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_name_longer_than_its_column_is_cut_between_characters_and_the_cut_is_told() {
    let world = World::new().await;
    // 49 units, then an emoji of two: it does not fit, and must not be halved.
    let company = format!("{}🔩 and Sons", "x".repeat(49));
    let order = world
        .order(to("Maximiliana-Konstanze Friederike", "von Hohenstauffen-Oberwaldenburg zu Sayn", &company))
        .await;
    let view = world.is_synced(order).await;
    assert_eq!(view.header.text("OTSName"), "x".repeat(49));
    assert_eq!(view.header.text("OTSContact").encode_utf16().count(), 50);
    let told = |column: &str| {
        let detail = format!("{column} to 50 characters");
        AuditEvent::RuleFired { rule: "text.cut".to_owned(), detail }
    };
    let trail = world.trail(order).await;
    for column in ["OTSName", "OTSContact"] {
        assert!(trail.iter().any(|entry| entry.event == told(column)), "{column} in {trail:?}");
    }
    world.ends(&[]).await;
}

#[tokio::test]
async fn what_the_shopper_wrote_and_chose_reaches_the_picker() {
    let world = World::new().await;
    let order = to("Ada", "Lane", "").message("Ring twice 🔔, please");
    let order =
        NewOrder { lines: order.lines.iter().map(|l| l.clone().option("Finish", "Zinc")).collect(), ..order };
    let order = world.order(order).await;
    let view = world.is_synced(order).await;
    assert_eq!(view.header.text("OrderComment"), "Ring twice 🔔, please");
    assert_eq!(view.lines[0].row.text("OrderComment"), "Finish: Zinc");
    world.ends(&[]).await;
}

#[tokio::test]
async fn what_is_cut_of_a_new_customer_is_told_and_a_long_email_is_left_out_whole() {
    let world = World::new().await;
    let email = format!("{}@example.com", "a".repeat(50));
    let address = Address::of("Joaquín", "Ibáñez", &email).company(&"Café Ibáñez ".repeat(6));
    let order = world.order(shopper(12, address).with_line(line("GLV-LEA-M", 1))).await;
    world.is_synced(order).await;
    let customers = world.company.customers();
    let row = customers.iter().find(|row| row.text("CustID") == "WC").unwrap();
    assert_eq!((row.text("EMailAddress"), row.text("Name").encode_utf16().count() <= 50), ("", true));
    let trail = format!("{:?}", world.trail(order).await);
    assert!(trail.contains("Name to 50 characters") && trail.contains("EMailAddress left out"), "{trail}");
    world.ends(&[]).await;
}
