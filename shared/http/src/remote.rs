//! One vendor at one base URL: pace, send, judge, try again.

mod tries;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use connector_domain::Deadline;
use http::header::{ACCEPT, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use self::tries::{Failed, Tries, truth};
use crate::answer::Answer;
use crate::call::Call;
use crate::class::Class;
use crate::error::CallError;
use crate::pacer::{Pacer, TooLate};
use crate::policy::{Next, Policy, Seen};
use crate::surroundings::Surroundings;
use crate::transport::{Incoming, Outgoing, Transport};
use crate::vendor::{AuthorizeError, Stamp, Vendor};

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

/// A vendor at its base URL. Clones share connections, pace and count.
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
    heard: AtomicU64,
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
        let heard = AtomicU64::new(0);
        Self(Arc::new(Inner { base, vendor, transport, pacer, policy, surroundings, heard }))
    }

    /// How many calls were answered with success so far, by all clones together. It never goes back, so whoever sees it grow knows that the
    /// vendor works: that it was reached, let us in and did what it was asked.
    pub fn heard(&self) -> u64 {
        self.0.heard.load(Ordering::Relaxed)
    }

    /// Sends a call until it succeeds or the policy stops, and gives back the 2xx answer, or a refusal that the call asked to read.
    ///
    /// It logs no failure; who handles it does. Each attempt leaves a debug event.
    ///
    /// # Errors
    /// The last attempt's failure. [`Class::OutOfTime`] only when no attempt was made, or none but with a loan that had become stale.
    pub async fn send(&self, call: &Call, deadline: Deadline) -> Result<Answer, CallError> {
        let Inner { transport, policy, surroundings, .. } = &*self.0;
        let timeout = call.timeout.unwrap_or(transport.timeout());
        let mut last = None;
        let mut tries = Tries::default();
        loop {
            let (failure, renewed) = match self.attempt(call, deadline, timeout, &mut tries).await {
                Ok(answer) => return Ok(answer),
                Err(Failed::Unsent(failure)) => return Err(truth(last, failure)),
                Err(Failed::Sent(failure)) => (failure, false),
                Err(Failed::Stale(failure)) => (failure, true),
            };
            let seen = Seen {
                class: failure.class,
                safety: call.safety,
                attempt: tries.counted(),
                time_left: deadline.time_left(&*surroundings.clock).saturating_sub(timeout),
                told: failure.retry_after,
                renewed,
                jitter: surroundings.random.next_u64(),
            };
            match policy.next(&seen) {
                Next::Stop => return Err(failure),
                Next::Wait(wait) => surroundings.clock.sleep(wait).await,
            }
            if !renewed {
                last = Some(failure);
            }
        }
    }

    /// The URL a call goes to, e.g. to keep a batch under a limit of bytes. A call without a path goes to the base as it is.
    ///
    /// # Errors
    /// When base and path do not make a URL.
    pub fn url(&self, call: &Call) -> Result<Url, url::ParseError> {
        let base = &self.0.base;
        let mut url = match call.path.trim_start_matches('/') {
            "" => base.clone(),
            path => Url::parse(&format!("{}/{path}", base.as_str().trim_end_matches('/')))?,
        };
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
        tries: &mut Tries,
    ) -> Result<Answer, Failed> {
        let Inner { vendor, transport, pacer, surroundings, .. } = &*self.0;
        let clock = &*surroundings.clock;
        let too_late = |wait: Duration| {
            let retry_after = Some(wait).filter(|w| !w.is_zero());
            Failed::Unsent(CallError { retry_after, ..self.failure(call, Class::OutOfTime, 0) })
        };
        // Before credentials are borrowed for a call that will not be sent.
        if !deadline.fits(clock, timeout) {
            return Err(too_late(Duration::ZERO));
        }
        let (outgoing, stamp) = self.outgoing(call, deadline, timeout).await.map_err(Failed::Unsent)?;
        let permit = pacer.turn(clock, deadline, timeout).await.map_err(|TooLate(wait)| too_late(wait))?;
        let begun = clock.now();
        let result = transport.exchange(outgoing).await;
        match &result {
            Ok(incoming) => permit.answered(clock, incoming.status, &incoming.headers),
            Err(_) => drop(permit),
        }
        tries.sent = tries.sent.saturating_add(1);
        let status = result.as_ref().map_or_else(|lost| lost.status, |incoming| Some(incoming.status));
        tracing::debug!(
            vendor = vendor.name(),
            call = call.name,
            status = status.map(|s| s.as_u16()),
            attempt = tries.sent,
            duration_ms = u64::try_from(clock.now().duration_since(begun).as_millis()).unwrap_or(0),
            "called"
        );
        match result {
            Ok(incoming) => self.judge(call, incoming, stamp, tries),
            Err(lost) => Err(Failed::Sent(CallError {
                status: lost.status.map(|s| s.as_u16()),
                words: readable(&lost.words),
                ..self.failure(call, lost.class, tries.sent)
            })),
        }
    }

    async fn outgoing(
        &self,
        call: &Call,
        deadline: Deadline,
        timeout: Duration,
    ) -> Result<(Outgoing, Stamp), CallError> {
        let url = self.url(call).map_err(|e| CallError {
            cause: "http.bad_url",
            words: format!("no URL can be made of it: {e}"),
            ..self.failure(call, Class::Forbidden, 0)
        })?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.extend(call.headers.clone());
        let stamp = match self.0.vendor.authorize(&mut headers, deadline).await {
            Ok(stamp) => stamp,
            Err(AuthorizeError::Call(error)) => return Err(error.before_the_call()),
            Err(AuthorizeError::Header) => {
                return Err(CallError {
                    cause: "http.bad_credential",
                    words: AuthorizeError::Header.to_string(),
                    ..self.failure(call, Class::Unauthorized, 0)
                });
            }
        };
        Ok((Outgoing { method: call.method.clone(), url, headers, body: call.body.clone(), timeout }, stamp))
    }

    fn judge(
        &self,
        call: &Call,
        incoming: Incoming,
        stamp: Stamp,
        tries: &mut Tries,
    ) -> Result<Answer, Failed> {
        let Incoming { status, headers, body, over_cap } = incoming;
        let code = Some(status.as_u16());
        let vendor = &*self.0.vendor;
        let Some(general) = Class::of_status(status) else {
            if over_cap {
                return Err(Failed::Sent(CallError {
                    status: code,
                    cause: "http.too_large",
                    words: format!("the body is larger than {} bytes", body.len()),
                    ..self.failure(call, Class::Unreadable, tries.sent)
                }));
            }
            self.0.heard.fetch_add(1, Ordering::Relaxed);
            let (vendor, attempts) = (vendor.name(), tries.sent);
            return Ok(Answer { status, headers, body, vendor, call: call.name, attempts, refusal: None });
        };
        let judgement = vendor.judge(status, &headers, &body);
        let words = if judgement.words.is_empty() { usual_name(status) } else { readable(&judgement.words) };
        let error = CallError {
            status: code,
            cause: judgement.cause,
            words,
            retry_after: judgement.retry_after.or_else(|| told(&headers)),
            ..self.failure(call, judgement.class.unwrap_or(general), tries.sent)
        };
        let final_word = matches!(error.class, Class::NotFound | Class::Conflict | Class::Rejected);
        if final_word && !over_cap && call.read_refusals.contains(&status.as_u16()) {
            let (vendor, attempts, refusal) = (vendor.name(), tries.sent, Some(Box::new(error)));
            return Ok(Answer { status, headers, body, vendor, call: call.name, attempts, refusal });
        }
        match judgement.stale {
            Some(stale) if error.class == Class::Unauthorized && tries.renews(stale) => {
                vendor.forget(stale, stamp);
                Err(Failed::Stale(error))
            }
            Some(_) | None => Err(Failed::Sent(error)),
        }
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
