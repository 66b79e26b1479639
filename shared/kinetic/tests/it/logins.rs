//! Asking for a token: the requests, the answers, the lifetime (§2.2, §2.3).

use std::time::Duration;

use connector_domain::Deadline;
use connector_http::Class;
use connector_kinetic::{Login, Settings};
use test_case::test_case;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::lending::{PARTS_PATH, TOKEN_PATH, UNAUTHORIZED, by_token, refusal};
use crate::support::{Company, KEY, PASSWORD, json_answer, text};

const CLIENT_SECRET: &str = "the-client+secret";

/// A company that borrows its tokens at `token_url`.
async fn by_provider_at(token_url: &str, scope: Option<&str>, audience: Option<&str>) -> Company {
    let login = Login::ClientCredentials {
        token_url: token_url.parse().unwrap(),
        client_id: "connector".to_owned(),
        client_secret: CLIENT_SECRET.into(),
        scope: scope.map(str::to_owned),
        audience: audience.map(str::to_owned),
    };
    let company = Company::with(|settings| settings.login = login).await;
    company.answers_all().await;
    company
}

/// A company and the identity provider that lends its tokens.
async fn by_provider(scope: Option<&str>, audience: Option<&str>) -> (Company, MockServer) {
    let provider = MockServer::start().await;
    let token_url = format!("{}/connect/token", provider.uri());
    (by_provider_at(&token_url, scope, audience).await, provider)
}

async fn by_user() -> Company {
    let company = Company::with(by_token).await;
    company.answers_all().await;
    company
}

#[tokio::test]
async fn the_server_is_asked_with_user_and_password_in_headers_and_nothing_else() {
    let company = Company::with(by_token).await;
    company.lends_tokens(3600).await;
    company.answers_all().await;
    company.ask().await.unwrap();
    let asked = &company.sent_to(TOKEN_PATH).await[0];
    assert_eq!((asked.method.as_str(), asked.url.query(), asked.body.len()), ("POST", None, 0));
    let header = |name: &str| asked.headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!((header("username"), header("password")), (Some("INTEG"), Some(PASSWORD)));
    assert_eq!((header("accept"), header("content-length")), (Some("application/json"), Some("0")));
    assert_eq!((header("x-api-key"), header("authorization"), header("callsettings")), (None, None, None));
    let call = &company.sent_to(PARTS_PATH).await[0];
    assert_eq!(call.headers["authorization"], "Bearer token-1");
    assert_eq!(call.headers["x-api-key"], KEY);
    assert!(call.headers.get("password").is_none() && call.headers.get("sessioninfo").is_none());
}

