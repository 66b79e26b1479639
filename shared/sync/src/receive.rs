//! One webhook: verify the bytes, understand them, put the order's id into the queue, or mark the product.

use connector_bigcommerce::webhook::{
    DeliveryException, Failing, ParseError, ProductChanged, RawDelivery, VerifiedDelivery, VerifyError,
    WebhookEvent,
};
use connector_domain::{ConnectionId, Timestamp};
use connector_ports::{DedupId, OrderMessage, Origin, Queue, Shelf};

use crate::doors::{Door, DoorError, Doors};

/// What became of a delivery, and with it the status that BigCommerce gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// The order's id is in the queue.
    Queued,
    /// The product is marked, to be compared with what was published.
    Marked,
    /// Genuine, but nothing we act on.
    NotForUs,
    /// The store tells that it could not deliver to one of our hooks.
    DeliveriesFail,
    /// Genuine and known, but its data could not be read. Acknowledged, because a refusal for 48 hours would deactivate the hook; the
    /// order is then missing until a later event or the poller brings it.
    Unreadable,
    /// Not shown to be genuine.
    Refused,
    /// Too large to be a webhook.
    TooLarge,
    /// Genuine, but not JSON, or of another store.
    Malformed,
    /// No such connection.
    NoConnection,
    /// We could not do our part; BigCommerce sends it again.
    TryAgain,
}

impl Receipt {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::Queued | Self::Marked | Self::NotForUs | Self::DeliveriesFail | Self::Unreadable => 200,
            Self::Malformed => 400,
            Self::Refused => 401,
            Self::NoConnection => 404,
            Self::TooLarge => 413,
            Self::TryAgain => 500,
        }
    }
}

/// Receives one delivery for `connection`.
///
/// Answers only after the queue has accepted the order's id, or the product is marked on the shelf. Each outcome is logged here, once, without body or header.
pub async fn receive(
    delivery: RawDelivery,
    connection: &ConnectionId,
    doors: &Doors,
    queue: &dyn Queue,
    shelf: &dyn Shelf,
) -> Receipt {
    let door = match doors.get(connection).await {
        Ok(door) => door,
        Err(DoorError::Unknown(_)) => {
            tracing::warn!(%connection, "a delivery for connection {connection}, which does not exist");
            return Receipt::NoConnection;
        }
        Err(error) => {
            tracing::error!(%connection, %error, "connection {connection} cannot receive webhooks");
            return Receipt::TryAgain;
        }
    };
    let verified = match door.verifier.verify(delivery, doors.clock().now()) {
        Ok(verified) => verified,
        Err(VerifyError::TooLarge) => {
            tracing::warn!(%connection, "a delivery for {connection} was too large");
            return Receipt::TooLarge;
        }
        Err(error) => {
            tracing::warn!(%connection, %error, "a delivery for {connection} was refused");
            return Receipt::Refused;
        }
    };
    let event = match WebhookEvent::parse(&verified, &door.store_hash) {
        Ok(Some(event)) => event,
        Ok(None) => {
            return match DeliveryException::of(&verified) {
                Some(exception) => fails(connection, exception),
                None => changed(&verified, &door, shelf, doors.clock().now()).await,
            };
        }
        Err(error) => return unreadable(connection, &error),
    };
    let order = event.order;
    let message = OrderMessage::new(
        connection.clone(),
        order,
        Origin::Hook,
        DedupId::from_digest(event.dedup_id(&verified)),
    );
    match queue.send_order(&message, door.lanes).await {
        Ok(()) => {
            tracing::info!(%connection, order.id = %order, scope = event.scope, "order {order} of {connection} queued");
            Receipt::Queued
        }
        Err(error) => {
            tracing::error!(%connection, order.id = %order, %error, "order {order} of {connection} could not be queued");
            Receipt::TryAgain
        }
    }
}

/// A product, or its stock, is another than before, maybe by our own doing: that is seen when it is compared.
async fn changed(delivery: &VerifiedDelivery, door: &Door, shelf: &dyn Shelf, now: Timestamp) -> Receipt {
    let connection = &door.id;
    let ProductChanged { product, stock } = match ProductChanged::parse(delivery, &door.store_hash) {
        Ok(Some(changed)) => changed,
        Ok(None) => return Receipt::NotForUs,
        Err(error) => return unreadable(connection, &error),
    };
    if !(if stock { door.marks_stock } else { door.marks_products }) {
        return Receipt::NotForUs;
    }
    match shelf.mark(connection, &[product.0], now).await {
        Ok(()) => {
            tracing::debug!(%connection, %product, "product {product} of {connection} is marked");
            Receipt::Marked
        }
        Err(error) => {
            tracing::error!(%connection, %product, %error, "product {product} of {connection} could not be marked: {error}");
            Receipt::TryAgain
        }
    }
}

/// A delivery that comes again is no reason to call anybody, unless it stays so, which an alarm sees.
fn fails(connection: &ConnectionId, DeliveryException { hook, failing }: DeliveryException) -> Receipt {
    let hook = hook.map_or_else(|| "a hook".to_owned(), |hook| format!("hook {hook}"));
    match failing {
        Failing::WillRetry => {
            tracing::warn!(%connection, hook, "the store could not deliver to {hook} of {connection} and tries again: look what the receiver refused or failed at");
        }
        Failing::GivenUp => {
            tracing::error!(%connection, hook, "the store has given up {hook} of {connection} after two days of failures and switches it off: the audit switches it on again once our endpoint answers, and the poller finds what was missed; look what the receiver refused or failed at");
        }
        Failing::DomainBlocked => {
            tracing::error!(%connection, hook, "the store blocks our domain for some minutes, because more than a tenth of its deliveries failed ({hook} of {connection} was the last): look what the receiver refused or failed at; the poller finds what is lost");
        }
        Failing::Other(code) => {
            tracing::error!(%connection, hook, code, "the store could not deliver to {hook} of {connection}, with a code that is not known here: {code}");
        }
    }
    Receipt::DeliveriesFail
}

fn unreadable(connection: &ConnectionId, error: &ParseError) -> Receipt {
    match error {
        ParseError::NotJson | ParseError::ForeignStore => {
            tracing::warn!(%connection, %error, "a genuine delivery for {connection} was malformed");
            Receipt::Malformed
        }
        ParseError::Unreadable { .. } => {
            tracing::error!(%connection, %error, "a genuine delivery for {connection} could not be read");
            Receipt::Unreadable
        }
    }
}
