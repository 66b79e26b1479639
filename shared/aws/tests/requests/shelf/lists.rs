//! Lists of the shelf, page by page, and from an index which is behind its table. The emulator's never is.

use super::*;

/// An index that still names P-001 to P-009.
fn behind(request: &Request) -> ResponseTemplate {
    let asked: Value = serde_json::from_slice(&request.body).unwrap();
    let after = (asked["ExclusiveStartKey"]["sk"]["S"].as_str())
        .or_else(|| asked["ExpressionAttributeValues"][":after"]["S"].as_str())
        .unwrap_or_default();
    let limit = usize::try_from(asked["Limit"].as_u64().unwrap()).unwrap();
    let all = skus(1..10)
        .into_iter()
        .map(|sku| json!({"pk": {"S": "shelf#main-store"}, "sk": {"S": format!("#{sku}")}}));
    let items: Vec<Value> = all.filter(|key| key["sk"]["S"].as_str().unwrap() > after).take(limit).collect();
    let from = items.last().filter(|_| items.len() == limit).cloned();
    answer(&json!({ "Items": items, "LastEvaluatedKey": from }))
}

/// The table, where only the odd ones have an issue yet. It answers in no order.
fn odd(request: &Request) -> ResponseTemplate {
    let asked = keys(&serde_json::from_slice(&request.body).unwrap());
    let skus = asked.iter().rev().map(|key| key["sk"]["S"].as_str().unwrap().trim_start_matches('#'));
    let items: Vec<Value> = skus
        .map(|sku| {
            let odd = sku.ends_with(['1', '3', '5', '7', '9']);
            item(&Sku(sku.to_owned()), &if odd { with_issue() } else { Shelved::default() })
        })
        .collect();
    answer(&json!({ "Responses": { "t": items }, "UnprocessedKeys": {} }))
}

#[tokio::test]
async fn records_whose_issue_is_gone_since_the_index_was_written_do_not_make_a_page_short() {
    let aws = Aws::new().await;
    aws.answers_by(QUERY, behind).await;
    aws.answers_by(READ, odd).await;
    let (shelf, connection) = (shelf(&aws).0, main_store());
    let page = async |after: Option<&str>| {
        let after = after.map(|after| Sku(after.to_owned()));
        let page = shelf.with_issue(&connection, after.as_ref(), 3).await.unwrap();
        page.into_iter().map(|(sku, _)| sku.0).collect::<Vec<_>>()
    };
    assert_eq!(page(None).await, ["P-001", "P-003", "P-005"]);
    assert_eq!(page(Some("P-005")).await, ["P-007", "P-009"], "it ends there");
    let asked = aws.asked().await;
    let queries: Vec<_> =
        asked.iter().filter(|(operation, _)| operation == QUERY).map(|(_, body)| body).collect();
    assert_eq!(queries[0]["IndexName"], "state");
    assert_eq!(queries[0]["KeyConditionExpression"], "in_state = :hash");
    let values = json!({":hash": {"S": "main-store#shelf#issue"}});
    assert_eq!(queries[0]["ExpressionAttributeValues"], values);
    let behind = queries.iter().find(|query| query["ExpressionAttributeValues"] != values).unwrap();
    assert_eq!(behind["KeyConditionExpression"], "in_state = :hash AND sk > :after");
    assert_eq!(behind["ExpressionAttributeValues"][":after"], json!({"S": "#P-005"}));
}

#[tokio::test]
async fn a_list_and_changes_are_consistent_queries_of_as_many_pages_as_it_takes() {
    let aws = Aws::new().await;
    let (one, two) = (Sku("A".to_owned()), Sku("B".to_owned()));
    let last = json!({"pk": {"S": "shelf#main-store"}, "sk": {"S": "#A"}});
    // A page ends after a megabyte, however few that are.
    let short = answer(&json!({"Items": [item(&one, &Shelved::default())], "LastEvaluatedKey": last}));
    Mock::given(any()).respond_with(short).up_to_n_times(1).mount(&aws.server).await;
    aws.answers(QUERY, 200, json!({"Items": [item(&two, &Shelved::default())]})).await;
    let (shelf, connection) = (shelf(&aws).0, main_store());
    let listed = shelf.list(&connection, None, 5).await.unwrap();
    assert_eq!(listed.into_iter().map(|(sku, _)| sku).collect::<Vec<_>>(), [one, two]);
    drop(shelf.changes(&connection, &Sku("BL-7".to_owned()), 4).await);
    let asked: Vec<Value> = aws.asked().await.into_iter().map(|(_, body)| body).collect();
    assert!(asked.iter().all(|body| body["ConsistentRead"] == true), "{asked:?}");
    assert_eq!(
        asked.iter().map(|body| body["Limit"].clone()).collect::<Vec<_>>(),
        [5, 4, 4].map(Value::from)
    );
    assert_eq!((&asked[0]["ExclusiveStartKey"], &asked[1]["ExclusiveStartKey"]), (&Value::Null, &last));
    assert_eq!(asked[0]["ExpressionAttributeValues"], json!({":hash": {"S": "shelf#main-store"}}));
    assert_eq!(asked[2]["ExpressionAttributeValues"], json!({":hash": {"S": "changes#main-store#BL-7"}}));
    assert_eq!(asked[2]["ScanIndexForward"], false, "the newest first");
}