#[test_case(None, None, "" ; "neither scope nor audience")]
#[test_case(Some("epicor_erp openid"), None, "&scope=epicor_erp+openid"; "a scope")]
#[test_case(Some("a"), Some("urn:x"), "&scope=a&audience=urn%3Ax"; "both")]
#[tokio::test]
async fn a_provider_is_asked_by_a_form(scope: Option<&str>, audience: Option<&str>, more: &str) {
    let (company, provider) = by_provider(scope, audience).await;
    let answer = json_answer(200, r#"{"access_token":"lent","expires_in":3600,"token_type":"Bearer"}"#);
    Mock::given(any()).respond_with(answer).mount(&provider).await;
    company.ask().await.unwrap();
    company.ask().await.unwrap();
    let asked = provider.received_requests().await.unwrap();
    assert_eq!(asked.len(), 1);
    assert_eq!((asked[0].method.as_str(), asked[0].url.path()), ("POST", "/connect/token"));
    let form = "grant_type=client_credentials&client_id=connector&client_secret=the-client%2Bsecret";
    assert_eq!(String::from_utf8_lossy(&asked[0].body), format!("{form}{more}"));
    assert_eq!(asked[0].headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(asked[0].headers["accept"], "application/json");
    assert!(asked[0].headers.get("x-api-key").is_none(), "the key is none of the provider's business");
    assert_eq!(company.headers_of(PARTS_PATH, "authorization").await, ["Bearer lent", "Bearer lent"]);
}

#[test_case(r#"{"AccessToken":"lent","ExpiresIn":600,"TokenType":"Bearer","RefreshToken":""}"#, "application/json", 540; "JSON")]
#[test_case(r#"{"access_token":"lent","expires_in":600}"#, "application/json", 540; "JSON in the other spelling")]
#[test_case("<Token><AccessToken>lent</AccessToken><ExpiresIn>600</ExpiresIn></Token>", "application/xml", 540; "XML")]
#[test_case("<Token><AccessToken>lent</AccessToken><ExpiresIn>600</ExpiresIn></Token>", "application/json", 540; "XML that calls itself JSON")]
#[test_case(r#"{"AccessToken":"lent","ExpiresIn":3600}"#, "application/json", 3540; "an hour")]
#[test_case(r#"{"AccessToken":"lent","ExpiresIn":50}"#, "application/json", 45; "less than a minute")]
#[test_case(r#"{"AccessToken":"lent"}"#, "application/json", 1140; "no lifetime is twenty minutes")]
#[tokio::test]
async fn a_token_is_used_until_shortly_before_its_end(body: &str, kind: &str, seconds: u64) {
    let company = by_user().await;
    let answer = ResponseTemplate::new(200).set_body_raw(body.to_owned(), kind);
    company.at_token(answer).await;
    company.ask().await.unwrap();
    company.clock.advance(Duration::from_secs(seconds - 1));
    company.ask().await.unwrap();
    assert_eq!(company.sent_to(TOKEN_PATH).await.len(), 1);
    company.clock.advance(Duration::from_secs(1));
    company.ask().await.unwrap();
    assert_eq!(company.sent_to(TOKEN_PATH).await.len(), 2);
    assert!(company.headers_of(PARTS_PATH, "authorization").await.iter().all(|shown| shown == "Bearer lent"));
}

#[tokio::test]
async fn twenty_callers_at_once_ask_for_one_token_and_so_do_they_when_it_has_ended() {
    let company = Company::with(by_token).await;
    company.lends_tokens(3600).await;
    company.answers_all().await;
    assert!(company.ask_together(20).await.iter().all(Result::is_ok));
    assert_eq!(company.sent_to(TOKEN_PATH).await.len(), 1);
    company.clock.advance(Duration::from_hours(1));
    assert!(company.ask_together(20).await.iter().all(Result::is_ok));
    assert_eq!(company.sent_to(TOKEN_PATH).await.len(), 2);
    let shown = company.headers_of(PARTS_PATH, "authorization").await;
    assert_eq!(shown.iter().filter(|shown| *shown == "Bearer token-1").count(), 20);
    assert_eq!(shown.iter().filter(|shown| *shown == "Bearer token-2").count(), 20);
}

#[test_case(401, "Invalid username or password."; "as other calls say it")]
#[test_case(401, ""; "without words")]
#[tokio::test]
async fn a_wrong_password_is_sent_once_and_no_secret_comes_back(status: u16, message: &str) {
    let company = by_user().await;
    company.at_token(refusal(status, UNAUTHORIZED, &format!("{message} ({PASSWORD})"))).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!((error.class, error.cause), (Class::Unauthorized, "kinetic.bad_credentials"));
    assert_eq!((error.call, error.status, error.attempts), ("POST TokenResource.svc", Some(401), 1));
    assert_eq!(company.requests().await.len(), 1, "the call itself was not sent");
    let shown = format!("{error} {error:?} {:?}", company.client);
    assert!(!shown.contains(PASSWORD) && !shown.contains(KEY), "{shown}");
}

#[tokio::test]
async fn callers_who_wait_together_send_a_wrong_password_once_and_a_later_one_tries_anew() {
    let company = by_user().await;
    company.at_token(refusal(401, UNAUTHORIZED, "Invalid username or password.")).await;
    let came = company.ask_together(20).await;
    assert_eq!(came.len(), 20);
    for error in came {
        assert_eq!(error.unwrap_err().cause, "kinetic.bad_credentials");
    }
    assert_eq!(company.requests().await.len(), 1);
    company.ask().await.unwrap_err();
    assert_eq!(company.requests().await.len(), 2);
}

#[tokio::test]
async fn a_provider_that_refuses_us_is_asked_once_and_its_code_is_told_without_our_secret() {
    let (company, provider) = by_provider(None, None).await;
    let body =
        format!(r#"{{"error":"invalid_client","error_description":"no such secret: {CLIENT_SECRET}"}}"#);
    Mock::given(any()).respond_with(json_answer(400, body)).mount(&provider).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!((error.class, error.cause), (Class::Unauthorized, "kinetic.idp_refused"));
    let shown = format!("{error} {error:?} {:?}", company.client);
    assert!(shown.contains("invalid_client: no such secret"), "{shown}");
    assert!(!shown.contains(CLIENT_SECRET), "{shown}");
    assert_eq!(provider.received_requests().await.unwrap().len(), 1);
    assert_eq!(company.requests().await.len(), 0);
}

#[test_case(503, Class::NotSent, 4; "away")]
#[test_case(500, Class::NotSent, 2; "an internal error")]
#[test_case(404, Class::Forbidden, 1; "no such service")]
#[test_case(302, Class::Forbidden, 1; "a redirect is not followed")]
#[test_case(400, Class::Unauthorized, 1; "switched off")]
#[tokio::test]
async fn a_token_that_is_not_lent_parks_nothing_and_leaves_nothing_unknown(
    status: u16,
    class: Class,
    times: usize,
) {
    let company = by_user().await;
    company.at_token(ResponseTemplate::new(status).insert_header("location", "/Live/elsewhere")).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!((error.class, error.call), (class, "POST TokenResource.svc"));
    assert_eq!(company.requests().await.len(), times);
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_means_that_nothing_was_sent() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let company = by_provider_at(&format!("http://{closed}/token"), None, None).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!((error.class, error.call), (Class::NotSent, "POST token endpoint"));
    assert_eq!(company.requests().await.len(), 0);
}

#[test_case("<html><body>Sign in</body></html>"; "a page")]
#[test_case(r#"{"AccessToken":""}"#; "no token")]
#[tokio::test]
async fn an_answer_without_a_token_is_a_wrong_setup(body: &str) {
    let company = by_user().await;
    company.at_token(json_answer(200, body)).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!((error.class, error.cause), (Class::Forbidden, "kinetic.token_unreadable"));
    assert_eq!(company.requests().await.len(), 1);
}

#[tokio::test]
async fn a_call_for_which_there_is_no_time_borrows_no_token() {
    let company = Company::with(by_token).await;
    company.lends_tokens(3600).await;
    let near = Deadline::after(&company.clock, Duration::from_secs(29));
    let error = company.client.parts().by_part_nums(&[text("A")], near).await.unwrap_err();
    assert_eq!(error.class(), Class::OutOfTime);
    assert_eq!(company.requests().await.len(), 0);
}

#[tokio::test]
async fn a_token_that_comes_back_in_words_is_scrubbed() {
    let company = Company::with(by_token).await;
    company.lends_tokens(3600).await;
    company.answers("GET", "Erp.BO.PartSvc/Parts", refusal(400, "Ice.BLException", "No: token-1!")).await;
    let error = company.ask().await.unwrap_err();
    assert_eq!(error.words, "No: [key]!");
}

#[tokio::test]
async fn only_calls_of_the_company_are_heard() {
    let company = Company::with(|settings: &mut Settings| {
        by_token(settings);
        settings.session = true;
    })
    .await;
    company.lends_tokens(3600).await;
    company.lends_sessions().await;
    company.answers_all().await;
    let clone = company.client.clone();
    assert_eq!(clone.heard(), 0);
    company.ask().await.unwrap();
    clone.parts().by_part_nums(&[text("A")], company.deadline()).await.unwrap();
    assert_eq!((company.client.heard(), clone.heard()), (2, 2));
}
