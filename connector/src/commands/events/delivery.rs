//! A delivery as the store would make it (`docs/facts/bigcommerce.md` §2.2 to §2.6).

use std::collections::BTreeMap;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector_bigcommerce::webhook::{Need, RawDelivery, Verifier, VerifyPolicy, WebhookEvent};
use connector_domain::{ConnectionId, OrderId, Timestamp};
use connector_ports::Doorway;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::cli::Signature;

/// What a delivery is made of.
#[derive(Debug)]
pub(super) struct Delivery<'a> {
    pub(super) doorway: &'a Doorway,
    pub(super) policy: &'a VerifyPolicy,
    pub(super) order: OrderId,
    pub(super) scope: &'a str,
    pub(super) method: Signature,
    pub(super) now: Timestamp,
    /// Makes it an event that was never seen.
    pub(super) id: Uuid,
    /// Whether the secret header of the hooks is among the headers.
    pub(super) with_header: bool,
}

/// A delivery, ready to be sent.
#[derive(Debug, Serialize)]
pub(super) struct Signed {
    #[serde(skip)]
    now: Timestamp,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

impl Delivery<'_> {
    /// Signs it.
    ///
    /// # Errors
    /// The connection has no client secret, or the scope is none of an order's.
    pub(super) fn signed(&self) -> anyhow::Result<Signed> {
        let secret = self.doorway.client_secrets.first().context(
            "the connection has no client secret to sign with; put it again with bigcommerce.client_secrets",
        )?;
        let body = self.body();
        let mut headers = BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]);
        match self.method {
            Signature::StandardWebhooks => {
                let (id, sent) = (format!("msg_{}", self.id.simple()), self.now.as_second());
                let signed = mac(secret, &[format!("{id}.{sent}.").as_bytes(), body.as_bytes()])?;
                headers.insert("webhook-id".to_owned(), id);
                headers.insert("webhook-timestamp".to_owned(), sent.to_string());
                headers.insert("webhook-signature".to_owned(), format!("v1,{}", STANDARD.encode(signed)));
            }
            Signature::BcSignature => {
                let signed = mac(secret, &[body.as_bytes()])?;
                headers.insert(self.policy.bc_signature_header.to_lowercase(), hex::encode(signed));
            }
        }
        if let Some((name, value)) = self.doorway.header.as_ref().filter(|_| self.with_header) {
            headers.insert(name.to_lowercase(), value.expose_secret().to_owned());
        }
        let signed = Signed { now: self.now, headers, body };
        self.would_be_heard(&signed)?;
        Ok(signed)
    }

    /// Has the receiver's own code read it.
    ///
    /// # Errors
    /// A receiver would answer 200 and do nothing, or could not read it.
    fn would_be_heard(&self, signed: &Signed) -> anyhow::Result<()> {
        let policy = VerifyPolicy {
            custom_header: Need::Off,
            standard: optional(self.policy.standard),
            bc_signature: optional(self.policy.bc_signature),
            ..self.policy.clone()
        };
        let receiver = Verifier::new(policy, &self.doorway.client_secrets, &[])?;
        let raw = RawDelivery { headers: signed.raw_headers()?, body: signed.body.clone().into() };
        let accepted = receiver.verify(raw, self.now)?;
        let event = WebhookEvent::parse(&accepted, &self.doorway.store_hash)?;
        let heard = event.with_context(|| {
            format!("{} is no scope of an order's; say one like store/order/updated", self.scope)
        })?;
        anyhow::ensure!(heard.order == self.order, "an order's number is 1 or more");
        Ok(())
    }

    /// The documented payload. Its hash is opaque; this one is like no other.
    fn body(&self) -> String {
        let mut hash = hex::encode(Sha256::digest(self.id.as_bytes()));
        hash.truncate(40);
        let (order, producer) = (self.order.0, format!("stores/{}", self.doorway.store_hash));
        let data = if self.scope.starts_with("store/channel/") {
            json!({ "order_id": order })
        } else if self.scope.starts_with("store/order/transaction/") {
            json!({ "type": "order", "order_id": order.to_string() })
        } else if self.scope.starts_with("store/order/metafield/") {
            json!({ "type": "metafield", "resource_id": order.to_string() })
        } else {
            json!({ "type": "order", "id": order })
        };
        json!({
            "scope": self.scope,
            "data": data,
            "hash": hash,
            "created_at": self.now.as_second(),
            "producer": producer,
        })
        .to_string()
    }
}

impl Signed {
    fn raw_headers(&self) -> anyhow::Result<HeaderMap> {
        let raw = |(name, value): (&String, &String)| Some((name.parse().ok()?, value.parse().ok()?));
        self.headers.iter().map(raw).collect::<Option<_>>().context("a header's value cannot be sent")
    }

    /// The event of version 2 that an HTTP API hands to the receiver's function.
    pub(super) fn as_http_api(&self, connection: &ConnectionId) -> Value {
        let path = format!("/webhooks/{connection}");
        let route = "POST /webhooks/{connection}";
        json!({
            "version": "2.0",
            "routeKey": route,
            "rawPath": path,
            "rawQueryString": "",
            "headers": self.headers,
            "pathParameters": { "connection": connection },
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "example",
                "domainName": "example.execute-api.eu-west-1.amazonaws.com",
                "domainPrefix": "example",
                "http": {
                    "method": "POST",
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.7",
                    "userAgent": "BigCommerce"
                },
                "requestId": "JKJaXmPLvHcESHA=",
                "routeKey": route,
                "stage": "$default",
                "time": self.now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
                "timeEpoch": self.now.as_millisecond()
            },
            "body": self.body,
            "isBase64Encoded": false
        })
    }
}

/// Its own proof is the only one it brings, so no other may be required.
const fn optional(need: Need) -> Need {
    match need {
        Need::Required | Need::Optional => Need::Optional,
        Need::Off => Need::Off,
    }
}

fn mac(secret: &SecretString, parts: &[&[u8]]) -> anyhow::Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .ok()
        .context("the client secret cannot be a key")?;
    for part in parts {
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().to_vec())
}
