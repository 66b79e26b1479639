//! Events that get lost, and hooks that somebody else changed.

use serde_json::json;

use crate::shop::{Receiver, Shop, small_order};

#[tokio::test]
async fn a_lost_event_leaves_no_trace() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    shop.sim.add_hook("store/order/*", &receiver.url(), &[]);
    shop.sim.lose_deliveries(|scope, id| scope == "store/order/created" && id == 101);
    let ids = [(); 3].map(|()| shop.sim.place_order(small_order()));
    assert_eq!(ids, [100, 101, 102]);
    assert_eq!(shop.sim.pending_deliveries(), 2);
    shop.sim.update_order(101, |order| order.status_id = 10);
    let sent: Vec<u64> = shop.sim.drain_hooks().await.iter().map(|sent| sent.order_id).collect();
    assert_eq!(sent, [100, 102, 101, 101], "another scope of the same order is told");
    shop.sim.lose_deliveries(|_, _| true);
    shop.sim.place_order(small_order());
    assert_eq!(shop.sim.pending_deliveries(), 0);
    shop.sim.lose_no_deliveries();
    shop.sim.place_order(small_order());
    assert_eq!(shop.sim.pending_deliveries(), 1);
}

#[tokio::test]
async fn a_muted_hook_is_listed_as_active_and_delivers_nothing() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    let id = shop.sim.add_hook("store/order/created", &receiver.url(), &[]);
    shop.sim.place_order(small_order());
    assert!(shop.sim.mute_hook(id));
    assert!(shop.sim.drain_hooks().await.is_empty(), "what was queued is gone");
    shop.sim.place_order(small_order());
    assert_eq!(shop.get(&format!("v3/hooks/{id}")).await.json()["data"]["is_active"], true);
    assert!(shop.sim.unmute_hook(id));
    assert!(shop.sim.drain_hooks().await.is_empty(), "what happened meanwhile is gone");
    shop.sim.place_order(small_order());
    assert_eq!(shop.sim.drain_hooks().await.len(), 1);
    assert!(!shop.sim.mute_hook(1) && !shop.sim.unmute_hook(1));
}

#[tokio::test]
async fn a_hook_may_be_pointed_elsewhere_given_other_headers_and_deleted() {
    let (shop, here, there) = (Shop::open().await, Receiver::listen().await, Receiver::listen().await);
    let id = shop.sim.add_hook("store/order/created", &here.url(), &[("X-Shared", "first-value")]);
    assert!(shop.sim.repoint_hook(id, &there.url()));
    assert!(shop.sim.set_hook_headers(id, &[("X-Other", "second-value")]));
    shop.sim.place_order(small_order());
    shop.sim.drain_hooks().await;
    assert!(here.seen.lock().is_empty());
    let seen = there.seen.lock().clone();
    assert_eq!(seen[0].headers["x-other"], "second-value");
    assert!(!seen[0].headers.contains_key("x-shared"));
    let shown = shop.get(&format!("v3/hooks/{id}")).await.json();
    assert_eq!(shown["data"]["headers"], json!({"X-Other": "second-value"}));
    assert!(!format!("{:?}", shop.sim.traffic().calls()).contains("second-value"));

    shop.sim.place_order(small_order());
    assert!(shop.sim.delete_hook(id) && !shop.sim.delete_hook(id));
    assert!(shop.sim.drain_hooks().await.is_empty());
    assert_eq!(shop.get(&format!("v3/hooks/{id}")).await.status, 404);
}
