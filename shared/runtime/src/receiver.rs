//! `webhook-receiver`: one delivery of API Gateway's HTTP API.

use connector_bigcommerce::webhook::RawDelivery;
use connector_domain::ConnectionId;
use connector_ports::{Queue, Shelf};
use connector_sync::doors::Doors;
use connector_sync::receive::{Receipt, receive};
use http::{Method, StatusCode};
use lambda_http::{Body, Error, Request, RequestExt as _, Response};

use crate::metrics::{Metric, Metrics};

/// What the receiver stands on.
#[derive(Debug)]
pub struct Receiver {
    /// Where webhooks come in.
    pub doors: Doors,
    /// Where orders go.
    pub queue: Box<dyn Queue>,
    /// Where products are marked.
    pub shelf: Box<dyn Shelf>,
    /// What is counted.
    pub metrics: Metrics,
}

/// Answers one request: 200 only after the queue has accepted the order's id or the product is marked, or if there is nothing to do.
///
/// # Errors
/// None that is known: the status is always one that HTTP has.
pub async fn answer(receiver: &Receiver, request: Request) -> Result<Response<Body>, Error> {
    let Some(connection) = connection(request.raw_http_path()) else {
        return told(StatusCode::NOT_FOUND, "deliveries go to POST /webhooks/{connection}");
    };
    if request.method() != Method::POST {
        return told(StatusCode::METHOD_NOT_ALLOWED, "deliveries come by POST");
    }
    let (parts, body) = request.into_parts();
    let delivery = RawDelivery { headers: parts.headers, body: bytes::Bytes::copy_from_slice(body.as_ref()) };
    let Receiver { doors, queue, shelf, .. } = receiver;
    let receipt = receive(delivery, &connection, doors, queue.as_ref(), shelf.as_ref()).await;
    // Anybody can name a connection that does not exist; only those that exist become a property.
    let exists = receipt != Receipt::NoConnection;
    receiver.metrics.write(Some(&connection).filter(|_| exists), &[(metric(receipt), 1)]);
    told(StatusCode::from_u16(receipt.status())?, "")
}

/// The connection that a path names. The hook for exceptions must have an address of its own, which means the same here.
fn connection(path: &str) -> Option<ConnectionId> {
    let rest = path.strip_prefix("/webhooks/")?;
    rest.strip_suffix("/exceptions").unwrap_or(rest).parse().ok()
}

fn told(status: StatusCode, words: &str) -> Result<Response<Body>, Error> {
    let body = if words.is_empty() { Body::Empty } else { Body::Text(format!("{words}\n")) };
    Ok(Response::builder().status(status).body(body)?)
}

const fn metric(receipt: Receipt) -> Metric {
    match receipt {
        Receipt::Queued => Metric::DeliveriesQueued,
        Receipt::Marked => Metric::DeliveriesMarked,
        Receipt::NotForUs => Metric::DeliveriesNotForUs,
        Receipt::DeliveriesFail => Metric::DeliveriesFailing,
        Receipt::Unreadable => Metric::DeliveriesUnreadable,
        Receipt::Refused | Receipt::NoConnection => Metric::DeliveriesRefused,
        Receipt::TooLarge | Receipt::Malformed => Metric::DeliveriesMalformed,
        Receipt::TryAgain => Metric::DeliveriesNotTaken,
    }
}
