//! Registering hooks, and what they are sent.

use connector_simulators::bigcommerce::{DeliveryMode, OrderEvent};
use jiff::SignedDuration;
use serde_json::{Value, json};
use test_case::test_case;

use crate::shop::{Receiver, Shop, answer, small_order};

fn hook(scope: &str, destination: &str) -> Value {
    json!({"scope": scope, "destination": destination, "headers": {"Authorization": "Bearer 5f2c"}})
}

#[tokio::test]
async fn a_hook_is_created_listed_changed_and_deleted() {
    let shop = Shop::open().await;
    let made =
        shop.post("v3/hooks", &hook("store/order/statusUpdated", "https://hooks.example.com/bc")).await;
    assert_eq!(made.status, 200);
    let made = made.json()["data"].clone();
    assert_eq!((&made["store_hash"], &made["is_active"]), (&"abc123".into(), &true.into()));
    assert_eq!(made["headers"]["Authorization"], "Bearer 5f2c");
    let id = made["id"].as_u64().unwrap();

    let off = shop.put(&format!("v3/hooks/{id}"), &json!({"is_active": false})).await.json();
    assert_eq!(off["data"]["is_active"], false);
    let list = async |query: &str| {
        shop.get(&format!("v3/hooks?{query}")).await.json()["data"].as_array().unwrap().len()
    };
    assert_eq!(list("scope=store/order/statusUpdated").await, 1);
    assert_eq!(list("is_active=true").await, 0);
    assert_eq!(list("destination=https://elsewhere.example.com").await, 0);
    let gone = answer(shop.request("DELETE", &format!("v3/hooks/{id}"))).await.unwrap();
    assert_eq!((gone.status, &gone.json()["data"]["id"]), (200, &id.into()));
    let missing = shop.get(&format!("v3/hooks/{id}")).await;
    assert_eq!(
        (missing.status, &missing.json()["title"]),
        (404, &format!("Webhook with id [{id}] not found").into())
    );
}

#[test_case(json!({"scope": "store/order/*"}), "destination"; "no destination")]
#[test_case(json!({"destination": "https://a.example.com"}), "scope"; "no scope")]
#[test_case(hook("order/*", "https://a.example.com"), "scope"; "a scope of no store")]
#[test_case(hook("store/order/*", "http://a.example.com"), "destination"; "no TLS")]
#[test_case(hook("store/order/*", "https://a.example.com:8443"), "destination"; "a port of one's own")]
#[test_case(json!({"scope": "store/order/*", "destination": "https://a.example.com", "headers": {"a": 1}}), "headers"; "a header that is no text")]
#[test_case(json!({"scope": "store/order/*", "destination": "https://a.example.com", "secret": "x"}), "secret"; "an unknown field")]
#[tokio::test]
async fn a_bad_hook_is_422_naming_the_field(body: Value, field: &str) {
    let shop = Shop::open().await;
    let refused = shop.post("v3/hooks", &body).await;
    assert_eq!(refused.status, 422);
    assert!(refused.json()["errors"].get(field).is_some(), "{}", refused.text);
    assert!(shop.sim.hooks().is_empty());
}

#[tokio::test]
async fn a_destination_is_taken_once_a_scope_and_a_scope_ten_times() {
    let shop = Shop::open().await;
    for n in 0..10 {
        let made =
            shop.post("v3/hooks", &hook("store/order/*", &format!("https://hooks.example.com/{n}"))).await;
        assert_eq!(made.status, 200);
        if n == 0 {
            let again = shop.post("v3/hooks", &hook("store/order/*", "https://hooks.example.com/0")).await;
            assert_eq!(again.status, 422);
        }
    }
    assert_eq!(
        shop.post("v3/hooks", &hook("store/order/*", "https://hooks.example.com/11")).await.status,
        422
    );
    assert_eq!(
        shop.post("v3/hooks", &hook("store/order/created", "https://hooks.example.com/0")).await.status,
        200
    );
}

#[tokio::test]
async fn loopback_hooks_are_a_test_flag() {
    let strict = Shop::with(|config| config.allow_loopback_hooks = false).await;
    assert_eq!(strict.post("v3/hooks", &hook("store/order/*", "http://127.0.0.1:9/bc")).await.status, 422);
    let lenient = Shop::open().await;
    assert_eq!(lenient.post("v3/hooks", &hook("store/order/*", "http://127.0.0.1:9/bc")).await.status, 200);
}

