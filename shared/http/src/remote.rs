//! One vendor at one base URL: pace, send, judge, try again.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::Deadline;
use http::header::{ACCEPT, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::answer::Answer;
use crate::call::Call;
use crate::class::Class;
use crate::error::CallError;
use crate::pacer::{Pacer, TooLate};
use crate::policy::{Next, Policy, Seen};
use crate::surroundings::Surroundings;
use crate::transport::{Incoming, Outgoing, Transport};
use crate::vendor::Vendor;

/// The most characters of a vendor's words that an error keeps.
const WORDS: usize = 500;

/// What a query may hold as it is. A space becomes `%20`: `+` means a space only to servers that read queries as forms.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'$')
    .remove(b',')
    .remove(b':')
    .remove(b'(')
    .remove(b')')
    .remove(b'/');

/// A vendor at its base URL. Clones share connections and pace.
#[derive(Debug, Clone)]
pub struct Remote(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    base: Url,
    vendor: Arc<dyn Vendor>,
    transport: Transport,
    pacer: Pacer,
    policy: Policy,
    surroundings: Surroundings,
}

impl Remote {
    /// The vendor at `base`, which may have a path; paths of calls are appended to it.
    pub fn new(
        base: Url,
        vendor: Arc<dyn Vendor>,
        transport: Transport,
        pacer: Pacer,
        policy: Policy,
        surroundings: Surroundings,
    ) -> Self {
        Self(Arc::new(Inner { base, vendor, transport, pacer, policy, surroundings }))
    }

    /// Sends a call until it succeeds or the policy stops, and gives back the 2xx answer.
    ///
    /// It logs no failure; who handles it does. Each attempt leaves a debug event.
    ///
    /// # Errors
    /// The last attempt's failure. [`Class::OutOfTime`] only when no attempt was made.
    pub async fn send(&self, call: &Call, deadline: Deadline) -> Result<Answer, CallError> {
        let Inner { transport, policy, surroundings, .. } = &*self.0;
        let timeout = call.timeout.unwrap_or(transport.timeout());
        let mut last = None;
        let mut attempt = 1_u32;
        loop {
            let failure = match self.attempt(call, deadline, timeout, attempt).await {
                Ok(answer) => return Ok(answer),
                // Something may have been sent before: that, not the lack of time, is the truth about this call.
                Err(failure) if failure.class == Class::OutOfTime => return Err(last.unwrap_or(failure)),
                Err(failure) => failure,
            };
            let seen = Seen {
                class: failure.class,
                safety: call.safety,
                attempt,
                time_left: deadline.time_left(&*surroundings.clock).saturating_sub(timeout),
                told: failure.retry_after,
                jitter: surroundings.random.next_u64(),
            };
            match policy.next(&seen) {
                Next::Stop => return Err(failure),
                Next::Wait(wait) => surroundings.clock.sleep(wait).await,
            }
            last = Some(failure);
            attempt = attempt.saturating_add(1);
        }
    }

    /// The URL a call goes to, e.g. to keep a batch under a limit of bytes.
    ///
    /// # Errors
    /// When base and path do not make a URL.
    pub fn url(&self, call: &Call) -> Result<Url, url::ParseError> {
        let base = self.0.base.as_str().trim_end_matches('/');
        let mut url = Url::parse(&format!("{base}/{}", call.path.trim_start_matches('/')))?;
        if !call.query.is_empty() {
            let encode = |text| utf8_percent_encode(text, QUERY);
            let pairs: Vec<String> =
                call.query.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
            url.set_query(Some(&pairs.join("&")));
        }
        Ok(url)
    }

    async fn attempt(
        &self,
        call: &Call,
        deadline: Deadline,
        timeout: Duration,
        attempt: u32,
    ) -> Result<Answer, CallError> {
        let Inner { transport, pacer, surroundings, .. } = &*self.0;
        let clock = &*surroundings.clock;
        let outgoing = self.outgoing(call, timeout)?;
        let permit = pacer.turn(clock, deadline, timeout).await.map_err(|TooLate(wait)| CallError {
            retry_after: Some(wait).filter(|w| !w.is_zero()),
            ..self.failure(call, Class::OutOfTime, 0)
        })?;
        let begun = clock.now();
        let result = transport.exchange(outgoing).await;
        drop(permit);
        let status = result.as_ref().map_or_else(|lost| lost.status, |incoming| Some(incoming.status));
        tracing::debug!(
            vendor = self.0.vendor.name(),
            call = call.name,
            status = status.map(|s| s.as_u16()),
            attempt,
            duration_ms = u64::try_from(clock.now().duration_since(begun).as_millis()).unwrap_or(0),
            "called"
        );
        match result {
            Ok(incoming) => {
                pacer.observe(clock, incoming.status, &incoming.headers);
                self.judge(call, incoming, attempt)
            }
            Err(lost) => Err(CallError {
                status: lost.status.map(|s| s.as_u16()),
                words: readable(&lost.words),
                ..self.failure(call, lost.class, attempt)
            }),
        }
    }

    fn outgoing(&self, call: &Call, timeout: Duration) -> Result<Outgoing, CallError> {
        let url = self.url(call).map_err(|e| CallError {
            cause: "http.bad_url",
            words: format!("no URL can be made of it: {e}"),
            ..self.failure(call, Class::Forbidden, 0)
        })?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.extend(call.headers.clone());
        self.0.vendor.authorize(&mut headers).map_err(|_| CallError {
            cause: "http.bad_credential",
            words: "a configured credential cannot stand in a header".to_owned(),
            ..self.failure(call, Class::Unauthorized, 0)
        })?;
        Ok(Outgoing { method: call.method.clone(), url, headers, body: call.body.clone(), timeout })
    }

    fn judge(&self, call: &Call, incoming: Incoming, attempt: u32) -> Result<Answer, CallError> {
        let Incoming { status, headers, body, over_cap } = incoming;
        let code = Some(status.as_u16());
        let Some(general) = Class::of_status(status) else {
            if over_cap {
                return Err(CallError {
                    status: code,
                    cause: "http.too_large",
                    words: format!("the body is larger than {} bytes", body.len()),
                    ..self.failure(call, Class::Unreadable, attempt)
                });
            }
            let vendor = self.0.vendor.name();
            return Ok(Answer { status, headers, body, vendor, call: call.name, attempts: attempt });
        };
        let judgement = self.0.vendor.judge(status, &headers, &body);
        let words = if judgement.words.is_empty() { usual_name(status) } else { readable(&judgement.words) };
        Err(CallError {
            status: code,
            cause: judgement.cause,
            words,
            retry_after: judgement.retry_after.or_else(|| told(&headers)),
            ..self.failure(call, judgement.class.unwrap_or(general), attempt)
        })
    }

    fn failure(&self, call: &Call, class: Class, attempts: u32) -> CallError {
        let (vendor, call) = (self.0.vendor.name(), call.name);
        CallError {
            vendor,
            call,
            class,
            status: None,
            cause: "",
            words: String::new(),
            attempts,
            retry_after: None,
        }
    }
}

/// RFC 9110 `Retry-After` in seconds; its date form is ignored, the policy then backs off.
fn told(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

fn usual_name(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or_default().to_owned()
}

/// One line, short enough for a log and a person.
fn readable(words: &str) -> String {
    let line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS).collect();
    line.trim().to_owned()
}
