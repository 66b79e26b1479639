//! `connector connection remove`, and connections that cannot be read.

use connector_aws::{AwsConnections, SecretsPrefix};
use connector_ports::ConnectionSource as _;
use serde_json::json;

use crate::orders::{held, record};
use crate::run::{Desk, lost_store};

#[tokio::test]
async fn a_connection_is_removed_only_when_that_is_said_and_can_be_put_again() {
    let (desk, account) = Desk::in_account().await;
    desk.good(&["connection", "put", "connection.toml"]).await;
    let told = desk.good(&["connection", "remove", "main-store"]).await;
    for part in
        ["nothing was removed: say --yes", "rows and trails stay", "all of its orders are finished", "hooks"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(desk.json(&["connection", "list"]).await[0]["id"], "main-store");
    record(&account, &[(100, held("unknown_part", "NEW-77"))]).await;
    let told = desk.good(&["connection", "remove", "main-store"]).await;
    assert!(told.contains("not finished: 1 held"), "{told}");

    let told = desk.good(&["connection", "remove", "main-store", "--yes"]).await;
    assert!(told.contains("✓ main-store is removed"), "{told}");
    assert_eq!(desk.json(&["connection", "list"]).await, json!([]));
    let prefix = SecretsPrefix(account.table.0.clone());
    let source = AwsConnections::new(&account.clients, account.table.clone(), prefix);
    assert!(source.read(&"main-store".parse().unwrap()).await.unwrap().is_none());
    desk.good(&["connection", "put", "connection.toml"]).await;
    assert_eq!(desk.json(&["connection", "list"]).await[0]["problem"], json!(null), "its secrets are back");
}

#[tokio::test]
async fn a_connection_that_is_not_there_is_not_removed() {
    let (desk, _account) = Desk::in_account().await;
    desk.good(&["connection", "put", "connection.toml"]).await;
    let told = desk.bad(&["connection", "remove", "main-stor", "--yes"]).await;
    assert!(told.contains("no connection main-stor") && told.contains("main-store"), "{told}");
    assert_eq!(desk.json(&["connection", "list"]).await[0]["id"], "main-store");
}

#[tokio::test]
async fn a_neighbour_whose_secrets_are_lost_still_stands_in_the_way_and_can_be_removed() {
    let (desk, _account) = Desk::in_account().await;
    lost_store(&desk).await;
    let told = desk.bad(&["connection", "put", "connection.toml"]).await;
    assert!(told.contains("connections main-store and lost-store write to one Kinetic company"), "{told}");
    desk.good(&["connection", "remove", "lost-store", "--yes"]).await;
    let put = desk.json(&["connection", "put", "connection.toml"]).await;
    assert_eq!((&put["not_compared"], &put["id"]), (&json!([]), &json!("main-store")));
}
