//! The webhook receiver over real HTTP: a thin shell around `connector_sync::receive`.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use connector_bigcommerce::webhook::{MAX_BODY, RawDelivery};
use connector_domain::ConnectionId;
use connector_sync::receive::{Receipt, receive};
use url::Url;

use super::{Pipeline, PipelineError, Ports};
use crate::loopback::{self, Loopback};

/// The most bytes that are read at all. What is longer than a webhook may be but shorter than this is refused by the use
/// case itself, as behind a gateway.
const READ_AT_MOST: usize = 4 * MAX_BODY;

/// A running receiver; dropping it stops it.
#[derive(Debug)]
pub struct Receiver {
    /// `http://127.0.0.1:PORT/`.
    pub base_url: Url,
    _server: Loopback,
}

impl Receiver {
    /// Where a hook of `connection` points to.
    ///
    /// # Errors
    /// Never, as far as is known: the id of a connection can stand in a URL.
    pub fn address(&self, connection: &ConnectionId) -> Result<Url, url::ParseError> {
        self.base_url.join(&format!("webhooks/{connection}"))
    }
}

impl<P: Ports + ?Sized + 'static> Pipeline<P> {
    /// Receives webhooks at `POST /webhooks/{connection}`, and of failed deliveries at `…/exceptions`, on 127.0.0.1; port 0 is any free one.
    ///
    /// # Errors
    /// [`PipelineError::Bind`].
    pub async fn receiver(&self, port: u16) -> Result<Receiver, PipelineError> {
        let routes = Router::new()
            .route("/webhooks/{connection}", post(take::<P>))
            .route("/webhooks/{connection}/exceptions", post(take::<P>))
            .layer(DefaultBodyLimit::max(READ_AT_MOST))
            .with_state(self.clone());
        let server = loopback::serve(port, routes).await?;
        Ok(Receiver { base_url: server.base_url.clone(), _server: server })
    }
}

/// One delivery: the bytes and headers go on untouched.
async fn take<P: Ports + ?Sized + 'static>(
    State(pipeline): State<Pipeline<P>>,
    Path(connection): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> StatusCode {
    let Ok(connection) = connection.parse::<ConnectionId>() else {
        return status(Receipt::NoConnection);
    };
    match body {
        Ok(body) => {
            let delivery = RawDelivery { headers, body };
            let (queue, shelf) = (pipeline.ports.queue(), pipeline.ports.shelf());
            status(receive(delivery, &connection, &pipeline.doors, queue, shelf).await)
        }
        // Too long to be read at all, or torn off on the way.
        Err(unread) => unread.status(),
    }
}

fn status(receipt: Receipt) -> StatusCode {
    StatusCode::from_u16(receipt.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
