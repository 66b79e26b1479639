//! `/v3/hooks/admin`.

use serde_json::{Value, json};
use test_case::test_case;

use crate::shop::{Shop, answer};

fn hook(scope: &str) -> Value {
    json!({"scope": scope, "destination": "https://hooks.example.com/bc"})
}

#[tokio::test]
async fn the_admin_page_tells_how_each_hook_of_the_account_is() {
    let shop = Shop::open().await;
    shop.sim.add_account("other-client", "other-client-secret-77", "other-access-token-77");
    let made = async |scope: &str| shop.post("v3/hooks", &hook(scope)).await.json()["data"]["id"].clone();
    let (on, off) = (made("store/order/created").await, made("store/order/updated").await);
    let dead = made("store/order/archived").await;
    shop.put(&format!("v3/hooks/{off}"), &json!({"is_active": false})).await;
    assert!(shop.sim.switch_off_hook(dead.as_u64().unwrap()));
    shop.ask_as("other-access-token-77", "POST", "v3/hooks", Some(&hook("store/order/*"))).await;

    let page = shop.get("v3/hooks/admin").await.json();
    let rows = page["data"]["hooks_list"].as_array().unwrap().clone();
    let told: Vec<(&Value, &str)> =
        rows.iter().map(|row| (&row["id"], row["status"].as_str().unwrap())).collect();
    assert_eq!(told, [(&on, "active"), (&off, "inactive"), (&dead, "deactivated")]);
    assert_eq!(rows[0]["destination"], "https://hooks.example.com/bc", "all fields of a hook");
    assert_eq!((&page["data"]["emails"], &page["data"]["blocked_domains"]), (&json!([]), &json!([])));
    assert_eq!(page["meta"]["pagination"]["total"], 3);
    let active = shop.get("v3/hooks/admin?is_active=true").await.json();
    assert_eq!(active["data"]["hooks_list"].as_array().unwrap().len(), 1);

    shop.put(&format!("v3/hooks/{dead}"), &json!({"is_active": true})).await;
    assert_eq!(shop.get("v3/hooks/admin").await.json()["data"]["hooks_list"][2]["status"], "active");
}

#[tokio::test]
async fn the_addresses_are_kept_for_each_account() {
    let shop = Shop::open().await;
    shop.sim.add_account("other-client", "other-client-secret-77", "other-access-token-77");
    let put = shop.put("v3/hooks/admin", &json!({"emails": ["ops@example.com"]})).await;
    assert_eq!((put.status, put.text.as_str()), (204, ""));
    assert_eq!(shop.get("v3/hooks/admin").await.json()["data"]["emails"], json!(["ops@example.com"]));
    let other = shop.ask_as("other-access-token-77", "GET", "v3/hooks/admin", None).await.json();
    assert_eq!(other["data"]["emails"], json!([]));
    assert_eq!(answer(shop.bare("GET", "stores/abc123/v3/hooks/admin")).await.unwrap().status, 401);
}

#[test_case(json!([]), 400; "no object")]
#[test_case(json!({}), 422; "nothing")]
#[test_case(json!({"emails": "ops@example.com"}), 422; "no list")]
#[test_case(json!({"emails": ["nobody"]}), 422; "no address")]
#[test_case(json!({"emails": [], "phones": []}), 422; "an unknown field")]
#[tokio::test]
async fn bad_addresses_change_nothing(body: Value, status: u16) {
    let shop = Shop::open().await;
    shop.put("v3/hooks/admin", &json!({"emails": ["ops@example.com"]})).await;
    assert_eq!(shop.put("v3/hooks/admin", &body).await.status, status);
    assert_eq!(shop.get("v3/hooks/admin").await.json()["data"]["emails"], json!(["ops@example.com"]));
}
