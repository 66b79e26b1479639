//! Writing orders.

use connector_simulators::bigcommerce::dec;
use jiff::SignedDuration;
use serde_json::{Value, json};
use test_case::test_case;

use crate::shop::{Receiver, Shop, answer, small_order};

#[tokio::test]
async fn the_erp_number_is_written_and_the_date_is_bumped() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    shop.hands.advance(SignedDuration::from_secs(5));
    let body = json!({"external_order_id": "SO-100234", "staff_notes": "Epicor SO 100234"});
    let answered = shop.put(&format!("v2/orders/{id}"), &body).await;
    assert_eq!(answered.status, 200);
    let order = answered.json();
    assert_eq!(order["external_order_id"], "SO-100234");
    assert_eq!(order["date_modified"], "Tue, 31 Mar 2026 21:40:16 +0000");
    assert_eq!(order["date_created"], "Tue, 31 Mar 2026 21:40:11 +0000");
    assert_eq!(shop.get("v2/orders?external_order_id=SO-100234").await.json()[0]["id"], id);
}

#[test_case(json!({"date_modified": "x"}); "read only")]
#[test_case(json!({"id": 5}); "the id")]
#[test_case(json!({"external_id": "x"}); "the external id")]
#[test_case(json!({"external_merchant_id": "x"}); "write once")]
#[test_case(json!({"subtotal_tax": "1"}); "a computed tax")]
#[test_case(json!({"nonsense": 1}); "unknown")]
#[test_case(json!({"status_id": 15}); "a status beyond the fifteen")]
#[test_case(json!({"status_id": "11"}); "a status as text")]
#[test_case(json!({"external_order_id": 7}); "a number as text")]
#[test_case(json!({"total_ex_tax": "1.00"}); "half of a pair")]
#[test_case(json!({"billing_address": {"zipcode": "1"}}); "an unknown address field")]
#[test_case(json!([]); "no object")]
#[tokio::test]
async fn a_bad_put_changes_nothing(bad: Value) {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    let before = shop.sim.order(id);
    let mut body = bad;
    if let Some(fields) = body.as_object_mut() {
        fields.insert("staff_notes".to_owned(), "half".into());
    }
    assert_eq!(shop.put(&format!("v2/orders/{id}"), &body).await.v2_error().0, 400);
    assert_eq!(shop.sim.order(id), before);
}

#[tokio::test]
async fn amounts_are_taken_as_text_or_number_and_an_address_is_merged() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    let body = json!({
        "total_ex_tax": 70.5, "total_inc_tax": "80", "is_deleted": true,
        "billing_address": {"city": "Waco"},
    });
    let order = shop.put(&format!("v2/orders/{id}"), &body).await.json();
    assert_eq!((&order["total_ex_tax"], &order["total_inc_tax"]), (&"70.5000".into(), &"80.0000".into()));
    assert_eq!(order["is_deleted"], true);
    assert_eq!(order["billing_address"]["city"], "Waco");
    assert_eq!(order["billing_address"]["first_name"], "Ada");
}

#[tokio::test]
async fn a_put_needs_json_a_known_order_and_the_right_method() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    let path = format!("v2/orders/{id}");
    let untyped = answer(shop.request("PUT", &path).body("{}")).await.unwrap();
    assert_eq!(untyped.v2_error().0, 415);
    let broken = shop.request("PUT", &path).header("Content-Type", "application/json").body("{");
    assert_eq!(answer(broken).await.unwrap().v2_error().0, 400);
    assert_eq!(shop.put("v2/orders/999", &json!({"staff_notes": ""})).await.v2_error().0, 404);
    assert_eq!(shop.put("v2/orders", &json!({})).await.v2_error().0, 405);
    assert_eq!(shop.put(&path, &json!({"products": []})).await.v2_error().0, 501);
}

#[tokio::test]
async fn a_write_tells_the_hooks_what_changed() {
    let shop = Shop::open().await;
    let receiver = Receiver::listen().await;
    let id = shop.sim.place_order(small_order().shipping("Flat Rate", dec("5")));
    shop.sim.add_hook("store/order/*", &receiver.url(), &[]);
    shop.put(&format!("v2/orders/{id}"), &json!({"status_id": 2})).await;
    shop.put(&format!("v2/orders/{id}"), &json!({"external_order_id": "SO-1"})).await;
    shop.put(&format!("v2/orders/{id}"), &json!({"is_deleted": true})).await;
    let scopes: Vec<String> = shop.sim.drain_hooks().await.into_iter().map(|sent| sent.scope).collect();
    let expected = ["updated", "statusUpdated", "updated", "updated", "archived"];
    assert_eq!(scopes, expected.map(|ending| format!("store/order/{ending}")));
    let told = receiver.seen.lock()[1].json();
    assert_eq!(told["data"]["status"], json!({"previous_status_id": 11, "new_status_id": 2}));
}
