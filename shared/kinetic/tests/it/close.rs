//! Closing an order (§8.2, §8.6).

use connector_domain::OrderNum;
use connector_http::Class;
use connector_kinetic::{Closed, KineticError};
use serde_json::{Value, json};
use test_case::test_case;
use wiremock::ResponseTemplate;

use crate::polite::header;
use crate::support::{Company, json_answer, refused, stale};

const CLOSE: &str = "Erp.BO.SalesOrderSvc/CloseOrder";

fn answer(open: bool, void: bool) -> ResponseTemplate {
    let mut header = header();
    header["OpenOrder"] = open.into();
    header["VoidOrder"] = void.into();
    ResponseTemplate::new(200).set_body_json(json!({ "returnObj": { "OrderHed": [header] } }))
}

async fn close(company: &Company) -> Result<Closed, KineticError> {
    company.client.sales_orders().close(OrderNum(100_045), company.deadline()).await
}

#[test_case(true; "nothing was shipped")]
#[test_case(false; "something was shipped")]
#[tokio::test]
async fn an_order_is_closed_by_its_number_alone(void: bool) {
    let company = Company::start().await;
    company.answers("POST", CLOSE, answer(false, void)).await;
    assert_eq!(close(&company).await.unwrap(), Closed { open: false, void });
    let sent = json!([{
        "call": "POST /Live/api/v2/odata/EPIC06/Erp.BO.SalesOrderSvc/CloseOrder",
        "body": { "iOrderNum": 100_045 }
    }]);
    assert_eq!(Value::from(company.sent().await), sent);
}

#[tokio::test]
async fn an_order_that_is_still_open_was_not_closed() {
    let company = Company::start().await;
    company.answers("POST", CLOSE, answer(true, false)).await;
    let error = close(&company).await.unwrap_err();
    assert!(matches!(error, KineticError::NotSaved { .. }), "{error}");
    assert!(error.to_string().contains("CloseOrder and did not save: the order is still open"), "{error}");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    let company = Company::start().await;
    company.answers_once("POST", CLOSE, ResponseTemplate::new(504)).await;
    company.answers("POST", CLOSE, answer(false, true)).await;
    assert!(close(&company).await.unwrap().void);
    assert_eq!(company.requests().await.len(), 2);
}

async fn refusing(open: bool) -> Result<Closed, KineticError> {
    let company = Company::start().await;
    let words = "The order cannot be closed.";
    company.answers("POST", CLOSE, refused(400, "Ice.Common.BusinessObjectException", words)).await;
    company
        .set("SalesOrderSvc/SalesOrders", move |option| {
            assert_eq!(option("$filter"), "OrderNum eq 100045");
            let row = json!({ "OrderNum": 100_045, "CustNum": 42, "OpenOrder": open, "VoidOrder": !open });
            json!({ "@odata.count": 1, "value": [row] })
        })
        .await;
    close(&company).await
}

#[tokio::test]
async fn a_refusal_counts_unless_the_order_is_closed_already() {
    assert_eq!(refusing(false).await.unwrap(), Closed { open: false, void: true });
    let error = refusing(true).await.unwrap_err();
    assert_eq!(error.class(), Class::Rejected);
    assert!(error.to_string().contains("The order cannot be closed."), "{error}");
}

#[test_case(stale(), Class::Conflict; "changed meanwhile")]
#[test_case(refused(404, "Ice.Common.RecordNotFoundException", "Record not found."), Class::NotFound; "no such order")]
#[test_case(json_answer(200, "{}"), Class::Unreadable; "an answer without value")]
#[test_case(json_answer(200, r#"{"returnObj":{"OrderHed":[]}}"#), Class::Unreadable; "a value without header")]
#[test_case(
    json_answer(200, r#"{"returnObj":{"OrderHed":[{"OrderNum":7,"OpenOrder":false,"VoidOrder":true}]}}"#),
    Class::Unreadable; "another order"
)]
#[test_case(
    json_answer(200, r#"{"returnObj":{"OrderHed":[{"OrderNum":100045,"VoidOrder":true}]}}"#),
    Class::Unreadable; "a header that does not say"
)]
#[tokio::test]
async fn another_failure_has_its_class(answer: ResponseTemplate, class: Class) {
    let company = Company::start().await;
    company.answers("POST", CLOSE, answer).await;
    assert_eq!(close(&company).await.unwrap_err().class(), class);
}
