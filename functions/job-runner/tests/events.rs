//! The binary itself, with every event of `events/job-runner` under Lambda's Runtime API.

#![expect(clippy::unwrap_used, reason = "a story that does not go as told fails")]

use connector_domain::Timestamp;
use connector_lambda::{Deployment, Function, event, events, queued};
use connector_ports::QueueName;
use serde_json::json;

/// Runs the binary with the event, and returns what it wrote and the dead letter it left.
async fn after(name: &str) -> (String, Option<String>) {
    let deployment = Deployment::new().await.unwrap();
    let told = event(&format!("job-runner/{name}.json")).unwrap();
    let told = queued(told, &deployment.account, QueueName::Jobs).await.unwrap();
    let variables = deployment.account.variables();
    let mut function = Function::start(env!("CARGO_BIN_EXE_job-runner"), &variables).await.unwrap();
    let answer = function.invoke(&told, Timestamp::MAX).await.unwrap().unwrap();
    assert_eq!(answer, json!({ "batchItemFailures": [] }), "{name}");
    let dead = deployment.account.inbox(QueueName::Jobs).receive_dead_letter().await.unwrap();
    (function.end().await.unwrap(), dead.map(|received| received.body))
}

#[test]
fn each_event_has_its_story() {
    let each = ["order-poller", "unblock", "unknown-job", "webhook-auditor"];
    assert_eq!(events("job-runner").unwrap(), each.map(|name| format!("job-runner/{name}.json")));
}

#[tokio::test]
async fn a_job_runs() {
    for job in ["unblock", "order-poller", "webhook-auditor"] {
        let (said, dead) = after(job).await;
        assert!(said.contains("\"JobsRun\":1"), "{job}: {said}");
        assert_eq!(dead, None, "{job}");
    }
}

#[tokio::test]
async fn the_first_poll_measures_how_far_it_has_read() {
    let (said, _) = after("order-poller").await;
    assert!(said.contains("\"AccountedBehind\":0") && said.contains("\"OpenGaps\":0"), "{said}");
}

#[tokio::test]
async fn a_job_that_nobody_knows_goes_to_the_dead_letters() {
    let (said, dead) = after("unknown-job").await;
    assert!(said.contains("\"MessagesDead\":1") && said.contains("polish"), "{said}");
    assert!(dead.is_some_and(|body| body.contains("polish")));
}