#[tokio::test]
async fn a_new_order_reaches_every_hook_that_asked_for_it() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    shop.sim.add_hook("store/order/created", &receiver.url(), &[("X-Shared", "s3cret-value")]);
    shop.sim.add_hook("store/channel/1/order/*", &receiver.url(), &[]);
    shop.sim.add_hook("store/order/updated", &receiver.url(), &[]);
    let id = shop.sim.place_order(small_order());
    assert_eq!(shop.sim.pending_deliveries(), 2);
    let sent = shop.sim.drain_hooks().await;
    assert_eq!(sent.iter().map(|sent| sent.status).collect::<Vec<_>>(), [Some(200), Some(200)]);
    assert_eq!(shop.sim.pending_deliveries(), 0);

    let seen = receiver.seen.lock().clone();
    let body = seen[0].json();
    assert_eq!(body["scope"], "store/order/created");
    assert_eq!(body["store_id"], "1025646");
    assert_eq!(body["producer"], "stores/abc123");
    assert_eq!(body["created_at"], 1_774_993_211);
    assert_eq!(body["data"], json!({"type": "order", "id": id}));
    let hash = body["hash"].as_str().unwrap();
    assert!(hash.len() == 40 && hash.chars().all(|digit| digit.is_ascii_hexdigit()));
    assert_eq!(seen[0].headers["x-shared"], "s3cret-value");
    assert_eq!(seen[0].headers["webhook-timestamp"], "1774993211");
    assert!(seen[0].headers["webhook-signature"].to_str().unwrap().starts_with("v1,"));
    assert_eq!(seen[0].headers["x-bc-signature"].len(), 64);
    assert_eq!(seen[1].json()["scope"], "store/channel/1/order/created");
    assert_eq!(seen[1].json()["data"], json!({"order_id": id}));
    assert_ne!(seen[0].headers["webhook-id"], seen[1].headers["webhook-id"]);
}

#[test_case(DeliveryMode::Normal, true, true, true; "normal")]
#[test_case(DeliveryMode::Unsigned, false, false, false; "unsigned")]
#[test_case(DeliveryMode::BadSignature, true, true, true; "bad signature")]
#[test_case(DeliveryMode::OnlyCompatibility, false, true, false; "only the compatibility header")]
#[test_case(DeliveryMode::OnlyStandard, true, false, false; "only standard webhooks")]
#[test_case(DeliveryMode::OnlyCustomHeaders, false, false, true; "only custom headers")]
#[tokio::test]
async fn a_mode_decides_which_headers_go_along(
    mode: DeliveryMode,
    standard: bool,
    compatibility: bool,
    custom: bool,
) {
    let shop = Shop::with(|config| {
        config.hook_headers.insert("X-Shared".to_owned(), "s3cret-value".to_owned());
    })
    .await;
    let id = shop.sim.place_order(small_order());
    let delivery = shop.sim.delivery("store/order/updated", id, mode).unwrap();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        assert_eq!(delivery.header(name).is_some(), standard, "{name}");
    }
    assert_eq!(delivery.header("X-BC-Signature").is_some(), compatibility);
    assert_eq!(delivery.header("X-Shared").is_some(), custom);
    assert!(shop.sim.delivery("store/order/updated", 999, mode).is_none());
}

#[tokio::test]
async fn a_bad_signature_differs_from_the_good_one_over_the_same_body() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    let good = shop.sim.delivery("store/order/updated", id, DeliveryMode::Normal).unwrap();
    let bad = shop.sim.delivery("store/order/updated", id, DeliveryMode::BadSignature).unwrap();
    assert_eq!(good.body, bad.body);
    assert_ne!(good.header("X-BC-Signature"), bad.header("X-BC-Signature"));
}

#[tokio::test]
async fn a_duplicate_carries_the_same_id_and_bytes_at_a_later_time() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    let id = shop.sim.place_order(small_order());
    let first = shop.sim.delivery("store/order/updated", id, DeliveryMode::Normal).unwrap();
    shop.hands.advance(SignedDuration::from_secs(60));
    let again = shop.sim.delivery("store/order/updated", id, DeliveryMode::Duplicate).unwrap();
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    assert_ne!(again.header("webhook-timestamp"), first.header("webhook-timestamp"));
    assert_eq!(shop.sim.send(&again, &receiver.url()).await.unwrap(), 200);
    assert_eq!(receiver.seen.lock()[0].body, first.body);
}

#[test_case("store/order/statusUpdated", json!({"type": "order", "id": 100, "status": {"previous_status_id": 7, "new_status_id": 11}}); "status")]
#[test_case("store/order/message/created", json!({"type": "order", "id": 100, "message": {"order_message_id": 3}}); "message")]
#[test_case("store/order/refund/created", json!({"type": "order", "id": 100, "refund": {"refund_id": 6}}); "refund")]
#[test_case("store/channel/1/order/statusUpdated", json!({"order_id": 100}); "channel")]
#[test_case("store/order/metafield/created", json!({"metafield_id": 9, "resource_id": "100"}); "metafield")]
#[tokio::test]
async fn each_scope_has_its_own_shape(scope: &str, data: Value) {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order().status(7));
    shop.sim.update_order(id, |order| order.status_id = 11);
    let made = shop.sim.delivery(scope, id, DeliveryMode::Normal).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&made.body).unwrap()["data"], data);
}

