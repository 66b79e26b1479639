//! The shelf: what is asked in one call, and what DynamoDB leaves undone. The emulator does all at once.

use std::collections::BTreeMap;

use connector_aws::AwsShelf;
use connector_domain::{Clock as _, Sku};
use connector_ports::{Published, Shelf as _, ShelfError, ShelfIssue, Shelved};
use wiremock::Request;

use super::*;

mod lists;

const READ: &str = "DynamoDB_20120810.BatchGetItem";
const WRITE: &str = "DynamoDB_20120810.BatchWriteItem";
const QUERY: &str = "DynamoDB_20120810.Query";
const NOON: &str = "2024-03-01T12:00:00Z";

/// A shelf in the table `t`, and the clock it waits on.
fn shelf(aws: &Aws) -> (AwsShelf, ManualClock) {
    let clock = ManualClock::at(NOON.parse().unwrap());
    (AwsShelf::new(&aws.clients, TableName("t".to_owned()), Arc::new(clock.clone())), clock)
}

/// For how long it waited.
fn waited(clock: &ManualClock) -> Duration {
    clock.now().duration_since(NOON.parse().unwrap()).unsigned_abs()
}

fn main_store() -> ConnectionId {
    "main-store".parse().unwrap()
}

fn skus(numbers: std::ops::Range<usize>) -> Vec<Sku> {
    numbers.map(|number| Sku(format!("P-{number:03}"))).collect()
}

fn with_issue() -> Shelved {
    let (reason, words) = ("duplicate_name".to_owned(), "x".to_owned());
    let issue = ShelfIssue { reason, words, since: NOON.parse().unwrap(), flagged_only: false };
    Shelved { issue: Some(issue), ..Shelved::default() }
}

fn change(field: &str, new: &str) -> Published {
    Published {
        sku: Sku("BL-7".to_owned()),
        at: NOON.parse().unwrap(),
        field: field.to_owned(),
        old: None,
        new: Some(new.to_owned()),
        revision: None,
    }
}

fn item(sku: &Sku, record: &Shelved) -> Value {
    let record = serde_json::to_string(record).unwrap();
    json!({"pk": {"S": "shelf#main-store"}, "sk": {"S": format!("#{sku}")}, "record": {"S": record}})
}

fn answer(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.to_string(), "application/x-amz-json-1.0")
}

/// The keys that a `BatchGetItem` names.
fn keys(body: &Value) -> Vec<Value> {
    body["RequestItems"]["t"]["Keys"].as_array().unwrap().clone()
}

/// The items that a `BatchWriteItem` puts.
fn puts(body: &Value) -> Vec<Value> {
    let requests = body["RequestItems"]["t"].as_array().unwrap();
    requests.iter().map(|request| request["PutRequest"]["Item"].clone()).collect()
}

/// Gives the first ten keys it is asked for, and leaves the others.
fn ten(request: &Request) -> ResponseTemplate {
    let mut asked = keys(&serde_json::from_slice(&request.body).unwrap());
    let left = asked.split_off(asked.len().min(10));
    let items: Vec<Value> = (asked.iter().map(|key| key["sk"]["S"].as_str().unwrap()))
        .map(|sk| item(&Sku(sk.trim_start_matches('#').to_owned()), &Shelved::default()))
        .collect();
    let left = if left.is_empty() { json!({}) } else { json!({"t": {"Keys": left}}) };
    answer(&json!({ "Responses": { "t": items }, "UnprocessedKeys": left }))
}

/// Puts the first ten items, and leaves the others.
fn ten_put(request: &Request) -> ResponseTemplate {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let left = body["RequestItems"]["t"].as_array().unwrap().get(10..).unwrap_or_default().to_vec();
    let left = if left.is_empty() { json!({}) } else { json!({ "t": left }) };
    answer(&json!({ "UnprocessedItems": left }))
}

