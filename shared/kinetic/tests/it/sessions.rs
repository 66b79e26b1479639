//! One server session for all calls, and the kind of licence it takes (§2.1).

use connector_http::Class;
use connector_kinetic::Settings;
use serde_json::Value;
use test_case::test_case;
use wiremock::ResponseTemplate;

use crate::lending::{PARTS_PATH, SESSION_PATH, TOKEN_PATH, UNAUTHORIZED, by_token, call, refusal};
use crate::support::{Company, json_answer, new_header};

const SAVE_PATH: &str = "/Live/api/v2/odata/EPIC06/Erp.BO.SalesOrderSvc/MasterUpdate";
const FIRST: &str = r#"{"SessionID":"session-1"}"#;
const SECOND: &str = r#"{"SessionID":"session-2"}"#;

fn in_session(settings: &mut Settings) {
    settings.session = true;
}

async fn started() -> Company {
    let company = Company::with(in_session).await;
    company.lends_sessions().await;
    company
}

fn ended() -> ResponseTemplate {
    refusal(410, "Ice.Common.InvalidSessionException", "The session is not valid.")
}

impl Company {
    async fn logins(&self) -> usize {
        self.sent_to(&format!("{SESSION_PATH}/Login")).await.len()
    }
}

#[tokio::test]
async fn all_calls_name_one_session() {
    let company = started().await;
    company.answers_all().await;
    assert!(company.ask_together(20).await.iter().all(Result::is_ok));
    company.ask().await.unwrap();
    let logins = company.sent_to(&format!("{SESSION_PATH}/Login")).await;
    assert_eq!(logins.len(), 1);
    assert_eq!((logins[0].method.as_str(), logins[0].body.as_slice()), ("POST", b"{}".as_slice()));
    assert!(logins[0].headers.get("sessioninfo").is_none());
    assert!(logins[0].headers["authorization"].to_str().unwrap().starts_with("Basic "));
    assert_eq!(company.headers_of(PARTS_PATH, "sessioninfo").await, [FIRST; 21]);
}

#[test_case(410, "InvalidSessionException"; "as the documents say it")]
#[test_case(400, "Ice.Common.InvalidSessionException"; "by its type")]
#[tokio::test]
async fn an_ended_session_is_begun_anew_and_the_call_sent_exactly_once_more(status: u16, kind: &str) {
    let company = started().await;
    company.refuses(PARTS_PATH, "sessioninfo", &[FIRST], refusal(status, kind, "")).await;
    company.answers_all().await;
    company.ask().await.unwrap();
    assert_eq!(company.headers_of(PARTS_PATH, "sessioninfo").await, [FIRST, SECOND]);
    assert_eq!(company.logins().await, 2);
}

#[tokio::test]
async fn a_session_that_ends_at_once_again_is_given_to_the_caller() {
    let company = started().await;
    company.refuses(PARTS_PATH, "sessioninfo", &[FIRST, SECOND], ended()).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!((error.class, error.cause), (Class::Unauthorized, "kinetic.session_expired"));
    assert_eq!((error.attempts, company.logins().await), (2, 2));
}

#[tokio::test]
async fn twenty_callers_in_an_ended_session_begin_one() {
    let company = started().await;
    company.refuses(PARTS_PATH, "sessioninfo", &[FIRST], ended()).await;
    company.answers_all().await;
    assert!(company.ask_together(20).await.iter().all(Result::is_ok));
    assert_eq!(company.logins().await, 2);
    assert_eq!(company.sent_to(PARTS_PATH).await.len(), 40);
}

#[tokio::test]
async fn a_save_in_an_ended_session_is_repeated_once() {
    let company = started().await;
    company.refuses(SAVE_PATH, "sessioninfo", &[FIRST], ended()).await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_header(&new_header(), company.deadline()).await.unwrap();
    orders.save(draft, company.deadline()).await.unwrap();
    assert_eq!(company.sent_to(SAVE_PATH).await.len(), 2);
}

#[tokio::test]
async fn a_logout_ends_the_session_and_the_next_call_begins_another() {
    let company = started().await;
    company.answers_all().await;
    company.ask().await.unwrap();
    company.client.logout(company.deadline()).await.unwrap();
    company.client.clone().logout(company.deadline()).await.unwrap();
    let path = format!("{SESSION_PATH}/Logout");
    assert_eq!(company.headers_of(&path, "sessioninfo").await, [FIRST], "a session is ended once");
    assert_eq!(company.sent_to(&path).await[0].body, b"{}");
    company.ask().await.unwrap();
    assert_eq!(company.headers_of(PARTS_PATH, "sessioninfo").await, [FIRST, SECOND]);
}

#[tokio::test]
async fn a_logout_without_a_session_sends_nothing() {
    for company in [Company::start().await, started().await] {
        company.client.logout(company.deadline()).await.unwrap();
        assert_eq!(company.requests().await.len(), 0);
    }
}

