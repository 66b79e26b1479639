//! What stands before every route: the quota, the token, the content type.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header, uri::PathAndQuery},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::{
    accounts::Owner,
    answer::{Api, Refused, v3},
    bulk::Bulk,
    sim::Shared,
};
use crate::late::Received;

/// Counts the request, lets it pass if it may, and marks the answer with the quota's headers.
pub(crate) async fn guard(State(shared): State<Arc<Shared>>, mut request: Request, next: Next) -> Response {
    // Whoever is late was counted and let in when he came.
    if request.extensions().get::<Received>().is_some() {
        return match owner(&shared, &request) {
            Ok(owner) => {
                request.extensions_mut().insert(owner);
                next.run(request).await
            }
            Err(refused) => refused.into_response(),
        };
    }
    shared.watched.tell(request.uri().path_and_query().map_or("", PathAndQuery::as_str));
    let client_id = owner(&shared, &request).map_or_else(|_| String::new(), |Owner(client_id)| client_id);
    let budget = match shared.limiter.take(&client_id, shared.config.clock.now()) {
        Ok(budget) => budget,
        Err(exhausted) => return exhausted.refuse(),
    };
    let mut response = match admit(&shared, &request) {
        Ok(owner) => {
            request.extensions_mut().insert(owner);
            let bulk = Bulk::of(request.method(), request.uri().path());
            let _busy = match bulk.map(|kind| shared.start_bulk(kind)).transpose() {
                Ok(busy) => busy,
                Err(refused) => return refused.into_response(),
            };
            if bulk.is_some() {
                shared.config.bulk_pause.wait().await;
            }
            next.run(request).await
        }
        Err(refused) => refused.into_response(),
    };
    budget.mark(response.headers_mut());
    response
}

/// Whose token it is: the account may be gone, and the token with it.
fn owner(shared: &Shared, request: &Request) -> Result<Owner, Refused> {
    let path = request.uri().path();
    let Some((store, _)) = path.strip_prefix("/stores/").and_then(|rest| rest.split_once('/')) else {
        return Err(unknown_route());
    };
    let token = text(request.headers(), "x-auth-token").filter(|_| store == shared.config.store_hash);
    token.and_then(|token| shared.store.lock().accounts.owner(token)).ok_or_else(|| {
        let title = "Unauthorized - the v3 Auth client ID or token in the request are not a valid combination \
                     for this store.";
        v3(401, title, &json!({}))
    })
}

fn admit(shared: &Shared, request: &Request) -> Result<Owner, Refused> {
    let owner = owner(shared, request)?;
    let url = request.uri().path_and_query().map_or(0, |url| url.as_str().len());
    if shared.store.lock().habits.longest_url.is_some_and(|most| url > most) {
        return Err(Api::of(request.uri().path()).refuse(414, "The URL is too long."));
    }
    let writes = [Method::POST, Method::PUT].contains(request.method());
    let is_json = |value: &str| {
        value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    };
    if writes && !text(request.headers(), header::CONTENT_TYPE.as_str()).is_some_and(is_json) {
        return Err(Api::of(request.uri().path()).refuse(415, "The Content-Type must be application/json."));
    }
    Ok(owner)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The answer to a path that exists nowhere.
pub(crate) fn unknown_route() -> Refused {
    v3(404, "The route is not found, check the URL", &json!({}))
}
