//! A plain write that meets a transaction on the same item. The emulator's transactions take no time.

use std::time::Duration;

use connector_ports::{ClaimOutcome, Ledger as _, LedgerError, WriteBack};
use serde_json::{Value, json};
use wiremock::matchers::header;
use wiremock::{Mock, ResponseTemplate};

use super::{Aws, key, row};

const LEASE: Duration = Duration::from_mins(5);

/// The next `times` answers to `operation`.
async fn refuses(aws: &Aws, operation: &str, times: u64, code: &str, item: Value) {
    let body = json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "Item": item});
    let answer = ResponseTemplate::new(400).set_body_raw(body.to_string(), "application/x-amz-json-1.0");
    let refusal = Mock::given(header("x-amz-target", operation)).respond_with(answer);
    refusal.up_to_n_times(times).mount(&aws.server).await;
}

const UPDATE: &str = "DynamoDB_20120810.UpdateItem";
const PUT: &str = "DynamoDB_20120810.PutItem";
const CONFLICT: &str = "TransactionConflictException";

#[tokio::test]
async fn a_claim_that_meets_a_transaction_is_tried_again() {
    let aws = Aws::new().await;
    refuses(&aws, UPDATE, 2, CONFLICT, Value::Null).await;
    aws.answers(UPDATE, 200, json!({})).await;
    let outcome = aws.ledger().claim(&key(), LEASE).await.unwrap();
    assert!(matches!(outcome, ClaimOutcome::Granted(..)), "{outcome:?}");
    assert_eq!(aws.asked().await.len(), 3);
}

#[tokio::test]
async fn a_mark_that_meets_a_transaction_begins_with_the_claim_again() {
    let aws = Aws::new().await;
    refuses(&aws, UPDATE, 1, "ConditionalCheckFailedException", row()).await;
    refuses(&aws, UPDATE, 1, CONFLICT, Value::Null).await;
    aws.answers(UPDATE, 200, json!({})).await;
    let outcome = aws.ledger().claim(&key(), LEASE).await.unwrap();
    assert!(matches!(outcome, ClaimOutcome::Granted(..)), "its holder was finishing: {outcome:?}");
    let conditions: Vec<Value> =
        aws.asked().await.into_iter().map(|(_, body)| body["ConditionExpression"].clone()).collect();
    assert_eq!((conditions.len(), &conditions[0]), (3, &conditions[2]), "{conditions:?}");
}

#[tokio::test]
async fn a_claim_that_meets_transactions_without_end_gives_up() {
    let aws = Aws::new().await;
    refuses(&aws, UPDATE, u64::MAX, CONFLICT, Value::Null).await;
    let Err(LedgerError::Unavailable(words)) = aws.ledger().claim(&key(), LEASE).await else { panic!() };
    assert!(words.contains("is written by many at once"), "{words}");
    assert!(aws.asked().await.len() < 100);
}

#[tokio::test]
async fn a_write_back_that_meets_a_transaction_is_made_anew() {
    let aws = Aws::new().await;
    aws.answers("DynamoDB_20120810.GetItem", 200, json!({ "Item": row() })).await;
    refuses(&aws, PUT, 1, CONFLICT, Value::Null).await;
    aws.answers(PUT, 200, json!({})).await;
    aws.ledger().write_back(&key(), WriteBack::Done).await.unwrap();
    let operations: Vec<String> = aws.asked().await.into_iter().map(|(operation, _)| operation).collect();
    assert_eq!(operations.iter().filter(|operation| *operation == PUT).count(), 2);
}
