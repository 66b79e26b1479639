//! A quota that the vendor tells with each answer, shared with strangers.

use std::time::Duration;

use connector_domain::Timestamp;
use http::{HeaderMap, StatusCode};
use jiff::SignedDuration;
use parking_lot::Mutex;

/// The names of a vendor's rate headers, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateHeaders {
    /// Requests allowed in a window.
    pub quota: &'static str,
    /// Requests left in it.
    pub left: &'static str,
    /// Milliseconds until the quota refreshes.
    pub reset_ms: &'static str,
    /// Milliseconds a window lasts.
    pub window_ms: &'static str,
    /// Seconds to wait, on a 429.
    pub retry_after_s: &'static str,
}

impl RateHeaders {
    /// How long these headers ask us to wait on a 429: the longer of reset and retry-after.
    pub fn told(&self, headers: &HeaderMap) -> Option<Duration> {
        let reset = number(headers, self.reset_ms).map(Duration::from_millis);
        let retry_after = number(headers, self.retry_after_s).map(Duration::from_secs);
        reset.max(retry_after)
    }
}

/// What is known of the vendor's window and of our part in it.
#[derive(Debug)]
pub(super) struct Learned {
    headers: RateHeaders,
    share_percent: u8,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    window: Option<Window>,
    stopped_until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    quota: u64,
    /// As last told, less what we sent since: advisory, others spend it too.
    left: u64,
    /// What we sent in this window.
    spent: u64,
    resets_at: Timestamp,
    length: Duration,
}

impl Learned {
    pub(super) fn new(headers: RateHeaders, share_percent: u8) -> Self {
        Self { headers, share_percent: share_percent.clamp(1, 100), state: Mutex::default() }
    }

    /// Spends one request, or says how long to wait before asking again.
    pub(super) fn spend(&self, now: Timestamp) -> Option<Duration> {
        let mut state = self.state.lock();
        if let Some(wait) = state.stopped_until.and_then(|until| wait_until(until, now)) {
            return Some(wait);
        }
        let window = state.window.as_mut()?;
        let Some(wait) = wait_until(window.resets_at, now) else {
            // The quota has refreshed; the next answer says what it is now.
            *window =
                Window { left: window.quota, spent: 1, resets_at: later(now, window.length), ..*window };
            return None;
        };
        if window.left == 0 || window.spent >= self.share_of(window.quota) {
            return Some(wait);
        }
        window.spent = window.spent.saturating_add(1);
        window.left = window.left.saturating_sub(1);
        None
    }

    pub(super) fn observe(&self, now: Timestamp, status: StatusCode, headers: &HeaderMap) {
        let mut state = self.state.lock();
        if status == StatusCode::TOO_MANY_REQUESTS
            && let Some(told) = self.headers.told(headers)
        {
            // Requests keep failing until the reset: nobody of us asks before it.
            state.stopped_until = state.stopped_until.max(Some(later(now, told)));
        }
        let read = |name| number(headers, name);
        let (Some(quota), Some(left)) = (read(self.headers.quota), read(self.headers.left)) else { return };
        let length = read(self.headers.window_ms).map(Duration::from_millis);
        let Some(until_reset) = read(self.headers.reset_ms).map(Duration::from_millis).or(length) else {
            return;
        };
        let resets_at = later(now, until_reset);
        // An answer's way home shifts the moment a little; a new window shifts it by nearly a whole one.
        let spent = match state.window {
            Some(known) if resets_at < later(known.resets_at, known.length / 2) => known.spent,
            Some(_) | None => 1,
        };
        state.window = Some(Window { quota, left, spent, resets_at, length: length.unwrap_or(until_reset) });
    }

    /// At least one, or a small quota would stop us for good.
    fn share_of(&self, quota: u64) -> u64 {
        (quota.saturating_mul(u64::from(self.share_percent)) / 100).max(1)
    }
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// How long it is until `moment`; `None` when it has come.
fn wait_until(moment: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(moment.duration_since(now)).ok().filter(|wait| !wait.is_zero())
}

fn later(moment: Timestamp, duration: Duration) -> Timestamp {
    SignedDuration::try_from(duration).ok().and_then(|d| moment.checked_add(d).ok()).unwrap_or(Timestamp::MAX)
}
