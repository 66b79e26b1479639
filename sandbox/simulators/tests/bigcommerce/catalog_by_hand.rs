//! The catalogue in the hands of its owner.

use connector_simulators::{
    Seed,
    bigcommerce::{Product, Tracking, dec},
};
use serde_json::{Value, json};

use crate::shop::{Receiver, Shop};

#[tokio::test]
async fn a_seed_holds_categories_products_and_stock() {
    let text = r#"{"bigcommerce": {
        "categories": ["Bolts"],
        "products": [
            {"name": "Bolt", "sku": "HB", "price": "0.4125", "inventory_tracking": "product", "categories": [23]},
            {"name": "Gloves", "inventory_tracking": "variant", "variants": [
                {"sku": "GL-M", "price": "5.5", "option_values": [{"option_display_name": "Size", "label": "M"}]}
            ]},
            {"name": "bolt", "sku": "HB-2"}
        ],
        "stock": {"HB": 7, "GL-M": 3},
        "orders": [{"lines": [{"sku": "HB", "quantity": 2, "price": "1"}]}]
    }}"#;
    let seed = Seed::from_json(text).unwrap();
    let again = Seed::from_json(&serde_json::to_string(&seed).unwrap()).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(&seed).unwrap());
    let shop = Shop::open().await;
    shop.sim.load(seed.bigcommerce);
    let names: Vec<String> = shop.sim.products().into_iter().map(|product| product.name).collect();
    assert_eq!(names, ["Bolt", "Gloves"], "one that conflicts is left out");
    let bolt = shop.get("v3/catalog/products?sku=HB").await.data()[0].clone();
    assert_eq!((&bolt["price"], &bolt["categories"]), (&json!(0.4125), &json!([23])));
    assert_eq!((shop.sim.stock_of("HB", 1), shop.sim.stock_of("GL-M", 1)), (Some(5), Some(3)));
    assert_eq!(shop.sim.product_by_sku("gl-m").unwrap().variants[0].price, Some(dec("5.5")));
}

#[tokio::test]
async fn a_merchandisers_edit_is_seen_and_told() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    let id = shop.sim.add_product(Product::new("HB", "Bolt", dec("1"))).unwrap();
    shop.sim.add_hook("store/product/updated", &receiver.url(), &[]);
    shop.hands.advance(jiff::SignedDuration::from_secs(60));
    let edited = shop.sim.edit_product(id, |row| {
        row.description = "<p>Shiny</p>".to_owned();
        row.price = dec("1.25");
        row.more.insert("page_title".to_owned(), "Shiny".into());
    });
    assert!(edited);
    let shown = shop.get(&format!("v3/catalog/products/{id}")).await.data();
    assert_eq!((&shown["description"], &shown["price"]), (&"<p>Shiny</p>".into(), &json!(1.25)));
    assert_eq!(
        (&shown["page_title"], &shown["date_modified"]),
        (&"Shiny".into(), &"2026-03-31T21:41:11+00:00".into())
    );
    assert_eq!(shop.sim.drain_hooks().await.len(), 1);
    shop.put(&format!("v3/catalog/products/{id}"), &json!({"price": 2})).await;
    assert_eq!(shop.sim.product(id).unwrap().description, "<p>Shiny</p>", "what was not sent stays");
    assert!(!shop.sim.edit_product(7, |_| {}) && !shop.sim.delete_product(7));
    assert!(!shop.sim.set_stock("NONE", 1, 5) && !shop.sim.set_safety_stock("NONE", 1, 5));
    assert!(!shop.sim.enable_location(9, true));
}

#[tokio::test]
async fn events_of_one_product_can_be_lost() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    shop.sim.add_hook("store/product/*", &receiver.url(), &[]);
    let id = shop.sim.add_product(Product::new("HB", "Bolt", dec("1"))).unwrap();
    shop.sim.lose_deliveries(move |scope, subject| scope == "store/product/updated" && subject == id);
    shop.sim.edit_product(id, |row| row.price = dec("2"));
    shop.sim.delete_product(id);
    let scopes: Vec<String> = shop.sim.drain_hooks().await.into_iter().map(|sent| sent.scope).collect();
    assert_eq!(scopes, ["store/product/created", "store/product/deleted"]);
}

#[tokio::test]
async fn products_stock_and_orders_may_change_between_two_requests() {
    let shop = Shop::open().await;
    let id = shop.sim.add_product(Product::new("HB", "Bolt", dec("1"))).unwrap();
    let office = shop.sim.back_office();
    shop.sim.on_request(move |asked| {
        if asked.contains("/inventory/items") {
            assert!(office.set_stock("HB", 1, 9));
            assert!(office.edit_product(id, |row| row.inventory_tracking = Tracking::Product));
            assert!(!office.edit_product(7, |_| {}) && !office.set_stock("NONE", 1, 1));
        }
    });
    let shown = shop.get("v3/inventory/items").await.data();
    assert_eq!(shown[0]["locations"][0]["total_inventory_onhand"], 9);
}

#[tokio::test]
async fn calls_are_counted_by_route() {
    let shop = Shop::open().await;
    let id = shop.sim.add_product(Product::new("HB", "Bolt", dec("1"))).unwrap();
    shop.put("v3/catalog/products", &json!([{"id": id, "price": 2}])).await;
    shop.put(&format!("v3/catalog/products/{id}"), &json!({"price": 3})).await;
    shop.get("v3/catalog/products").await;
    let count = |method: &str, path: &str| shop.sim.traffic().count(method, path);
    assert_eq!((count("PUT", "/catalog/products$"), count("PUT", "/catalog/products/")), (1, 1));
    assert_eq!(count("GET", "/catalog/products$"), 1);
    let sent: Value = shop.sim.traffic().matching("PUT", "/catalog/products$")[0].request_json();
    assert_eq!(sent[0]["price"], 2);
}
