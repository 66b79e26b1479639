//! Records of a price list.

use connector_simulators::bigcommerce::{Product, TierKind, dec};
use serde_json::{Value, json};
use test_case::test_case;

use crate::shop::{Receiver, Shop};

/// Bolts, gloves in two sizes, and a list.
async fn list() -> (Shop, String, u64) {
    let shop = Shop::open().await;
    shop.sim.add_product(Product::new("HB", "Bolt", dec("1"))).unwrap();
    let gloves =
        Product::new("GL", "Gloves", dec("5")).variant("GL-M", "Size", "M").variant("GL-L", "Size", "L");
    shop.sim.add_product(gloves).unwrap();
    let list = shop.sim.create_price_list("Wholesale").unwrap();
    (shop, format!("v3/pricelists/{list}/records"), list)
}

fn bolt(price: &Value) -> Value {
    json!({"sku": "HB", "currency": "USD", "price": price})
}

#[tokio::test]
async fn records_are_written_by_sku_or_variant_and_read_back() {
    let (shop, path, list) = list().await;
    let gloves = shop.sim.product_by_sku("GL-M").unwrap();
    let tiers = json!([
        {"quantity_min": 10, "quantity_max": 99, "type": "fixed", "amount": 0.38},
        {"quantity_min": 100, "quantity_max": null, "type": "percent", "amount": 12.5},
    ]);
    let rows = json!([
        {"sku": "hb", "currency": "USD", "price": 0.3995, "sale_price": 0.35, "bulk_pricing_tiers": tiers},
        {"variant_id": gloves.variants[0].id, "currency": "eur", "price": 4.5},
    ]);
    let done = shop.put(&path, &rows).await;
    assert_eq!((done.status, done.json()), (200, json!({"data": {}, "meta": {}})));
    let shown = shop.get(&format!("{path}?include=sku")).await.data();
    assert_eq!(
        (&shown[0]["sku"], &shown[0]["currency"], &shown[0]["price"]),
        (&"HB".into(), &"usd".into(), &json!(0.3995))
    );
    assert_eq!((&shown[0]["calculated_price"], &shown[0]["bulk_pricing_tiers"]), (&json!(0.35), &tiers));
    assert_eq!((&shown[1]["product_id"], &shown[1]["sale_price"]), (&gloves.id.into(), &Value::Null));
    assert!(shop.get(&path).await.data()[0].get("sku").is_none());
    let record = shop.sim.price_record(list, "HB", "usd").unwrap();
    assert_eq!((record.price, record.bulk_pricing_tiers[1].kind), (Some(dec("0.3995")), TierKind::Percent));

    shop.hands.advance(jiff::SignedDuration::from_secs(60));
    let rows = json!([{"sku": "HB", "currency": "usd", "sale_price": null}]);
    assert_eq!(shop.put(&path, &rows).await.status, 200);
    let record = shop.sim.price_record(list, "HB", "usd").unwrap();
    assert_eq!((record.price, record.sale_price), (Some(dec("0.3995")), None), "what is not said stays");
    let since = shop.get(&format!("{path}?date_modified:min=2026-03-31T21:41:00Z")).await.data();
    assert_eq!(
        (since.as_array().unwrap().len(), &since[0]["date_created"]),
        (1, &"2026-03-31T21:40:11Z".into())
    );
}

#[test_case("variant_id", &json!({"currency": "usd", "price": 1}); "neither variant nor sku")]
#[test_case("variant_id", &json!({"variant_id": 7, "currency": "usd"}); "an unknown variant")]
#[test_case("sku", &json!({"sku": "NONE", "currency": "usd"}); "an unknown sku")]
#[test_case("sku", &json!({"sku": "GL", "currency": "usd"}); "the sku of a product with variants")]
#[test_case("currency", &json!({"sku": "GL-L"}); "no currency")]
#[test_case("currency", &json!({"sku": "GL-L", "currency": "$"}); "no currency of three letters")]
#[test_case("price", &json!({"sku": "GL-L", "currency": "usd", "price": "1"}); "a price as text")]
#[test_case("price", &json!({"sku": "GL-L", "currency": "usd", "price": -1}); "a negative price")]
#[test_case("prize", &json!({"sku": "GL-L", "currency": "usd", "prize": 1}); "a misspelt field")]
#[test_case("bulk_pricing_tiers", &json!({"sku": "GL-L", "currency": "usd", "bulk_pricing_tiers": [
    {"quantity_min": 1, "quantity_max": 10, "type": "fixed", "amount": 1},
    {"quantity_min": 10, "quantity_max": null, "type": "fixed", "amount": 1},
]}); "breaks that overlap")]
#[tokio::test]
async fn a_bad_record_is_named_and_the_good_ones_are_saved_or_not(field: &str, bad: &Value) {
    let (shop, path, list) = list().await;
    let refused = shop.put(&path, &json!([bolt(&json!(1)), bad])).await;
    assert_eq!(refused.status, 422);
    let errors = refused.json()["batch_errors"].clone();
    assert_eq!(errors.as_array().unwrap().len(), 1);
    assert!(errors[0]["field_errors"][field].is_string(), "{errors}");
    assert_eq!(errors[0]["data"]["price_list_id"], list);
    assert_eq!(errors[0]["data"].get("sku"), bad.get("sku"));
    assert_eq!(shop.sim.price_records(list), 1, "the good one is saved");
    shop.sim.change_habits(|habits| habits.price_records_strict = true);
    assert_eq!(shop.put(&path, &json!([bolt(&json!(2)), bad])).await.status, 422);
    assert_eq!(shop.sim.price_record(list, "HB", "usd").unwrap().price, Some(dec("1")));
}

