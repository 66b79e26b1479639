//! Adjustments of stock: what is taken and what is refused.

use connector_simulators::bigcommerce::{Identity, Product, Tracking, dec};
use serde_json::{Value, json};
use test_case::test_case;

use crate::shop::{Answer, Shop};

pub(crate) const ABSOLUTE: &str = "v3/inventory/adjustments/absolute";
pub(crate) const RELATIVE: &str = "v3/inventory/adjustments/relative";

/// A bolt that is tracked by product, gloves that are tracked by variant, and a service that is not.
pub(crate) async fn shelves() -> (Shop, u64, Product) {
    let shop = Shop::open().await;
    let bolt = shop.sim.add_product(Product::new("HB", "Bolt", dec("1"))).unwrap();
    let gloves = Product::new("GL", "Gloves", dec("5"))
        .variant("GL-M", "Size", "M")
        .variant("GL-L", "Size", "L")
        .tracked(Tracking::Variant);
    let gloves = shop.sim.add_product(gloves).unwrap();
    shop.sim.add_product(Product::new("SV", "Service", dec("5")).tracked(Tracking::None)).unwrap();
    let gloves = shop.sim.product(gloves).unwrap();
    (shop, bolt, gloves)
}

pub(crate) fn item(name: &str, value: impl Into<Value>, location: u64, quantity: i64) -> Value {
    let mut row = json!({"location_id": location, "quantity": quantity});
    row[name] = value.into();
    row
}

pub(crate) fn items(rows: &[Value]) -> Value {
    json!({"reason": "test", "items": rows})
}

fn title(answer: &Answer) -> String {
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    let (status, title) = answer.v3_error();
    assert_eq!(status, 422);
    title
}

#[tokio::test]
async fn stock_is_set_and_then_added_to() {
    let (shop, bolt, gloves) = shelves().await;
    let rows = [
        item("product_id", bolt, 1, 100),
        item("sku", "GL-M", 1, 7),
        item("variant_id", gloves.variants[1].id, 1, 9),
    ];
    let done = shop.put(ABSOLUTE, &items(&rows)).await;
    assert_eq!(done.status, 200);
    assert!(done.json()["transaction_id"].is_string() && done.json().get("data").is_none(), "{}", done.text);
    assert_eq!(shop.sim.stock_of("HB", 1), Some(100));
    let rows = [item("product_id", bolt, 1, -40), item("sku", "gl-m", 1, 3)];
    let more = shop.post(RELATIVE, &items(&rows)).await;
    assert_eq!(more.status, 200);
    assert_ne!(more.json()["transaction_id"], done.json()["transaction_id"]);
    assert_eq!((shop.sim.stock_of("HB", 1), shop.sim.stock_of("GL-M", 1)), (Some(60), Some(10)));
    assert_eq!(shop.sim.stock_of("GL-L", 1), Some(9));
    let shown = shop.get(&format!("v3/catalog/products/{}", gloves.id)).await.data();
    assert_eq!(shown["inventory_level"], 19, "the variants together");
}

#[tokio::test]
async fn an_item_must_be_named_as_it_is_tracked() {
    let (shop, bolt, gloves) = shelves().await;
    let base = shop.sim.product(bolt).unwrap().variants[0].id;
    let put = async |row: Value| shop.put(ABSOLUTE, &items(&[row])).await;
    assert_eq!(
        title(&put(item("variant_id", base, 1, 5)).await),
        format!("[Item with variant_id {base} is tracked by product, please update stock by product id]")
    );
    assert_eq!(
        title(&put(item("sku", "HB", 1, 5)).await),
        "[Item with sku HB is tracked by product, please update stock by product id]"
    );
    assert_eq!(
        title(&put(item("product_id", gloves.id, 1, 5)).await),
        format!(
            "[Item with product_id {} is tracked by variant, please update stock by variant id]",
            gloves.id
        )
    );
    assert_eq!(title(&put(item("sku", "SV", 1, 5)).await), "[Item with sku SV is not tracked]");
    shop.sim.change_habits(|habits| habits.identity = Identity::Lenient);
    assert_eq!(put(item("sku", "HB", 1, 5)).await.status, 200);
    assert_eq!(put(item("variant_id", base, 1, 6)).await.status, 200);
    assert_eq!(shop.sim.stock_of("HB", 1), Some(6));
    assert_eq!(put(item("product_id", gloves.id, 1, 5)).await.status, 422);
}

#[test_case(&json!({"location_id": 1, "quantity": 5}); "no identity")]
#[test_case(&json!({"location_id": 1, "quantity": 5, "sku": "GL-L", "product_id": 1_000_001}); "two identities")]
#[test_case(&json!({"location_id": 1, "quantity": 5, "sku": "NONE"}); "an unknown sku")]
#[test_case(&json!({"location_id": 1, "quantity": 5, "product_id": 7}); "an unknown product")]
#[test_case(&json!({"location_id": 1, "quantity": 1.5, "sku": "GL-L"}); "half a piece")]
#[test_case(&json!({"location_id": 1, "sku": "GL-L"}); "no quantity")]
#[test_case(&json!({"quantity": 5, "sku": "GL-L"}); "no location")]
#[test_case(&json!({"location_id": 9, "quantity": 5, "sku": "GL-L"}); "an unknown location")]
#[test_case(&json!({"location_id": 2, "quantity": 5, "sku": "GL-L"}); "a disabled location")]
#[tokio::test]
async fn one_bad_item_keeps_all_of_them_back(bad: &Value) {
    let (shop, bolt, _) = shelves().await;
    let closed = shop.sim.add_location("DAL", "Dallas");
    assert!(shop.sim.enable_location(closed, false));
    let refused = shop.put(ABSOLUTE, &items(&[item("product_id", bolt, 1, 5), bad.clone()])).await;
    title(&refused);
    assert_eq!(shop.sim.stock_of("HB", 1), None);
    assert!(shop.sim.enable_location(closed, true));
    assert_eq!(shop.put(ABSOLUTE, &items(&[item("product_id", bolt, closed, 5)])).await.status, 200);
    assert_eq!((shop.sim.stock_of("HB", closed), shop.sim.stock_of("HB", 1)), (Some(5), None));
}

