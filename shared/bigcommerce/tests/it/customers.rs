use connector_domain::ShopperId;
use connector_http::Class;
use test_case::test_case;
use wiremock::ResponseTemplate;

use crate::support::{Store, json};

const ADA: &str = r#"{"id":11,"email":"ada@example.com","first_name":"Ada","last_name":"Lane","company":"Acme","phone":"5125550100","customer_group_id":0,"notes":"","origin_channel_id":1,"channel_ids":null}"#;

#[tokio::test]
async fn a_shopper_is_asked_for_by_a_filter_and_read_out_of_the_envelope() {
    let store = Store::start().await;
    store
        .get("v3/customers", json(&format!(r#"{{"data":[{ADA}],"meta":{{"pagination":{{"total":1}}}}}}"#)))
        .await;
    let ada = store.client.customers().get(ShopperId(11), store.deadline()).await.unwrap().unwrap();
    assert_eq!(
        (ada.id, ada.email.as_str(), ada.company.as_str()),
        (ShopperId(11), "ada@example.com", "Acme")
    );
    assert_eq!(ada.customer_group_id, None);
    assert_eq!(store.asked().await, ["GET /v3/customers?id:in=11"]);
    assert_eq!(format!("{ada:?}"), "Customer(11, …)");
}

#[test_case(200, r#"{"data":[],"meta":{}}"#; "an empty list")]
#[test_case(204, ""; "no content")]
#[test_case(200, &format!(r#"{{"data":[{}]}}"#, ADA.replace("11", "12")); "somebody else, since the filter was ignored")]
#[tokio::test]
async fn a_shopper_that_is_not_there_is_none(status: u16, body: &str) {
    let store = Store::start().await;
    store.get("v3/customers", ResponseTemplate::new(status).set_body_raw(body, "application/json")).await;
    assert_eq!(store.client.customers().get(ShopperId(11), store.deadline()).await.unwrap(), None);
}

#[tokio::test]
async fn an_answer_without_its_envelope_is_unreadable() {
    let store = Store::start().await;
    store.get("v3/customers", json(&format!("[{ADA}]"))).await;
    let error = store.client.customers().get(ShopperId(11), store.deadline()).await.unwrap_err();
    assert_eq!(error.class, Class::Unreadable);
    assert!(!error.to_string().contains("ada"), "{error}");
}
