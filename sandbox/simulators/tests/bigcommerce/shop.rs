//! A store with a client at its door.

use std::sync::Arc;

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use connector_simulators::{
    BigCommerceConfig, BigCommerceSim, Handle, Hands, SimClock,
    bigcommerce::{Address, NewOrder, dec},
};
use parking_lot::Mutex;
use serde_json::Value;

pub(crate) const START: &str = "2026-03-31T21:40:11.789Z";

/// A store on a clock that stands still.
pub(crate) struct Shop {
    pub(crate) sim: BigCommerceSim,
    pub(crate) hands: Hands,
    client: reqwest::Client,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
    pub(crate) headers: reqwest::header::HeaderMap,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("no JSON: {} {:?}", self.status, self.text))
    }

    pub(crate) fn number(&self, header: &str) -> i64 {
        self.headers[header].to_str().unwrap().parse().unwrap()
    }

    /// The status and, of a v3 error, the title.
    pub(crate) fn v3_error(&self) -> (u16, String) {
        let body = self.json();
        assert_eq!(body["status"], self.status, "a v3 error is an object: {body}");
        (self.status, body["title"].as_str().unwrap().to_owned())
    }

    /// The `data` of an answer that went well.
    pub(crate) fn data(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()["data"].clone()
    }

    /// The status and, of a v2 error, the message.
    pub(crate) fn v2_error(&self) -> (u16, String) {
        let body = self.json();
        assert_eq!(body[0]["status"], self.status, "a v2 error is an array: {body}");
        (self.status, body[0]["message"].as_str().unwrap().to_owned())
    }
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(set: impl FnOnce(&mut BigCommerceConfig)) -> Self {
        let (clock, hands) = SimClock::manual(START.parse().unwrap());
        let mut config = BigCommerceConfig::new().clock(clock);
        set(&mut config);
        let sim = BigCommerceSim::start(config).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { sim, hands, client }
    }

    /// A request with the token, below `/stores/{hash}/`.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let config = self.sim.config();
        self.bare(method, &format!("stores/{}/{path}", config.store_hash))
            .header("X-Auth-Token", &config.access_token)
            .header("Accept", "application/json")
    }

    /// A request with another account's token.
    pub(crate) async fn ask_as(&self, token: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let request = self
            .bare(method, &format!("stores/{}/{path}", self.sim.config().store_hash))
            .header("X-Auth-Token", token);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        answer(request).await.unwrap()
    }

    pub(crate) fn bare(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = self.sim.base_url().join(path).unwrap();
        self.client.request(method.parse().unwrap(), url)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        answer(self.request("GET", path)).await.unwrap()
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        answer(self.request("PUT", path).json(body)).await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        answer(self.request("DELETE", path)).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        answer(self.request("POST", path).json(body)).await.unwrap()
    }
}

pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
    #[expect(clippy::disallowed_methods, reason = "the simulator is tested without the product's transport")]
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Answer { status, headers, text: response.text().await? })
}

/// A guest's order of one line.
pub(crate) fn small_order() -> NewOrder {
    NewOrder::guest(Address::of("Ada", "Lane", "ada@example.com"))
        .line("HB-M8-40-ZN", 4, dec("15.67"))
        .tax_rate(dec("0.0825"))
}

/// A webhook as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// What a receiver saw, and what it answers.
type Inbox = (Arc<Mutex<Vec<Received>>>, Arc<Mutex<u16>>);

/// A receiver of webhooks whose answer can be set.
pub(crate) struct Receiver {
    pub(crate) seen: Arc<Mutex<Vec<Received>>>,
    pub(crate) status: Arc<Mutex<u16>>,
    server: Handle,
}

impl Receiver {
    pub(crate) async fn listen() -> Self {
        let (seen, status): Inbox = (Arc::default(), Arc::new(Mutex::new(200)));
        let state = (Arc::clone(&seen), Arc::clone(&status));
        let take = async |State((seen, status)): State<Inbox>, headers: HeaderMap, body: Bytes| {
            seen.lock().push(Received { headers, body: body.to_vec() });
            axum::http::StatusCode::from_u16(*status.lock()).unwrap()
        };
        let shell = connector_simulators::Shell::new(
            connector_simulators::Faults::default(),
            connector_simulators::Traffic::new("receiver", connector_simulators::Recorder::in_memory()),
            SimClock::system(),
        );
        let routes = Router::new().route("/bc", post(take)).with_state(state);
        Self { seen, status, server: connector_simulators::serve(0, routes, shell).await.unwrap() }
    }

    /// The same door under another name, and so another domain.
    pub(crate) fn url_by_name(&self) -> url::Url {
        let mut url = self.url();
        url.set_host(Some("localhost")).unwrap();
        url
    }

    pub(crate) fn url(&self) -> url::Url {
        self.server.base_url.join("bc").unwrap()
    }
}
