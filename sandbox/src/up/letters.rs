//! Dead letters, for `connector dlq --sandbox URL`.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use connector_ports::{DeadLetters, DeadLettersError, Letter, QueueName};
use serde::Deserialize;

use super::surface::{Refused, Surface, unavailable};

pub(super) fn routes() -> Router<Surface> {
    let of_queue = "/connector/dead-letters/{queue}";
    Router::new()
        .route(&format!("{of_queue}/receive"), post(receive))
        .route(&format!("{of_queue}/count"), post(count))
        .route(&format!("{of_queue}/{{what}}"), post(settle))
}

#[derive(Debug, Deserialize)]
struct Wanted {
    limit: usize,
    /// Seconds.
    hidden: u64,
}

async fn receive(
    State(surface): State<Surface>,
    Path(queue): Path<QueueName>,
    Json(wanted): Json<Wanted>,
) -> Result<Json<Vec<Letter>>, Refused> {
    let hidden = Duration::from_secs(wanted.hidden);
    let letters: &dyn DeadLetters = surface.pipeline.queue();
    letters.receive(queue, wanted.limit, hidden).await.map(Json).map_err(|error| unavailable(&error))
}

async fn count(State(surface): State<Surface>, Path(queue): Path<QueueName>) -> Result<Json<usize>, Refused> {
    surface.pipeline.queue().count(queue).await.map(Json).map_err(|error| unavailable(&error))
}

/// Whether the receipt was good.
async fn settle(
    State(surface): State<Surface>,
    Path((_, what)): Path<(QueueName, String)>,
    Json(letter): Json<Letter>,
) -> Result<Json<bool>, Refused> {
    let letters: &dyn DeadLetters = surface.pipeline.queue();
    let settled = match what.as_str() {
        "send-back" => letters.send_back(&letter).await,
        "show" => letters.show(&letter).await,
        "delete" => letters.delete(&letter).await,
        _ => return Err(Refused(StatusCode::NOT_FOUND, format!("nothing is called {what} here"))),
    };
    match settled {
        Ok(()) => Ok(Json(true)),
        Err(DeadLettersError::Receipt(_)) => Ok(Json(false)),
        Err(error @ DeadLettersError::Unavailable(_)) => Err(unavailable(&error)),
    }
}