#[tokio::test]
async fn a_hundred_keys_are_read_in_a_call_consistently_and_none_twice() {
    let aws = Aws::new().await;
    aws.answers(READ, 200, json!({"Responses": {}, "UnprocessedKeys": {}})).await;
    let asked = [skus(0..130), skus(0..5)].concat();
    assert_eq!(shelf(&aws).0.get(&main_store(), &asked).await, Ok(BTreeMap::new()));
    let asked = aws.asked().await;
    assert_eq!(asked.iter().map(|(_, body)| keys(body).len()).collect::<Vec<_>>(), [100, 30]);
    for (_, body) in &asked {
        assert_eq!(body["RequestItems"]["t"]["ConsistentRead"], true);
    }
    assert_eq!(keys(&asked[0].1)[0], json!({"pk": {"S": "shelf#main-store"}, "sk": {"S": "#P-000"}}));
}

#[tokio::test]
async fn keys_that_were_left_undone_are_asked_for_again_after_pauses_that_double() {
    let aws = Aws::new().await;
    aws.answers_by(READ, ten).await;
    let (shelf, clock) = shelf(&aws);
    let found = shelf.get(&main_store(), &skus(0..35)).await.unwrap();
    assert_eq!(found.into_keys().collect::<Vec<_>>(), skus(0..35));
    let asked: Vec<usize> = aws.asked().await.iter().map(|(_, body)| keys(body).len()).collect();
    assert_eq!(asked, [35, 25, 15, 5]);
    assert_eq!(waited(&clock), Duration::from_millis(50 + 100 + 200));
}

#[tokio::test]
async fn twenty_five_items_are_written_in_a_call_changes_first_and_of_two_with_a_key_the_last() {
    let aws = Aws::new().await;
    aws.answers(WRITE, 200, json!({"UnprocessedItems": {}})).await;
    let mut records: Vec<_> = skus(0..30).into_iter().map(|sku| (sku, Shelved::default())).collect();
    records.push((Sku("P-029".to_owned()), with_issue()));
    let changes = [change("price", "1"), change("name", "x"), change("price", "2")];
    shelf(&aws).0.put(&main_store(), &records, &changes).await.unwrap();
    let asked = aws.asked().await;
    assert!(asked.iter().all(|(operation, _)| operation == WRITE), "{asked:?}");
    let calls: Vec<_> = asked.iter().map(|(_, body)| puts(body)).collect();
    assert_eq!(calls.iter().map(Vec::len).collect::<Vec<_>>(), [25, 7]);
    let all = calls.concat();
    for (put, field, new) in [(&all[0], "name", "x"), (&all[1], "price", "2")] {
        assert_eq!(put["pk"], json!({"S": "changes#main-store#BL-7"}));
        assert_eq!(put["sk"], json!({"S": format!("2024-03-01T12:00:00.000000000Z#{field}")}));
        let told: Published = serde_json::from_str(put["change"]["S"].as_str().unwrap()).unwrap();
        assert_eq!(told, change(field, new));
    }
    assert_eq!(all[2], item(&Sku("P-000".to_owned()), &Shelved::default()), "in no index");
    let mut last = item(&Sku("P-029".to_owned()), &with_issue());
    last["in_state"] = json!({"S": "main-store#shelf#issue"});
    assert_eq!(all[31], last);
}

#[tokio::test]
async fn items_that_were_left_undone_are_written_again_and_no_others() {
    let aws = Aws::new().await;
    aws.answers_by(WRITE, ten_put).await;
    let (shelf, clock) = shelf(&aws);
    let records: Vec<_> = skus(0..25).into_iter().map(|sku| (sku, Shelved::default())).collect();
    shelf.put(&main_store(), &records, &[]).await.unwrap();
    let calls: Vec<_> = aws.asked().await.iter().map(|(_, body)| puts(body)).collect();
    assert_eq!(calls.iter().map(Vec::len).collect::<Vec<_>>(), [25, 15, 5]);
    assert_eq!((&calls[1][..], &calls[2][..]), (&calls[0][10..], &calls[0][20..]));
    assert_eq!(waited(&clock), Duration::from_millis(50 + 100));
}

