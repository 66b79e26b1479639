//! The binary itself, with every event of `events/tick` under Lambda's Runtime API.

use connector_domain::Timestamp;
use connector_lambda::{Deployment, Function, event, events};
use connector_ports::{JobMessage, QueueName};
use serde_json::json;

#[tokio::test]
async fn a_minute_starts_the_jobs_that_are_due_and_counts_who_waits() {
    assert_eq!(events("tick").unwrap(), ["tick/minute.json"]);
    let deployment = Deployment::new().await.unwrap();
    let variables = deployment.account.variables();
    let mut function = Function::start(env!("CARGO_BIN_EXE_tick"), &variables).await.unwrap();
    let told = event("tick/minute.json").unwrap();
    let answer = function.invoke(&told, Timestamp::MAX).await.unwrap().unwrap();
    assert_eq!(answer, json!({ "woken": 0, "jobs": 7, "problems": 0 }));
    let job = deployment.account.inbox(QueueName::Jobs).receive().await.unwrap().unwrap();
    let job = JobMessage::from_body(&job.body, job.dedup).unwrap();
    assert_eq!((job.connection, job.job.as_str()), (deployment.id.clone(), "unblock"));
    let job = deployment.account.inbox(QueueName::Catalogue).receive().await.unwrap().unwrap();
    let job = JobMessage::from_body(&job.body, job.dedup).unwrap();
    assert_eq!((job.connection, job.job.as_str()), (deployment.id.clone(), "stock"));
    let said = function.end().await.unwrap();
    assert!(said.contains("\"JobsStarted\":7") && said.contains("\"HeldNow\":0"), "{said}");
}
