//! What was asked of both vendors.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use parking_lot::Mutex;
use tokio::net::TcpListener;
use url::Url;

/// How many calls there were of each kind and how many rows they wrote, and what nobody should have asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    calls: BTreeMap<&'static str, usize>,
    rows: BTreeMap<&'static str, usize>,
    strange: Vec<String>,
}

impl Calls {
    pub(crate) fn add(&self, what: &'static str) {
        *self.0.lock().calls.entry(what).or_default() += 1;
    }

    /// A call that writes so many rows.
    pub(crate) fn add_rows(&self, what: &'static str, rows: usize) {
        self.add(what);
        *self.0.lock().rows.entry(what).or_default() += rows;
    }

    /// There is nothing of that name, or it is not written so.
    pub(crate) fn add_strange(&self, what: String) {
        self.0.lock().strange.push(what);
    }

    /// What was asked since this was asked the last time: how often, and how many rows were written.
    ///
    /// # Panics
    /// If something was asked that nobody should have.
    pub(crate) fn take(&self) -> Taken {
        let Seen { calls, rows, strange } = std::mem::take(&mut *self.0.lock());
        let first: Vec<&String> = strange.iter().take(3).collect();
        assert!(strange.is_empty(), "{} calls or rows that nobody expects: {first:#?}", strange.len());
        Taken { calls, rows }
    }
}

/// What was asked in one pass.
#[derive(Debug)]
pub(crate) struct Taken {
    calls: BTreeMap<&'static str, usize>,
    rows: BTreeMap<&'static str, usize>,
}

impl Taken {
    /// How many calls.
    pub(crate) fn calls(&self, what: &str) -> usize {
        self.calls.get(what).copied().unwrap_or_default()
    }

    /// How many calls, and how many rows they wrote.
    pub(crate) fn written(&self, what: &str) -> (usize, usize) {
        (self.calls(what), self.rows.get(what).copied().unwrap_or_default())
    }

    /// That the calls that wrote to the store are these and no others.
    pub(crate) fn wrote(&self, expected: &[(&str, (usize, usize))]) {
        let written: Vec<_> = self.rows.keys().map(|what| (*what, self.written(what))).collect();
        assert_eq!(written, expected, "calls that write to the store, and their rows");
    }
}

/// Serves `routes` on loopback.
pub(crate) async fn serve(routes: Router) -> Url {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let base_url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    base_url
}
