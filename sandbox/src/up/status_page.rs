//! What the ledger says, over HTTP and read-only: a stand-in for the page that a person would open.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use connector_domain::{ConnectionId, OrderId, Timestamp};
use connector_ports::{
    Connection, Ledger as _, LedgerError, LedgerRow, OrderKey, Totals, TrailEntry, WriteBack,
};
use serde::Serialize;
use serde_json::json;

use super::change::Change;
use super::surface;
use crate::loopback::{self, Loopback};
use crate::{Pipeline, PipelineError};

/// What is asked.
#[derive(Debug, Clone)]
struct Asked {
    pipeline: Pipeline,
    id: ConnectionId,
}

/// Serves `GET /orders` and `GET /orders/{id}` of a connection, and what the command line asks beside them.
///
/// # Errors
/// [`PipelineError::Bind`].
pub(super) async fn serve(
    port: u16,
    pipeline: Pipeline,
    connection: Connection,
) -> Result<Loopback, PipelineError> {
    let routes = Router::new()
        .route("/orders", get(all))
        .route("/orders/{id}", get(one))
        .with_state(Asked { pipeline: pipeline.clone(), id: connection.id.clone() })
        .merge(surface::routes(pipeline, connection));
    loopback::serve(port, routes).await
}

/// One order in the list.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    change: Change,
    first_seen: Timestamp,
}

impl Shown {
    fn of(row: &LedgerRow) -> Self {
        Self { change: Change::of(row), first_seen: row.first_seen }
    }
}

/// One order by itself, with everything that happened to it.
#[derive(Debug, Serialize)]
struct Whole {
    #[serde(flatten)]
    shown: Shown,
    /// Whether somebody is at work on it at this moment.
    at_work: bool,
    totals: Option<Totals>,
    #[serde(flatten)]
    write_back: WriteBack,
    trail: Vec<TrailEntry>,
}

async fn all(State(Asked { pipeline, id }): State<Asked>) -> Result<Response, Unavailable> {
    let rows = pipeline.ledger().list(&id, None, None, usize::MAX).await?;
    Ok(document(StatusCode::OK, &rows.iter().map(Shown::of).collect::<Vec<_>>()))
}

async fn one(
    State(Asked { pipeline, id }): State<Asked>,
    Path(order): Path<String>,
) -> Result<Response, Unavailable> {
    let unheard = || {
        let error = format!("the connector has not heard of order {order}; GET /orders lists those it has");
        document(StatusCode::NOT_FOUND, &json!({ "error": error }))
    };
    let Ok(number) = order.parse() else { return Ok(unheard()) };
    let key = OrderKey { connection: id, order: OrderId(number) };
    let Some(row) = pipeline.ledger().get(&key).await? else { return Ok(unheard()) };
    let trail = pipeline.ledger().trail(&key).await?;
    let now = pipeline.surroundings().clock.now();
    let shown = Shown::of(&row);
    let at_work = row.is_leased(now);
    let whole = Whole { shown, at_work, totals: row.totals, write_back: row.write_back, trail };
    Ok(document(StatusCode::OK, &whole))
}

/// Indented, for it is read by people.
fn document<T: Serialize>(status: StatusCode, content: &T) -> Response {
    match serde_json::to_string_pretty(content) {
        Ok(text) => (status, [(header::CONTENT_TYPE, "application/json")], text + "\n").into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The ledger did not answer.
struct Unavailable(LedgerError);

impl From<LedgerError> for Unavailable {
    fn from(error: LedgerError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Unavailable {
    fn into_response(self) -> Response {
        document(StatusCode::SERVICE_UNAVAILABLE, &json!({ "error": self.0.to_string() }))
    }
}
