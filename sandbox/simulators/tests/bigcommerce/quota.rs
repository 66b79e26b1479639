//! The request quota.

use connector_simulators::Fault;
use jiff::SignedDuration;

use crate::shop::{Shop, small_order};

#[tokio::test]
async fn every_answer_carries_the_four_headers() {
    let shop = Shop::open().await;
    for path in ["v2/time", "v2/orders", "v2/orders/1", "v2/nothing"] {
        let answer = shop.get(path).await;
        assert_eq!(answer.number("x-rate-limit-time-window-ms"), 30_000, "{path}");
        assert_eq!(answer.number("x-rate-limit-time-reset-ms"), 18_211, "{path}");
        assert_eq!(answer.number("x-rate-limit-requests-quota"), 150, "{path}");
    }
    assert_eq!(shop.get("v2/time").await.number("x-rate-limit-requests-left"), 145);
}

#[tokio::test]
async fn beyond_the_quota_is_429_until_the_window_turns() {
    let shop = Shop::with(|config| config.quota = 2).await;
    shop.get("v2/time").await;
    shop.get("v2/time").await;
    let refused = shop.get("v2/orders").await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.json()["title"], "Too many requests");
    assert_eq!(refused.number("x-rate-limit-requests-left"), 0);
    assert_eq!(refused.number("x-retry-after"), 19);
    shop.hands.advance(SignedDuration::from_millis(18_210));
    assert_eq!(shop.get("v2/time").await.status, 429);
    shop.hands.advance(SignedDuration::from_millis(1));
    assert_eq!(shop.get("v2/time").await.status, 200);
}

#[tokio::test]
async fn other_apps_eat_the_quota() {
    let shop = Shop::open().await;
    shop.sim.spend(148);
    assert_eq!(shop.get("v2/time").await.number("x-rate-limit-requests-left"), 1);
    shop.sim.set_quota(75);
    let refused = shop.get("v2/time").await;
    assert_eq!((refused.status, refused.number("x-rate-limit-requests-quota")), (429, 75));
}

#[tokio::test]
async fn a_throttle_comes_with_headers_or_bare_and_applies_nothing() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    let path = format!("v2/orders/{id}");
    shop.sim.faults().add(Fault::Throttle { headers: true }.once().on("PUT", "/v2/orders"));
    shop.sim.faults().add(Fault::Throttle { headers: false }.once().on("PUT", "/v2/orders"));
    let body = serde_json::json!({"staff_notes": "x"});

    let full = shop.put(&path, &body).await;
    assert_eq!((full.status, full.number("x-retry-after")), (429, 19));
    let bare = shop.put(&path, &body).await;
    assert_eq!((bare.status, bare.text.as_str()), (429, ""));
    assert!(
        !bare.headers.keys().any(|name| name.as_str().contains("rate") || name.as_str().contains("retry"))
    );
    assert_eq!(shop.sim.order(id).unwrap()["staff_notes"], "");
    assert_eq!(shop.put(&path, &body).await.status, 200);
}
