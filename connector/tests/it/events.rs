//! `connector events sign`: what it makes is let in by the receiver's own code.

use connector_bigcommerce::webhook::{RawDelivery, Verifier, VerifyPolicy, WebhookEvent};
use connector_domain::{OrderId, Timestamp};
use serde_json::Value;
use test_case::test_case;

use crate::run::{Desk, RULES};

/// Reads a delivery as the receiver does, at the moment when it was made.
fn heard(headers: &Value, body: &str, header_secret: Option<&str>) -> Option<WebhookEvent> {
    let custom_header_name = header_secret.map(|_| "X-Connector-Secret".to_owned()).unwrap_or_default();
    let policy = VerifyPolicy { custom_header_name, ..VerifyPolicy::default() };
    let secrets: Vec<_> = header_secret.into_iter().map(Into::into).collect();
    let receiver = Verifier::new(policy, &["client-9b2e4d".into()], &secrets).unwrap();
    let headers = headers.as_object().unwrap().iter();
    let headers =
        headers.map(|(name, value)| (name.parse().unwrap(), value.as_str().unwrap().parse().unwrap()));
    let created = serde_json::from_str::<Value>(body).unwrap()["created_at"].as_i64().unwrap();
    let raw = RawDelivery { headers: headers.collect(), body: body.to_owned().into() };
    let accepted = receiver.verify(raw, Timestamp::from_second(created).unwrap()).unwrap();
    WebhookEvent::parse(&accepted, "abc123").unwrap()
}

#[test_case("standard-webhooks", "webhook-signature")]
#[test_case("bc-signature", "x-bc-signature")]
#[tokio::test]
async fn a_signed_event_is_let_in_under_either_method(method: &str, header: &str) {
    let desk = Desk::new();
    let signed =
        desk.json(&["events", "sign", "173331", "--file", "connection.toml", "--method", method]).await;
    assert!(signed["headers"].get(header).is_some(), "{signed}");
    let event = heard(&signed["headers"], signed["body"].as_str().unwrap(), None).unwrap();
    assert_eq!((event.order, event.scope.as_str()), (OrderId(173_331), "store/order/updated"));
    let again = desk.json(&["events", "sign", "173331", "--file", "connection.toml"]).await;
    assert_ne!(signed["body"], again["body"], "each is an event of its own");
}

#[tokio::test]
async fn the_stored_secrets_sign_and_the_whole_event_of_an_http_api_is_printed() {
    let (desk, _account) = Desk::in_account().await;
    let nobody = desk.bad(&["events", "sign", "100"]).await;
    assert!(nobody.contains("connector connection put"), "{nobody}");
    desk.good(&["connection", "put", "connection.toml"]).await;
    let event = desk.json(&["events", "sign", "100", "--http-api", "-c", "main-store"]).await;
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["rawPath"], "/webhooks/main-store");
    assert_eq!(event["pathParameters"]["connection"], "main-store");
    assert_eq!(heard(&event["headers"], event["body"].as_str().unwrap(), None).unwrap().order, OrderId(100));
    let plain = desk.good(&["events", "sign", "100"]).await;
    assert!(plain.contains("webhook-id: msg_") && plain.contains("\n\n{\"created_at\""), "{plain}");
    let told = desk.bad(&["events", "sign", "100", "-c", "second-store"]).await;
    assert!(told.contains("no connection second-store; there are: main-store"), "{told}");
}

#[tokio::test]
async fn the_secret_header_is_written_to_a_private_file_and_never_printed() {
    let desk = Desk::new();
    desk.file("rules.toml", &format!("{RULES}\nwebhooks = {{ header_secret = \"required\" }}\n"));
    let told = desk.bad(&["events", "sign", "100", "--file", "connection.toml"]).await;
    assert!(told.contains("never printed") && told.contains("--out FILE"), "{told}");
    desk.file("event.json", "readable by all until now");
    desk.good(&["events", "sign", "100", "--file", "connection.toml", "--json", "--out", "event.json"]).await;
    let written = std::fs::read_to_string(desk.path("event.json")).unwrap();
    let signed: Value = serde_json::from_str(&written).unwrap();
    assert!(heard(&signed["headers"], signed["body"].as_str().unwrap(), Some("header-2b77d0")).is_some());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(desk.path("event.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else may read it");
    }
}

#[tokio::test]
async fn what_no_receiver_would_hear_is_not_made() {
    let desk = Desk::new();
    let sign = ["events", "sign", "100", "--file", "connection.toml"];
    let told = desk.bad(&[&sign[..], &["--scope", "store/product/updated"]].concat()).await;
    assert!(told.contains("no scope of an order's"), "{told}");
    for scope in
        ["store/order/transaction/created", "store/order/metafield/created", "store/channel/1/order/updated"]
    {
        let signed = desk.json(&[&sign[..], &["--scope", scope]].concat()).await;
        let event = heard(&signed["headers"], signed["body"].as_str().unwrap(), None).unwrap();
        assert_eq!((event.order, event.scope.as_str()), (OrderId(100), scope));
    }
    desk.file("rules.toml", &format!("{RULES}\nwebhooks = {{ standard_webhooks = \"off\" }}\n"));
    assert!(desk.bad(&sign).await.contains("the other --method"));
}
