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
        let reset = value_of(headers, self.reset_ms).map(Duration::from_millis);
        let retry_after = value_of(headers, self.retry_after_s).map(Duration::from_secs);
        reset.max(retry_after)
    }
}

/// Calls that may belong to the window after theirs are looked at again so soon.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

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
    /// The vendor has answered well and told no quota.
    untold: bool,
    /// What we sent before we knew a window: all of it may be of the first that we hear of.
    unplaced: u64,
    /// What we sent and has no answer yet. Of which window it is, only the answer says.
    in_flight: u64,
    /// How many windows we have known.
    number: u64,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    quota: u64,
    /// As last told, less what we sent since: advisory, others spend it too.
    left: u64,
    /// What we sent in this window, and what may still turn out to be of it.
    spent: u64,
    resets_at: Timestamp,
    length: Duration,
    /// An answer has told of it; until then it is presumed to be like the last.
    told: bool,
}

/// One request that was spent: the number of the window that it was sent in, as far as we knew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(u64);

impl Learned {
    pub(super) fn new(headers: RateHeaders, share_percent: u8) -> Self {
        Self { headers, share_percent: share_percent.clamp(1, 100), state: Mutex::default() }
    }

    /// Whether nothing is known of the quota yet: then one asks, and the others wait for its answer.
    pub(super) fn is_cold(&self) -> bool {
        let state = self.state.lock();
        state.window.is_none() && !state.untold
    }

    /// Spends one request, or says how long to wait before asking again.
    pub(super) fn spend(&self, now: Timestamp) -> Result<Ticket, Duration> {
        let mut state = self.state.lock();
        let State { window, stopped_until, untold, unplaced, in_flight, number } = &mut *state;
        if let Some(wait) = stopped_until.and_then(|until| wait_until(until, now)) {
            return Err(wait);
        }
        let Some(window) = window else {
            *unplaced = if *untold { 0 } else { unplaced.saturating_add(1) };
            *in_flight = in_flight.saturating_add(1);
            return Ok(Ticket(*number));
        };
        if wait_until(window.resets_at, now).is_none() {
            // The quota has refreshed; the next answer says what it is now. What is under way may have come before or after that.
            *number = number.saturating_add(1);
            let resets_at = later(now, window.length);
            *window = Window { left: window.quota, spent: *in_flight, resets_at, told: false, ..*window };
        }
        let share = self.share_of(window.quota);
        if let Some(wait) = wait_until(window.resets_at, now)
            && (window.left == 0 || window.spent >= share)
        {
            // An answer that is under way may give one back.
            let soon = window.left > 0 && window.spent.saturating_sub(*in_flight) < share;
            return Err(if soon { wait.min(LOOK_AGAIN) } else { wait });
        }
        window.spent = window.spent.saturating_add(1);
        window.left = window.left.saturating_sub(1);
        *in_flight = in_flight.saturating_add(1);
        Ok(Ticket(*number))
    }

    /// Learns from the answer to a request.
    pub(super) fn observe(&self, ticket: Ticket, now: Timestamp, status: StatusCode, headers: &HeaderMap) {
        let mut state = self.state.lock();
        if status == StatusCode::TOO_MANY_REQUESTS
            && let Some(told) = self.headers.told(headers)
        {
            // Requests keep failing until the reset: nobody of us asks before it.
            state.stopped_until = state.stopped_until.max(Some(later(now, told)));
        }
        let read = |name| value_of(headers, name);
        let length = read(self.headers.window_ms).map(Duration::from_millis);
        let until_reset = read(self.headers.reset_ms).map(Duration::from_millis).or(length);
        let (Some(quota), Some(left), Some(until_reset)) =
            (read(self.headers.quota), read(self.headers.left), until_reset)
        else {
            state.untold |= status.is_success();
            return;
        };
        let resets_at = later(now, until_reset);
        let State { window, unplaced, in_flight, number, .. } = &mut *state;
        // An answer's way home shifts the moment a little; another window shifts it by nearly a whole one.
        let spent = match window {
            Some(known)
                if later(resets_at, known.length / 2) <= known.resets_at
                    && (known.told || ticket.0 < *number) =>
            {
                // It was of the window before, and nothing it tells is of this one.
                known.spent = known.spent.saturating_sub(1);
                return;
            }
            Some(known) if resets_at < later(known.resets_at, known.length / 2) => known.spent,
            Some(_) => {
                *number = number.saturating_add(1);
                *in_flight
            }
            None => (*unplaced).max(*in_flight),
        };
        let length = length.unwrap_or(until_reset);
        *window = Some(Window { quota, left, spent, resets_at, length, told: true });
    }

    /// A request is no longer under way, answered or not. Without an answer it stays spent.
    pub(super) fn ended(&self) {
        let mut state = self.state.lock();
        state.in_flight = state.in_flight.saturating_sub(1);
    }

    /// At least one, or a small quota would stop us for good.
    fn share_of(&self, quota: u64) -> u64 {
        (quota.saturating_mul(u64::from(self.share_percent)) / 100).max(1)
    }
}

fn value_of(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// How long it is until `moment`; `None` when it has come.
fn wait_until(moment: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(moment.duration_since(now)).ok().filter(|wait| !wait.is_zero())
}

fn later(moment: Timestamp, duration: Duration) -> Timestamp {
    SignedDuration::try_from(duration).ok().and_then(|d| moment.checked_add(d).ok()).unwrap_or(Timestamp::MAX)
}
