//! The webhook receiver over real HTTP: a thin shell around `connector_sync::receive`.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use connector_bigcommerce::webhook::{MAX_BODY, RawDelivery};
use connector_domain::ConnectionId;
use connector_sync::receive::{Receipt, receive};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use url::Url;

use super::{Pipeline, PipelineError};

/// The most bytes that are read at all. What is longer than a webhook may be but shorter than this is refused by the use
/// case itself, as behind a gateway.
const READ_AT_MOST: usize = 4 * MAX_BODY;

/// A running receiver; dropping it stops it.
#[derive(Debug)]
pub struct Receiver {
    /// `http://127.0.0.1:PORT/`.
    pub base_url: Url,
    _stop: oneshot::Sender<()>,
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

impl Pipeline {
    /// Receives webhooks at `POST /webhooks/{connection}` on 127.0.0.1; port 0 is any free one.
    ///
    /// # Errors
    /// [`PipelineError::Bind`].
    pub async fn receiver(&self, port: u16) -> Result<Receiver, PipelineError> {
        let bind = |source| PipelineError::Bind { port, source };
        let listener =
            TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(bind)?;
        let base_url = Url::parse(&format!("http://{}/", listener.local_addr().map_err(bind)?))?;
        let routes = Router::new()
            .route("/webhooks/{connection}", post(take))
            .layer(DefaultBodyLimit::max(READ_AT_MOST))
            .with_state(self.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let served = axum::serve(listener, routes).with_graceful_shutdown(async {
                // Either way it is over: the receiver was dropped.
                let _dropped = stopped.await;
            });
            if let Err(error) = served.await {
                tracing::error!(%error, "the webhook receiver stopped: {error}");
            }
        });
        Ok(Receiver { base_url, _stop: stop })
    }
}

/// One delivery: the bytes and headers go on untouched.
async fn take(
    State(pipeline): State<Pipeline>,
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
            status(receive(delivery, &connection, &pipeline.directory, pipeline.queue.as_ref()).await)
        }
        // Too long to be read at all, or torn off on the way.
        Err(unread) => unread.status(),
    }
}

fn status(receipt: Receipt) -> StatusCode {
    StatusCode::from_u16(receipt.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
