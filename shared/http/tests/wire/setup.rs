//! A remote on loopback with a clock that nobody waits for.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{Clock, Deadline, ManualClock, SeededRandom, Timestamp};
use connector_http::{
    AuthorizeError, Judgement, Pacer, Policy, RateHeaders, Remote, Stamp, Surroundings, Transport,
    TransportSettings, Vendor,
};
use http::header::{AUTHORIZATION, HeaderValue};
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

#[async_trait]
impl Vendor for Shop {
    fn name(&self) -> &'static str {
        "Shop"
    }

    async fn authorize(&self, headers: &mut HeaderMap, _: Deadline) -> Result<Stamp, AuthorizeError> {
        headers.insert(AUTHORIZATION, HeaderValue::from_str("Bearer key")?);
        Ok(Stamp::default())
    }

    fn judge(&self, _: StatusCode, headers: &HeaderMap, body: &[u8]) -> Judgement {
        let words = String::from_utf8_lossy(body).into_owned();
        let class = (words == "no licence free").then_some(connector_http::Class::Throttled);
        let cause = if class.is_some() { "shop.no_licence" } else { "" };
        Judgement { class, cause, words, retry_after: HEADERS.told(headers), stale: None }
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
        Self::of(base, settings, ManualClock::at(Timestamp::UNIX_EPOCH), Arc::new(Shop))
    }

    pub(crate) fn of(
        base: &str,
        settings: &TransportSettings,
        clock: ManualClock,
        vendor: Arc<dyn Vendor>,
    ) -> Self {
        let surroundings =
            Surroundings { clock: Arc::new(clock.clone()), random: Arc::new(SeededRandom::new(1)) };
        let transport = Transport::new(settings).unwrap();
        let pacer = Pacer::learned(HEADERS, 100, NonZeroU32::MIN);
        let remote =
            Remote::new(base.parse().unwrap(), vendor, transport, pacer, Policy::default(), surroundings);
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
