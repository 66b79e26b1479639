//! The request quota: a fixed window on the clock, shared by every app of the store.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use parking_lot::Mutex;

use super::answer::v3;

/// Counts requests (`docs/facts/bigcommerce.md` §8).
#[derive(Debug)]
pub(crate) struct Limiter(Mutex<State>);

#[derive(Debug)]
struct State {
    window_ms: i64,
    quota: u32,
    window: i64,
    used: u32,
}

/// What the headers say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    window_ms: i64,
    reset_ms: i64,
    quota: u32,
    left: u32,
}

impl Limiter {
    pub(crate) fn new(quota: u32, window: std::time::Duration) -> Self {
        let window_ms = i64::try_from(window.as_millis()).unwrap_or(i64::MAX).max(1);
        Self(Mutex::new(State { window_ms, quota, window: i64::MIN, used: 0 }))
    }

    /// Takes one request out of the window; `Err` if nothing was left.
    pub(crate) fn take(&self, now: Timestamp) -> Result<Budget, Budget> {
        let mut state = self.0.lock();
        state.turn(now);
        if state.used < state.quota {
            state.used += 1;
            Ok(state.budget(now))
        } else {
            Err(state.budget(now))
        }
    }

    /// Another app takes `n` requests.
    pub(crate) fn spend(&self, n: u32, now: Timestamp) {
        let mut state = self.0.lock();
        state.turn(now);
        state.used = state.used.saturating_add(n);
    }

    /// The share of this client changes, in the middle of a window too.
    pub(crate) fn set_quota(&self, quota: u32) {
        self.0.lock().quota = quota;
    }

    /// The answer to a request too many, as if nothing were left.
    pub(crate) fn throttled(&self, now: Timestamp) -> Response {
        let mut state = self.0.lock();
        state.turn(now);
        Budget { left: 0, ..state.budget(now) }.refuse()
    }
}

impl State {
    fn turn(&mut self, now: Timestamp) {
        let window = now.as_millisecond().div_euclid(self.window_ms);
        if window != self.window {
            self.window = window;
            self.used = 0;
        }
    }

    fn budget(&self, now: Timestamp) -> Budget {
        let reset_ms = self.window_ms - now.as_millisecond().rem_euclid(self.window_ms);
        let left = self.quota.saturating_sub(self.used);
        Budget { window_ms: self.window_ms, reset_ms, quota: self.quota, left }
    }
}

impl Budget {
    /// Writes the four headers.
    pub(crate) fn mark(self, headers: &mut HeaderMap) {
        headers.insert(HeaderName::from_static("x-rate-limit-time-window-ms"), self.window_ms.into());
        headers.insert(HeaderName::from_static("x-rate-limit-time-reset-ms"), self.reset_ms.into());
        headers.insert(HeaderName::from_static("x-rate-limit-requests-quota"), self.quota.into());
        headers.insert(HeaderName::from_static("x-rate-limit-requests-left"), self.left.into());
    }

    /// 429 with all headers and `X-Retry-After` in whole seconds, rounded up.
    pub(crate) fn refuse(self) -> Response {
        let mut response = v3(429, "Too many requests", &serde_json::json!({})).into_response();
        self.mark(response.headers_mut());
        let seconds = HeaderValue::from(self.reset_ms.saturating_add(999).div_euclid(1000));
        response.headers_mut().insert(HeaderName::from_static("x-retry-after"), seconds);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quota_returns_with_the_next_window() {
        let at = |ms| Timestamp::from_millisecond(ms).unwrap();
        let limiter = Limiter::new(2, std::time::Duration::from_secs(30));
        assert_eq!(limiter.take(at(30_000)).unwrap().left, 1);
        limiter.spend(1, at(31_000));
        let full = limiter.take(at(59_001)).unwrap_err();
        assert_eq!((full.left, full.reset_ms), (0, 999));
        assert_eq!(limiter.take(at(60_000)).unwrap().reset_ms, 30_000);
        limiter.set_quota(1);
        assert!(limiter.take(at(60_001)).is_err());
    }
}
