//! Hooks (`docs/facts/bigcommerce.md` §2.1).

use connector_bigcommerce::{HookHeaders, HookId, NewHook};
use connector_http::Class;
use serde_json::{Value, json as value};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::support::{Store, get, json};

const HOOK: &str = r#"{"id":20172551,"client_id":"f8a8u4mt3","store_hash":"abc123","scope":"store/order/statusUpdated","destination":"https://hooks.example.com/bc","headers":{"X-Connector-Secret":"5f2c-secret"},"is_active":false,"created_at":1775000000,"updated_at":1775000000}"#;

fn wanted() -> NewHook {
    NewHook {
        scope: "store/order/statusUpdated".to_owned(),
        destination: "https://hooks.example.com/bc".to_owned(),
        headers: HookHeaders::of("X-Connector-Secret", "5f2c-secret".into()),
    }
}

async fn sent(store: &Store) -> Value {
    store.server.received_requests().await.unwrap().last().unwrap().body_json().unwrap()
}

#[tokio::test]
async fn hooks_are_listed_until_a_page_brings_nothing_new() {
    let store = Store::start().await;
    let list = |rows: &str| json(&format!(r#"{{"data":[{rows}],"meta":{{}}}}"#));
    let second =
        HOOK.replace("20172551", "20172552").replace(r#"{"X-Connector-Secret":"5f2c-secret"}"#, "null");
    get("v3/hooks").and(query_param("page", "1")).respond_with(list(HOOK)).mount(&store.server).await;
    get("v3/hooks").and(query_param("page", "2")).respond_with(list(&second)).mount(&store.server).await;
    store.get("v3/hooks", list(HOOK)).await;
    let hooks = store.client.hooks().list(store.deadline()).await.unwrap();
    assert_eq!(
        hooks.iter().map(|hook| hook.id).collect::<Vec<_>>(),
        [HookId(20_172_551), HookId(20_172_552)]
    );
    assert_eq!(hooks[0].updated_at.unwrap().as_second(), 1_775_000_000);
    assert!(!hooks[0].is_active);
    assert!(hooks[0].headers.are(&HookHeaders::of("x-connector-secret", "5f2c-secret".into())));
    assert!(!hooks[0].headers.are(&HookHeaders::of("x-connector-secret", "another".into())));
    assert!(hooks[1].headers.names().is_empty());
    assert!(!format!("{hooks:?}").contains("5f2c"), "{hooks:?}");
}

#[tokio::test]
async fn a_hook_is_registered_with_its_header_and_changed_whole() {
    let store = Store::start().await;
    let answer = json(&format!(r#"{{"data":{HOOK},"meta":{{}}}}"#));
    let under =
        |verb: &str, below: &str| Mock::given(method(verb)).and(path(format!("/stores/abc123/{below}")));
    under("POST", "v3/hooks").respond_with(answer.clone()).mount(&store.server).await;
    under("PUT", "v3/hooks/20172551").respond_with(answer).mount(&store.server).await;
    let body = value!({
        "scope": "store/order/statusUpdated", "destination": "https://hooks.example.com/bc", "is_active": true,
        "headers": {"X-Connector-Secret": "5f2c-secret"}
    });
    let made = store.client.hooks().create(&wanted(), store.deadline()).await.unwrap();
    assert_eq!((made.id, sent(&store).await), (HookId(20_172_551), body.clone()));
    store.client.hooks().update(made.id, &wanted(), store.deadline()).await.unwrap();
    assert_eq!(sent(&store).await, body);
    assert!(!format!("{:?}", wanted()).contains("5f2c"));
}

#[tokio::test]
async fn a_lost_registration_is_not_sent_twice() {
    let store = Store::start().await;
    let verb = Mock::given(method("POST")).respond_with(ResponseTemplate::new(503));
    verb.mount(&store.server).await;
    let error = store.client.hooks().create(&wanted(), store.deadline()).await.unwrap_err();
    assert_eq!((error.class, store.asked().await.len()), (Class::Unavailable, 1));
}

#[tokio::test]
async fn a_hook_that_is_gone_already_is_deleted() {
    let store = Store::start().await;
    let under = |id: u64| Mock::given(method("DELETE")).and(path(format!("/stores/abc123/v3/hooks/{id}")));
    under(1).respond_with(json(&format!(r#"{{"data":{HOOK},"meta":{{}}}}"#))).mount(&store.server).await;
    let gone = r#"{"status":404,"title":"Webhook with id [2] not found","type":"","errors":{}}"#;
    let gone = ResponseTemplate::new(404).set_body_raw(gone, "application/json");
    under(2).respond_with(gone).mount(&store.server).await;
    for id in [1, 2] {
        store.client.hooks().delete(HookId(id), store.deadline()).await.unwrap();
    }
}

#[tokio::test]
async fn what_the_store_says_about_its_deliveries_is_read_with_whatever_is_missing() {
    let store = Store::start().await;
    let admin = r#"{"data":{"emails":["ops@example.com"],
        "hooks_list":[{"id":1,"status":"active"},{"id":2,"status":"deactivated"},{"id":3,"status":"inactive"}],
        "blocked_domains":[{"destination":"https://hooks.example.com","time_left":120,
            "reasons":[{"failure_description":"401 Unauthorized","count":40,"timestamp":1775000000}]},{}]},"meta":{}}"#;
    store.get("v3/hooks/admin", json(admin)).await;
    let told = store.client.hooks().deliveries(store.deadline()).await.unwrap();
    assert_eq!(told.deactivated, [HookId(2)]);
    assert_eq!(told.blocked[0].time_left.as_secs(), 120);
    assert_eq!(
        (told.blocked[0].reasons[0].count, told.blocked[0].reasons[0].words.as_str()),
        (40, "401 Unauthorized")
    );
    assert_eq!(
        told.blocked[1],
        connector_bigcommerce::BlockedDomain {
            destination: String::new(),
            time_left: std::time::Duration::ZERO,
            reasons: Vec::new()
        }
    );
    assert!(!format!("{told:?}").contains("ops@"), "nobody needs the addresses");
}

#[tokio::test]
async fn a_store_that_says_nothing_about_its_deliveries_blocks_nobody() {
    let store = Store::start().await;
    store.get("v3/hooks/admin", json(r#"{"data":{},"meta":{}}"#)).await;
    let told = store.client.hooks().deliveries(store.deadline()).await.unwrap();
    assert_eq!(told, connector_bigcommerce::Deliveries::default());
}
