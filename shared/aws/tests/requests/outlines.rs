//! Outlines: one read of all connections, without a secret.

use connector_aws::{AwsConnections, SecretsPrefix, TableName};
use connector_ports::{Outline, OutlineSource as _};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, ResponseTemplate};

use super::Aws;

fn connections(aws: &Aws) -> AwsConnections {
    AwsConnections::new(&aws.clients, TableName("t".to_owned()), SecretsPrefix("p".to_owned()))
}

/// A connection as the table holds it, outlined.
fn outlined(id: &str) -> Value {
    json!({
        "sk": {"S": id}, "rules": {"S": "[orders]"}, "kinetic_url": {"S": "https://k.example.com/"},
        "company": {"S": "EPIC06"},
    })
}

#[tokio::test]
async fn outlines_are_one_consistent_query_of_as_many_pages_as_there_are_and_ask_for_no_secret() {
    let aws = Aws::new().await;
    let last = json!({"pk": {"S": "connections"}, "sk": {"S": "b-store"}});
    let first = json!({"Items": [outlined("a-store"), outlined("b-store")], "LastEvaluatedKey": last});
    let page = ResponseTemplate::new(200).set_body_raw(first.to_string(), "application/x-amz-json-1.0");
    Mock::given(any()).respond_with(page).up_to_n_times(1).mount(&aws.server).await;
    aws.answers("DynamoDB_20120810.Query", 200, json!({"Items": [outlined("c-store")]})).await;
    let outlines = connections(&aws).outlines().await.unwrap();
    assert_eq!(ids(&outlines), ["a-store", "b-store", "c-store"]);
    let asked = aws.asked().await;
    assert_eq!(asked.len(), 2, "one for each page, and nothing else: {asked:?}");
    for (operation, body) in &asked {
        assert_eq!(operation, "DynamoDB_20120810.Query");
        assert_eq!(body["ConsistentRead"], true);
        assert_eq!(body["ExpressionAttributeValues"], json!({":hash": {"S": "connections"}}));
        assert_eq!(body["ProjectionExpression"], "#sk, #rules, #kinetic_url, #company");
    }
    assert_eq!((&asked[0].1["ExclusiveStartKey"], &asked[1].1["ExclusiveStartKey"]), (&Value::Null, &last));
}

#[tokio::test]
async fn a_connection_that_is_not_as_we_write_it_hides_no_other() {
    let aws = Aws::new().await;
    let mut items = vec![outlined("a-store"), outlined("Not An Id"), outlined("z-store")];
    for name in ["rules", "kinetic_url", "company"] {
        let mut item = outlined("b-store");
        item.as_object_mut().unwrap().remove(name);
        items.push(item);
    }
    let mut no_url = outlined("c-store");
    no_url["kinetic_url"] = json!({"S": "nowhere"});
    items.push(no_url);
    aws.answers("DynamoDB_20120810.Query", 200, json!({ "Items": items })).await;
    assert_eq!(ids(&connections(&aws).outlines().await.unwrap()), ["a-store", "z-store"]);
}

fn ids(outlines: &[Outline]) -> Vec<&str> {
    outlines.iter().map(|outline| outline.id.as_str()).collect()
}
