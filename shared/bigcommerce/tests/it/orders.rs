use connector_bigcommerce::{Doubt, OrderPage};
use connector_domain::OrderId;
use connector_http::{CallError, Class};
use test_case::test_case;
use wiremock::matchers::{body_json, header, method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::support::{ADDRESSES, Clamped, FEES, LINES, ORDER, Store, TOKEN, get, json};

const ID: OrderId = OrderId(218);

#[tokio::test]
async fn a_full_order_is_six_resources_asked_for_in_documented_words() {
    let store = Store::start().await;
    store.order_218().await;
    let full = store.client.orders().get_full(ID, store.deadline()).await.unwrap().unwrap();
    assert_eq!(
        (full.lines.len(), full.shipping_addresses.len(), full.coupons.len(), full.fees.len()),
        (1, 1, 1, 1)
    );
    assert_eq!(full.doubt, None);
    assert_eq!(
        store.asked().await,
        [
            "GET /v2/orders/218",
            "GET /v2/orders/218/products?page=1&limit=250",
            "GET /v2/orders/218/products?page=2&limit=250",
            // The order says that it has one address, so there is nothing more to ask.
            "GET /v2/orders/218/shipping_addresses?page=1&limit=250",
            "GET /v2/orders/218/coupons?page=1&limit=250",
            "GET /v2/orders/218/coupons?page=2&limit=250",
            "GET /v2/orders/218/fees",
        ]
    );
}

#[tokio::test]
async fn an_order_without_an_address_is_not_asked_for_one() {
    let store = Store::start().await;
    let digital = ORDER.replace(r#""shipping_address_count": 1"#, r#""shipping_address_count": 0"#);
    assert_ne!(digital, ORDER);
    store.get("v2/orders/218", json(&digital)).await;
    store.order_218().await;
    let full = store.client.orders().get_full(ID, store.deadline()).await.unwrap().unwrap();
    assert!(full.shipping_addresses.is_empty());
    assert!(!store.asked().await.iter().any(|line| line.contains("shipping_addresses")));
}

#[tokio::test]
async fn every_request_carries_the_token_and_asks_for_json() {
    let store = Store::start().await;
    get("v2/orders/218")
        .and(header("x-auth-token", TOKEN))
        .and(header("accept", "application/json"))
        .respond_with(json(ORDER))
        .expect(1)
        .mount(&store.server)
        .await;
    let order = store.client.orders().get(ID, store.deadline()).await.unwrap().unwrap();
    assert_eq!(order.id, ID);
    let request = &store.server.received_requests().await.unwrap()[0];
    assert!(request.headers["user-agent"].to_str().unwrap().starts_with("ml-connector/"));
}

#[tokio::test]
async fn an_order_that_is_not_there_is_none() {
    let store = Store::start().await;
    let body = r#"[{"status":404,"message":"The requested resource was not found."}]"#;
    store.get("v2/orders/218", ResponseTemplate::new(404).set_body_raw(body, "application/json")).await;
    assert_eq!(store.client.orders().get(ID, store.deadline()).await.unwrap(), None);
    assert_eq!(store.client.orders().get_full(ID, store.deadline()).await.unwrap(), None);
}

#[test_case(250; "as asked")]
#[test_case(50; "clamped to fifty")]
#[test_case(7; "clamped to seven")]
#[tokio::test]
async fn no_line_of_a_long_order_is_missing_however_short_the_pages(clamp: usize) {
    let store = Store::start().await;
    let line = LINES.trim().trim_start_matches('[').trim_end_matches(']');
    let rows: Vec<_> =
        (0..120).map(|n| line.replace(r#""id": 194"#, &format!(r#""id": {}"#, 1000 + n))).collect();
    let order = ORDER
        .replace(r#""items_total": 4"#, r#""items_total": 480"#)
        .replace(r#""subtotal_ex_tax": "62.6800""#, r#""subtotal_ex_tax": "7521.6000""#);
    store.get("v2/orders/218", json(&order)).await;
    get("v2/orders/218/products").respond_with(Clamped { rows, clamp }).mount(&store.server).await;
    store.get("v2/orders/218/shipping_addresses", json(ADDRESSES)).await;
    store.get("v2/orders/218/coupons", ResponseTemplate::new(204)).await;
    store.get("v2/orders/218/fees", ResponseTemplate::new(204)).await;
    let full = store.client.orders().get_full(ID, store.deadline()).await.unwrap().unwrap();
    let ids: Vec<_> = full.lines.iter().map(|line| line.id).collect();
    assert_eq!(ids, (1000..1120).collect::<Vec<_>>());
    assert_eq!(full.doubt, None);
    let pages = store.asked().await.iter().filter(|line| line.contains("/products?")).count();
    assert_eq!(pages, 120_usize.div_ceil(clamp) + 1);
}

#[test_case("[]"; "an empty page")]
#[test_case(LINES; "the same page again")]
#[tokio::test]
async fn a_list_ends_also_with(second: &'static str) {
    let store = Store::start().await;
    get("v2/orders/218/products")
        .and(query_param("page", "1"))
        .respond_with(json(LINES))
        .mount(&store.server)
        .await;
    get("v2/orders/218/products").respond_with(json(second)).mount(&store.server).await;
    store.order_218().await;
    let full = store.client.orders().get_full(ID, store.deadline()).await.unwrap().unwrap();
    assert_eq!(full.lines.len(), 1);
    let pages = store.asked().await.iter().filter(|line| line.contains("/products?")).count();
    assert_eq!(pages, 2);
}

#[tokio::test]
async fn an_order_edited_while_it_was_read_is_read_once_more() {
    let store = Store::start().await;
    let before = ORDER.replace(r#""items_total": 4"#, r#""items_total": 3"#);
    get("v2/orders/218").respond_with(json(&before)).up_to_n_times(1).mount(&store.server).await;
    store.order_218().await;
    let full = store.client.orders().get_full(ID, store.deadline()).await.unwrap().unwrap();
    assert_eq!((full.doubt, full.order.items_total), (None, 4));
    let readings = store.asked().await.iter().filter(|line| *line == "GET /v2/orders/218").count();
    assert_eq!(readings, 2);
}

#[tokio::test]
async fn lines_that_never_add_up_leave_a_doubt_after_two_readings_and_no_third() {
    let store = Store::start().await;
    store.get("v2/orders/218", json(&ORDER.replace(r#""items_total": 4"#, r#""items_total": 9"#))).await;
    store.order_218().await;
    let full = store.client.orders().get_full(ID, store.deadline()).await.unwrap().unwrap();
    assert_eq!(full.doubt, Some(Doubt::Pieces { lines: 4, order: 9 }));
    let readings = store.asked().await.iter().filter(|line| *line == "GET /v2/orders/218").count();
    assert_eq!(readings, 2);
}

#[test_case(&format!("{{\"fees\":{FEES}}}"), 1; "under a key")]
#[test_case(FEES.trim().trim_start_matches('[').trim_end_matches(']'), 1; "bare")]
#[test_case("[]", 0; "none")]
#[tokio::test]
async fn fees_are_read_in_every_shape(body: &str, count: usize) {
    let store = Store::start().await;
    store.get("v2/orders/218/fees", json(body)).await;
    store.order_218().await;
    let full = store.client.orders().get_full(ID, store.deadline()).await.unwrap().unwrap();
    assert_eq!(full.fees.len(), count);
}

#[tokio::test]
async fn an_answer_that_is_not_as_documented_names_the_path_and_no_value() {
    let store = Store::start().await;
    let lines = LINES.replace(r#""total_ex_tax": "62.6800""#, r#""total_ex_tax": "ada@example.com""#);
    store.list("v2/orders/218/products", &lines).await;
    store.order_218().await;
    let error = store.client.orders().get_full(ID, store.deadline()).await.unwrap_err();
    assert_eq!(error.class, Class::Unreadable);
    assert!(error.words.starts_with("products[0].total_ex_tax: "), "{error}");
    assert!(!error.to_string().contains("ada@example.com"));
}

#[tokio::test]
async fn the_digest_forgets_our_own_write_back_and_the_borders_of_pages() {
    let store = Store::start().await;
    store.order_218().await;
    let first = store.client.orders().get_full(ID, store.deadline()).await.unwrap().unwrap();
    let other = Store::start().await;
    other
        .get(
            "v2/orders/218",
            json(&ORDER.replace(r#""external_order_id": """#, r#""external_order_id": "100234""#)),
        )
        .await;
    other.order_218().await;
    let echo = other.client.orders().get_full(ID, other.deadline()).await.unwrap().unwrap();
    assert_eq!(echo.order.external_order_id, "100234");
    assert_eq!(first.digest(), echo.digest());
}

fn numbered(id: u64) -> String {
    ORDER.replace(r#""id": 218"#, &format!(r#""id": {id}"#))
}

/// What a page of these numbers comes to.
async fn listed(page: &OrderPage, ids: &[u64]) -> Result<Vec<u64>, CallError> {
    let store = Store::start().await;
    let rows: Vec<_> = ids.iter().map(|id| numbered(*id)).collect();
    store.get("v2/orders", json(&format!("[{}]", rows.join(",")))).await;
    let orders = store.client.orders().page(page, store.deadline()).await?;
    Ok(orders.iter().map(|order| order.id.0).collect())
}

#[tokio::test]
async fn a_page_of_orders_is_one_call_by_number_and_moment() {
    let store = Store::start().await;
    store.get("v2/orders", json(&format!("[{ORDER}]"))).await;
    let since = Some("2026-03-31T21:00:00.75Z".parse().unwrap());
    let page = OrderPage { min_id: Some(OrderId(7)), modified_since: since, ..OrderPage::all() };
    let orders = store.client.orders().page(&page, store.deadline()).await.unwrap();
    assert_eq!(orders.len(), 1);
    assert_eq!((orders[0].id, orders[0].is_deleted), (ID, false));
    assert_eq!(orders[0].date_modified.to_string(), "2026-03-31T21:41:02Z");
    let newest = OrderPage { newest_first: true, limit: 1, ..OrderPage::all() };
    store.client.orders().page(&newest, store.deadline()).await.unwrap();
    assert_eq!(
        store.asked().await,
        [
            "GET /v2/orders?min_id=7&min_date_modified=2026-03-31T21:00:00Z&sort=id:asc&limit=250",
            "GET /v2/orders?sort=id:desc&limit=1",
        ]
    );
}

#[tokio::test]
async fn a_list_without_orders_is_an_empty_page() {
    let store = Store::start().await;
    store.get("v2/orders", ResponseTemplate::new(204)).await;
    assert!(store.client.orders().page(&OrderPage::all(), store.deadline()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_list_that_is_not_as_asked_for_is_refused_because_an_order_could_be_missing() {
    let all = OrderPage::all();
    assert_eq!(listed(&all, &[5, 6, 9]).await.unwrap(), [5, 6, 9]);
    assert_eq!(listed(&OrderPage { newest_first: true, ..all }, &[9, 5]).await.unwrap(), [9, 5]);
    let from = OrderPage { min_id: Some(OrderId(6)), ..all };
    let later = OrderPage { modified_since: Some("2026-03-31T21:41:03Z".parse().unwrap()), ..all };
    for (page, ids, why) in [
        (all, [6, 5], "orders[1].id: not in the order that was asked for"),
        (all, [6, 6], "orders[1].id: not in the order that was asked for"),
        (from, [5, 6], "orders[0].id: below the min_id that was asked for"),
        (later, [5, 6], "orders[0].date_modified: before the moment that was asked for"),
    ] {
        let error = listed(&page, &ids).await.unwrap_err();
        assert_eq!((error.class, error.words.as_str()), (Class::Unreadable, why));
    }
}

#[tokio::test]
async fn the_write_back_sends_the_number_and_nothing_else() {
    let store = Store::start().await;
    Mock::given(method("PUT"))
        .and(path("/stores/abc123/v2/orders/218"))
        .and(header("content-type", "application/json"))
        .and(body_json(serde_json::json!({ "external_order_id": "100234" })))
        .respond_with(json(ORDER))
        .expect(1)
        .mount(&store.server)
        .await;
    store.client.orders().set_external_order_id(ID, "100234", store.deadline()).await.unwrap();
}
