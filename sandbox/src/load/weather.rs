//! What the vendors are like under load: how long they take, what of it fails, how much is kept.

use std::time::Duration;

use connector_domain::{Clock as _, Timestamp};
use connector_http::SystemClock;
use connector_simulators::{
    BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim, Pause, Recorder, SimClock, Traffic,
};

use super::assignment::Calls;

/// Nobody's quota is measured here.
const QUOTA: u32 = 100_000_000;

/// After a 429 the pipeline waits for the next window, so the window is short.
const WINDOW: Duration = Duration::from_secs(1);

/// A delivery that was refused is told again after a second, not after a minute.
const RETRIES: u32 = 60;

/// How both vendors behave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weather {
    /// What each call takes before it is handled.
    pub(super) latency: Duration,
    /// How many of a hundred calls fail.
    pub(super) faults: u8,
    pub(super) seed: u64,
}

impl Weather {
    pub(super) fn bigcommerce(self, clock: SimClock) -> BigCommerceConfig {
        BigCommerceConfig {
            quota: QUOTA,
            window: WINDOW,
            retry_scale: RETRIES,
            pause: self.pause(),
            ..BigCommerceConfig::new().clock(clock).recorder(Recorder::counting())
        }
    }

    pub(super) fn kinetic(self, clock: SimClock) -> KineticConfig {
        KineticConfig { pause: self.pause(), clock, recorder: Recorder::counting(), ..KineticConfig::new() }
    }

    /// From now on calls fail.
    pub(super) fn begin(self, shop: &BigCommerceSim, company: &KineticSim) {
        if self.faults > 0 {
            shop.faults().weather(self.faults, self.seed);
            company.faults().weather(self.faults, self.seed.wrapping_add(1));
        }
    }

    fn pause(self) -> Pause {
        let latency = self.latency;
        if latency.is_zero() { Pause::none() } else { Pause::new(move || Box::pin(exactly(latency))) }
    }
}

/// What the runtime's timer is late at most: it counts in whole milliseconds, and rounds up.
const LATE: Duration = Duration::from_millis(2);

/// Waits for `latency` and little more. The runtime's timer alone is more than a millisecond late, which would be counted
/// as the pipeline's own time; so the end of the wait is a thread's.
async fn exactly(latency: Duration) {
    let begun = SystemClock.now();
    SystemClock.sleep(latency.saturating_sub(LATE)).await;
    if left(latency, begun).is_zero() {
        return;
    }
    let slept = tokio::task::spawn_blocking(move || {
        loop {
            let left = left(latency, begun);
            if left.is_zero() {
                return;
            }
            std::thread::park_timeout(left);
        }
    });
    if let Err(error) = slept.await {
        tracing::warn!(%error, "a vendor answered early: {error}");
    }
}

fn left(latency: Duration, begun: Timestamp) -> Duration {
    latency.saturating_sub(SystemClock.now().duration_since(begun).unsigned_abs())
}

/// How many requests both vendors have got.
pub(super) fn calls(shop: &BigCommerceSim, company: &KineticSim) -> Calls {
    Calls { bigcommerce: count(shop.traffic()), kinetic: count(company.traffic()) }
}

/// How many of them were struck.
pub(super) fn struck(shop: &BigCommerceSim, company: &KineticSim) -> usize {
    shop.faults().fired() + company.faults().fired()
}

fn count(traffic: &Traffic) -> u64 {
    let all = ["GET", "POST", "PUT", "PATCH", "DELETE"].map(|method| traffic.count(method, ""));
    u64::try_from(all.iter().sum::<usize>()).unwrap_or(u64::MAX)
}
