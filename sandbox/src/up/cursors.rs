//! Cursors, for `connector complete` and `connector backfill` with `--sandbox URL`.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use connector_domain::ConnectionId;
use connector_ports::{Cursor, State as _, StateError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::surface::{Refused, Surface, unavailable};

/// A cursor, as it is told.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    document: Value,
    version: u64,
}

pub(super) fn routes() -> Router<Surface> {
    Router::new().route("/connector/connections/{connection}/cursors/{name}", get(read).put(advance))
}

async fn read(
    State(surface): State<Surface>,
    Path((id, name)): Path<(ConnectionId, String)>,
) -> Result<Json<Told>, Refused> {
    let found = surface.pipeline.state().cursor(&id, &name).await.map_err(|error| unavailable(&error))?;
    let Cursor { document, version } =
        found.ok_or_else(|| Refused(StatusCode::NOT_FOUND, format!("{id} has no cursor {name}")))?;
    Ok(Json(Told { document, version }))
}

#[derive(Debug, Deserialize)]
struct Advance {
    from: Option<Told>,
    document: Value,
}

async fn advance(
    State(surface): State<Surface>,
    Path((id, name)): Path<(ConnectionId, String)>,
    Json(Advance { from, document }): Json<Advance>,
) -> Result<Json<Told>, Refused> {
    let from = from.map(|Told { document, version }| Cursor { document, version });
    match surface.pipeline.state().advance(&id, &name, from.as_ref(), document).await {
        Ok(Cursor { document, version }) => Ok(Json(Told { document, version })),
        Err(error @ StateError::Moved(_)) => Err(Refused(StatusCode::CONFLICT, error.to_string())),
        Err(error @ StateError::Unavailable(_)) => Err(unavailable(&error)),
    }
}
