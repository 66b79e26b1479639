//! One delivery: its bytes and its headers, signed well or badly.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{BigCommerceConfig, events::Event, signing};

/// How a delivery is authenticated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeliveryMode {
    /// Standard Webhooks, the compatibility signature and the custom headers.
    #[default]
    Normal,
    /// Nothing at all: anybody could have sent it.
    Unsigned,
    /// All headers, but both signatures are under another key.
    BadSignature,
    /// The compatibility signature alone.
    OnlyCompatibility,
    /// The Standard Webhooks headers alone.
    OnlyStandard,
    /// The custom headers alone.
    OnlyCustomHeaders,
    /// As `Normal`, with the id and the bytes of the last delivery of this scope and order.
    Duplicate,
}

impl DeliveryMode {
    fn standard(self) -> bool {
        matches!(self, Self::Normal | Self::BadSignature | Self::OnlyStandard | Self::Duplicate)
    }

    fn compatibility(self) -> bool {
        matches!(self, Self::Normal | Self::BadSignature | Self::OnlyCompatibility | Self::Duplicate)
    }

    fn custom(self) -> bool {
        matches!(self, Self::Normal | Self::BadSignature | Self::OnlyCustomHeaders | Self::Duplicate)
    }
}

/// What a delivery is authenticated with.
pub(crate) struct Keys<'a> {
    /// The client secret of the account that owns the hook.
    pub(crate) secret: &'a str,
    /// The hook's custom headers.
    pub(crate) custom: &'a BTreeMap<String, String>,
}

/// A POST that is ready to go; tests may alter it first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Name and value, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The raw bytes that were signed.
    pub body: Vec<u8>,
}

impl Delivery {
    /// The value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn build(
        config: &BigCommerceConfig,
        event: &Event,
        webhook_id: &str,
        keys: &Keys<'_>,
        mode: DeliveryMode,
        now: Timestamp,
    ) -> Self {
        let secret = match mode {
            DeliveryMode::BadSignature => format!("not {}", keys.secret),
            DeliveryMode::Normal
            | DeliveryMode::Unsigned
            | DeliveryMode::OnlyCompatibility
            | DeliveryMode::OnlyStandard
            | DeliveryMode::OnlyCustomHeaders
            | DeliveryMode::Duplicate => keys.secret.to_owned(),
        };
        let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        if mode.standard() {
            let at = now.as_second();
            headers.push(("webhook-id".to_owned(), webhook_id.to_owned()));
            headers.push(("webhook-timestamp".to_owned(), at.to_string()));
            headers.push((
                "webhook-signature".to_owned(),
                signing::standard(&secret, webhook_id, at, &event.body),
            ));
        }
        if mode.compatibility() {
            let signature = signing::compatibility(&secret, &event.body, config.signature_encoding);
            headers.push((config.signature_header.clone(), signature));
        }
        if mode.custom() {
            headers.extend(keys.custom.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        Self { headers, body: event.body.clone() }
    }
}
