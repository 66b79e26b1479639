//! A remote on loopback with a clock that nobody waits for.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock, Deadline, ManualClock, SeededRandom, Timestamp};
use connector_http::{
    Judgement, Pacer, Policy, RateHeaders, Remote, Surroundings, Transport, TransportSettings, Vendor,
};
use http::header::{AUTHORIZATION, HeaderValue, InvalidHeaderValue};
use http::{HeaderMap, StatusCode};

/// A vendor that tells its wait in `x-retry-after` and its words as plain text.
#[derive(Debug)]
pub(crate) struct Shop;

pub(crate) const HEADERS: RateHeaders = RateHeaders {
    quota: "x-quota",
    left: "x-left",
    reset_ms: "x-reset-ms",
    window_ms: "x-window-ms",
    retry_after_s: "x-retry-after",
};

impl Vendor for Shop {
    fn name(&self) -> &'static str {
        "Shop"
    }

    fn authorize(&self, headers: &mut HeaderMap) -> Result<(), InvalidHeaderValue> {
        headers.insert(AUTHORIZATION, HeaderValue::from_str("Bearer key")?);
        Ok(())
    }

    fn judge(&self, _: StatusCode, headers: &HeaderMap, body: &[u8]) -> Judgement {
        let words = String::from_utf8_lossy(body).into_owned();
        let class = (words == "no licence free").then_some(connector_http::Class::Throttled);
        let cause = if class.is_some() { "shop.no_licence" } else { "" };
        Judgement { class, cause, words, retry_after: HEADERS.told(headers) }
    }
}

pub(crate) struct Setup {
    pub(crate) remote: Remote,
    pub(crate) clock: ManualClock,
}

impl Setup {
    pub(crate) fn at(base: &str) -> Self {
        Self::with(base, &TransportSettings::default())
    }

    pub(crate) fn with(base: &str, settings: &TransportSettings) -> Self {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        let surroundings =
            Surroundings { clock: Arc::new(clock.clone()), random: Arc::new(SeededRandom::new(1)) };
        let transport = Transport::new(settings).unwrap();
        let pacer = Pacer::learned(HEADERS, 100, NonZeroU32::MIN);
        let remote = Remote::new(
            base.parse().unwrap(),
            Arc::new(Shop),
            transport,
            pacer,
            Policy::default(),
            surroundings,
        );
        Self { remote, clock }
    }

    /// Fifteen minutes from now.
    pub(crate) fn far(&self) -> Deadline {
        Deadline::after(&self.clock, Duration::from_mins(15))
    }

    /// How long was slept in all.
    pub(crate) fn slept(&self) -> Duration {
        Duration::try_from(self.clock.now().duration_since(Timestamp::UNIX_EPOCH)).unwrap()
    }
}
