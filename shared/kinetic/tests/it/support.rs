//! A company on loopback whose time stands still.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{
    Clock, Deadline, ExternalRef, ManualClock, Money, OrderId, Quantity, SeededRandom, Text, Timestamp, exact,
};
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_kinetic::{
    Anchor, Kinetic, Login, NewCharge, NewHeader, NewLine, OneTimeShipTo, OpenOrder, OpenRows, Settings,
};
use jiff::civil::date;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub(crate) const KEY: &str = "the-api-key";
pub(crate) const PASSWORD: &str = "the-pass-word";
pub(crate) const START: i64 = 1_775_000_000;

pub(crate) struct Company {
    pub(crate) server: MockServer,
    pub(crate) client: Kinetic,
    pub(crate) clock: ManualClock,
}

impl Company {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let server = MockServer::start().await;
        let clock = ManualClock::at(Timestamp::from_second(START).unwrap());
        let surroundings =
            Surroundings { clock: Arc::new(clock.clone()), random: Arc::new(SeededRandom::new(7)) };
        let login = Login::Basic { username: "INTEG".to_owned(), password: PASSWORD.into() };
        let base = format!("{}/Live", server.uri()).parse().unwrap();
        let mut settings = Settings::new(base, "EPIC06".to_owned(), KEY.into(), login);
        change(&mut settings);
        let transport = Transport::new(&TransportSettings::default()).unwrap();
        let client = Kinetic::new(settings, transport, surroundings).unwrap();
        Self { server, client, clock }
    }

    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::after(&self.clock, Duration::from_mins(15))
    }

    /// Seconds since the start, on the clock that stands still until somebody waits.
    pub(crate) fn waited(&self) -> i64 {
        self.clock.now().as_second() - START
    }

    /// Answers a method or a set; what is mounted first wins.
    pub(crate) async fn answers(&self, verb: &str, below: &str, answer: ResponseTemplate) {
        Mock::given(method(verb))
            .and(path(format!("/Live/api/v2/odata/EPIC06/{below}")))
            .respond_with(answer)
            .mount(&self.server)
            .await;
    }

    /// Answers a method once; then what is mounted after it answers.
    pub(crate) async fn answers_once(&self, verb: &str, below: &str, answer: ResponseTemplate) {
        Mock::given(method(verb))
            .and(path(format!("/Live/api/v2/odata/EPIC06/{below}")))
            .respond_with(answer)
            .up_to_n_times(1)
            .mount(&self.server)
            .await;
    }

    /// Answers a method by what was sent.
    pub(crate) async fn method(&self, name: &str, answer: impl Fn(Value) -> Value + Send + Sync + 'static) {
        Mock::given(method("POST"))
            .and(path(format!("/Live/api/v2/odata/EPIC06/Erp.BO.{name}")))
            .respond_with(move |request: &Request| {
                ResponseTemplate::new(200).set_body_json(answer(request.body_json().unwrap()))
            })
            .mount(&self.server)
            .await;
    }

    /// Answers a set by its decoded query.
    pub(crate) async fn set(
        &self,
        name: &str,
        answer: impl Fn(&dyn Fn(&str) -> String) -> Value + Send + Sync + 'static,
    ) {
        Mock::given(method("GET"))
            .and(path(format!("/Live/api/v2/odata/EPIC06/Erp.BO.{name}")))
            .respond_with(move |request: &Request| {
                let option = |name: &str| option(request, name);
                ResponseTemplate::new(200).set_body_json(answer(&option))
            })
            .mount(&self.server)
            .await;
    }

    pub(crate) async fn requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap()
    }

    /// What was sent, for a snapshot: verb, path, decoded query, body.
    pub(crate) async fn sent(&self) -> Vec<Value> {
        self.requests().await.iter().map(shown).collect()
    }

    /// The names of what was called, in turn.
    pub(crate) async fn called(&self) -> Vec<String> {
        let last = |request: &Request| request.url.path().rsplit('/').next().unwrap().to_owned();
        self.requests().await.iter().map(last).collect()
    }

    /// Answers `GetByID` with an order.
    pub(crate) async fn holds(&self, order: &Value) {
        let answer = ResponseTemplate::new(200).set_body_json(json!({ "returnObj": order }));
        self.answers("GET", "Erp.BO.SalesOrderSvc/GetByID", answer).await;
    }

    /// An order that stands already, with the rows of a line and of a charge of the whole order.
    pub(crate) async fn open_rows(&self, order: &Value) -> OpenRows {
        self.holds(order).await;
        let orders = self.client.sales_orders();
        let rows = orders.open_rows(connector_domain::OrderNum(100_045), &[2], &[1], self.deadline()).await;
        let rows = rows.unwrap().unwrap();
        self.server.reset().await;
        rows
    }

    /// An order that stands already.
    pub(crate) async fn open_order(&self) -> OpenOrder {
        let header = json!({"OrderHed": [crate::polite::header()], "OrderDtl": [], "ExtensionTables": []});
        self.holds(&header).await;
        let order =
            self.client.sales_orders().open(connector_domain::OrderNum(100_045), self.deadline()).await;
        let order = order.unwrap().unwrap();
        self.server.reset().await;
        order
    }
}

