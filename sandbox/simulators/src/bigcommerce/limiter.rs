//! The request quota: a fixed window on the clock, shared by every app of the store.

use std::collections::BTreeMap;

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

/// The accounts of so many windows are kept.
const KEPT: i64 = 1000;

#[derive(Debug)]
struct State {
    window_ms: i64,
    quota: u32,
    window: i64,
    used: u32,
    /// By window and client id: requests let in, and refused.
    spent: BTreeMap<(i64, String), (u32, u32)>,
}

/// What one API account spent of one window of the quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spending {
    /// When the window began.
    pub begins: Timestamp,
    /// Whose token it was; empty if it was nobody's.
    pub client_id: String,
    /// Requests that were let in.
    pub calls: u32,
    /// Requests that were answered 429 because nothing was left.
    pub refused: u32,
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
        Self(Mutex::new(State { window_ms, quota, window: i64::MIN, used: 0, spent: BTreeMap::new() }))
    }

    /// Takes one request of `client_id` out of the window; `Err` if nothing was left.
    pub(crate) fn take(&self, client_id: &str, now: Timestamp) -> Result<Budget, Budget> {
        let mut state = self.0.lock();
        state.turn(now);
        let is_left = state.used < state.quota;
        let window = state.window;
        let (calls, refused) = state.spent.entry((window, client_id.to_owned())).or_default();
        if is_left {
            *calls = calls.saturating_add(1);
            state.used += 1;
            Ok(state.budget(now))
        } else {
            *refused = refused.saturating_add(1);
            Err(state.budget(now))
        }
    }

    /// Who spent what, the oldest window first.
    pub(crate) fn spendings(&self) -> Vec<Spending> {
        let state = self.0.lock();
        let begins = |window: i64| Timestamp::from_millisecond(window.saturating_mul(state.window_ms));
        let spent = state.spent.iter().map(|((window, client_id), &(calls, refused))| Spending {
            begins: begins(*window).unwrap_or(Timestamp::MIN),
            client_id: client_id.clone(),
            calls,
            refused,
        });
        spent.collect()
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
            self.spent.retain(|(old, _), _| *old > window.saturating_sub(KEPT));
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
        assert_eq!(limiter.take("app", at(30_000)).unwrap().left, 1);
        limiter.spend(1, at(31_000));
        let full = limiter.take("app", at(59_001)).unwrap_err();
        assert_eq!((full.left, full.reset_ms), (0, 999));
        assert_eq!(limiter.take("app", at(60_000)).unwrap().reset_ms, 30_000);
        let spent = limiter.spendings();
        let spent: Vec<_> = spent.iter().map(|one| (one.begins, one.calls, one.refused)).collect();
        assert_eq!(spent, [(at(30_000), 1, 1), (at(60_000), 1, 0)]);
        limiter.set_quota(1);
        assert!(limiter.take("app", at(60_001)).is_err());
    }
}
