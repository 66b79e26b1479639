//! What a simulated store is told when it starts.

use std::{collections::BTreeMap, fmt, time::Duration};

use super::Habits;
use crate::{Pause, Recorder, SimClock};

/// How `GET /orders/{id}/fees` answers; the documents disagree (`docs/facts/bigcommerce.md` §3.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FeesShape {
    /// `[{..}]`, as every other list.
    #[default]
    Array,
    /// `{"fees":[{..}]}`, as the example shows.
    Wrapped,
    /// `{..}`, as the schema says; with several fees, the first.
    Object,
}

/// How `X-BC-Signature` is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SignatureEncoding {
    /// Lower-case hexadecimal.
    #[default]
    Hex,
    /// Base64 with padding.
    Base64,
}

/// A store's identity, keys and habits.
#[derive(Clone)]
pub struct BigCommerceConfig {
    /// The hash in every path.
    pub store_hash: String,
    /// The numeric id that webhooks carry as a string.
    pub store_id: u64,
    /// The API account that owns the hooks.
    pub client_id: String,
    /// Signs webhooks.
    pub client_secret: String,
    /// Must be in `X-Auth-Token`.
    pub access_token: String,
    /// Requests a window.
    pub quota: u32,
    /// Length of the fixed window on the clock.
    pub window: Duration,
    /// Clamps every page to so many rows, whatever was asked.
    pub page_clamp: Option<u32>,
    /// See [`FeesShape`].
    pub fees_shape: FeesShape,
    /// The header of the compatibility signature.
    pub signature_header: String,
    /// How it is written.
    pub signature_encoding: SignatureEncoding,
    /// Custom headers of deliveries that belong to no registered hook.
    pub hook_headers: BTreeMap<String, String>,
    /// Divides every wait of the retry schedule and the time of a block, so that 60 s, 180 s, … pass quickly on a real
    /// clock; 1 is the vendor's own.
    pub retry_scale: u32,
    /// Whether every other event that falls due for a blocked domain is lost; otherwise all of them are tried again later.
    pub blocked_events_lost: bool,
    /// Whether a PUT to an active hook starts its 90 days anew, which no document says.
    pub put_resets_idle: bool,
    /// Lets hooks point to `http` on loopback; the vendor itself takes only `https` on port 443.
    pub allow_loopback_hooks: bool,
    /// The first order's number.
    pub first_order_id: u64,
    /// 0: any free port.
    pub port: u16,
    /// The time.
    pub clock: SimClock,
    /// How long each request takes before it is handled.
    pub pause: Pause,
    /// How long a bulk write takes on top, while others of its kind may be refused.
    pub bulk_pause: Pause,
    /// What catalogue, stock and price lists do at the start.
    pub habits: Habits,
    /// Where exchanges are written.
    pub recorder: Recorder,
}

impl BigCommerceConfig {
    /// A store on any port with 150 requests in 30 seconds, on the machine's clock.
    pub fn new() -> Self {
        Self {
            store_hash: "abc123".to_owned(),
            store_id: 1_025_646,
            client_id: "f8a8u4mt3simulatedclient".to_owned(),
            client_secret: "simulated-client-secret-6f0c1e".to_owned(),
            access_token: "simulated-access-token-93d2ab".to_owned(),
            quota: 150,
            window: Duration::from_secs(30),
            page_clamp: None,
            fees_shape: FeesShape::Array,
            signature_header: "X-BC-Signature".to_owned(),
            signature_encoding: SignatureEncoding::Hex,
            hook_headers: BTreeMap::new(),
            retry_scale: 1,
            blocked_events_lost: false,
            put_resets_idle: true,
            allow_loopback_hooks: true,
            first_order_id: 100,
            port: 0,
            clock: SimClock::system(),
            pause: Pause::none(),
            bulk_pause: Pause::none(),
            habits: Habits::default(),
            recorder: Recorder::in_memory(),
        }
    }

    /// Another store: its hash in every path.
    #[must_use]
    pub fn store_hash(self, hash: &str) -> Self {
        Self { store_hash: hash.to_owned(), ..self }
    }

    /// On this clock.
    #[must_use]
    pub fn clock(self, clock: SimClock) -> Self {
        Self { clock, ..self }
    }

    /// Written through this recorder.
    #[must_use]
    pub fn recorder(self, recorder: Recorder) -> Self {
        Self { recorder, ..self }
    }
}

impl Default for BigCommerceConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for BigCommerceConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BigCommerceConfig")
            .field("store_hash", &self.store_hash)
            .field("port", &self.port)
            .field("quota", &self.quota)
            .finish_non_exhaustive()
    }
}