#[tokio::test]
async fn a_session_that_ended_by_itself_needs_no_logout() {
    let company = Company::with(in_session).await;
    company.refuses(&format!("{SESSION_PATH}/Logout"), "sessioninfo", &[FIRST], ended()).await;
    company.lends_sessions().await;
    company.answers_all().await;
    company.ask().await.unwrap();
    company.client.logout(company.deadline()).await.unwrap();
}

#[tokio::test]
async fn a_logout_that_is_refused_is_told_and_the_session_forgotten() {
    let company = Company::with(in_session).await;
    let logout = format!("{SESSION_PATH}/Logout");
    company.refuses(&logout, "sessioninfo", &[FIRST], refusal(400, "Ice.BLException", "No session-1.")).await;
    company.lends_sessions().await;
    company.answers_all().await;
    company.ask().await.unwrap();
    let error = call(company.client.logout(company.deadline()).await.unwrap_err());
    assert_eq!((error.class, error.call), (Class::Rejected, "POST Ice.LIB.SessionModSvc/Logout"));
    company.client.logout(company.deadline()).await.unwrap();
    assert_eq!(company.sent_to(&logout).await.len(), 1);
}

#[tokio::test]
async fn without_a_seat_no_session_is_begun_and_nobody_knocks_twice() {
    let company = Company::with(in_session).await;
    let full = || json_answer(400, r#"{"ErrorMessage":"Maximum users exceeded."}"#);
    company.answers("POST", "Ice.LIB.SessionModSvc/Login", full()).await;
    for error in company.ask_together(20).await {
        let error = error.unwrap_err();
        assert_eq!((error.class, error.cause), (Class::Throttled, "kinetic.no_licence"));
        assert_eq!(error.retry_after.map(|wait| wait.as_secs()), Some(30));
    }
    assert_eq!((company.requests().await.len(), company.waited()), (1, 0));
}

#[test_case(json_answer(400, r#"{"ErrorMessage":"No.","ErrorType":"Ice.BLException"}"#), Class::Forbidden; "refused")]
#[test_case(json_answer(200, r#"{"returnObj":""}"#), Class::Forbidden; "no id")]
#[test_case(json_answer(200, r#"{"returnObj":"a\"b"}"#), Class::Forbidden; "an id that no header can hold")]
#[test_case(json_answer(503, ""), Class::NotSent; "away")]
#[tokio::test]
async fn a_session_that_is_not_given_parks_nothing_and_leaves_nothing_unknown(
    answer: ResponseTemplate,
    class: Class,
) {
    let company = Company::with(in_session).await;
    company.answers("POST", "Ice.LIB.SessionModSvc/Login", answer).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!((error.class, error.call), (class, "POST Ice.LIB.SessionModSvc/Login"));
    assert_eq!(company.requests().await.len(), 1, "a second login would hold a second seat");
}

#[tokio::test]
async fn a_session_begins_with_a_new_token_where_the_old_one_is_refused() {
    let company = Company::with(|settings| {
        by_token(settings);
        in_session(settings);
    })
    .await;
    company.lends_tokens(3600).await;
    let wrong = refusal(401, UNAUTHORIZED, "Invalid username or password.");
    company.refuses(&format!("{SESSION_PATH}/Login"), "authorization", &["Bearer token-1"], wrong).await;
    company.lends_sessions().await;
    company.answers_all().await;
    company.ask().await.unwrap();
    assert_eq!(company.sent_to(TOKEN_PATH).await.len(), 2);
    assert_eq!(company.headers_of(PARTS_PATH, "authorization").await, ["Bearer token-2"]);
}

#[tokio::test]
async fn the_id_of_a_session_does_not_come_back_in_words() {
    let company = started().await;
    company.answers("GET", "Erp.BO.PartSvc/Parts", refusal(400, "Ice.BLException", "In session-1.")).await;
    let error = company.ask().await.unwrap_err();
    let shown = format!("{error} {error:?} {:?}", company.client);
    assert!(shown.contains("In [key]") && !shown.contains("session-1"), "{shown}");
}

#[tokio::test]
async fn a_licence_is_claimed_in_each_call_where_one_is_named() {
    let guid = "01234567-89ab-CDEF-0123-456789abcdef";
    let company = Company::with(|settings| {
        in_session(settings);
        settings.claimed_license = Some(guid.to_owned());
    })
    .await;
    company.lends_sessions().await;
    company.answers_all().await;
    company.ask().await.unwrap();
    for path in [format!("{SESSION_PATH}/Login"), PARTS_PATH.to_owned()] {
        let claimed = company.headers_of(&path, "license").await;
        let json: Value = serde_json::from_str(&claimed[0]).unwrap();
        assert_eq!(json, serde_json::json!({ "ClaimedLicense": guid }));
    }
    let company = Company::start().await;
    company.answers_all().await;
    company.ask().await.unwrap();
    assert!(company.sent_to(PARTS_PATH).await[0].headers.get("license").is_none());
}
