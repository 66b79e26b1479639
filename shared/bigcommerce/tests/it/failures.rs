use std::time::Duration;

use connector_domain::{Deadline, OrderId};
use connector_http::Class;
use test_case::test_case;
use wiremock::ResponseTemplate;

use crate::support::{ORDER, Store, TOKEN, get, json};

const ID: OrderId = OrderId(218);

#[test_case(400, r#"[{"status":400,"message":"The field 'status_id' is invalid."}]"#, Class::Rejected, "The field 'status_id' is invalid."; "v2 refusal")]
#[test_case(422, r#"{"status":422,"title":"Bad","type":"/x","errors":{"name":"missing"}}"#, Class::Rejected, "Bad; name: missing"; "v3 refusal")]
#[test_case(422, r#"{"data":[{"status":422,"title":"Unable to provide store credit for a guest customer."}]}"#, Class::Rejected, "Unable to provide store credit for a guest customer."; "refusal under data")]
#[test_case(401, "Unauthorized", Class::Unauthorized, "Unauthorized"; "bad token as text")]
#[test_case(401, r#"{"status":401,"title":"Unauthorized - the v3 Auth client ID or token in the request are not a valid combination for this store."}"#, Class::Unauthorized, "Unauthorized - the v3 Auth client ID or token in the request are not a valid combination for this store."; "bad token")]
#[test_case(403, r#"{"status":403,"title":"Unauthorized Access. You do not have permission to make this request."}"#, Class::Forbidden, "Unauthorized Access. You do not have permission to make this request."; "missing scope")]
#[test_case(404, r#"{"status":404,"title":"The route is not found, check the URL"}"#, Class::Forbidden, "The route is not found, check the URL"; "wrong base URL")]
#[test_case(409, r#"{"status":409,"title":"Conflict"}"#, Class::Conflict, "Conflict"; "conflict")]
#[test_case(500, "", Class::ServerError, "Internal Server Error"; "server error")]
#[test_case(502, "<html><head><title>502 Bad Gateway</title></head></html>", Class::Unavailable, "a page of HTML: 502 Bad Gateway"; "gateway")]
#[test_case(503, r#"{"data":[{"order_id":1,"status":503,"error":"Tax service gone away"}],"meta":{}}"#, Class::Unavailable, "Tax service gone away"; "unavailable")]
#[test_case(301, "", Class::Forbidden, "Moved Permanently"; "redirect")]
#[test_case(200, "<html></html>", Class::Unreadable, "the body: is not JSON (line 1, column 1)"; "a page that says 200")]
#[tokio::test]
async fn a_failure_has_a_class_and_the_vendors_words(status: u16, body: &str, class: Class, words: &str) {
    let store = Store::start().await;
    store.get("v2/orders/218", ResponseTemplate::new(status).set_body_string(body)).await;
    let error = store.client.orders().get(ID, store.deadline()).await.unwrap_err();
    assert_eq!((error.class, error.words.as_str()), (class, words));
    assert_eq!((error.call, error.status), ("GET /v2/orders/{id}", Some(status)));
    assert!(!format!("{error} {error:?}").contains(TOKEN));
}

#[tokio::test]
async fn a_429_with_headers_waits_until_the_window_is_new() {
    let store = Store::start().await;
    let throttled = ResponseTemplate::new(429)
        .insert_header("X-Rate-Limit-Time-Window-Ms", "30000")
        .insert_header("X-Rate-Limit-Time-Reset-Ms", "15000")
        .insert_header("X-Rate-Limit-Requests-Quota", "150")
        .insert_header("X-Rate-Limit-Requests-Left", "35");
    get("v2/orders/218").respond_with(throttled).up_to_n_times(1).mount(&store.server).await;
    store.get("v2/orders/218", json(ORDER)).await;
    assert!(store.client.orders().get(ID, store.deadline()).await.unwrap().is_some());
    assert_eq!(store.asked().await.len(), 2);
    assert!((15..20).contains(&store.waited()), "{}", store.waited());
}

#[tokio::test]
async fn a_429_without_headers_backs_off_and_succeeds() {
    let store = Store::start().await;
    get("v2/orders/218").respond_with(ResponseTemplate::new(429)).up_to_n_times(2).mount(&store.server).await;
    store.get("v2/orders/218", json(ORDER)).await;
    assert!(store.client.orders().get(ID, store.deadline()).await.unwrap().is_some());
    assert_eq!(store.asked().await.len(), 3);
    assert!(store.waited() < 15, "{}", store.waited());
}

#[tokio::test]
async fn a_store_that_goes_on_throttling_is_left_alone_with_the_time_it_asked_for() {
    let store = Store::start().await;
    store.get("v2/orders/218", ResponseTemplate::new(429).insert_header("X-Retry-After", "20")).await;
    let near = Deadline::after(&store.clock, Duration::from_secs(40));
    let error = store.client.orders().get(ID, near).await.unwrap_err();
    assert_eq!((error.class, error.cause), (Class::Throttled, "bigcommerce.quota"));
    assert_eq!(error.retry_after, Some(Duration::from_secs(20)));
}

#[tokio::test]
async fn the_pacer_learns_the_quota_and_spends_only_its_share() {
    let store = Store::start().await;
    let answer = json(ORDER)
        .insert_header("X-Rate-Limit-Time-Window-Ms", "30000")
        .insert_header("X-Rate-Limit-Time-Reset-Ms", "30000")
        .insert_header("X-Rate-Limit-Requests-Quota", "10")
        .insert_header("X-Rate-Limit-Requests-Left", "9");
    store.get("v2/orders/218", answer).await;
    // 40 % of 10: four in a window, the fifth waits for the next one.
    for _ in 0..4 {
        store.client.orders().get(ID, store.deadline()).await.unwrap();
    }
    let before = store.waited();
    store.client.orders().get(ID, store.deadline()).await.unwrap();
    assert!(before < 30 && store.waited() >= 30, "{before} then {}", store.waited());
}

#[tokio::test]
async fn a_moment_of_absence_is_waited_out() {
    let store = Store::start().await;
    get("v2/orders/218").respond_with(ResponseTemplate::new(503)).up_to_n_times(2).mount(&store.server).await;
    store.get("v2/orders/218", json(ORDER)).await;
    assert!(store.client.orders().get(ID, store.deadline()).await.unwrap().is_some());
}

#[tokio::test]
async fn nothing_is_begun_that_would_outlive_the_deadline() {
    let store = Store::start().await;
    let near = Deadline::after(&store.clock, Duration::from_secs(1));
    let error = store.client.orders().get(ID, near).await.unwrap_err();
    assert_eq!(error.class, Class::OutOfTime);
    assert!(store.asked().await.is_empty());
}
