//! What is sent to AWS, where an emulator does not prove it: conditions, tokens, groups, receipts, and whose secrets are read.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on may panic")]

use std::sync::Arc;
use std::time::Duration;

use connector_aws::{
    AwsConnectionStore, AwsDoorways, AwsInbox, AwsLedger, AwsQueue, Clients, InboxError, QueueUrls,
    SecretsPrefix, TableName,
};
use connector_domain::{ConnectionId, ManualClock, OrderId};
use connector_ports::{
    Claim, ConnectionSource as _, DedupId, Lane, Ledger as _, OrderKey, OrderMessage, OrderState, Origin,
    Progress, Queue as _, QueueName, Receipt, ReceiptError,
};
use serde_json::{Value, json};
use wiremock::matchers::{any, header};
use wiremock::{Mock, MockServer, Respond, ResponseTemplate};

mod conflicts;
mod dead_letters;
mod lists;
mod outlines;
mod shelf;

const UNTIL: &str = "1709298300000000000";

struct Aws {
    server: MockServer,
    clients: Clients,
}

impl Aws {
    async fn new() -> Self {
        let server = MockServer::start().await;
        let clients = Clients::at(&server.uri().parse().unwrap(), "eu-west-1").unwrap();
        Self { server, clients }
    }

    async fn answers(&self, operation: &str, status: u16, body: Value) {
        let answer =
            ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/x-amz-json-1.0");
        self.answers_by(operation, answer).await;
    }

    async fn answers_by(&self, operation: &str, answer: impl Respond + 'static) {
        Mock::given(header("x-amz-target", operation)).respond_with(answer).mount(&self.server).await;
    }

    /// Every request: its operation and its body.
    async fn asked(&self) -> Vec<(String, Value)> {
        let requests = self.server.received_requests().await.unwrap();
        let told = requests.iter().map(|request| {
            let operation = request.headers.get("x-amz-target").unwrap().to_str().unwrap().to_owned();
            (operation, serde_json::from_slice(&request.body).unwrap())
        });
        told.collect()
    }

    fn ledger(&self) -> AwsLedger {
        let clock = ManualClock::at("2024-03-01T12:00:00Z".parse().unwrap());
        AwsLedger::new(
            &self.clients,
            TableName("t".to_owned()),
            Arc::new(clock),
            Some(Duration::from_hours(24)),
        )
    }

    fn inbox(&self) -> AwsInbox {
        let url = |name: &str| format!("{}/1/{name}", self.server.uri());
        AwsInbox::new(&self.clients, QueueName::Orders, url("orders.fifo"), url("orders-dead.fifo"))
    }
}

fn key() -> OrderKey {
    OrderKey { connection: "main-store".parse().unwrap(), order: OrderId(7) }
}

/// A row as the table holds it, claimed for the third time.
fn row() -> Value {
    json!({
        "pk": {"S": "orders#main-store"}, "sk": {"S": "00000000000000000007"},
        "state": {"S": "{\"state\":\"new\"}"}, "first_seen": {"N": "1709294300000000000"},
        "changed_at": {"N": "1709294300000000000"}, "lease_until": {"N": UNTIL},
        "fence": {"N": "3"}, "version": {"N": "9"}, "entries": {"N": "4"},
    })
}

#[tokio::test]
async fn a_claim_is_one_conditional_update_of_the_lease_that_asks_for_the_old_item() {
    let aws = Aws::new().await;
    aws.answers("DynamoDB_20120810.UpdateItem", 200, json!({})).await;
    aws.ledger().claim(&key(), Duration::from_mins(5)).await.unwrap();
    let asked = aws.asked().await;
    let [(operation, body)] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(operation, "DynamoDB_20120810.UpdateItem");
    assert_eq!(body["ConditionExpression"], "attribute_not_exists(lease_until) OR lease_until <= :now");
    assert_eq!(body["ReturnValuesOnConditionCheckFailure"], "ALL_OLD");
    let update = body["UpdateExpression"].as_str().unwrap();
    for of_the_state in ["#state", "in_state", "first_seen", "changed_at"] {
        assert!(update.contains(&format!("{of_the_state} = if_not_exists({of_the_state}, ")), "{update}");
    }
    assert!(update.ends_with("REMOVE again ADD fence :one, version :one"), "{update}");
}