fn option(request: &Request, name: &str) -> String {
    let mut pairs = request.url.query_pairs();
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn shown(request: &Request) -> Value {
    let query: serde_json::Map<String, Value> =
        request.url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned().into())).collect();
    let mut shown = json!({ "call": format!("{} {}", request.method, request.url.path()) });
    if !query.is_empty() {
        shown["query"] = query.into();
    }
    if !request.body.is_empty() {
        shown["body"] = request.body_json().unwrap();
    }
    shown
}

/// The refusal of a row that is older than the stored one (§11.2).
pub(crate) fn stale() -> ResponseTemplate {
    let words = "Row has been modified by another user and couldn't be updated.";
    refused(400, "Ice.Common.BusinessObjectException", words)
}

/// A refusal in Kinetic's own form (§11.1).
pub(crate) fn refused(status: u16, kind: &str, words: &str) -> ResponseTemplate {
    json_answer(status, json!({ "ErrorMessage": words, "ErrorType": kind }).to_string())
}

pub(crate) fn json_answer(status: u16, body: impl Into<String>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.into(), "application/json")
}

pub(crate) fn money(text: &str) -> Money {
    Money::new(exact::parse(text).unwrap())
}

pub(crate) fn text<const N: usize>(text: &str) -> Text<N> {
    Text::exact(text).unwrap()
}

pub(crate) fn new_header() -> NewHeader {
    NewHeader {
        cust_id: text("WEBGUEST"),
        anchor: Anchor::PONum,
        external_ref: ExternalRef::of("BC-", OrderId(100_123)),
        order_date: date(2026, 3, 16),
        request_date: date(2026, 3, 18),
        need_by: date(2026, 3, 20),
        ship_via: Some(text("UPSG")),
        terms: None,
        tax_region: None,
        comment: "Gift message: happy birthday".to_owned(),
        staged: true,
        one_time: Some(one_time()),
    }
}

pub(crate) fn one_time() -> OneTimeShipTo {
    OneTimeShipTo {
        name: text("Ann O'Neil"),
        address1: text("1 Main St"),
        address2: Text::default(),
        address3: Text::default(),
        city: text("Austin"),
        state: text("TX"),
        zip: text("78701"),
        country_num: 1,
        contact: text("Ann O'Neil"),
        phone: text("5125550100"),
    }
}

pub(crate) fn new_line() -> NewLine {
    NewLine {
        reference: text("11"),
        part_num: text("ABC-100"),
        quantity: Quantity::from(2),
        unit_price: money("22.5"),
        discount: Money::ZERO,
        request_date: date(2026, 3, 18),
        need_by: date(2026, 3, 20),
        comment: "Finish: Zinc".to_owned(),
    }
}

pub(crate) fn new_charge() -> NewCharge {
    NewCharge {
        reference: "shipping".to_owned(),
        code: text("FRT"),
        description: text("Shipping"),
        amount: money("12.5"),
    }
}
