//! A small server of our own on loopback.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use url::Url;

use crate::PipelineError;

/// A running server; dropping it stops it.
#[derive(Debug)]
pub(crate) struct Loopback {
    /// `http://127.0.0.1:PORT/`.
    pub(crate) base_url: Url,
    _stop: oneshot::Sender<()>,
}

/// Serves `routes` on 127.0.0.1; port 0 is any free one.
///
/// # Errors
/// [`PipelineError::Bind`].
pub(crate) async fn serve(port: u16, routes: Router) -> Result<Loopback, PipelineError> {
    let bind = |source| PipelineError::Bind { port, source };
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(bind)?;
    let base_url = Url::parse(&format!("http://{}/", listener.local_addr().map_err(bind)?))?;
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let served = axum::serve(listener, routes).with_graceful_shutdown(async {
            // Either way it is over: the handle was dropped.
            let _dropped = stopped.await;
        });
        if let Err(error) = served.await {
            tracing::error!(%error, "a server of the sandbox stopped: {error}");
        }
    });
    Ok(Loopback { base_url, _stop: stop })
}