#[tokio::test]
async fn relative_needs_an_absolute_before() {
    let (shop, bolt, _) = shelves().await;
    let elsewhere = shop.sim.add_location("DAL", "Dallas");
    shop.put(ABSOLUTE, &items(&[item("product_id", bolt, 1, 5)])).await;
    let refused = shop.post(RELATIVE, &items(&[item("product_id", bolt, elsewhere, 1)])).await;
    let words =
        format!("Items with identity: [product_id {bolt}] requires absolute adjustment before relative");
    assert_eq!(title(&refused), words, "of that location");
    assert_eq!(shop.post(RELATIVE, &items(&[item("product_id", bolt, 1, 1)])).await.status, 200);
}

#[tokio::test]
async fn relative_stays_above_the_safety_stock_and_absolute_need_not() {
    let (shop, bolt, _) = shelves().await;
    shop.put(ABSOLUTE, &items(&[item("product_id", bolt, 1, 5)])).await;
    assert!(shop.sim.set_safety_stock("HB", 1, 3));
    title(&shop.post(RELATIVE, &items(&[item("product_id", bolt, 1, -3)])).await);
    assert_eq!(shop.sim.stock_of("HB", 1), Some(5));
    assert_eq!(shop.post(RELATIVE, &items(&[item("product_id", bolt, 1, -2)])).await.status, 200);
    assert_eq!(shop.put(ABSOLUTE, &items(&[item("product_id", bolt, 1, 1)])).await.status, 200);
    assert_eq!((shop.sim.stock_of("HB", 1), shop.sim.sellable_of("HB", 1)), (Some(1), Some(-2)));
}

#[tokio::test]
async fn above_the_maximum_is_accepted_and_not_saved_or_refused() {
    let (shop, bolt, _) = shelves().await;
    let put =
        async |quantity: i64| shop.put(ABSOLUTE, &items(&[item("product_id", bolt, 1, quantity)])).await;
    assert_eq!(put(2_147_483_647).await.status, 200);
    assert_eq!(put(5).await.status, 200);
    assert_eq!(put(2_147_483_648).await.status, 200);
    assert_eq!(shop.sim.stock_of("HB", 1), Some(5));
    shop.sim.change_habits(|habits| habits.above_maximum_refused = true);
    title(&put(2_147_483_648).await);
}

#[tokio::test]
async fn two_thousand_items_are_taken_and_one_more_is_not() {
    let (shop, bolt, _) = shelves().await;
    let rows: Vec<Value> = (0..2001).map(|n| item("product_id", bolt, 1, n)).collect();
    assert_eq!(shop.put(ABSOLUTE, &items(&rows[..2000])).await.status, 200);
    assert_eq!(shop.sim.stock_of("HB", 1), Some(1999), "in their sequence");
    let refused = shop.put(ABSOLUTE, &items(&rows)).await;
    assert_eq!(refused.v3_error().0, 413);
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    assert_eq!(shop.sim.stock_of("HB", 1), Some(1999));
}

#[tokio::test]
async fn settings_of_a_shelf_are_written_one_by_one() {
    let (shop, bolt, _) = shelves().await;
    let path = "v3/inventory/locations/1/items";
    let put = async |settings: Value| shop.put(path, &json!({"settings": [settings]})).await;
    let whole = json!({
        "identity": {"product_id": bolt}, "safety_stock": 5, "is_in_stock": false,
        "warning_level": 10, "bin_picking_number": "A1",
    });
    assert!(put(whole).await.json()["transaction_id"].is_string());
    assert_eq!(put(json!({"identity": {"product_id": bolt}, "safety_stock": 4})).await.status, 200);
    let shown = shop.get(&format!("{path}?product_id:in={bolt}")).await.data()[0].clone();
    let settings =
        json!({"safety_stock": 4, "is_in_stock": false, "warning_level": 10, "bin_picking_number": "A1"});
    assert_eq!(shown["settings"], settings, "what is missing stays");
    assert_eq!((&shown["available_to_sell"], &shown["total_inventory_onhand"]), (&json!(-4), &json!(0)));
    let refused = put(json!({"identity": {"product_id": bolt}})).await;
    title(&refused);
    let words = refused.json()["errors"]["setting.0.settings"].as_str().unwrap().to_owned();
    assert!(words.starts_with("At least one setting must be specified: "), "{words}");
    title(&put(json!({"identity": {"sku": "HB"}, "safety_stock": 4})).await);
    title(&put(json!({"identity": {"product_id": bolt}, "safety_stock": -1})).await);
    assert_eq!(shop.put("v3/inventory/locations/9/items", &json!({"settings": []})).await.v3_error().0, 404);
    title(&shop.post(RELATIVE, &items(&[item("product_id", bolt, 1, 1)])).await);
}
