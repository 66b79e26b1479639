//! SKUs that Kinetic knows, spells otherwise, or does not know.

use std::time::Duration;

use connector_simulators::bigcommerce::{Kind, NewLine, dec};
use connector_simulators::kinetic::Part;
use test_case::test_case;

use crate::basket::{guest, line};
use crate::world::{Plan, World};

#[tokio::test]
async fn an_unknown_sku_is_held_and_stops_nothing_else() {
    let world = World::new().await;
    let before = world.shop.place_order(guest().with_line(line("GLV-LEA-M", 1)));
    let unknown = world.shop.place_order(guest().with_line(line("GLV-LEA-M", 1)).line(
        "NOBODY-KNOWS-ME",
        2,
        dec("4.00"),
    ));
    let after: Vec<u64> =
        (0..4).map(|_| world.shop.place_order(guest().with_line(line("GLV-LEA-M", 1)))).collect();
    world.settle().await;

    let (reason, subject, words) = world.held(unknown).await;
    assert_eq!(reason, "unknown_part");
    assert_eq!(subject.as_deref(), Some("NOBODY-KNOWS-ME"));
    assert!(words.contains("create the part, or name the right one under [aliases]"), "{words}");
    assert!(world.company.orders_by_po(&format!("BC-{unknown}")).is_empty(), "not even a header");
    world.is_synced(before).await;
    for order in after {
        world.is_synced(order).await;
    }
    world.ends(&[unknown]).await;
}

#[tokio::test]
async fn a_held_order_goes_on_with_the_next_event_once_the_part_is_there() {
    let world = World::new().await;
    let order = world.order(guest().line("COMES-LATER", 2, dec("4.00"))).await;
    assert_eq!(world.held(order).await.0, "unknown_part");
    world.company.add_part(&Part::new("COMES-LATER", "Late part", dec("4")));
    world.shop.emit(connector_simulators::bigcommerce::OrderEvent::Updated, order);
    world.settle().await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[test_case("O'RING 3/4 IN"; "quote, slash and blank")]
#[test_case("50% \"HÄRTE\" #7 & +½?"; "everything a path or a filter could choke on")]
#[tokio::test]
async fn a_part_number_with_difficult_characters_is_found_and_written(part_num: &str) {
    let world = World::new().await;
    world.company.add_part(&Part::new(part_num, "Difficult", dec("0.89")));
    let order = world.order(guest().line(part_num, 12, dec("0.8900"))).await;
    let view = world.is_synced(order).await;
    assert_eq!(view.lines[0].part_num, part_num);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_sku_in_another_case_is_the_same_part() {
    let world = World::new().await;
    let order = world.order(guest().line("glv-lea-m", 1, dec("24.5000"))).await;
    assert_eq!(world.is_synced(order).await.lines[0].part_num, "GLV-LEA-M");
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_alias_names_the_part() {
    let plan = Plan::default().rule("[guests]", "[aliases]\n\"GLOVE M\" = \"GLV-LEA-M\"\n\n[guests]");
    let world = World::with(plan).await;
    let order = world.order(guest().line("GLOVE M", 1, dec("24.5000"))).await;
    assert_eq!(world.is_synced(order).await.lines[0].part_num, "GLV-LEA-M");
    world.ends(&[]).await;
}

#[test_case(NewLine::new("OLD-200", 1, dec("99.90")), "part_not_saleable"; "inactive")]
#[test_case(NewLine::new("NEW-300", 1, dec("349.90")), "part_not_saleable"; "on hold")]
#[test_case(NewLine::new("", 1, dec("5")).custom(), "line_without_sku"; "typed in by hand, without a sku")]
#[test_case(NewLine::new("GIFT", 1, dec("50")).kind(Kind::GiftCertificate), "line_without_sku"; "a gift certificate")]
#[tokio::test]
async fn what_cannot_be_sold_is_held_and_nothing_is_written(unsaleable: NewLine, reason: &str) {
    let world = World::new().await;
    let order = world.order(guest().with_line(line("GLV-LEA-M", 1)).with_line(unsaleable)).await;
    assert_eq!(world.held(order).await.0, reason);
    assert!(world.company.orders().is_empty());
    assert_eq!(world.later(Duration::from_hours(5)).await, 0, "nothing goes round and round");
    world.ends(&[order]).await;
}
