//! Adjustments that are applied later than they were accepted, and what hooks are told of them.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    inventory::{ABSOLUTE, RELATIVE, item, items, shelves},
    shop::{Received, Receiver, Shop},
};

async fn shown(shop: &Shop) -> Value {
    shop.get("v3/inventory/items?sku:in=HB").await.data()[0]["locations"][0]["total_inventory_onhand"].clone()
}

#[tokio::test]
async fn reads_show_what_was_applied_and_not_what_was_accepted() {
    let (shop, bolt, _) = shelves().await;
    let put =
        async |quantity| shop.put(ABSOLUTE, &items(&[item("product_id", bolt, 1, quantity)])).await.status;
    shop.sim.set_stock("HB", 1, 3);
    shop.sim.set_stock_lag(SignedDuration::from_secs(10));
    assert_eq!(put(50).await, 200);
    assert_eq!((shown(&shop).await, shop.sim.waiting_adjustments()), (3.into(), 1));
    shop.hands.advance(SignedDuration::from_millis(9999));
    assert_eq!(shown(&shop).await, 3);
    shop.hands.advance(SignedDuration::from_millis(1));
    assert_eq!((shown(&shop).await, shop.sim.waiting_adjustments()), (50.into(), 0));
    assert_eq!(shop.get(&format!("v3/catalog/products/{bolt}")).await.data()["inventory_level"], 50);
}

#[tokio::test]
async fn a_later_adjustment_is_never_applied_before_an_earlier_one() {
    let (shop, bolt, _) = shelves().await;
    let put =
        async |quantity| shop.put(ABSOLUTE, &items(&[item("product_id", bolt, 1, quantity)])).await.status;
    shop.sim.set_stock_lag(SignedDuration::from_secs(10));
    assert_eq!(put(1).await, 200);
    shop.sim.set_stock_lag(SignedDuration::ZERO);
    assert_eq!(put(2).await, 200);
    assert_eq!(shown(&shop).await, 0);
    shop.hands.advance(SignedDuration::from_secs(10));
    assert_eq!(shown(&shop).await, 2);
}

#[tokio::test]
async fn relative_does_not_see_an_absolute_that_waits() {
    let (shop, bolt, _) = shelves().await;
    shop.sim.set_stock_lag(SignedDuration::from_secs(10));
    let rows = items(&[item("product_id", bolt, 1, 5)]);
    assert_eq!(shop.put(ABSOLUTE, &rows).await.status, 200);
    assert_eq!(shop.post(RELATIVE, &rows).await.status, 422);
    shop.hands.advance(SignedDuration::from_secs(10));
    assert_eq!(shop.post(RELATIVE, &rows).await.status, 200);
    shop.hands.advance(SignedDuration::from_secs(10));
    assert_eq!(shop.sim.stock_of("HB", 1), Some(10));
}

#[tokio::test]
async fn hooks_are_told_when_stock_is_applied() {
    let (shop, bolt, gloves) = shelves().await;
    let receiver = Receiver::listen().await;
    for scope in ["store/product/inventory/updated", "store/sku/inventory/updated", "store/product/updated"] {
        shop.sim.add_hook(scope, &receiver.url(), &[]);
    }
    shop.sim.set_stock_lag(SignedDuration::from_secs(10));
    let variant = gloves.variants[0].id;
    let rows = [item("product_id", bolt, 1, 5), item("variant_id", variant, 1, 6)];
    shop.put(ABSOLUTE, &items(&rows)).await;
    assert!(shop.sim.drain_hooks().await.is_empty());
    shop.hands.advance(SignedDuration::from_secs(10));
    shop.sim.drain_hooks().await;
    let told: Vec<Value> = receiver.seen.lock().iter().map(Received::json).collect();
    let scopes: Vec<&str> = told.iter().map(|one| one["scope"].as_str().unwrap()).collect();
    let updated = "store/product/updated";
    assert_eq!(scopes, ["store/product/inventory/updated", updated, "store/sku/inventory/updated", updated]);
    let inventory = json!({"product_id": bolt, "method": "absolute", "value": 5});
    assert_eq!(told[0]["data"], json!({"type": "product", "id": bolt, "inventory": inventory}));
    let inventory = json!({"product_id": gloves.id, "method": "absolute", "value": 6, "variant_id": variant});
    assert_eq!(told[2]["data"]["inventory"], inventory);
    assert_eq!(told[2]["data"]["type"], "sku");
    shop.sim.set_stock_lag(SignedDuration::ZERO);
    shop.post(RELATIVE, &items(&[item("product_id", bolt, 1, -2)])).await;
    shop.sim.drain_hooks().await;
    let last = receiver.seen.lock()[4].json();
    assert_eq!(
        (&last["data"]["inventory"]["method"], &last["data"]["inventory"]["value"]),
        (&"relative".into(), &json!(-2))
    );
}

#[tokio::test]
async fn stock_of_a_product_that_is_gone_is_dropped() {
    let (shop, bolt, gloves) = shelves().await;
    shop.sim.set_stock_lag(SignedDuration::from_secs(10));
    let rows = [item("product_id", bolt, 1, 5), item("sku", "GL-M", 1, 6)];
    shop.put(ABSOLUTE, &items(&rows)).await;
    shop.sim.delete_product(bolt);
    shop.sim.delete_product(gloves.id);
    shop.hands.advance(SignedDuration::from_secs(10));
    assert_eq!(shop.sim.stock_of("HB", 1), None);
    assert_eq!(shop.get("v3/inventory/items?sku:in=HB,GL-M").await.data(), json!([]));
}
