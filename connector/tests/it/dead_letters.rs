//! `connector dlq …`.

use connector_domain::OrderId;
use connector_lambda::Account;
use connector_ports::{DedupId, JobMessage, Lane, OrderMessage, OrderState, Origin, QueueName};
use serde_json::Value;

use crate::orders::{held, record};
use crate::run::Desk;

fn order(number: u64) -> String {
    let dedup = DedupId::received("unused".to_owned());
    OrderMessage::new("main-store".parse().unwrap(), OrderId(number), Origin::Hook, dedup).to_body()
}

/// Puts bodies among the dead letters, as a function does.
async fn buried(account: &Account, queue: QueueName, bodies: &[String]) {
    for (at, body) in bodies.iter().enumerate() {
        let (lane, dedup) =
            (Lane::received("main-store/1".to_owned()), DedupId::received(format!("id-{at}")));
        account.inbox(queue).send_to_dead_letters(body.clone(), &lane, &dedup).await.unwrap();
    }
}

#[tokio::test]
async fn dead_letters_are_listed_with_their_reasons_planned_and_sent_back() {
    let (desk, account) = Desk::in_account().await;
    record(&account, &[(101, held("unknown_part", "NEW-77")), (103, OrderState::Synced)]).await;
    let newer = order(105).replace("\"version\":1", "\"version\":2");
    buried(&account, QueueName::Orders, &[order(101), order(103), newer, "ada.lane@example.com".to_owned()])
        .await;
    let job = JobMessage {
        connection: "main-store".parse().unwrap(),
        job: "unblock".to_owned(),
        position: Value::Null,
        dedup: DedupId::received("unused".to_owned()),
    };
    buried(&account, QueueName::Jobs, &[job.to_body()]).await;

    let told = desk.good(&["dlq", "list"]).await;
    for said in
        ["order 101", "held (unknown_part), written", "job unblock", "it has version 2", "5 dead letters"]
    {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert!(!told.contains("ada.lane"), "{told}");
    let list = desk.json(&["dlq", "list", "--queue", "orders"]).await;
    let reasons: Vec<&str> =
        list["letters"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["readable_now", "readable_now", "other_version", "unreadable"]);
    assert_eq!((&list["behind"], &list["letters"][1]["settled_since"]), (&0.into(), &false.into()));

    let planned = desk.good(&["dlq", "redrive"]).await;
    assert!(
        planned.contains("nothing was done: say --yes") && planned.contains("would be sent back"),
        "{planned}"
    );
    assert_eq!(account.inbox(QueueName::Orders).waiting().await, Ok(0));

    let done = desk.good(&["dlq", "redrive", "--yes", "--rate", "100"]).await;
    assert!(done.contains("✓ orders: 2 sent back, 0 dropped, 2 left"), "{done}");
    assert!(done.contains("✓ jobs: 1 sent back, 0 dropped, 0 left"), "{done}");
    let inbox = account.inbox(QueueName::Orders);
    assert_eq!((inbox.waiting().await, inbox.dead_letters().await), (Ok(2), Ok(2)));
    let first = inbox.receive().await.unwrap().unwrap();
    assert_eq!((first.body, first.lane.as_str()), (order(101), "main-store/1"));
    let list = desk.json(&["dlq", "list", "--queue", "orders"]).await;
    assert_eq!(list["letters"].as_array().unwrap().len(), 2, "what is left is shown: {list}");
}

#[tokio::test]
async fn without_the_dead_letters_addresses_it_is_told_which_outputs_are_missing() {
    let (mut desk, _) = Desk::in_account().await;
    desk.vars.retain(|(name, _)| !name.ends_with("DEAD_LETTERS_URL"));
    let told = desk.bad(&["dlq", "list"]).await;
    assert!(told.contains("ORDERS_DEAD_LETTERS_URL") && told.contains("JobsDeadLettersUrl"), "{told}");
    assert!(!told.contains("TABLE_NAME"), "{told}");
    desk.bad(&["dlq", "list", "--queue", "letters"]).await;
}
