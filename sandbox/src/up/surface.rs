//! What `connector --sandbox URL` asks: connections, orders and dead letters under `/connector/`, beside the status page.
//!
//! It gives out the credentials of connections, because the simulators' are no secrets: put no real store and no real company in here.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use connector_domain::{ConnectionId, Deadline, Money, OrderId, OrderNum};
use connector_ports::{
    Connection, DedupId, Ledger as _, LedgerRow, OrderKey, OrderMessage, Origin, Queue as _, StateName,
    TrailEntry,
};
use connector_sync::orders::link;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::stored::Stored;
use super::{cursors, letters, shelf};
use crate::Pipeline;

/// For how long an order is claimed when a person links it.
const AT_WORK: Duration = Duration::from_mins(5);

#[derive(Debug, Clone)]
pub(super) struct Surface {
    pub(super) pipeline: Pipeline,
    connections: Arc<Mutex<BTreeMap<ConnectionId, Connection>>>,
}

/// The routes, over a pipeline that has `connection` already.
pub(super) fn routes(pipeline: Pipeline, connection: Connection) -> Router {
    let connections = BTreeMap::from([(connection.id.clone(), connection)]);
    let one = "/connector/connections/{connection}";
    Router::new()
        .route("/connector/connections", get(list))
        .route(one, get(read).put(put))
        .route(&format!("{one}/orders"), get(orders))
        .route(&format!("{one}/held/{{reason}}"), get(held))
        .route(&format!("{one}/orders/{{order}}"), get(order))
        .route(&format!("{one}/orders/{{order}}/replay"), post(replay))
        .route(&format!("{one}/orders/{{order}}/link"), post(linked))
        .merge(letters::routes())
        .merge(cursors::routes())
        .merge(shelf::routes())
        .with_state(Surface { pipeline, connections: Arc::new(Mutex::new(connections)) })
}

async fn list(State(surface): State<Surface>) -> Json<Vec<ConnectionId>> {
    Json(surface.connections.lock().keys().cloned().collect())
}

async fn read(State(surface): State<Surface>, Path(id): Path<ConnectionId>) -> Result<Json<Stored>, Refused> {
    let found = surface.connections.lock().get(&id).map(Stored::of);
    found.map(Json).ok_or_else(|| Refused(StatusCode::NOT_FOUND, format!("no connection {id}")))
}

async fn put(
    State(surface): State<Surface>,
    Path(id): Path<ConnectionId>,
    Json(stored): Json<Stored>,
) -> StatusCode {
    let connection = stored.connection(id.clone());
    surface.pipeline.connect(connection.clone());
    surface.connections.lock().insert(id, connection);
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
struct Wanted {
    state: Option<StateName>,
    after: Option<u64>,
    limit: usize,
}

async fn orders(
    State(surface): State<Surface>,
    Path(id): Path<ConnectionId>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<LedgerRow>>, Refused> {
    let Wanted { state, after, limit } = wanted;
    let rows = surface.pipeline.ledger().list(&id, state, after.map(OrderId), limit).await;
    rows.map(Json).map_err(|error| unavailable(&error))
}

#[derive(Debug, Deserialize)]
struct HeldWanted {
    after: Option<String>,
    limit: usize,
}

async fn held(
    State(surface): State<Surface>,
    Path((id, reason)): Path<(ConnectionId, String)>,
    Query(wanted): Query<HeldWanted>,
) -> Result<Json<Vec<LedgerRow>>, Refused> {
    let rows = surface.pipeline.ledger().held(&id, &reason, wanted.after.as_deref(), wanted.limit).await;
    rows.map(Json).map_err(|error| unavailable(&error))
}

#[derive(Debug, Serialize)]
struct Whole {
    row: LedgerRow,
    trail: Vec<TrailEntry>,
}

async fn order(
    State(surface): State<Surface>,
    Path((connection, order)): Path<(ConnectionId, u64)>,
) -> Result<Json<Whole>, Refused> {
    let key = OrderKey { connection, order: OrderId(order) };
    let row = surface.pipeline.ledger().get(&key).await.map_err(|error| unavailable(&error))?;
    let row =
        row.ok_or_else(|| Refused(StatusCode::NOT_FOUND, format!("nobody has heard of order {key}")))?;
    let trail = surface.pipeline.ledger().trail(&key).await.map_err(|error| unavailable(&error))?;
    Ok(Json(Whole { row, trail }))
}

async fn replay(
    State(surface): State<Surface>,
    Path((id, order)): Path<(ConnectionId, u64)>,
) -> Result<StatusCode, Refused> {
    let connected = surface.pipeline.directory().get(&id).await.map_err(|error| unavailable(&error))?;
    let dedup = DedupId::fresh(surface.pipeline.surroundings().random.as_ref());
    let message = OrderMessage::new(id, OrderId(order), Origin::Replay, dedup);
    let lanes = connected.rules.orders.writers;
    surface.pipeline.queue().send_order(&message, lanes).await.map_err(|error| unavailable(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
struct To {
    order_num: OrderNum,
}

#[derive(Debug, Serialize)]
struct Linked {
    order: OrderId,
    kinetic_order: OrderNum,
    shop_total: Money,
    kinetic_total: Money,
    follows: bool,
}

async fn linked(
    State(surface): State<Surface>,
    Path((connection, order)): Path<(ConnectionId, u64)>,
    Json(to): Json<To>,
) -> Result<Json<Linked>, Refused> {
    let key = OrderKey { connection, order: OrderId(order) };
    let deadline = Deadline::after(surface.pipeline.surroundings().clock.as_ref(), AT_WORK);
    let done = link(&key, to.order_num, surface.pipeline.consumer(), deadline).await;
    let done = done.map_err(|error| Refused(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
    Ok(Json(Linked {
        order: key.order,
        kinetic_order: done.order_num,
        shop_total: done.shop,
        kinetic_total: done.kinetic,
        follows: done.follows,
    }))
}

/// A status, and words for the person.
pub(super) struct Refused(pub(super) StatusCode, pub(super) String);

pub(super) fn unavailable(error: &dyn std::error::Error) -> Refused {
    Refused(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}
