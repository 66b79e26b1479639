//! `store/hook/deliveryException`.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::shop::{Receiver, Shop, small_order};

const SCOPE: &str = "store/hook/deliveryException";

/// A store with a hook that is refused and one, on another domain, that is told of it.
async fn watched() -> (Shop, Receiver, Receiver, u64) {
    let (shop, refusing, told) = (Shop::open().await, Receiver::listen().await, Receiver::listen().await);
    let id = shop.sim.add_hook("store/order/created", &refusing.url(), &[]);
    shop.sim.add_hook(SCOPE, &told.url_by_name(), &[]);
    shop.sim.add_account("other-client", "other-client-secret-77", "other-access-token-77");
    shop.sim.add_hook_of("other-client", SCOPE, &told.url_by_name(), &[]);
    *refusing.status.lock() = 503;
    (shop, refusing, told, id)
}

/// The codes that arrived, with the hook that each is about.
fn codes(told: &Receiver) -> Vec<(Value, Value)> {
    let seen = told.seen.lock();
    let data = seen.iter().map(|one| one.json()["data"].clone());
    data.map(|data| (data["error_code"].clone(), data["id"].clone())).collect()
}

#[tokio::test]
async fn a_failure_is_told_at_first_and_when_it_is_for_good() {
    let (shop, _refusing, told, id) = watched().await;
    shop.sim.place_order(small_order());
    shop.sim.place_order(small_order());
    shop.sim.drain_hooks().await;
    let sent = shop.sim.drain_hooks().await;
    assert_eq!(sent.len(), 1, "once for a destination, and the other account is told nothing");
    assert_eq!((sent[0].scope.as_str(), sent[0].order_id), (SCOPE, 0));
    let body = told.seen.lock()[0].json();
    assert_eq!((&body["scope"], &body["data"]["type"]), (&SCOPE.into(), &"webhook".into()));
    assert!(body["data"]["message"].is_string());
    for _ in 0..11 {
        shop.hands.advance(SignedDuration::from_hours(24));
        shop.sim.drain_hooks().await;
    }
    shop.sim.drain_hooks().await;
    let codes = codes(&told);
    assert_eq!(codes.first(), Some(&(90001.into(), id.into())));
    assert_eq!(codes.last(), Some(&(90002.into(), id.into())));
    assert_eq!(codes.iter().filter(|(code, _)| *code == 90002).count(), 1);
}

#[tokio::test]
async fn a_coming_retry_is_told_every_ten_minutes_at_most() {
    let (shop, _refusing, told, _) = watched().await;
    for (seconds, heard) in [(0, 1), (599, 1), (1, 2)] {
        shop.hands.advance(SignedDuration::from_secs(seconds));
        shop.sim.place_order(small_order());
        shop.sim.drain_hooks().await;
        shop.sim.drain_hooks().await;
        assert_eq!(codes(&told).len(), heard, "{seconds} s later");
    }
}

#[tokio::test]
async fn a_blocked_domain_is_told_once() {
    let (shop, _refusing, told, id) = watched().await;
    for _ in 0..100 {
        shop.sim.place_order(small_order());
    }
    shop.sim.drain_hooks().await;
    shop.sim.drain_hooks().await;
    assert_eq!(codes(&told), [(90001.into(), id.into()), (90003.into(), id.into())]);
}

#[tokio::test]
async fn the_hook_for_exceptions_is_one_and_has_a_destination_of_its_own() {
    let shop = Shop::open().await;
    let hook =
        |scope: &str, at: &str| json!({"scope": scope, "destination": format!("https://a.example.com/{at}")});
    let post = async |body: Value| shop.post("v3/hooks", &body).await.status;
    assert_eq!(post(hook("store/order/*", "orders")).await, 200);
    assert_eq!(post(hook(SCOPE, "orders")).await, 422);
    assert_eq!(post(hook(SCOPE, "ops")).await, 200);
    assert_eq!(post(hook(SCOPE, "ops-too")).await, 422);
    assert_eq!(post(hook("store/order/created", "ops")).await, 422);
    assert_eq!(post(hook("store/order/created", "orders")).await, 200);
}
