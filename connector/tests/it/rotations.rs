//! `connector connection rotate …`, and what a file that is put does to a rotation.

use connector_sandbox::connection::{HEADER, HEADER_SECRET};
use serde_json::{Value, json};

use crate::run::Desk;
use crate::vendors::Vendors;

const STATUS: [&str; 3] = ["connection", "rotate", "status"];

#[tokio::test]
async fn a_header_is_rotated_once_and_its_file_from_before_does_not_undo_it() {
    let vendors = Vendors::start().await;
    let desk = &vendors.desk;
    let place = "http://127.0.0.1:9/webhooks/main-store".parse().unwrap();
    vendors.shop.add_hook("store/order/*", &place, &[(HEADER, HEADER_SECRET)]);
    assert!(desk.good(&STATUS).await.contains("no rotation of main-store is under way"));
    let told = desk.good(&["connection", "rotate", "header"]).await;
    for words in
        ["the secret header of main-store is being rotated since", "with the new one: 0", "wait; from"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains(HEADER_SECRET), "{told}");
    let told = desk.bad(&["connection", "rotate", "header"]).await;
    assert!(told.contains("still counts until"), "{told}");
    let status = desk.json(&STATUS).await;
    assert_eq!((&status["header"]["old_hooks"], &status["account"]), (&json!(1), &Value::Null));
}

#[tokio::test]
async fn a_file_that_would_break_a_rotation_off_is_refused_unless_that_is_said() {
    let (desk, _account) = Desk::in_account().await;
    desk.good(&["connection", "put", "connection.toml"]).await;
    desk.good(&["connection", "rotate", "header"]).await;
    let put = desk.json(&["connection", "put", "connection.toml"]).await;
    assert!(put["rotations"][0].as_str().unwrap().contains("the new one stays"), "{put}");
    desk.file("header.secret", "a third value 77");
    let told = desk.bad(&["connection", "put", "connection.toml"]).await;
    assert!(told.contains("nothing was stored") && told.contains("--yes"), "{told}");
    assert!(desk.json(&STATUS).await["header"].is_object());
    desk.good(&["connection", "put", "connection.toml", "--yes"]).await;
    assert_eq!(desk.json(&STATUS).await["header"], Value::Null);
}

#[tokio::test]
async fn an_account_is_rotated_only_to_one_that_the_store_lets_in() {
    let vendors = Vendors::start().await;
    let desk = &vendors.desk;
    desk.file("account.toml", "access_token = \"token-new-5501\"\nclient_secret = \"client-new-5502\"\n");
    let rotate = ["connection", "rotate", "account", "--from", "account.toml"];
    let told = desk.bad(&rotate).await;
    assert!(told.contains("nothing was changed") && !told.contains("5501"), "{told}");
    assert_eq!(desk.json(&STATUS).await["account"], Value::Null);

    vendors.shop.add_account("new-client", "client-new-5502", "token-new-5501");
    let told = desk.good(&rotate).await;
    for words in ["the API account of main-store is being rotated", "leave the old account as it is"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains("5501") && !told.contains("5502"), "{told}");
    let told = desk.bad(&["hooks", "register", "--url", "http://127.0.0.1:9/"]).await;
    assert!(told.contains("when every receiver knows its client secret"), "{told}");
    let told = desk.good(&["ping"]).await;
    assert!(told.contains("let in"), "{told}");
    let told = desk.bad(&["connection", "rotate", "account"]).await;
    assert!(told.contains("nobody to ask"), "{told}");
}

#[tokio::test]
async fn everything_that_is_wrong_with_an_accounts_file_is_told_at_once() {
    let vendors = Vendors::start().await;
    vendors.desk.file("account.toml", "access_token = \"env:NOT_SET\"\ntoken = \"token-new-5501\"\n");
    let told = vendors.desk.bad(&["connection", "rotate", "account", "--from", "account.toml"]).await;
    for words in ["NOT_SET, which is not set", "client_secret is missing", "token is unknown here"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains("5501"), "{told}");
}
