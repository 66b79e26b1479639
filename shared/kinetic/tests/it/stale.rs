//! A call whose token the server no longer takes (§2.4).

use connector_http::Class;
use test_case::test_case;
use wiremock::ResponseTemplate;

use crate::lending::{PARTS_PATH, TOKEN_PATH, UNAUTHORIZED, by_token, call, refusal};
use crate::support::{Company, KEY, new_header};

const SAVE_PATH: &str = "/Live/api/v2/odata/EPIC06/Erp.BO.SalesOrderSvc/MasterUpdate";

/// A company that lends tokens and refuses the first of them.
async fn refusing(tokens: &[&str], answer: ResponseTemplate) -> Company {
    let company = Company::with(by_token).await;
    company.lends_tokens(3600).await;
    company.refuses(PARTS_PATH, "authorization", tokens, answer).await;
    company.answers_all().await;
    company
}

fn wrong() -> ResponseTemplate {
    refusal(401, UNAUTHORIZED, "Invalid username or password.")
}

#[test_case(UNAUTHORIZED, "Invalid username or password."; "as a wrong password is said")]
#[test_case(UNAUTHORIZED, "The access token has expired."; "expired")]
#[test_case("", "Invalid token"; "invalid")]
#[test_case("", ""; "nothing said, by whatever stands before Kinetic")]
#[tokio::test]
async fn a_refused_token_is_replaced_and_the_call_sent_exactly_once_more(kind: &str, message: &str) {
    let company = refusing(&["Bearer token-1"], refusal(401, kind, message)).await;
    company.ask().await.unwrap();
    assert_eq!(company.headers_of(PARTS_PATH, "authorization").await, ["Bearer token-1", "Bearer token-2"]);
    assert_eq!(company.sent_to(TOKEN_PATH).await.len(), 2);
    assert_eq!(company.waited(), 0);
    company.ask().await.unwrap();
    assert_eq!(company.sent_to(TOKEN_PATH).await.len(), 2, "the new token is kept");
}

#[tokio::test]
async fn a_second_refusal_in_a_row_is_given_to_the_caller() {
    let company = refusing(&["Bearer token-1", "Bearer token-2", "Bearer token-3"], wrong()).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!((error.class, error.cause), (Class::Unauthorized, "kinetic.token_refused"));
    assert_eq!((error.attempts, error.status), (2, Some(401)));
    assert_eq!(company.sent_to(PARTS_PATH).await.len(), 2);
    assert_eq!(company.sent_to(TOKEN_PATH).await.len(), 2);
}

#[test_case(401, UNAUTHORIZED, "Access denied (Erp.BO.Part.GetRows).", Class::Forbidden, "kinetic.access_denied"; "permission")]
#[test_case(403, "UnauthorizedAccessException", "Access denied.", Class::Forbidden, "kinetic.access_denied"; "permission as the documents say it")]
#[test_case(401, UNAUTHORIZED, "Invalid API Key the-api-key.\r\nCompany EPIC06.", Class::Unauthorized, "kinetic.bad_api_key"; "API key")]
#[test_case(401, UNAUTHORIZED, "The user account is disabled.", Class::Unauthorized, "kinetic.unauthorized"; "Kinetic's own words about something else")]
#[test_case(500, UNAUTHORIZED, "Invalid username or password.", Class::Unauthorized, "kinetic.bad_credentials"; "a status that does not say that nothing was done")]
#[tokio::test]
async fn a_refusal_that_is_not_about_the_token_costs_no_token(
    status: u16,
    kind: &str,
    message: &str,
    class: Class,
    cause: &str,
) {
    let company = refusing(&["Bearer token-1"], refusal(status, kind, message)).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!((error.class, error.cause), (class, cause));
    assert!(!format!("{error} {error:?}").contains(KEY));
    assert_eq!(company.sent_to(PARTS_PATH).await.len(), 1);
    assert_eq!(company.sent_to(TOKEN_PATH).await.len(), 1);
}

#[tokio::test]
async fn user_and_password_in_each_call_are_not_sent_again() {
    let company = Company::start().await;
    company.answers("GET", "Erp.BO.PartSvc/Parts", wrong()).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!((error.class, error.cause), (Class::Unauthorized, "kinetic.bad_credentials"));
    assert_eq!(company.requests().await.len(), 1);
}

#[tokio::test]
async fn twenty_callers_with_a_refused_token_borrow_one_and_each_call_is_repeated_once() {
    let company = refusing(&["Bearer token-1"], wrong()).await;
    assert!(company.ask_together(20).await.iter().all(Result::is_ok));
    assert_eq!(company.sent_to(TOKEN_PATH).await.len(), 2);
    let shown = company.headers_of(PARTS_PATH, "authorization").await;
    assert_eq!(shown.iter().filter(|shown| *shown == "Bearer token-1").count(), 20);
    assert_eq!(shown.iter().filter(|shown| *shown == "Bearer token-2").count(), 20);
}

#[tokio::test]
async fn a_save_is_repeated_too_and_exactly_once() {
    let company = Company::with(by_token).await;
    company.lends_tokens(3600).await;
    company.refuses(SAVE_PATH, "authorization", &["Bearer token-1"], wrong()).await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_header(&new_header(), company.deadline()).await.unwrap();
    orders.save(draft, company.deadline()).await.unwrap();
    let saves = company.sent_to(SAVE_PATH).await;
    assert_eq!(saves.len(), 2);
    assert_eq!(saves[0].body, saves[1].body);
    assert_eq!(company.sent_to(TOKEN_PATH).await.len(), 2);
}

#[tokio::test]
async fn a_save_that_keeps_being_refused_is_sent_twice_and_surely_saved_nothing() {
    let company = Company::with(by_token).await;
    company.lends_tokens(3600).await;
    company.refuses(SAVE_PATH, "authorization", &["Bearer token-1", "Bearer token-2"], wrong()).await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_header(&new_header(), company.deadline()).await.unwrap();
    let error = call(orders.save(draft, company.deadline()).await.unwrap_err());
    assert!(!error.class.may_have_happened(), "{error}");
    assert_eq!(company.sent_to(SAVE_PATH).await.len(), 2);
}

#[tokio::test]
async fn a_password_that_was_changed_meanwhile_is_told_as_such() {
    let company = Company::with(by_token).await;
    company.lends_one_token().await;
    company.at_token(wrong()).await;
    company.refuses(PARTS_PATH, "authorization", &["Bearer token-1"], wrong()).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!((error.class, error.cause), (Class::Unauthorized, "kinetic.bad_credentials"));
    assert_eq!(error.call, "POST TokenResource.svc");
    assert_eq!(company.sent_to(PARTS_PATH).await.len(), 1);
}
