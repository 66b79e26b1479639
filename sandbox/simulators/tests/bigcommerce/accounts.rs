//! Several API accounts in one store.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

use crate::shop::{Received, Receiver, Shop, small_order};

const ID: &str = "other-client";
const SECRET: &str = "other-client-secret-77";
const TOKEN: &str = "other-access-token-77";

/// The store with its own account and another one.
async fn two_accounts() -> Shop {
    let shop = Shop::open().await;
    shop.sim.add_account(ID, SECRET, TOKEN);
    shop
}

fn signed_under(secret: &str, received: &Received) -> bool {
    let header = |name: &str| received.headers[name].to_str().unwrap().to_owned();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    mac.update(&received.body);
    header("webhook-signature") == format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn a_token_sees_changes_and_deletes_only_hooks_of_its_own_account() {
    let shop = two_accounts().await;
    let body = json!({"scope": "store/order/*", "destination": "https://hooks.example.com/bc"});
    let own = shop.post("v3/hooks", &body).await.json()["data"].clone();
    let other = shop.ask_as(TOKEN, "POST", "v3/hooks", Some(&body)).await.json()["data"].clone();
    assert_eq!(own["client_id"], shop.sim.config().client_id);
    assert_eq!(other["client_id"], ID, "the same scope and destination, but another account");

    let listed = shop.get("v3/hooks").await.json();
    assert_eq!((&listed["meta"]["pagination"]["total"], &listed["data"][0]), (&1.into(), &own));
    let listed = shop.ask_as(TOKEN, "GET", "v3/hooks", None).await.json();
    assert_eq!((&listed["meta"]["pagination"]["total"], &listed["data"][0]), (&1.into(), &other));

    let path = format!("v3/hooks/{}", own["id"]);
    let off = json!({"is_active": false});
    assert_eq!(shop.ask_as(TOKEN, "GET", &path, None).await.status, 404);
    assert_eq!(shop.ask_as(TOKEN, "PUT", &path, Some(&off)).await.status, 404);
    assert_eq!(shop.ask_as(TOKEN, "DELETE", &path, None).await.status, 404);
    assert_eq!(shop.get(&path).await.json()["data"], own, "nothing happened to it");
    assert_eq!(shop.ask_as(TOKEN, "DELETE", &format!("v3/hooks/{}", other["id"]), None).await.status, 200);
}

#[tokio::test]
async fn ten_hooks_a_scope_are_counted_in_each_account() {
    let shop = two_accounts().await;
    let hook =
        |n: u32| json!({"scope": "store/order/*", "destination": format!("https://a.example.com/{n}")});
    for n in 0..10 {
        assert_eq!(shop.post("v3/hooks", &hook(n)).await.status, 200);
    }
    assert_eq!(shop.post("v3/hooks", &hook(10)).await.status, 422);
    assert_eq!(shop.ask_as(TOKEN, "POST", "v3/hooks", Some(&hook(10))).await.status, 200);
}

#[tokio::test]
async fn a_delivery_is_signed_under_the_secret_of_the_account_that_owns_the_hook() {
    let (shop, receiver) = (two_accounts().await, Receiver::listen().await);
    shop.sim.add_hook("store/order/created", &receiver.url(), &[]);
    assert!(shop.sim.add_hook_of(ID, "store/order/created", &receiver.url(), &[]).is_some());
    assert!(shop.sim.add_hook_of("nobody", "store/order/created", &receiver.url(), &[]).is_none());
    shop.sim.place_order(small_order());
    shop.sim.drain_hooks().await;
    let seen = receiver.seen.lock().clone();
    let own = shop.sim.config().client_secret.clone();
    assert_eq!(seen.len(), 2);
    assert!(signed_under(&own, &seen[0]) && !signed_under(SECRET, &seen[0]));
    assert!(signed_under(SECRET, &seen[1]) && !signed_under(&own, &seen[1]));
}

#[tokio::test]
async fn an_account_that_is_removed_takes_its_hooks_along_and_its_token_is_401() {
    let (shop, receiver) = (two_accounts().await, Receiver::listen().await);
    shop.sim.add_hook_of(ID, "store/order/*", &receiver.url(), &[]);
    let own = shop.sim.add_hook("store/order/updated", &receiver.url(), &[]);
    shop.sim.place_order(small_order());
    assert_eq!(shop.ask_as(TOKEN, "GET", "v2/time", None).await.status, 200);
    assert!(shop.sim.remove_account(ID));
    assert!(!shop.sim.remove_account(ID));
    assert_eq!(shop.ask_as(TOKEN, "GET", "v2/time", None).await.status, 401);
    assert!(shop.sim.drain_hooks().await.is_empty(), "what was queued for it is gone");
    let left = shop.sim.hooks();
    assert_eq!((left.len(), &left[0]["id"]), (1, &own.into()));
}

#[tokio::test]
async fn the_keys_of_an_added_account_are_in_no_record() {
    let shop = two_accounts().await;
    shop.get(&format!("v2/orders?email={TOKEN}&payment_method={SECRET}")).await;
    let kept = format!("{:?}", shop.sim.traffic().calls());
    assert!(kept.contains("redacted") && !kept.contains(TOKEN) && !kept.contains(SECRET), "{kept}");
}