#[tokio::test]
async fn a_table_that_leaves_all_undone_is_given_up() {
    let aws = Aws::new().await;
    aws.answers_by(WRITE, |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        answer(&json!({ "UnprocessedItems": body["RequestItems"] }))
    })
    .await;
    aws.answers_by(READ, |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        answer(&json!({ "Responses": {}, "UnprocessedKeys": body["RequestItems"] }))
    })
    .await;
    let (shelf, clock) = shelf(&aws);
    let put = shelf.put(&main_store(), &[], &[change("price", "1")]).await;
    let words = "BatchWriteItem on t: 1 items were left undone 8 times";
    assert_eq!(put, Err(ShelfError::Unavailable(words.to_owned())));
    assert_eq!(waited(&clock), Duration::from_millis(6_350));
    let got = shelf.get(&main_store(), &skus(0..2)).await;
    let words = "BatchGetItem on t: 2 items were left undone 8 times";
    assert_eq!(got, Err(ShelfError::Unavailable(words.to_owned())));
    assert_eq!(aws.asked().await.len(), 16);
}

#[tokio::test]
async fn what_is_throttled_altogether_is_told_in_words() {
    let aws = Aws::new().await;
    let code = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException";
    for operation in [READ, WRITE, QUERY] {
        aws.answers(operation, 400, json!({"__type": code, "message": "too fast"})).await;
    }
    let (shelf, connection) = (shelf(&aws).0, main_store());
    let (one, told) = (Sku("BL-7".to_owned()), [change("price", "1")]);
    let (got, put, listed, issues, changes) = tokio::join!(
        shelf.get(&connection, std::slice::from_ref(&one)),
        shelf.put(&connection, &[], &told),
        shelf.list(&connection, None, 1),
        shelf.with_issue(&connection, None, 1),
        shelf.changes(&connection, &one, 1),
    );
    let told = [got.err(), put.err(), listed.err(), issues.err(), changes.err()];
    for (told, operation) in
        told.into_iter().zip(["BatchGetItem", "BatchWriteItem", "Query", "Query", "Query"])
    {
        let words = format!("{operation} on t: ProvisionedThroughputExceededException: too fast");
        assert_eq!(told, Some(ShelfError::Unavailable(words)));
    }
}

#[tokio::test]
async fn an_item_that_is_not_as_we_write_it_is_named_and_not_left_out() {
    let (connection, one) = (main_store(), Sku("BL-7".to_owned()));
    let good = item(&Sku("A".to_owned()), &Shelved::default());
    let (mut newer, mut bare) = (item(&one, &Shelved::default()), item(&one, &Shelved::default()));
    newer["record"] = json!({"S": r#"{"colour":"red"}"#});
    bare.as_object_mut().unwrap().remove("record");
    for (bad, words) in
        [(newer, "attribute record: unknown field `colour`"), (bare, "attribute record: is missing")]
    {
        let aws = Aws::new().await;
        aws.answers(READ, 200, json!({"Responses": {"t": [good, bad]}, "UnprocessedKeys": {}})).await;
        aws.answers(QUERY, 200, json!({"Items": [good, bad]})).await;
        let shelf = shelf(&aws).0;
        let got = shelf.get(&connection, std::slice::from_ref(&one)).await.unwrap_err();
        let listed = shelf.list(&connection, None, 9).await.unwrap_err();
        let issues = shelf.with_issue(&connection, None, 9).await.unwrap_err();
        let changes = shelf.changes(&connection, &one, 9).await.unwrap_err().to_string();
        for told in [got, listed, issues] {
            let told = told.to_string();
            assert!(
                told.contains("an item of t is not as this version writes it") && told.contains(words),
                "{told}"
            );
        }
        assert!(changes.ends_with("attribute change: is missing"), "{changes}");
    }
}
