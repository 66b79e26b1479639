//! What the store shows of the catalogue, for `connector catalog` and `connector explain` with `--sandbox URL`.

use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use connector_domain::{ConnectionId, Sku};
use connector_ports::{Published, Shelf as _, Shelved};
use serde::Deserialize;

use super::surface::{Refused, Surface, unavailable};

/// A page of records.
#[derive(Debug, Deserialize)]
struct Page {
    after: Option<String>,
    limit: usize,
    #[serde(default)]
    with_issue: bool,
}

#[derive(Debug, Deserialize)]
struct Of {
    sku: String,
    limit: usize,
}

pub(super) fn routes() -> Router<Surface> {
    Router::new()
        .route("/connector/connections/{connection}/shelf", get(list))
        .route("/connector/connections/{connection}/shelf/records", post(records))
        .route("/connector/connections/{connection}/shelf/changes", get(changes))
}

async fn list(
    State(surface): State<Surface>,
    Path(id): Path<ConnectionId>,
    Query(Page { after, limit, with_issue }): Query<Page>,
) -> Result<Json<Vec<(Sku, Shelved)>>, Refused> {
    let (shelf, after) = (surface.pipeline.shelf(), after.map(Sku));
    let found = if with_issue {
        shelf.with_issue(&id, after.as_ref(), limit).await
    } else {
        shelf.list(&id, after.as_ref(), limit).await
    };
    found.map(Json).map_err(|error| unavailable(&error))
}

async fn records(
    State(surface): State<Surface>,
    Path(id): Path<ConnectionId>,
    Json(skus): Json<Vec<Sku>>,
) -> Result<Json<Vec<(Sku, Shelved)>>, Refused> {
    let found = surface.pipeline.shelf().get(&id, &skus).await.map_err(|error| unavailable(&error))?;
    Ok(Json(found.into_iter().collect()))
}

async fn changes(
    State(surface): State<Surface>,
    Path(id): Path<ConnectionId>,
    Query(Of { sku, limit }): Query<Of>,
) -> Result<Json<Vec<Published>>, Refused> {
    let found = surface.pipeline.shelf().changes(&id, &Sku(sku), limit).await;
    found.map(Json).map_err(|error| unavailable(&error))
}
