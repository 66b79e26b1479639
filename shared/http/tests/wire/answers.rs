//! Answers that came whole.

use std::time::Duration;

use connector_domain::Deadline;
use connector_http::{Call, CallError, Class, Safety, TransportSettings, absent};
use test_case::test_case;
use wiremock::matchers::{any, body_string, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::setup::Setup;

async fn always(template: ResponseTemplate) -> (MockServer, Setup) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(template).mount(&server).await;
    let setup = Setup::at(&server.uri());
    (server, setup)
}

/// `first` once, then 200.
async fn at_first(first: ResponseTemplate) -> (MockServer, Setup) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(first).up_to_n_times(1).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_string("{}")).mount(&server).await;
    let setup = Setup::at(&server.uri());
    (server, setup)
}

async fn sent(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

fn read() -> Call {
    Call::get("GET /orders/{id}", "/orders/7")
}

fn create() -> Call {
    Call::post("POST /orders", "/orders", Safety::Unsafe).body("{}")
}

#[tokio::test]
async fn a_request_carries_credentials_query_body_and_our_name() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/api/v2/orders"))
        .and(header("authorization", "Bearer key"))
        .and(header("accept", "application/json"))
        .and(header("content-type", "application/json"))
        .and(header("user-agent", concat!("ml-connector/", env!("CARGO_PKG_VERSION"))))
        .and(body_string(r#"{"price":1.10}"#))
        .respond_with(ResponseTemplate::new(201).set_body_string(r#"{"id":7}"#))
        .expect(1)
        .mount(&server)
        .await;
    let setup = Setup::at(&format!("{}/api/", server.uri()));
    let call = Call::post("POST /v2/orders", "/v2/orders", Safety::Unsafe)
        .query("$filter", "PONum eq 'a+b & c'")
        .body(r#"{"price":1.10}"#);
    let answer = setup.remote.send(&call, setup.far()).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.is_empty()), (201, false));
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[0].url.query(), Some("$filter=PONum%20eq%20%27a%2Bb%20%26%20c%27"));
    assert_eq!(setup.remote.url(&call).unwrap().query(), requests[0].url.query());
}

#[tokio::test]
async fn a_429_waits_as_told_also_for_a_create() {
    let (server, setup) = at_first(ResponseTemplate::new(429).insert_header("x-retry-after", "12")).await;
    let answer = setup.remote.send(&create(), setup.far()).await.unwrap();
    assert!(!answer.is_empty());
    assert_eq!(sent(&server).await, 2);
    let slept = setup.slept();
    assert!(slept >= Duration::from_secs(12) && slept <= Duration::from_secs(13), "{slept:?}");
}

#[tokio::test]
async fn a_429_that_tells_nothing_backs_off() {
    let (server, setup) = at_first(ResponseTemplate::new(429)).await;
    setup.remote.send(&read(), setup.far()).await.unwrap();
    assert_eq!(sent(&server).await, 2);
    assert!(
        setup.slept() >= Duration::from_millis(250) && setup.slept() <= Duration::from_millis(500),
        "{:?}",
        setup.slept()
    );
}

#[tokio::test]
async fn a_plain_retry_after_is_believed_too() {
    let (_server, setup) = at_first(ResponseTemplate::new(503).insert_header("retry-after", "3")).await;
    setup.remote.send(&read(), setup.far()).await.unwrap();
    assert!(setup.slept() >= Duration::from_secs(3), "{:?}", setup.slept());
}

#[tokio::test]
async fn a_429_whose_wait_does_not_fit_is_given_back_with_what_was_told() {
    let (server, setup) = always(ResponseTemplate::new(429).insert_header("x-retry-after", "60")).await;
    let error =
        setup.remote.send(&read(), Deadline::after(&setup.clock, Duration::from_secs(80))).await.unwrap_err();
    assert_eq!((error.class, error.retry_after), (Class::Throttled, Some(Duration::from_mins(1))));
    assert_eq!((sent(&server).await, setup.slept()), (1, Duration::ZERO));
}

#[test_case(503, Class::Unavailable, 4, 4, 1)]
#[test_case(500, Class::ServerError, 2, 2, 1)]
#[test_case(401, Class::Unauthorized, 1, 1, 1)]
#[test_case(403, Class::Forbidden, 1, 1, 1)]
#[test_case(404, Class::NotFound, 1, 1, 1)]
#[test_case(409, Class::Conflict, 1, 1, 1)]
#[test_case(422, Class::Rejected, 1, 1, 1)]
#[tokio::test]
async fn a_status_is_sent_as_often_as_its_class_allows(
    status: u16,
    class: Class,
    safe: u32,
    idempotent: u32,
    create: u32,
) {
    for (safety, times) in [(Safety::Safe, safe), (Safety::Idempotent, idempotent), (Safety::Unsafe, create)]
    {
        let (server, setup) = always(ResponseTemplate::new(status).set_body_string("no\nway")).await;
        let error = setup.remote.send(&Call::post("POST /x", "/x", safety), setup.far()).await.unwrap_err();
        assert_eq!((error.class, error.status, error.attempts), (class, Some(status), times), "{safety:?}");
        assert_eq!(error.words, "no way");
        assert_eq!(u32::try_from(sent(&server).await).unwrap(), times, "{safety:?}");
    }
}

#[tokio::test]
async fn a_vendors_rule_comes_before_the_table() {
    let (server, setup) = at_first(ResponseTemplate::new(400).set_body_string("no licence free")).await;
    setup.remote.send(&create(), setup.far()).await.unwrap();
    assert_eq!(sent(&server).await, 2);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (server, setup) = always(ResponseTemplate::new(302).insert_header("location", "/elsewhere")).await;
    let error = setup.remote.send(&read(), setup.far()).await.unwrap_err();
    assert_eq!((error.class, error.status), (Class::Forbidden, Some(302)));
    assert_eq!(sent(&server).await, 1);
}

#[tokio::test]
async fn a_missing_record_can_be_a_value() {
    let (_server, setup) = always(ResponseTemplate::new(404)).await;
    assert!(absent(setup.remote.send(&read(), setup.far()).await).unwrap().is_none());
}

#[tokio::test]
async fn a_204_is_empty_and_has_nothing_to_read() {
    let (_server, setup) = always(ResponseTemplate::new(204)).await;
    let answer = setup.remote.send(&read(), setup.far()).await.unwrap();
    assert!(answer.is_empty());
    assert_eq!(answer.json::<serde_json::Value>().unwrap_err().class, Class::Unreadable);
}

#[tokio::test]
async fn an_answer_in_another_shape_names_the_path_and_no_value() {
    let (_server, setup) =
        always(ResponseTemplate::new(200).set_body_string(r#"{"data":["Ann Lee"]}"#)).await;
    let answer = setup.remote.send(&read(), setup.far()).await.unwrap();
    let error = answer.json::<std::collections::BTreeMap<String, Vec<u64>>>().unwrap_err();
    let CallError { class, words, .. } = &error;
    assert_eq!((*class, words.as_str()), (Class::Unreadable, "data[0]: expected u64"));
    assert_eq!(
        error.to_string(),
        "Shop answered GET /orders/{id} in another shape than agreed: data[0]: expected u64 (status 200, attempt 1)"
    );
}

#[tokio::test]
async fn without_time_for_the_time_out_nothing_is_sent() {
    let (server, setup) = always(ResponseTemplate::new(200)).await;
    let near = Deadline::after(&setup.clock, Duration::from_millis(29_999));
    let error = setup.remote.send(&create(), near).await.unwrap_err();
    assert_eq!((error.class, error.attempts), (Class::OutOfTime, 0));
    assert_eq!(sent(&server).await, 0);
    // A call with a shorter time-out of its own still fits.
    setup.remote.send(&create().timeout(Duration::from_secs(29)), near).await.unwrap();
    assert_eq!(sent(&server).await, 1);
}

#[tokio::test]
async fn a_pace_that_leaves_no_time_sends_nothing() {
    let server = MockServer::start().await;
    let headers = ResponseTemplate::new(200)
        .insert_header("x-quota", "10")
        .insert_header("x-left", "0")
        .insert_header("x-reset-ms", "9000");
    Mock::given(any()).respond_with(headers).mount(&server).await;
    let setup = Setup::at(&server.uri());
    let near = Deadline::after(&setup.clock, Duration::from_secs(35));
    setup.remote.send(&read(), near).await.unwrap();
    let error = setup.remote.send(&read(), near).await.unwrap_err();
    assert_eq!((error.class, error.retry_after), (Class::OutOfTime, Some(Duration::from_secs(9))));
    assert_eq!(sent(&server).await, 1);
}

#[tokio::test]
async fn a_first_failure_is_told_when_the_pace_leaves_no_time_for_a_second_attempt() {
    let template = ResponseTemplate::new(503)
        .insert_header("x-quota", "10")
        .insert_header("x-left", "0")
        .insert_header("x-window-ms", "9000");
    let (server, setup) = always(template).await;
    let error =
        setup.remote.send(&read(), Deadline::after(&setup.clock, Duration::from_secs(35))).await.unwrap_err();
    assert_eq!((error.class, error.attempts), (Class::Unavailable, 1));
    assert_eq!(sent(&server).await, 1);
}

#[tokio::test]
async fn a_body_over_the_cap_is_unreadable_and_sent_once() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_string("x".repeat(101)))
        .mount(&server)
        .await;
    let capped = |body_cap| {
        Setup::with(&server.uri(), &TransportSettings { body_cap, ..TransportSettings::default() })
    };
    let setup = capped(100);
    let error = setup.remote.send(&read(), setup.far()).await.unwrap_err();
    assert_eq!((error.class, error.cause), (Class::Unreadable, "http.too_large"));
    assert_eq!(sent(&server).await, 1);
    let setup = capped(101);
    assert_eq!(setup.remote.send(&read(), setup.far()).await.unwrap().body.len(), 101);
}

#[tokio::test]
async fn words_are_cut_and_stand_on_one_line() {
    let (_server, setup) = always(ResponseTemplate::new(400).set_body_string("ä\n".repeat(400))).await;
    let words = setup.remote.send(&create(), setup.far()).await.unwrap_err().words;
    assert!(words.chars().count() <= 500 && words.chars().count() >= 499 && !words.contains('\n'), "{words}");
}

#[tokio::test]
async fn a_refusal_without_words_has_the_status_usual_name() {
    let (_server, setup) = always(ResponseTemplate::new(403)).await;
    assert_eq!(setup.remote.send(&create(), setup.far()).await.unwrap_err().words, "Forbidden");
}

#[test_case(422, true; "a refusal that was asked for")]
#[test_case(404, false; "a refusal that was not")]
#[test_case(429, false; "a status that is waited for")]
#[tokio::test]
async fn a_refusal_is_read_where_the_call_asks_for_it(status: u16, read: bool) {
    let (server, setup) = always(ResponseTemplate::new(status).set_body_string(r#"{"rows":[3]}"#)).await;
    let call = create().read_refusals(&[409, 422, 429]);
    match setup.remote.send(&call, setup.far()).await {
        Ok(answer) => {
            let refusal = answer.refusal().unwrap();
            assert!(read);
            assert_eq!((refusal.class, refusal.status), (Class::Rejected, Some(422)));
            assert_eq!(answer.body, r#"{"rows":[3]}"#);
            assert_eq!(sent(&server).await, 1);
        }
        Err(error) => assert_eq!((read, error.status), (false, Some(status))),
    }
    assert_eq!(setup.remote.heard(), 0, "a refusal does not prove that the vendor works");
}
