//! A simulator's socket, and the layers that each request passes: record, then fault, then the vendor.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use bytes::Bytes;
use jiff::Timestamp;
use tokio::{net::TcpListener, sync::oneshot};
use url::Url;

use crate::{
    Exchange, Fault, Faults, Pause, SimClock, Traffic,
    late::{Late, Received},
};

/// Bodies beyond this are cut off by the simulator as a server would.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// A simulator could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or loopback cannot be bound.
    #[error("127.0.0.1:{port} cannot be bound: {source}")]
    Bind {
        /// The port asked for.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// The base URL could not be formed from the configuration.
    #[error("the base URL is not valid: {0}")]
    Url(#[from] url::ParseError),
    /// The client that delivers webhooks could not be built.
    #[error("the HTTP client cannot be built: {0}")]
    Client(#[from] reqwest::Error),
}

/// What stands around a vendor's routes.
#[derive(Clone)]
pub struct Shell {
    /// What goes wrong.
    pub faults: Faults,
    /// What was seen.
    pub traffic: Traffic,
    /// The vendor's own 429, with all its headers; without them a bare one is sent.
    pub throttled: Arc<dyn Fn() -> Response + Send + Sync>,
    /// How long it takes.
    pub pause: Pause,
    pub(crate) clock: SimClock,
    pub(crate) late: Late,
}

impl Shell {
    /// A shell that answers at once, with a bare 429; late requests go by `clock`.
    pub fn new(faults: Faults, traffic: Traffic, clock: SimClock) -> Self {
        let throttled = Arc::new(|| answer(429, None));
        Self { faults, traffic, throttled, pause: Pause::none(), clock, late: Late::default() }
    }
}

impl std::fmt::Debug for Shell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shell").field("faults", &self.faults).finish_non_exhaustive()
    }
}

/// Put into a request's extensions by [`Fault::NotSaved`]; the vendor's saving methods honour it.
#[derive(Debug, Clone)]
pub struct NotSaved(pub String);

/// Put into a request's extensions by [`Fault::Modified`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Modified;

/// Put into a response's extensions: this response must not reach the wire.
#[derive(Debug, Clone, Copy)]
struct Cut;

/// A running server; dropping it stops the server.
#[derive(Debug)]
pub struct Handle {
    /// `http://127.0.0.1:PORT/`.
    pub base_url: Url,
    _stop: oneshot::Sender<()>,
}

/// Serves `vendor` on 127.0.0.1 (`port` 0: any free one) inside `shell`.
///
/// # Errors
/// [`StartError::Bind`] if the port cannot be had.
pub async fn serve(port: u16, vendor: Router, shell: Shell) -> Result<Handle, StartError> {
    let app =
        vendor.layer(from_fn_with_state(shell.clone(), strike)).layer(from_fn_with_state(shell, record));
    let bind = |source| StartError::Bind { port, source };
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(bind)?;
    let address = listener.local_addr().map_err(bind)?;
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let ended = axum::serve(listener, app).with_graceful_shutdown(async {
            let _dropped = stopped.await;
        });
        if let Err(error) = ended.await {
            tracing::warn!(%error, "a simulator stopped: {error}");
        }
    });
    Ok(Handle { base_url: Url::parse(&format!("http://{address}/"))?, _stop: stop })
}

/// The outermost layer: keeps the exchange, and makes a cut answer a cut connection.
async fn record(State(shell): State<Shell>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(sent) = to_bytes(body, BODY_LIMIT).await else {
        return cut_connection();
    };
    let method = parts.method.to_string();
    let path = parts.uri.path().to_owned();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let request_headers = parts.headers.clone();

    shell.pause.wait().await;
    let (head, body) = next.run(Request::from_parts(parts, Body::from(sent.clone()))).await.into_parts();
    let answered = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let cut = head.extensions.get::<Cut>().is_some();

    let secrets = shell.traffic.secrets();
    let kept_path = secrets.scrub(&path);
    shell.traffic.count_one(&method, &kept_path, sent.len(), if cut { 0 } else { answered.len() });
    if shell.traffic.keeps() {
        shell.traffic.keep(Exchange {
            vendor: shell.traffic.vendor(),
            method,
            query: secrets.scrub(&query),
            request_headers: kept_headers(&shell, &request_headers),
            request_body: secrets.body(&path, &sent),
            status: (!cut).then(|| head.status.as_u16()),
            response_headers: if cut { BTreeMap::new() } else { kept_headers(&shell, &head.headers) },
            response_body: if cut { String::new() } else { secrets.body(&path, &answered) },
            path: kept_path,
        });
    }
    if cut { cut_connection() } else { Response::from_parts(head, Body::from(answered)) }
}

fn kept_headers(shell: &Shell, headers: &HeaderMap) -> BTreeMap<String, String> {
    let secrets = shell.traffic.secrets();
    let mut kept = BTreeMap::new();
    for (name, value) in headers {
        let text = secrets.header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        kept.entry(name.as_str().to_owned())
            .and_modify(|all: &mut String| {
                all.push_str(", ");
                all.push_str(&text);
            })
            .or_insert(text);
    }
    kept
}

/// The second layer: applies what is due, and lets the rules strike.
async fn strike(State(shell): State<Shell>, mut request: Request, next: Next) -> Response {
    shell.late.apply_due(shell.clock.now());
    match shell.faults.take(request.method().as_str(), request.uri().path()) {
        // A mixture has been decided by the time it strikes.
        None | Some(Fault::Mixed(_)) => next.run(request).await,
        Some(Fault::Status { status, body }) => answer(status, body),
        Some(Fault::Throttle { headers: true }) => (shell.throttled)(),
        Some(Fault::Throttle { headers: false }) => answer(429, None),
        Some(Fault::Slow(by)) => {
            #[expect(clippy::disallowed_methods, reason = "being slow in real time is what this fault is")]
            tokio::time::sleep(by).await;
            next.run(request).await
        }
        Some(Fault::CutBefore) => marked_as_cut(Response::default()),
        Some(Fault::CutAfter) => marked_as_cut(next.run(request).await),
        Some(Fault::Garbled) => garbled(next.run(request).await).await,
        Some(Fault::NotSaved { question }) => {
            request.extensions_mut().insert(NotSaved(question));
            next.run(request).await
        }
        Some(Fault::CommitLate(by)) => {
            let received = shell.clock.now();
            request.extensions_mut().insert(Received(received));
            shell.late.hold(received.saturating_add(by).unwrap_or(Timestamp::MAX), request, next);
            marked_as_cut(Response::default())
        }
        Some(Fault::Modified) => {
            request.extensions_mut().insert(Modified);
            next.run(request).await
        }
    }
}

fn answer(status: u16, body: Option<String>) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(body) = body {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
        *response.body_mut() = Body::from(body);
    }
    response
}

fn marked_as_cut(mut response: Response) -> Response {
    response.extensions_mut().insert(Cut);
    response
}

async fn garbled(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let whole = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let half = whole.slice(..whole.len() / 2);
    let rest = if half.is_empty() { Bytes::from_static(b"{\"") } else { half };
    head.status = StatusCode::OK;
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    Response::from_parts(head, Body::from(rest))
}

/// A response whose body fails before its first byte: the server closes the connection and nothing was written.
fn cut_connection() -> Response {
    let broken = futures_util::stream::once(async {
        Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
    });
    Response::new(Body::from_stream(broken))
}
