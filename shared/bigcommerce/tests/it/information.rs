//! The store itself (`docs/facts/bigcommerce.md` §9).

use connector_http::Class;
use wiremock::ResponseTemplate;

use crate::support::{Store, json};

#[tokio::test]
async fn time_and_name_of_the_store_are_read() {
    let store = Store::start().await;
    store.get("v2/time", json(r#"{"time":1775000007}"#)).await;
    store
        .get("v2/store", json(r#"{"id":"abc123","name":"Lone Star","domain":"shop.example.com","status":"live","currency":"USD","logo":[]}"#))
        .await;
    let time = store.client.store().time(store.deadline()).await.unwrap();
    assert_eq!(time.as_second(), 1_775_000_007);
    let information = store.client.store().information(store.deadline()).await.unwrap();
    assert_eq!((information.name.as_str(), information.currency.as_str()), ("Lone Star", "USD"));
    assert_eq!(store.asked().await, ["GET /v2/time", "GET /v2/store"]);
}

#[tokio::test]
async fn a_missing_scope_is_forbidden_and_a_time_that_is_none_unreadable() {
    let store = Store::start().await;
    store.get("v2/store", ResponseTemplate::new(403)).await;
    store.get("v2/time", json(r#"{"time":9223372036854775807}"#)).await;
    let error = store.client.store().information(store.deadline()).await.unwrap_err();
    assert_eq!(error.class, Class::Forbidden);
    assert_eq!(store.client.store().time(store.deadline()).await.unwrap_err().class, Class::Unreadable);
}
