//! What an order costs: calls by its number of lines, and bytes that grow with them and not with their square.

use std::fmt::Write as _;

use connector_simulators::bigcommerce::dec;
use connector_simulators::kinetic::Part;

use crate::basket::guest;
use crate::world::World;

/// Calls to the shop and to Kinetic, and bytes to and from Kinetic, of one order of so many lines.
async fn cost(lines: usize) -> (usize, usize, u64) {
    let world = World::new().await;
    world.company.add_part(&Part::new("ONE", "One of many", dec("4.00")));
    let order = (0..lines).fold(guest(), |order, _| order.line("ONE", 1, dec("4.00")));
    let order = world.order(order).await;
    world.is_synced(order).await;
    let bytes = |method| world.company.traffic().bytes(method, "/");
    let ((sent, received), (asked, read)) = (bytes("POST"), bytes("GET"));
    let calls = (world.shop.traffic().calls().len(), world.kinetic_calls());
    world.ends(&[]).await;
    (calls.0, calls.1, sent + received + asked + read)
}

#[tokio::test]
async fn calls_of_an_order_by_its_lines() {
    let mut table = String::from("lines  BigCommerce  Kinetic\n");
    for lines in [1, 2, 5, 20, 100] {
        let (shop, kinetic, _) = cost(lines).await;
        writeln!(table, "{lines:5}  {shop:11}  {kinetic:7}").unwrap();
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn bytes_grow_with_the_lines_and_not_with_their_square() {
    let (few, many, more) = (cost(20).await.2, cost(60).await.2, cost(100).await.2);
    let (first, second) = (many - few, more - many);
    // Forty lines more cost the same wherever they come.
    assert!(second * 100 < first * 110, "{few}, {many}, {more} bytes: {first} then {second}");
}
