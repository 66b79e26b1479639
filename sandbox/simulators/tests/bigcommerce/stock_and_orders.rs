//! Orders that take pieces off the shelf.

use connector_simulators::bigcommerce::{Address, NewOrder, Product, StockTaken, dec};
use serde_json::json;
use test_case::test_case;

use crate::{
    inventory::{ABSOLUTE, item, items, shelves},
    shop::{Receiver, Shop},
};

fn order(pieces: u32) -> NewOrder {
    NewOrder::guest(Address::of("Ada", "Lane", "ada@example.com")).line("HB", pieces, dec("1"))
}

async fn ten() -> Shop {
    let (shop, _, _) = shelves().await;
    assert!(shop.sim.set_stock("HB", 1, 10) && shop.sim.set_stock("GL-M", 1, 10));
    shop
}

fn left(shop: &Shop) -> i64 {
    shop.sim.stock_of("HB", 1).unwrap()
}

#[tokio::test]
async fn a_placed_order_takes_its_pieces() {
    let shop = ten().await;
    shop.sim.place_order(order(4).line("GL-M", 1, dec("5")).line("SV", 1, dec("5")).line(
        "OTHER",
        1,
        dec("1"),
    ));
    assert_eq!((left(&shop), shop.sim.stock_of("GL-M", 1)), (6, Some(9)));
    shop.sim.place_order(order(8));
    assert_eq!(left(&shop), -2, "the store lets itself be oversold");
}

#[tokio::test]
async fn an_incomplete_order_takes_nothing_until_it_is_paid() {
    let shop = ten().await;
    let id = shop.sim.place_order(order(4).status(0));
    assert_eq!(left(&shop), 10);
    shop.sim.update_order(id, |order| order.status_id = 11);
    assert_eq!(left(&shop), 6);
}

#[test_case(StockTaken::Placed, [6, 6, 6]; "at once")]
#[test_case(StockTaken::CompletedOrShipped, [10, 10, 6]; "when it is shipped")]
#[test_case(StockTaken::Never, [10, 10, 10]; "never")]
#[tokio::test]
async fn stock_is_taken_when_the_switch_says(taken: StockTaken, expected: [i64; 3]) {
    let shop = ten().await;
    shop.sim.change_habits(|habits| habits.stock_taken = taken);
    let id = shop.sim.place_order(order(4));
    let mut seen = vec![left(&shop)];
    for status in [9, 2] {
        shop.sim.update_order(id, |order| order.status_id = status);
        seen.push(left(&shop));
    }
    assert_eq!(seen, expected);
    shop.sim.update_order(id, |order| order.status_id = 10);
    assert_eq!(left(&shop), expected[2], "once only");
}

#[test_case(true, 10; "put back")]
#[test_case(false, 6; "not put back")]
#[tokio::test]
async fn a_cancelled_order_puts_back_what_it_took(restocks: bool, after: i64) {
    let shop = ten().await;
    shop.sim.change_habits(|habits| habits.cancel_restocks = restocks);
    let id = shop.sim.place_order(order(4));
    assert_eq!(shop.put(&format!("v2/orders/{id}"), &json!({"status_id": 5})).await.status, 200);
    assert_eq!(left(&shop), after);
    shop.sim.update_order(id, |order| order.status_id = 11);
    assert_eq!(left(&shop), 6);
    let other = shop.sim.place_order(order(2));
    shop.sim.refund(other);
    assert_eq!(left(&shop), if restocks { 6 } else { 4 }, "a refund of the whole order too");
    let other = shop.sim.place_order(order(2));
    let before = left(&shop);
    shop.sim.refund_part(other, "HB", 1);
    assert_eq!(left(&shop), before, "a refund in part does not");
}

#[test_case(true, 3; "it does")]
#[test_case(false, 6; "it does not")]
#[tokio::test]
async fn an_edited_order_changes_what_it_took(edits: bool, after: i64) {
    let shop = ten().await;
    shop.sim.change_habits(|habits| habits.edit_restocks = edits);
    let id = shop.sim.place_order(order(4));
    shop.sim.update_order(id, |order| order.line_mut("HB").unwrap().quantity = 7);
    assert_eq!(left(&shop), after);
}

#[tokio::test]
async fn an_absolute_adjustment_overwrites_what_orders_took_since() {
    let (shop, bolt, _) = shelves().await;
    shop.sim.set_stock("HB", 1, 10);
    shop.sim.set_stock_lag(jiff::SignedDuration::from_secs(5));
    shop.put(ABSOLUTE, &items(&[item("product_id", bolt, 1, 10)])).await;
    shop.sim.place_order(order(4));
    assert_eq!(left(&shop), 6);
    shop.hands.advance(jiff::SignedDuration::from_secs(5));
    assert_eq!(left(&shop), 10);
    shop.put(ABSOLUTE, &items(&[item("product_id", bolt, 1, 20)])).await;
    shop.hands.advance(jiff::SignedDuration::from_secs(5));
    shop.sim.place_order(order(4));
    assert_eq!(left(&shop), 16, "what was due is applied before the order");
}

#[tokio::test]
async fn hooks_are_told_of_orders_that_took_stock_by_scopes_of_their_own() {
    let shop = ten().await;
    let receiver = Receiver::listen().await;
    shop.sim.add_hook("store/product/inventory/*", &receiver.url(), &[]);
    shop.sim.add_hook("store/sku/inventory/*", &receiver.url(), &[]);
    shop.sim.place_order(order(4).line("GL-M", 1, dec("5")));
    let mut scopes: Vec<String> = shop.sim.drain_hooks().await.into_iter().map(|sent| sent.scope).collect();
    scopes.sort();
    assert_eq!(scopes, ["store/product/inventory/order/updated", "store/sku/inventory/order/updated"]);
}

#[tokio::test]
async fn a_line_names_the_product_and_variant_of_the_catalogue() {
    let (shop, bolt, gloves) = shelves().await;
    let id = shop.sim.place_order(order(1).line("GL-L", 1, dec("5")).line("OTHER", 1, dec("1")));
    let lines = shop.get(&format!("v2/orders/{id}/products")).await.json();
    assert_eq!(lines[0]["product_id"], bolt);
    assert_eq!(lines[0]["variant_id"], shop.sim.product(bolt).unwrap().variants[0].id);
    assert_eq!(
        (&lines[1]["product_id"], &lines[1]["variant_id"]),
        (&gloves.id.into(), &gloves.variants[1].id.into())
    );
    assert_eq!(lines[2]["product_id"], 118, "what the catalogue does not have gets a product of its own");
    let seeded = Product::new("OTHER", "Other", dec("1"));
    assert!(shop.sim.add_product(seeded).unwrap() > 1_000_000);
}