#[tokio::test]
async fn post_only_makes_new_ones_and_batches_have_an_end() {
    let (shop, path, list) = list().await;
    assert_eq!(shop.post(&path, &json!([bolt(&json!(1))])).await.status, 200);
    let again = shop.post(&path, &json!([bolt(&json!(2))])).await;
    assert_eq!(again.status, 422);
    assert!(again.json()["batch_errors"][0]["field_errors"]["variant_id"].is_string());
    assert_eq!(shop.sim.price_record(list, "HB", "USD").unwrap().price, Some(dec("1")));
    let rows = |n: usize| Value::from(vec![bolt(&json!(3)); n]);
    assert_eq!(shop.post(&path, &rows(101)).await.v3_error().0, 413);
    assert_eq!(shop.put(&path, &rows(1001)).await.v3_error().0, 413);
    assert_eq!(shop.put(&path, &rows(1000)).await.status, 200);
    assert_eq!(shop.put("v3/pricelists/9/records", &rows(1)).await.v3_error().0, 404);
    assert_eq!(shop.get("v3/pricelists/9/records").await.v3_error().0, 404);
}

#[tokio::test]
async fn records_are_found_and_deleted_by_their_fields() {
    let (shop, path, list) = list().await;
    let row =
        |sku: &str, currency: &str, price: u32| json!({"sku": sku, "currency": currency, "price": price});
    let rows =
        json!([row("HB", "usd", 1), row("HB", "eur", 2), row("GL-M", "usd", 3), row("GL-L", "usd", 4)]);
    assert_eq!(shop.put(&path, &rows).await.status, 200);
    let prices = async |query: &str| -> Vec<u64> {
        let rows = shop.get(&format!("{path}?{query}")).await.data();
        rows.as_array().unwrap().iter().map(|row| row["price"].as_u64().unwrap()).collect()
    };
    let gloves = shop.sim.product_by_sku("GL").unwrap();
    assert_eq!(prices("").await, [2, 1, 3, 4], "by variant and currency");
    assert_eq!(prices("currency=USD").await, [1, 3, 4]);
    assert_eq!(prices("currency:in=eur,gbp").await, [2]);
    assert_eq!(prices("sku:in=gl-l,HB&currency=usd").await, [1, 4]);
    assert_eq!(prices("sku=GL-M").await, [3]);
    assert_eq!(prices(&format!("variant_id:in={}", gloves.variants[1].id)).await, [4]);
    assert_eq!(prices(&format!("product_id:in={}&sku:in=GL-M,HB", gloves.id)).await, [3]);
    assert_eq!(prices("price:min=2&price:max=3").await, [2, 3]);
    assert_eq!(prices("price=4.00").await, [4]);
    assert_eq!(prices("limit=3&page=2").await, [4]);
    let first = shop.get(&format!("{path}?limit=3")).await.json();
    let next = first["meta"]["cursor_pagination"]["end_cursor"].as_str().unwrap().to_owned();
    assert_eq!(prices(&format!("limit=3&after={next}")).await, [4]);

    assert_eq!(shop.delete(&path).await.v3_error().0, 422, "all of them are never meant");
    assert_eq!(shop.delete(&format!("{path}?sku:in=HB&currency=eur")).await.status, 204);
    assert_eq!(prices("").await, [1, 3, 4]);
    assert_eq!(shop.delete(&format!("{path}?variant_id:in={}", gloves.variants[0].id)).await.status, 204);
    assert_eq!(prices("").await, [1, 4]);
    shop.sim.delete_product(gloves.id);
    assert_eq!(shop.sim.price_records(list), 1, "a product that is gone has no price");
    assert!(shop.sim.edit_price_record(list, "HB", "usd", |record| record.price = Some(dec("9"))));
    assert_eq!(prices("").await, [9]);
    assert!(!shop.sim.edit_price_record(list, "NONE", "usd", |_| {}));
    assert_eq!(shop.delete(&format!("v3/pricelists/{list}")).await.status, 204);
    assert_eq!((shop.sim.price_records(list), shop.get(&path).await.status), (0, 404));
}

#[tokio::test]
async fn hooks_are_told_of_a_batch_at_once() {
    let (shop, path, list) = list().await;
    let receiver = Receiver::listen().await;
    shop.sim.add_hook("store/priceList/records/*", &receiver.url(), &[]);
    let variant = shop.sim.product_by_sku("HB").unwrap().variants[0].id;
    shop.put(&path, &json!([bolt(&json!(1))])).await;
    shop.put(&path, &json!([bolt(&json!(2))])).await;
    shop.delete(&format!("{path}?currency=usd")).await;
    let scopes: Vec<String> = shop.sim.drain_hooks().await.into_iter().map(|sent| sent.scope).collect();
    assert_eq!(
        scopes,
        ["created", "updated", "deleted"].map(|word| format!("store/priceList/records/{word}"))
    );
    let data = receiver.seen.lock()[0].json()["data"].clone();
    assert_eq!(data, json!([{"price_list_id": list, "variant_id": variant, "currency": "usd"}]));
}
