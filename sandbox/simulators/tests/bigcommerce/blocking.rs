//! Domains that fail too often.

use jiff::SignedDuration;
use serde_json::json;

use crate::shop::{Receiver, Shop, small_order};

fn orders(shop: &Shop, n: usize) {
    for _ in 0..n {
        shop.sim.place_order(small_order());
    }
}

#[tokio::test]
async fn a_domain_that_refuses_a_hundred_is_blocked_for_three_minutes() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    shop.sim.add_account("other-client", "other-client-secret-77", "other-access-token-77");
    shop.sim.add_hook("store/order/created", &receiver.url(), &[]);
    *receiver.status.lock() = 503;
    orders(&shop, 99);
    assert_eq!(shop.sim.drain_hooks().await.len(), 99);
    assert_eq!(shop.get("v3/hooks/admin").await.json()["data"]["blocked_domains"], json!([]));
    orders(&shop, 2);
    assert_eq!(shop.sim.drain_hooks().await.len(), 1, "the hundredth gets it blocked");
    let blocked = shop.get("v3/hooks/admin").await.json()["data"]["blocked_domains"].clone();
    let reasons =
        json!([{"failure_description": "HTTP status 503", "count": 100, "timestamp": 1_774_993_211}]);
    assert_eq!(blocked, json!([{"destination": "http://127.0.0.1", "time_left": 180, "reasons": reasons}]));
    assert_eq!(shop.sim.pending_deliveries(), 101, "all of them are tried again");

    *receiver.status.lock() = 200;
    shop.sim.add_hook_of("other-client", "store/order/updated", &receiver.url(), &[]);
    shop.sim.update_order(100, |order| order.status_id = 10);
    assert_eq!(shop.sim.drain_hooks().await.len(), 1, "another account is not blocked");
    shop.hands.advance(SignedDuration::from_secs(179));
    let page = shop.get("v3/hooks/admin").await.json();
    assert_eq!(page["data"]["blocked_domains"][0]["time_left"], 1);
    assert!(shop.sim.drain_hooks().await.is_empty(), "what falls due meanwhile waits once more");
    assert_eq!(shop.sim.pending_deliveries(), 101);
    shop.hands.advance(SignedDuration::from_secs(1));
    assert_eq!(shop.get("v3/hooks/admin").await.json()["data"]["blocked_domains"], json!([]));
    orders(&shop, 1);
    assert_eq!(shop.sim.drain_hooks().await.len(), 1);
    shop.hands.advance(SignedDuration::from_secs(180));
    assert_eq!(shop.sim.drain_hooks().await.len(), 101);
    assert_eq!(shop.sim.pending_deliveries(), 0);
}

#[tokio::test]
async fn every_other_event_of_a_blocked_domain_may_be_lost() {
    let shop = Shop::with(|config| config.blocked_events_lost = true).await;
    let receiver = Receiver::listen().await;
    shop.sim.add_hook("store/order/created", &receiver.url(), &[]);
    *receiver.status.lock() = 503;
    orders(&shop, 110);
    assert_eq!(shop.sim.drain_hooks().await.len(), 100);
    assert_eq!(shop.sim.pending_deliveries(), 105, "a hundred that failed, and five of ten");
}
