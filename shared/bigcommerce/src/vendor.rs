//! What is special about BigCommerce among JSON APIs: its key, its errors, its rate limit.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::Deadline;
use connector_http::{AuthorizeError, Class, Judgement, RateHeaders, Stamp, Vendor};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::words;

/// The rate headers (`docs/facts/bigcommerce.md` §8). On a 429 the longer of reset and retry-after holds.
pub(crate) const RATE_HEADERS: RateHeaders = RateHeaders {
    quota: "x-rate-limit-requests-quota",
    left: "x-rate-limit-requests-left",
    reset_ms: "x-rate-limit-time-reset-ms",
    window_ms: "x-rate-limit-time-window-ms",
    retry_after_s: "x-retry-after",
};

/// BigCommerce for one store.
pub(crate) struct Store {
    access_token: SecretString,
}

impl Store {
    /// The store that this token opens.
    pub(crate) const fn new(access_token: SecretString) -> Self {
        Self { access_token }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store(…)")
    }
}

#[async_trait]
impl Vendor for Store {
    fn name(&self) -> &'static str {
        "BigCommerce"
    }

    /// The token in `X-Auth-Token`, for v2 and v3 alike (`docs/facts/bigcommerce.md` §1.1).
    async fn authorize(&self, headers: &mut HeaderMap, _: Deadline) -> Result<Stamp, AuthorizeError> {
        let mut token = HeaderValue::from_str(self.access_token.expose_secret())?;
        token.set_sensitive(true);
        headers.insert(HeaderName::from_static("x-auth-token"), token);
        Ok(Stamp::default())
    }

    /// Statuses mean what they usually mean (`docs/facts/bigcommerce.md` §1.3) but for the few below.
    fn judge(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Judgement {
        let words = words::of(body).replace(self.access_token.expose_secret(), "[key]");
        let judged = |class, cause| Judgement { class, cause, words: words.clone(), ..Judgement::default() };
        match status.as_u16() {
            401 => judged(None, "bigcommerce.token"),
            // Not a missing record: the base URL or the store's hash is wrong.
            404 if words.contains("route is not found") => {
                judged(Some(Class::Forbidden), "bigcommerce.route")
            }
            403 => judged(None, "bigcommerce.scope"),
            429 => {
                let retry_after = RATE_HEADERS.told(headers);
                let cause =
                    if retry_after.is_some() { "bigcommerce.quota" } else { "bigcommerce.overloaded" };
                Judgement { retry_after, ..judged(None, cause) }
            }
            // The vendor's own front gave up waiting for its back.
            499 => judged(Some(Class::Unavailable), ""),
            // Documented as never worth repeating.
            501 | 505 => judged(Some(Class::Rejected), "bigcommerce.unsupported"),
            503 => Judgement { retry_after: degraded(body), ..judged(None, "") },
            // Waiting does not make the plan larger.
            507 => judged(Some(Class::Rejected), "bigcommerce.plan_limit"),
            _ => judged(None, ""),
        }
    }
}

/// The wait that a degraded service asks for in its body (`docs/facts/bigcommerce.md` §1.3).
fn degraded(body: &[u8]) -> Option<Duration> {
    #[derive(Deserialize)]
    struct Outer {
        error: Inner,
    }
    #[derive(Deserialize)]
    struct Inner {
        retry_after_seconds: u64,
    }
    serde_json::from_slice::<Outer>(body)
        .ok()
        .map(|outer| Duration::from_secs(outer.error.retry_after_seconds))
}

#[cfg(test)]
mod tests {
    use connector_domain::Timestamp;
    use test_case::test_case;

    use super::*;

    fn judge(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Judgement {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        Store::new("the-token".into()).judge(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes())
    }

    #[test_case(400, "" => (None, ""))]
    #[test_case(401, "Unauthorized" => (None, "bigcommerce.token"))]
    #[test_case(403, "" => (None, "bigcommerce.scope"))]
    #[test_case(404, r#"[{"status":404,"message":"The requested resource was not found."}]"# => (None, ""))]
    #[test_case(404, r#"{"title":"The route is not found, check the URL"}"# => (Some(Class::Forbidden), "bigcommerce.route"))]
    #[test_case(409, "" => (None, ""))]
    #[test_case(429, "" => (None, "bigcommerce.overloaded"))]
    #[test_case(499, "" => (Some(Class::Unavailable), ""))]
    #[test_case(500, "" => (None, ""))]
    #[test_case(501, "" => (Some(Class::Rejected), "bigcommerce.unsupported"))]
    #[test_case(507, "" => (Some(Class::Rejected), "bigcommerce.plan_limit"))]
    fn a_status_is_judged(status: u16, body: &str) -> (Option<Class>, &'static str) {
        let judgement = judge(status, &[], body);
        (judgement.class, judgement.cause)
    }

    #[test]
    fn a_429_with_headers_waits_for_the_longer_of_the_two() {
        let reset = ("x-rate-limit-time-reset-ms", "4500");
        let told = judge(429, &[reset, ("x-retry-after", "3")], "");
        assert_eq!((told.retry_after, told.cause), (Some(Duration::from_millis(4500)), "bigcommerce.quota"));
        let told = judge(429, &[reset, ("x-retry-after", "7")], "");
        assert_eq!(told.retry_after, Some(Duration::from_secs(7)));
        assert_eq!(judge(429, &[], "").retry_after, None);
    }

    #[test]
    fn a_degraded_service_says_in_its_body_how_long_to_wait() {
        let body = r#"{"error":{"code":"SERVICE_DEGRADED","message":"Later","retry_after_seconds":30}}"#;
        let judgement = judge(503, &[], body);
        assert_eq!(judgement.retry_after, Some(Duration::from_secs(30)));
        assert_eq!(judgement.words, "Later");
        assert_eq!(judge(503, &[], "<html>").retry_after, None);
    }

    #[tokio::test]
    async fn the_token_shows_nowhere() {
        let store = Store::new("the-token".into());
        let mut headers = HeaderMap::new();
        store.authorize(&mut headers, Deadline::at(Timestamp::MAX)).await.unwrap();
        assert_eq!(headers["x-auth-token"], "the-token");
        assert!(!format!("{store:?} {headers:?}").contains("the-token"));
        assert_eq!(judge(400, &[], "bad the-token given").words, "bad [key] given");
    }
}
