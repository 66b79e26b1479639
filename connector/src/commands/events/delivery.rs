//! A delivery as the store would make it (`docs/facts/bigcommerce.md` §2.2 to §2.6).

use std::collections::BTreeMap;

use anyhow::Context as _;
use connector_bigcommerce::webhook::{
    Draft, MadeDelivery, Need, RawDelivery, SignedBy, Verifier, VerifyPolicy, WebhookEvent,
};
use connector_domain::{ConnectionId, OrderId, Timestamp};
use connector_ports::Doorway;
use serde::Serialize;
use serde_json::{Value, json};
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
        let way = match self.method {
            Signature::StandardWebhooks => SignedBy::StandardWebhooks,
            Signature::BcSignature => SignedBy::BcSignature(&self.policy.bc_signature_header),
        };
        let draft = Draft {
            scope: self.scope,
            data: self.data(),
            store_hash: &self.doorway.store_hash,
            id: self.id.as_u128(),
            now: self.now,
        };
        let mut made = draft.signed(secret, &[way])?;
        if let Some((name, value)) = self.doorway.header.as_ref().filter(|_| self.with_header) {
            made = made.with_header(name, value);
        }
        self.would_be_heard(&made)?;
        Ok(Signed { now: self.now, headers: made.headers, body: made.body })
    }

    /// Has the receiver's own code read it.
    ///
    /// # Errors
    /// A receiver would answer 200 and do nothing, or could not read it.
    fn would_be_heard(&self, made: &MadeDelivery) -> anyhow::Result<()> {
        let policy = VerifyPolicy {
            custom_header: Need::Off,
            standard: optional(self.policy.standard),
            bc_signature: optional(self.policy.bc_signature),
            ..self.policy.clone()
        };
        let receiver = Verifier::new(policy, &self.doorway.client_secrets, &[])?;
        let headers = made.header_map().context("a header's value cannot be sent")?;
        let raw = RawDelivery { headers, body: made.body.clone().into() };
        let accepted = receiver.verify(raw, self.now)?;
        let event = WebhookEvent::parse(&accepted, &self.doorway.store_hash)?;
        let heard = event.with_context(|| {
            format!("{} is no scope of an order's; say one like store/order/updated", self.scope)
        })?;
        anyhow::ensure!(heard.order == self.order, "an order's number is 1 or more");
        Ok(())
    }

    /// The documented data of the scope.
    fn data(&self) -> Value {
        let order = self.order.0;
        if self.scope.starts_with("store/channel/") {
            json!({ "order_id": order })
        } else if self.scope.starts_with("store/order/transaction/") {
            json!({ "type": "order", "order_id": order.to_string() })
        } else if self.scope.starts_with("store/order/metafield/") {
            json!({ "type": "metafield", "resource_id": order.to_string() })
        } else {
            json!({ "type": "order", "id": order })
        }
    }
}

impl Signed {
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
