//! The binary itself, with every event of `events/catalog-poller` under Lambda's Runtime API.

#![expect(clippy::unwrap_used, reason = "a story that does not go as told fails")]

use connector_domain::Timestamp;
use connector_lambda::{Deployment, Function, RULES, event, events, queued};
use connector_ports::{QueueName, Receipt};
use serde_json::{Value, json};

/// What became of an event.
struct After {
    said: String,
    dead: Option<String>,
    sent_on: Option<String>,
}

/// Runs the binary with the event in a deployment whose catalogue is published.
async fn after(name: &str, deadline: Timestamp) -> After {
    let deployment = Deployment::new().await.unwrap();
    deployment.rules(&format!("{RULES}\n[catalogue]\npublish = true\n")).await.unwrap();
    let told = event(&format!("catalog-poller/{name}.json")).unwrap();
    let told = queued(told, &deployment.account, QueueName::Catalogue).await.unwrap();
    let variables = deployment.account.variables();
    let mut function = Function::start(env!("CARGO_BIN_EXE_catalog-poller"), &variables).await.unwrap();
    let answer = function.invoke(&told, deadline).await.unwrap().unwrap();
    assert_eq!(answer, json!({ "batchItemFailures": [] }), "{name}");
    let inbox = deployment.account.inbox(QueueName::Catalogue);
    let dead = inbox.receive_dead_letter().await.unwrap().map(|received| received.body);
    // Lambda deletes what is done, which frees the lane.
    let receipt = told.pointer("/Records/0/receiptHandle").and_then(Value::as_str).unwrap().to_owned();
    inbox.delete(&Receipt::new(QueueName::Catalogue, receipt)).await.unwrap();
    let sent_on = inbox.receive().await.unwrap().map(|received| received.body);
    After { said: function.end().await.unwrap(), dead, sent_on }
}

#[test]
fn each_event_has_its_story() {
    let each = ["parts", "prices", "stock", "sweep", "unknown-job"];
    assert_eq!(events("catalog-poller").unwrap(), each.map(|name| format!("catalog-poller/{name}.json")));
}

#[tokio::test]
async fn a_job_of_the_catalogue_runs_and_is_measured() {
    for job in ["parts", "prices", "stock", "sweep"] {
        let After { said, dead, sent_on } = after(job, Timestamp::MAX).await;
        assert!(said.contains("\"JobsRun\":1") && said.contains("\"CataloguePublished\":"), "{job}: {said}");
        assert_eq!((dead, sent_on), (None, None), "{job}");
    }
}

#[tokio::test]
async fn the_parts_go_to_the_store_and_what_is_held_is_counted() {
    let After { said, .. } = after("parts", Timestamp::MAX).await;
    assert!(said.contains("\"SkusHeld\":"), "{said}");
    assert!(!said.contains("\"CataloguePublished\":0"), "{said}");
}

#[tokio::test]
async fn a_job_that_has_no_time_to_get_on_does_not_feed_its_own_queue() {
    let After { said, dead, sent_on } = after("parts", Timestamp::UNIX_EPOCH).await;
    assert!(said.contains("\"JobsRun\":1"), "{said}");
    assert_eq!((dead, sent_on), (None, None), "the tick starts it again");
}

#[tokio::test]
async fn a_job_that_the_catalogue_does_not_have_goes_to_the_dead_letters() {
    let After { said, dead, .. } = after("unknown-job", Timestamp::MAX).await;
    assert!(said.contains("\"MessagesDead\":1") && said.contains("unblock"), "{said}");
    assert!(dead.is_some_and(|body| body.contains("unblock")));
}