#[tokio::test]
async fn a_transaction_tells_the_order_as_text() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    shop.sim.add_hook("store/order/transaction/created", &receiver.url(), &[]);
    let id = shop.sim.place_order(small_order());
    shop.sim.emit(OrderEvent::TransactionCreated, id);
    shop.sim.drain_hooks().await;
    let data = receiver.seen.lock()[0].json()["data"].clone();
    assert_eq!((&data["type"], &data["order_id"]), (&"transaction".into(), &id.to_string().into()));
}

#[tokio::test]
async fn a_refused_delivery_is_retried_on_schedule_until_the_hook_is_switched_off() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    shop.sim.add_hook("store/order/created", &receiver.url(), &[]);
    shop.sim.place_order(small_order());
    *receiver.status.lock() = 401;
    assert_eq!(shop.sim.drain_hooks().await.len(), 1);
    shop.hands.advance(SignedDuration::from_secs(59));
    assert!(shop.sim.drain_hooks().await.is_empty());
    shop.hands.advance(SignedDuration::from_secs(1));
    assert_eq!(shop.sim.drain_hooks().await[0].status, Some(401));
    for _ in 0..10 {
        shop.hands.advance(SignedDuration::from_hours(24));
        assert_eq!(shop.sim.drain_hooks().await.len(), 1);
    }
    let seen = receiver.seen.lock().clone();
    assert_eq!(seen.len(), 12);
    assert_eq!(seen[0].headers["webhook-id"], seen[11].headers["webhook-id"]);
    assert_ne!(seen[0].headers["webhook-timestamp"], seen[11].headers["webhook-timestamp"]);
    assert_eq!(shop.sim.hooks()[0]["is_active"], false);
    assert_eq!(shop.sim.pending_deliveries(), 0);
}

#[test_case(1; "on the vendor's own schedule")]
#[test_case(60; "on a schedule that is sixty times as fast")]
#[tokio::test]
async fn each_documented_wait_is_kept_to_the_second_before_the_next_try(scale: u32) {
    let shop = Shop::with(|config| config.retry_scale = scale).await;
    let receiver = Receiver::listen().await;
    shop.sim.add_hook("store/order/created", &receiver.url(), &[]);
    shop.sim.place_order(small_order());
    *receiver.status.lock() = 503;
    assert_eq!(shop.sim.drain_hooks().await[0].status, Some(503));
    for seconds in [60, 180, 300, 600, 900, 1800, 3600, 7200, 21_600, 50_400, 86_400] {
        assert_eq!(shop.sim.hooks()[0]["is_active"], true);
        shop.hands.advance(SignedDuration::from_millis(seconds * 1000 / i64::from(scale) - 1));
        assert!(shop.sim.drain_hooks().await.is_empty(), "{seconds} s are not over");
        shop.hands.advance(SignedDuration::from_millis(1));
        assert_eq!(shop.sim.drain_hooks().await[0].status, Some(503), "after {seconds} s");
    }
    assert_eq!(receiver.seen.lock().len(), 12);
    assert_eq!(shop.sim.hooks()[0]["is_active"], false);
    shop.sim.place_order(small_order());
    assert_eq!(shop.sim.pending_deliveries(), 0, "a hook that is off is told nothing");
}

#[tokio::test]
async fn deliveries_may_come_with_the_newest_first() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    shop.sim.add_hook("store/order/*", &receiver.url(), &[]);
    let id = shop.sim.place_order(small_order().status(7));
    shop.sim.update_order(id, |order| order.status_id = 11);
    let sent = shop.sim.drain_hooks_out_of_order().await;
    let scopes: Vec<&str> = sent.iter().map(|sent| sent.scope.as_str()).collect();
    assert_eq!(scopes, ["store/order/statusUpdated", "store/order/updated", "store/order/created"]);
    let heard: Vec<Value> = receiver.seen.lock().iter().map(|one| one.json()["scope"].clone()).collect();
    assert_eq!(heard, scopes);
}

#[tokio::test]
async fn an_inactive_hook_hears_nothing() {
    let shop = Shop::open().await;
    let body =
        json!({"scope": "store/order/*", "destination": "https://hooks.example.com", "is_active": false});
    assert_eq!(shop.post("v3/hooks", &body).await.status, 200);
    shop.sim.place_order(small_order());
    assert_eq!(shop.sim.pending_deliveries(), 0);
}
