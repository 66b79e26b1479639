//! The binary itself, with every event of `events/webhook-receiver` under Lambda's Runtime API.

use connector_domain::Timestamp;
use connector_lambda::{Deployment, Function, event, events};
use connector_ports::{OrderMessage, QueueName};
use serde_json::Value;

/// What each event is answered, and which order's id is in the queue then.
const EVENTS: [(&str, u16, Option<u64>); 12] = [
    ("created", 200, Some(100)),
    ("created-base64", 200, Some(101)),
    ("elsewhere", 404, None),
    ("exceptions", 200, None),
    ("forged", 401, None),
    ("get", 405, None),
    ("not-for-us", 200, None),
    ("other-store", 400, None),
    ("standard-webhooks-stale", 401, None),
    ("too-large", 413, None),
    ("unknown-connection", 404, None),
    ("without-header-secret", 401, None),
];

#[tokio::test]
async fn every_event_is_answered_and_only_a_genuine_one_about_an_order_is_queued() {
    let mut names: Vec<String> =
        EVENTS.iter().map(|(name, ..)| format!("webhook-receiver/{name}.json")).collect();
    names.sort();
    assert_eq!(events("webhook-receiver").unwrap(), names, "each event has its expectation");
    for (name, status, queued) in EVENTS {
        let deployment = Deployment::new().await.unwrap();
        let variables = deployment.account.variables();
        let mut function = Function::start(env!("CARGO_BIN_EXE_webhook-receiver"), &variables).await.unwrap();
        let told = event(&format!("webhook-receiver/{name}.json")).unwrap();
        let answer = function.invoke(&told, Timestamp::MAX).await.unwrap().unwrap();
        assert_eq!(answer["statusCode"], status, "{name}: {answer}");
        let inbox = deployment.account.inbox(QueueName::Orders);
        let mut found = Vec::new();
        while let Some(received) = inbox.receive().await.unwrap() {
            let message = OrderMessage::from_body(&received.body, received.dedup.clone()).unwrap();
            assert_eq!(message.connection, deployment.id, "{name}");
            found.push(message.order.0);
        }
        assert_eq!(found, Vec::from_iter(queued), "{name}");
        let said = function.end().await.unwrap();
        let measured = said.lines().filter(|line| line.contains("\"_aws\"")).count();
        // What is no delivery at all is not counted as one.
        assert_eq!(measured, usize::from(!["elsewhere", "get"].contains(&name)), "{name}: {said}");
        assert!(!said.contains("simulated-"), "{name} writes a secret: {said}");
    }
}

#[tokio::test]
async fn a_delivery_is_not_acknowledged_while_the_queue_is_away() {
    let deployment = Deployment::new().await.unwrap();
    let mut variables = deployment.account.variables();
    for (name, value) in &mut variables {
        if *name == "ORDERS_QUEUE_URL" {
            value.push_str("-gone.fifo");
        }
    }
    let mut function = Function::start(env!("CARGO_BIN_EXE_webhook-receiver"), &variables).await.unwrap();
    let told = event("webhook-receiver/created.json").unwrap();
    let answer: Value = function.invoke(&told, Timestamp::MAX).await.unwrap().unwrap();
    assert_eq!(answer["statusCode"], 500, "the store must send it again: {answer}");
}

#[tokio::test]
async fn a_function_without_its_variables_says_which() {
    let mut function = Function::start(env!("CARGO_BIN_EXE_webhook-receiver"), &[]).await.unwrap();
    let told = event("webhook-receiver/created.json").unwrap();
    let ended = function.invoke(&told, Timestamp::MAX).await.unwrap_err().to_string();
    for name in ["TABLE_NAME", "SECRETS_PREFIX", "METRICS_NAMESPACE", "ORDERS_QUEUE_URL"] {
        assert!(ended.contains(name), "{ended}");
    }
}
