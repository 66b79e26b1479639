//! Lists that come from an index which is behind its table. The emulator's never is.

use connector_domain::OrderId;
use connector_ports::{Ledger as _, LedgerRow, StateName};
use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use super::Aws;

/// The rows that the table holds of orders 1 to 9: the even ones have moved on, which the index does not know yet.
fn row(number: u64) -> Value {
    let state = if number.is_multiple_of(2) { json!({"state": "synced"}) } else { held() };
    json!({
        "pk": {"S": "orders#main-store"}, "sk": {"S": format!("{number:020}")},
        "state": {"S": state.to_string()}, "first_seen": {"N": "1709294300000000000"},
        "changed_at": {"N": "1709294300000000000"},
    })
}

fn held() -> Value {
    json!({"state": "held", "reason": "unknown_part", "subject": "SKU-1", "words": ""})
}

/// The order's number in a key.
fn number(item: &Value) -> u64 {
    item["sk"]["S"].as_str().unwrap().parse().unwrap()
}

fn answer(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.to_string(), "application/x-amz-json-1.0")
}

/// An index that still names orders 1 to 9, by their number.
fn behind(request: &Request) -> ResponseTemplate {
    let asked: Value = serde_json::from_slice(&request.body).unwrap();
    let values = &asked["ExpressionAttributeValues"];
    let after = asked.get("ExclusiveStartKey").map(number);
    let after = after.or_else(|| values[":after"]["S"].as_str()?.trim().parse().ok()).unwrap_or(0);
    let key = |number: u64| json!({"pk": row(number)["pk"], "sk": row(number)["sk"]});
    let limit = usize::try_from(asked["Limit"].as_u64().unwrap()).unwrap();
    let items: Vec<Value> = (1..=9).filter(|number| *number > after).take(limit).map(key).collect();
    // As DynamoDB does, a page that is full has a key, whether more comes or not.
    let from = items.last().filter(|_| items.len() == limit).cloned();
    let mut body = json!({ "Items": items });
    if let Some(from) = from {
        body["LastEvaluatedKey"] = from;
    }
    answer(&body)
}

fn table(request: &Request) -> ResponseTemplate {
    let asked: Value = serde_json::from_slice(&request.body).unwrap();
    let mut rows: Vec<Value> =
        asked["RequestItems"]["t"]["Keys"].as_array().unwrap().iter().map(|key| row(number(key))).collect();
    // It answers in no order.
    rows.reverse();
    answer(&json!({ "Responses": { "t": rows }, "UnprocessedKeys": {} }))
}

async fn aws() -> Aws {
    let aws = Aws::new().await;
    aws.answers_by("DynamoDB_20120810.Query", behind).await;
    aws.answers_by("DynamoDB_20120810.BatchGetItem", table).await;
    aws
}

fn numbers(rows: &[LedgerRow]) -> Vec<u64> {
    rows.iter().map(|row| row.key.order.0).collect()
}

#[tokio::test]
async fn rows_that_have_moved_on_since_the_index_was_written_do_not_make_a_page_short() {
    let aws = aws().await;
    let (ledger, connection) = (aws.ledger(), "main-store".parse().unwrap());
    let page = |after: Option<u64>| ledger.list(&connection, Some(StateName::Held), after.map(OrderId), 3);
    assert_eq!(numbers(&page(None).await.unwrap()), [1, 3, 5]);
    assert_eq!(numbers(&page(Some(5)).await.unwrap()), [7, 9], "it ends there");
    assert_eq!(numbers(&page(Some(9)).await.unwrap()), [0; 0]);
}

/// The lists by state read all that is held; this one reads what it is asked for.
#[tokio::test]
async fn what_is_held_for_a_reason_is_a_range_of_its_index() {
    let aws = aws().await;
    let (ledger, connection) = (aws.ledger(), "main-store".parse().unwrap());
    let after = "unknown_part#SKU-1#00000000000000000002";
    let found = ledger.held(&connection, "unknown_part", Some(after), 3).await.unwrap();
    assert_eq!(numbers(&found), [1, 3, 5], "what has moved on is made up for");
    let query = &aws.asked().await[0].1;
    assert_eq!(query["IndexName"], "held");
    assert_eq!(query["KeyConditionExpression"], "held_in = :hash AND held_by BETWEEN :from AND :to");
    let value = |name: &str| query["ExpressionAttributeValues"][name]["S"].clone();
    assert_eq!(
        [value(":hash"), value(":from"), value(":to")],
        [json!("main-store"), json!(format!("{after} ")), json!("unknown_part$")]
    );
}
