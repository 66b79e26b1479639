//! The list of orders of a large store, made when it is asked for (`docs/facts/bigcommerce.md` §3.1).

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use connector_domain::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) base_url: Url,
    pages: Arc<AtomicUsize>,
}

#[derive(Debug, Clone)]
struct Store {
    orders: u64,
    placed: Timestamp,
    pages: Arc<AtomicUsize>,
}

impl Listed {
    /// A store whose orders 1 to `orders` were all `placed` at one moment, and have not changed since.
    pub(crate) async fn start(orders: u64, placed: Timestamp) -> Self {
        let pages = Arc::new(AtomicUsize::new(0));
        let store = Store { orders, placed, pages: pages.clone() };
        let routes = Router::new().route("/stores/{hash}/v2/orders", get(list)).with_state(store);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base_url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { base_url, pages }
    }

    /// How many pages were asked for.
    pub(crate) fn pages(&self) -> usize {
        self.pages.load(Ordering::Relaxed)
    }
}

async fn list(State(store): State<Store>, Query(asked): Query<HashMap<String, String>>) -> Response {
    store.pages.fetch_add(1, Ordering::Relaxed);
    let since = asked.get("min_date_modified").map(|since| since.trim_end_matches('Z').to_owned());
    let later = since.is_some_and(|since| since > store.placed.to_string());
    let limit = asked.get("limit").map_or(250, |limit| limit.parse().unwrap());
    let first: u64 = asked.get("min_id").map_or(1, |first| first.parse().unwrap());
    let all = first..=store.orders;
    let orders: Vec<u64> = if later {
        Vec::new()
    } else if asked.get("sort").is_some_and(|sort| sort.ends_with("desc")) {
        all.rev().take(limit).collect()
    } else {
        all.take(limit).collect()
    };
    if orders.is_empty() {
        return StatusCode::NO_CONTENT.into_response();
    }
    let placed = store.placed.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let row = |order: &u64| {
        json!({
            "id": order,
            "status_id": 11,
            "date_created": placed,
            "date_modified": placed,
            "total_inc_tax": "0.0000",
            "default_currency_code": "USD",
            "is_deleted": false,
        })
    };
    axum::Json(Value::from(orders.iter().map(row).collect::<Vec<_>>())).into_response()
}
