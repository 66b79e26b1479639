//! The binary itself, with every event of `events/order-consumer` under Lambda's Runtime API.

#![expect(clippy::unwrap_used, reason = "a story that does not go as told fails")]

use connector_domain::{ConnectionId, OrderId, Timestamp};
use connector_lambda::{Deployment, Function, event, events, queued};
use connector_ports::{Ledger as _, OrderKey, OrderState, QueueName, Receipt};
use serde_json::json;

struct After {
    deployment: Deployment,
    order: u64,
    said: String,
}

/// Runs the binary with the event, which must be done: no message comes back.
async fn after(name: &str) -> After {
    let deployment = Deployment::new().await.unwrap();
    let order = deployment.order();
    let told = event(&format!("order-consumer/{name}.json")).unwrap();
    let told = queued(told, &deployment.account, QueueName::Orders).await.unwrap();
    let variables = deployment.account.variables();
    let mut function = Function::start(env!("CARGO_BIN_EXE_order-consumer"), &variables).await.unwrap();
    let answer = function.invoke(&told, Timestamp::MAX).await.unwrap().unwrap();
    assert_eq!(answer, json!({ "batchItemFailures": [] }), "{name}");
    After { deployment, order, said: function.end().await.unwrap() }
}

impl After {
    async fn state(&self, key: &OrderKey) -> Option<OrderState> {
        self.deployment.account.ledger().get(key).await.unwrap().map(|row| row.state)
    }

    async fn dead_letter(&self) -> Option<String> {
        let inbox = self.deployment.account.inbox(QueueName::Orders);
        inbox.receive_dead_letter().await.unwrap().map(|received| received.body)
    }

    fn counted(&self, metric: &str) -> bool {
        self.said.lines().any(|line| line.contains("\"_aws\"") && line.contains(&format!("\"{metric}\":1")))
    }
}

#[test]
fn each_event_has_its_story() {
    let names = ["hook", "newer-version", "poison", "unknown-connection", "wake"];
    let names: Vec<String> = names.iter().map(|name| format!("order-consumer/{name}.json")).collect();
    assert_eq!(events("order-consumer").unwrap(), names);
}

#[tokio::test]
async fn a_hook_becomes_a_sales_order() {
    let after = after("hook").await;
    let key = after.deployment.key(after.order);
    assert_eq!(after.state(&key).await, Some(OrderState::Synced), "{}", after.said);
    assert_eq!(after.deployment.company.orders().len(), 1);
    assert!(after.counted("OrdersSynced"), "{}", after.said);
    assert!(!after.said.contains("simulated-") && !after.said.contains("Byron"), "{}", after.said);
}

#[tokio::test]
async fn a_waker_that_finds_nothing_due_is_dropped() {
    let deployment = Deployment::new().await.unwrap();
    let orders = [deployment.order(), deployment.order()];
    let variables = deployment.account.variables();
    let mut function = Function::start(env!("CARGO_BIN_EXE_order-consumer"), &variables).await.unwrap();
    let wake = event("order-consumer/wake.json").unwrap();
    // Nobody has heard of the order yet, so the first message is as good as a hook. The second comes when nothing is due.
    for dedup in ["first", "second"] {
        let mut wake = wake.clone();
        *wake.pointer_mut("/Records/0/attributes/MessageDeduplicationId").unwrap() = dedup.into();
        let wake = queued(wake, &deployment.account, QueueName::Orders).await.unwrap();
        function.invoke(&wake, Timestamp::MAX).await.unwrap().unwrap();
        let received = wake.pointer("/Records/0/receiptHandle").and_then(|handle| handle.as_str()).unwrap();
        let receipt = Receipt::new(QueueName::Orders, received.to_owned());
        deployment.account.inbox(QueueName::Orders).delete(&receipt).await.unwrap();
    }
    let after = After { deployment, order: orders[1], said: function.end().await.unwrap() };
    assert_eq!(after.state(&after.deployment.key(after.order)).await, Some(OrderState::Synced));
    assert!(after.counted("OrdersSynced") && after.counted("OrdersNotDue"), "{}", after.said);
    assert_eq!(after.deployment.company.orders().len(), 1);
}

#[tokio::test]
async fn an_order_of_a_connection_that_is_not_there_is_kept_for_later() {
    let after = after("unknown-connection").await;
    let connection: ConnectionId = "nobody".parse().unwrap();
    let state = after.state(&OrderKey { connection, order: OrderId(1) }).await;
    assert!(matches!(state, Some(OrderState::Retrying { .. })), "{state:?}: {}", after.said);
}

#[tokio::test]
async fn what_is_none_of_ours_goes_to_the_dead_letters_at_once() {
    for (name, body) in [
        ("poison", "not ours"),
        ("newer-version", r#"{"connection":"main-store","order":100,"origin":"hook","version":2}"#),
    ] {
        let after = after(name).await;
        assert_eq!(after.dead_letter().await.as_deref(), Some(body), "{}", after.said);
        assert!(after.counted("MessagesDead"), "{}", after.said);
        assert_eq!(after.state(&after.deployment.key(after.order)).await, None);
    }
}

#[tokio::test]
async fn a_message_whose_receipt_is_no_longer_good_is_not_worked_on() {
    let deployment = Deployment::new().await.unwrap();
    let order = deployment.order();
    let told = event("order-consumer/hook.json").unwrap();
    let variables = deployment.account.variables();
    let mut function = Function::start(env!("CARGO_BIN_EXE_order-consumer"), &variables).await.unwrap();
    let answer = function.invoke(&told, Timestamp::MAX).await.unwrap().unwrap();
    let failed =
        json!({ "batchItemFailures": [{ "itemIdentifier": "059f36b4-87a3-44ab-83d2-661975830a7d" }] });
    assert_eq!(answer, failed);
    assert_eq!(deployment.account.ledger().get(&deployment.key(order)).await.unwrap(), None);
    assert!(deployment.company.orders().is_empty());
}

#[tokio::test]
async fn an_invocation_without_time_leaves_the_order_for_another() {
    let deployment = Deployment::new().await.unwrap();
    let order = deployment.order();
    let told = queued(event("order-consumer/hook.json").unwrap(), &deployment.account, QueueName::Orders);
    let told = told.await.unwrap();
    let variables = deployment.account.variables();
    let mut function = Function::start(env!("CARGO_BIN_EXE_order-consumer"), &variables).await.unwrap();
    function.invoke(&told, Timestamp::UNIX_EPOCH).await.unwrap().unwrap();
    let state = deployment.account.ledger().get(&deployment.key(order)).await.unwrap().map(|row| row.state);
    assert_ne!(state, Some(OrderState::Synced));
    assert!(deployment.company.orders().is_empty());
}
