//! One request, described before it is sent.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use serde::Serialize;
use url::form_urlencoded;

/// Whether sending a call twice is safe; stated by the endpoint's method, where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Safety {
    /// Reads, and methods that compute without saving.
    Safe,
    /// Writes whose repetition leaves the same state.
    Idempotent,
    /// Writes whose repetition makes a second thing: creates.
    Unsafe,
}

/// A request to a vendor: everything but base URL and credentials.
#[derive(Clone)]
pub struct Call {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) safety: Safety,
    pub(crate) timeout: Option<Duration>,
    pub(crate) read_refusals: &'static [u16],
}

/// Without query, headers and body: they may hold addresses and keys.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("name", &self.name).field("safety", &self.safety).finish_non_exhaustive()
    }
}

impl Call {
    /// A call by any method. `name` stands in logs and errors and has no ids; `path` is relative to the base URL and already encoded.
    pub fn new(name: &'static str, method: Method, path: impl Into<String>, safety: Safety) -> Self {
        let (path, headers) = (path.into(), HeaderMap::new());
        let (query, body, timeout, read_refusals) = (Vec::new(), None, None, &[]);
        Self { name, method, path, query, headers, body, safety, timeout, read_refusals }
    }

    /// A read.
    pub fn get(name: &'static str, path: impl Into<String>) -> Self {
        Self::new(name, Method::GET, path, Safety::Safe)
    }

    /// A POST, which may be anything from a read to a create.
    pub fn post(name: &'static str, path: impl Into<String>, safety: Safety) -> Self {
        Self::new(name, Method::POST, path, safety)
    }

    /// A PUT, idempotent by definition.
    pub fn put(name: &'static str, path: impl Into<String>) -> Self {
        Self::new(name, Method::PUT, path, Safety::Idempotent)
    }

    /// Adds a query parameter, both sides not yet encoded.
    #[must_use]
    pub fn query(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((key.into(), value.into()));
        self
    }

    /// Sets a header; a header set here wins over the defaults (`accept`), never over the vendor's credentials.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When `body` cannot be written as JSON, e.g. a map whose keys are not text.
    pub fn json<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, serde_json::Error> {
        Ok(self.body(serde_json::to_string(body)?))
    }

    /// The body as JSON text, sent exactly as written.
    #[must_use]
    pub fn body(mut self, json: impl Into<String>) -> Self {
        self.body = Some(Bytes::from(json.into()));
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self
    }

    /// The body as a form: pairs not yet encoded.
    #[must_use]
    pub fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.body = Some(Bytes::from(form));
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        self.headers.insert(CONTENT_TYPE, kind);
        self
    }

    /// A total time-out of its own instead of the transport's, e.g. longer for a save.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Gives refusals of these statuses to the caller as answers: their bodies say which rows of a batch are at fault. Only what is never
    /// sent again comes back so: a status that the policy would wait for stays a failure.
    #[must_use]
    pub fn read_refusals(mut self, statuses: &'static [u16]) -> Self {
        self.read_refusals = statuses;
        self
    }

    /// The name in logs and errors.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it may be sent twice.
    pub fn safety(&self) -> Safety {
        self.safety
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_as_forms_are() {
        let call =
            Call::post("POST /token", "", Safety::Safe).form(&[("grant_type", "a b"), ("secret", "x+y&z=ü")]);
        assert_eq!(call.body.unwrap(), "grant_type=a+b&secret=x%2By%26z%3D%C3%BC");
        assert_eq!(call.headers[CONTENT_TYPE], "application/x-www-form-urlencoded");
    }

    #[test]
    fn debug_shows_neither_path_nor_body() {
        let call = Call::get("GET /v3/customers", "/v3/customers")
            .query("email:in", "a@b.example")
            .body("{\"secret\":1}");
        let shown = format!("{call:?}");
        assert!(shown.contains("GET /v3/customers"));
        assert!(!shown.contains("example") && !shown.contains("secret"), "{shown}");
    }
}
