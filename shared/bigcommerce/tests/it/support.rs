//! A store on loopback whose time stands still.

use std::sync::Arc;
use std::time::Duration;

use connector_bigcommerce::{BigCommerce, Settings};
use connector_domain::{Clock, Deadline, ManualClock, SeededRandom, Timestamp};
use connector_http::{Surroundings, Transport, TransportSettings};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockBuilder, MockServer, Request, Respond, ResponseTemplate};

pub(crate) const TOKEN: &str = "the-access-token";
pub(crate) const ORDER: &str = include_str!("../fixtures/order.json");
pub(crate) const LINES: &str = include_str!("../fixtures/products.json");
pub(crate) const ADDRESSES: &str = include_str!("../fixtures/shipping_addresses.json");
pub(crate) const COUPONS: &str = include_str!("../fixtures/coupons.json");
pub(crate) const FEES: &str = include_str!("../fixtures/fees.json");

pub(crate) struct Store {
    pub(crate) server: MockServer,
    pub(crate) client: BigCommerce,
    pub(crate) clock: ManualClock,
}

impl Store {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start().await;
        let clock = ManualClock::at(Timestamp::from_second(1_775_000_000).unwrap());
        let surroundings =
            Surroundings { clock: Arc::new(clock.clone()), random: Arc::new(SeededRandom::new(7)) };
        let settings = Settings {
            base_url: server.uri().parse().unwrap(),
            store_hash: "abc123".to_owned(),
            access_token: TOKEN.into(),
            quota_share: 40,
        };
        let transport = Transport::new(&TransportSettings::default()).unwrap();
        let client = BigCommerce::new(settings, transport, surroundings).unwrap();
        Self { server, client, clock }
    }

    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::after(&self.clock, Duration::from_mins(15))
    }

    /// Seconds since the start, on the clock that stands still until somebody waits.
    pub(crate) fn waited(&self) -> i64 {
        self.clock.now().as_second() - 1_775_000_000
    }

    pub(crate) async fn get(&self, under: &str, answer: ResponseTemplate) {
        get(under).respond_with(answer).mount(&self.server).await;
    }

    /// The order 218 of the fixtures, complete.
    pub(crate) async fn order_218(&self) {
        self.get("v2/orders/218", json(ORDER)).await;
        self.list("v2/orders/218/products", LINES).await;
        self.list("v2/orders/218/shipping_addresses", ADDRESSES).await;
        self.list("v2/orders/218/coupons", COUPONS).await;
        self.get("v2/orders/218/fees", json(FEES)).await;
    }

    /// A list of one page, and 204 after it.
    pub(crate) async fn list(&self, under: &str, first: &str) {
        get(under).and(query_param("page", "1")).respond_with(json(first)).mount(&self.server).await;
        self.get(under, ResponseTemplate::new(204)).await;
    }

    /// Answers a call by any method.
    pub(crate) async fn answers(&self, verb: &str, under: &str, answer: ResponseTemplate) {
        let at = path(format!("/stores/abc123/{under}"));
        Mock::given(method(verb)).and(at).respond_with(answer).mount(&self.server).await;
    }

    /// The body of the last request, byte for byte.
    pub(crate) async fn said(&self) -> String {
        let requests = self.server.received_requests().await.unwrap();
        String::from_utf8(requests.last().unwrap().body.clone()).unwrap()
    }

    /// What was asked so far: `GET /v2/orders/218?page=1`, without the store's own path.
    pub(crate) async fn asked(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        requests.iter().map(line).collect()
    }
}

fn line(request: &Request) -> String {
    let path = request.url.path().trim_start_matches("/stores/abc123");
    match request.url.query() {
        Some(query) => format!("{} {path}?{query}", request.method),
        None => format!("{} {path}", request.method),
    }
}

pub(crate) fn get(under: &str) -> MockBuilder {
    Mock::given(method("GET")).and(path(format!("/stores/abc123/{under}")))
}

pub(crate) fn json(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body, "application/json")
}

/// An answer of a status with a JSON body.
pub(crate) fn refused(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

pub(crate) fn money(text: &str) -> connector_domain::Money {
    connector_domain::Money::new(connector_domain::exact::parse(text).unwrap())
}

/// A list of so many rows on a store that gives at most fifty at a time, whatever was asked, and 204 after the last.
pub(crate) struct Clamped {
    pub(crate) rows: Vec<String>,
    pub(crate) clamp: usize,
}

impl Respond for Clamped {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let asked = |key: &str| {
            request.url.query_pairs().find(|(name, _)| name == key).map(|(_, value)| value.into_owned())
        };
        let page: usize = asked("page").unwrap().parse().unwrap();
        let limit: usize = asked("limit").unwrap().parse().unwrap();
        let limit = limit.min(self.clamp);
        let rows: Vec<_> = self.rows.iter().skip((page - 1) * limit).take(limit).cloned().collect();
        if rows.is_empty() { ResponseTemplate::new(204) } else { json(&format!("[{}]", rows.join(","))) }
    }
}
