//! Each failure class of a read, of a draft and of a save.

use connector_domain::OrderNum;
use connector_http::{CallError, Class};
use connector_kinetic::KineticError;
use test_case::test_case;
use wiremock::ResponseTemplate;

use crate::support::{Company, KEY, PASSWORD, json_answer, new_header};

fn body(kind: &str, message: &str) -> String {
    serde_json::json!({
        "HttpStatus": 0, "ReasonPhrase": "REST API Exception", "ErrorMessage": message, "ErrorType": kind,
        "CorrelationId": "2f3d"
    })
    .to_string()
}

fn call(error: KineticError) -> CallError {
    match error {
        KineticError::Call(error) => error,
        other @ (KineticError::NotSaved { .. } | KineticError::Prompted { .. }) => panic!("{other}"),
    }
}

const BUSINESS: &str = "Ice.Common.BusinessObjectException";
const UNAUTHORIZED: &str = "System.UnauthorizedAccessException";

/// Status, type, words; the class; how often a read and a save are sent.
#[test_case(400, BUSINESS, "Part is inactive.", Class::Rejected, 1, 1; "business rule")]
#[test_case(400, "Microsoft.OData.ODataException", "Syntax error", Class::Rejected, 1, 1; "odata")]
#[test_case(401, UNAUTHORIZED, "Invalid username or password.", Class::Unauthorized, 1, 1; "credentials")]
#[test_case(401, UNAUTHORIZED, "Access denied (X).", Class::Forbidden, 1, 1; "permission")]
#[test_case(404, "Epicor.RESTApi.ErrorHandling.ApiException", "No method", Class::Forbidden, 1, 1; "unknown method")]
#[test_case(410, "InvalidSessionException", "", Class::Unauthorized, 1, 1; "session")]
#[tokio::test]
async fn a_refusal_is_not_sent_again(
    status: u16,
    kind: &'static str,
    message: &'static str,
    class: Class,
    reads: usize,
    saves: usize,
) {
    let answer = || json_answer(status, body(kind, message));
    assert_eq!(reading(answer()).await, (class, reads));
    assert_eq!(saving(answer()).await, (class, saves));
}

#[test_case(500, Class::ServerError; "internal error")]
#[test_case(502, Class::Unavailable; "bad gateway")]
#[test_case(503, Class::Unavailable; "away")]
#[test_case(504, Class::Unavailable; "gateway time-out")]
#[tokio::test]
async fn a_save_with_an_unknown_outcome_is_sent_once_while_a_read_is_tried_again(status: u16, class: Class) {
    let answer = || ResponseTemplate::new(status).set_body_raw("<html><title>Away</title>", "text/html");
    let (read, reads) = reading(answer()).await;
    assert_eq!(read, class);
    assert!(reads > 1);
    assert_eq!(saving(answer()).await, (class, 1));
}

async fn reading(answer: ResponseTemplate) -> (Class, usize) {
    let company = Company::start().await;
    company.answers("GET", "Erp.BO.SalesOrderSvc/SalesOrders", answer).await;
    let error = company.client.sales_orders().read_back(OrderNum(1), company.deadline()).await.unwrap_err();
    (error.class(), company.requests().await.len())
}

async fn saving(answer: ResponseTemplate) -> (Class, usize) {
    let company = Company::start().await;
    company.answers("POST", "Erp.BO.SalesOrderSvc/MasterUpdate", answer).await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_header(&new_header(), company.deadline()).await.unwrap();
    let error = orders.save(draft, company.deadline()).await.unwrap_err();
    let saves = company.called().await.iter().filter(|name| *name == "MasterUpdate").count();
    (error.class(), saves)
}

#[tokio::test]
async fn an_empty_licence_pool_stops_a_save_at_once_and_tells_how_long_to_wait() {
    let answer = || json_answer(400, body(BUSINESS, "Maximum users exceeded."));
    let company = Company::start().await;
    company.answers("POST", "Erp.BO.SalesOrderSvc/MasterUpdate", answer()).await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_header(&new_header(), company.deadline()).await.unwrap();
    let error = call(orders.save(draft, company.deadline()).await.unwrap_err());
    assert_eq!((error.class, error.cause), (Class::Throttled, "kinetic.no_licence"));
    assert_eq!((error.attempts, company.waited()), (1, 0), "the caller's queue waits, not the call");
    assert_eq!(error.retry_after.map(|wait| wait.as_secs()), Some(30));
    assert!(!error.class.may_have_happened());
}

#[test_case("20", 4; "short")]
#[test_case("21", 1; "longer than a call waits")]
#[tokio::test]
async fn a_gateway_is_waited_for_as_it_says_unless_it_says_too_long(told: &str, sent: usize) {
    let answer = ResponseTemplate::new(503).insert_header("retry-after", told);
    assert_eq!(reading(answer).await, (Class::Unavailable, sent));
}

#[tokio::test]
async fn no_secret_comes_back_in_anybodys_words() {
    let basic = "SU5URUc6dGhlLXBhc3Mtd29yZA==";
    let words = [
        format!("Invalid API Key {KEY}.\r\nCompany EPIC06."),
        format!("Header {basic} with {PASSWORD} is wrong; ask ann@example.com"),
    ];
    for message in words {
        let company = Company::start().await;
        let answer = json_answer(401, body(UNAUTHORIZED, &message));
        company.answers("GET", "Erp.BO.SalesOrderSvc/SalesOrders", answer).await;
        let error =
            company.client.sales_orders().read_back(OrderNum(1), company.deadline()).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        for secret in [KEY, PASSWORD, basic, "ann@"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("[key]"), "{shown}");
    }
}

#[tokio::test]
async fn a_key_that_we_no_longer_know_is_scrubbed_too() {
    let company = Company::start().await;
    let answer = json_answer(401, body(UNAUTHORIZED, "Invalid API Key an-older-key.\r\nCompany EPIC06."));
    company.answers("GET", "Erp.BO.SalesOrderSvc/SalesOrders", answer).await;
    let error =
        call(company.client.sales_orders().read_back(OrderNum(1), company.deadline()).await.unwrap_err());
    assert_eq!(error.cause, "kinetic.bad_api_key");
    assert_eq!(error.words, "Invalid API Key [key]. Company EPIC06.");
}

#[test_case("not json"; "no JSON")]
#[test_case("{}"; "without parameters")]
#[test_case(r#"{"parameters":{}}"#; "without a tableset")]
#[test_case(r#"{"parameters":{"ds":{"OrderHed":[]}}}"#; "without the new row")]
#[test_case(r#"{"parameters":{"ds":{"OrderHed":{}}}}"#; "a table that is no array")]
#[tokio::test]
async fn an_answer_in_another_shape_is_unreadable(answer: &'static str) {
    let company = Company::start().await;
    company.answers("POST", "Erp.BO.SalesOrderSvc/GetNewOrderHed", json_answer(200, answer)).await;
    let error =
        company.client.sales_orders().draft_header(&new_header(), company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreadable, "{error}");
}