#[tokio::test]
async fn a_row_at_work_is_marked_only_while_the_same_claim_is_on_it() {
    let aws = Aws::new().await;
    let refusal =
        json!({"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "Item": row()});
    let refused = ResponseTemplate::new(400).set_body_raw(refusal.to_string(), "application/x-amz-json-1.0");
    Mock::given(any()).respond_with(refused).up_to_n_times(1).mount(&aws.server).await;
    aws.answers("DynamoDB_20120810.UpdateItem", 200, json!({})).await;
    aws.ledger().claim(&key(), Duration::from_mins(5)).await.unwrap();
    let asked = aws.asked().await;
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].1["ConditionExpression"], "fence = :fence AND lease_until > :now");
    assert_eq!(asked[1].1["ExpressionAttributeValues"][":fence"], json!({"N": "3"}));
    assert_eq!(asked[1].1["UpdateExpression"], "SET again = :true ADD version :one");
}

#[tokio::test]
async fn a_state_and_its_transition_are_one_transaction_that_a_repeat_does_not_double() {
    let aws = Aws::new().await;
    aws.answers("DynamoDB_20120810.GetItem", 200, json!({ "Item": row() })).await;
    aws.answers("DynamoDB_20120810.TransactWriteItems", 200, json!({})).await;
    let (claim, progress) = (Claim::granted(key(), 3), Progress::default());
    aws.ledger().complete(claim, OrderState::Synced, progress, Vec::new()).await.unwrap();
    let asked = aws.asked().await;
    let operations: Vec<&str> = asked.iter().map(|(operation, _)| operation.as_str()).collect();
    assert_eq!(operations, ["DynamoDB_20120810.GetItem", "DynamoDB_20120810.TransactWriteItems"]);
    assert_eq!(asked[0].1["ConsistentRead"], true);
    let body = &asked[1].1;
    assert!(body["ClientRequestToken"].as_str().is_some_and(|token| token.len() >= 32), "{body}");
    let items = body["TransactItems"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(
        items[0]["Put"]["ConditionExpression"],
        "version = :version AND (attribute_not_exists(lease_until) OR lease_until > :now)"
    );
    assert_eq!(items[0]["Put"]["ExpressionAttributeValues"][":version"], json!({"N": "9"}));
    assert_eq!(items[0]["Put"]["Item"]["entries"], json!({"N": "5"}));
    let entry = &items[1]["Put"]["Item"];
    assert_eq!(
        entry["sk"],
        json!({"S": "00000000000000000005"}),
        "numbered, so that a repeat overwrites itself"
    );
    assert_eq!(entry["expires_at"], json!({"N": "1709380800"}), "only the trail expires");
    assert!(items[0]["Put"]["Item"].get("expires_at").is_none());
}

#[tokio::test]
async fn many_events_stay_below_a_hundred_items_a_transaction() {
    let aws = Aws::new().await;
    aws.answers("DynamoDB_20120810.GetItem", 200, json!({ "Item": row() })).await;
    aws.answers("DynamoDB_20120810.TransactWriteItems", 200, json!({})).await;
    let fired =
        |n: u32| connector_ports::AuditEvent::RuleFired { rule: n.to_string(), detail: String::new() };
    let events = (0..10_000).map(fired).collect();
    let progress = Progress::default();
    aws.ledger()
        .checkpoint(&Claim::granted(key(), 3), &progress, events, Duration::from_mins(5))
        .await
        .unwrap();
    let transactions: Vec<usize> = aws
        .asked()
        .await
        .iter()
        .filter_map(|(_, body)| Some(body["TransactItems"].as_array()?.len()))
        .collect();
    assert_eq!(transactions, [41, 41, 33]);
}

#[tokio::test]
async fn a_message_names_its_lane_and_its_deduplication_id() {
    let aws = Aws::new().await;
    aws.answers("AmazonSQS.SendMessage", 200, json!({"MessageId": "m", "MD5OfMessageBody": "x"})).await;
    let urls = QueueUrls {
        orders: format!("{}/1/orders.fifo", aws.server.uri()),
        jobs: "unused".to_owned(),
        catalogue: "unused".to_owned(),
    };
    let dedup = DedupId::received("id-1".to_owned());
    let message = OrderMessage::new(key().connection, OrderId(7), Origin::Hook, dedup);
    let sent = AwsQueue::new(&aws.clients, urls.clone()).send_order(&message, 2).await;
    drop(sent);
    let body = &aws.asked().await[0].1;
    assert_eq!(body["QueueUrl"], urls.orders);
    assert_eq!(
        (&body["MessageGroupId"], &body["MessageDeduplicationId"]),
        (&json!("main-store/1"), &json!("id-1"))
    );
    assert_eq!(body["MessageBody"], message.to_body());
    assert!(body.get("DelaySeconds").is_none());
}

#[tokio::test]
async fn the_visibility_is_asked_for_in_whole_seconds_rounded_up_and_twelve_hours_at_most() {
    let aws = Aws::new().await;
    aws.answers("AmazonSQS.ChangeMessageVisibility", 200, json!({})).await;
    let receipt = Receipt::new(QueueName::Orders, "handle-1".to_owned());
    for visibility in
        [Duration::ZERO, Duration::from_millis(1), Duration::from_secs(330), Duration::from_hours(99)]
    {
        aws.inbox().change_visibility(&receipt, visibility).await.unwrap();
    }
    let asked: Vec<Value> =
        aws.asked().await.into_iter().map(|(_, body)| body["VisibilityTimeout"].clone()).collect();
    assert_eq!(asked, [0, 1, 330, 43_200].map(Value::from));
    assert_eq!(aws.asked().await[0].1["ReceiptHandle"], "handle-1");
}

/// The emulator deletes with an expired receipt, which SQS refuses for a FIFO queue.
#[tokio::test]
async fn a_receipt_that_sqs_refuses_is_no_longer_good() {
    let aws = Aws::new().await;
    let code = "com.amazonaws.sqs#InvalidParameterValueException";
    let body = json!({"__type": code, "message": "Value x for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."});
    let answer = || {
        ResponseTemplate::new(400)
            .insert_header("x-amzn-query-error", "InvalidParameterValue;Sender")
            .set_body_raw(body.to_string(), "application/x-amz-json-1.0")
    };
    Mock::given(any()).respond_with(answer()).mount(&aws.server).await;
    let receipt = Receipt::new(QueueName::Orders, "handle-1".to_owned());
    assert_eq!(aws.inbox().delete(&receipt).await, Err(InboxError::Receipt(ReceiptError)));
    let visibility = aws.inbox().change_visibility(&receipt, Duration::ZERO).await;
    assert_eq!(visibility, Err(InboxError::Receipt(ReceiptError)));
    assert_eq!(aws.asked().await[0].1["ReceiptHandle"], "handle-1");
}

#[tokio::test]
async fn what_is_none_of_ours_goes_to_the_dead_letters_as_it_is() {
    let aws = Aws::new().await;
    aws.answers("AmazonSQS.SendMessage", 200, json!({"MessageId": "m", "MD5OfMessageBody": "x"})).await;
    let (lane, dedup) = (Lane::received("main-store/1".to_owned()), DedupId::received("id-1".to_owned()));
    let sent = aws.inbox().send_to_dead_letters("{\"version\":9}".to_owned(), &lane, &dedup).await;
    drop(sent);
    let body = &aws.asked().await[0].1;
    assert!(body["QueueUrl"].as_str().unwrap().ends_with("/1/orders-dead.fifo"));
    assert_eq!(
        (&body["MessageBody"], &body["MessageGroupId"]),
        (&json!("{\"version\":9}"), &json!("main-store/1"))
    );
}

#[tokio::test]
async fn the_receiver_of_webhooks_asks_for_its_own_secret_only() {
    let aws = Aws::new().await;
    let item = json!({
        "pk": {"S": "connections"}, "sk": {"S": "main-store"}, "rules": {"S": ""}, "store_hash": {"S": "abc123"},
        "bigcommerce_url": {"S": "https://api.bigcommerce.com/"}, "kinetic_url": {"S": "https://k.example.com/"},
        "company": {"S": "EPIC06"},
    });
    aws.answers("DynamoDB_20120810.GetItem", 200, json!({ "Item": item })).await;
    let secret = r#"{"version":1,"client_secrets":["one"],"header":null}"#;
    aws.answers("secretsmanager.GetSecretValue", 200, json!({ "SecretString": secret })).await;
    let id: ConnectionId = "main-store".parse().unwrap();
    let (table, prefix) = (TableName("t".to_owned()), SecretsPrefix("ml-connector/prod".to_owned()));
    AwsDoorways::new(&aws.clients, table, prefix).read(&id).await.unwrap().unwrap();
    let secrets: Vec<Value> = aws
        .asked()
        .await
        .into_iter()
        .filter(|(operation, _)| operation.starts_with("secretsmanager"))
        .map(|(_, body)| body["SecretId"].clone())
        .collect();
    assert_eq!(secrets, ["ml-connector/prod/main-store/webhook"]);
}

#[tokio::test]
async fn what_aws_refuses_is_told_in_words_without_the_request() {
    let aws = Aws::new().await;
    let body = json!({"__type": "AccessDeniedException", "message": "not authorized to perform dynamodb:DeleteItem"});
    aws.answers("DynamoDB_20120810.DeleteItem", 400, body).await;
    let store =
        AwsConnectionStore::new(&aws.clients, TableName("t".to_owned()), SecretsPrefix("p".to_owned()));
    let error = store.remove(&"main-store".parse().unwrap()).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "DeleteItem on t: AccessDeniedException: not authorized to perform dynamodb:DeleteItem"
    );
}
