//! Hooks that hear of nothing for 90 days.

use jiff::SignedDuration;
use serde_json::{Value, json};
use test_case::test_case;

use crate::shop::{Receiver, Shop, small_order};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn days(n: i32) -> SignedDuration {
    DAY * n
}

async fn status(shop: &Shop) -> Value {
    shop.get("v3/hooks/admin").await.json()["data"]["hooks_list"][0]["status"].clone()
}

#[tokio::test]
async fn a_hook_without_an_event_for_90_days_is_switched_off() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    let id = shop.sim.add_hook("store/order/created", &receiver.url(), &[]);
    shop.hands.advance(days(89));
    shop.sim.place_order(small_order());
    assert_eq!(shop.sim.drain_hooks().await.len(), 1);
    shop.hands.advance(days(90) - SignedDuration::from_secs(1));
    assert_eq!(shop.get(&format!("v3/hooks/{id}")).await.json()["data"]["is_active"], true);
    shop.hands.advance(SignedDuration::from_secs(1));
    assert_eq!(shop.get(&format!("v3/hooks/{id}")).await.json()["data"]["is_active"], false);
    assert_eq!(shop.get("v3/hooks?is_active=true").await.json()["data"], json!([]));
    assert_eq!(status(&shop).await, "deactivated");
}

#[tokio::test]
async fn an_event_after_90_days_comes_too_late_even_if_nobody_looked() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    shop.sim.add_hook("store/order/created", &receiver.url(), &[]);
    shop.hands.advance(days(90));
    shop.sim.place_order(small_order());
    assert!(shop.sim.drain_hooks().await.is_empty());
    assert_eq!(shop.sim.hooks()[0]["is_active"], false);
}

#[test_case(true, "active"; "it does")]
#[test_case(false, "deactivated"; "it does not")]
#[tokio::test]
async fn whether_a_put_starts_the_days_anew_is_a_switch(put_resets_idle: bool, after: &str) {
    let shop = Shop::with(|config| config.put_resets_idle = put_resets_idle).await;
    let body = json!({"scope": "store/order/*", "destination": "https://hooks.example.com/bc"});
    let id = shop.post("v3/hooks", &body).await.json()["data"]["id"].clone();
    let put = async || shop.put(&format!("v3/hooks/{id}"), &json!({"is_active": true})).await;
    shop.hands.advance(days(60));
    put().await;
    shop.hands.advance(days(60));
    assert_eq!(status(&shop).await, after);

    shop.hands.advance(days(60));
    assert_eq!(status(&shop).await, "deactivated");
    put().await;
    assert_eq!(status(&shop).await, "active", "what is switched on again has its 90 days in any case");
}
