//! `/v3/catalog/products/channel-assignments` (`docs/facts/bigcommerce.md` §5.3).

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{invalid, products_api::read_json};
use crate::bigcommerce::{
    answer::{Api, Refused, nothing, v3, v3_page},
    query::Query,
    sim::Shared,
    store::Store,
};

const FILTERS: [&str; 2] = ["product_id:in", "channel_id:in"];

/// The assignments that both filters let through, in the sequence of products and channels.
fn find(store: &Store, query: &Query) -> Result<Vec<(u64, u64)>, Refused> {
    let (products, channels) = (query.numbers("product_id:in")?, query.numbers("channel_id:in")?);
    let catalog = &store.catalog;
    let ids: Vec<u64> = match products {
        Some(mut ids) => {
            ids.sort_unstable();
            ids.dedup();
            ids
        }
        None => catalog.products().keys().copied().collect(),
    };
    let all = ids.into_iter().filter_map(|id| catalog.product(id));
    let pairs = all.flat_map(|one| one.channels.iter().map(|channel| (one.id, *channel)));
    Ok(pairs.filter(|(_, channel)| channels.as_ref().is_none_or(|ids| ids.contains(channel))).collect())
}

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let known: Vec<&str> = FILTERS.into_iter().chain(["page", "limit"]).collect();
    let query = Query::parse(Api::V3, raw.as_deref(), &known)?;
    let page = query.page(shared.config.page_clamp)?;
    let (store, _) = shared.settled();
    let found = find(&store, &query)?;
    let total = found.len();
    let show = |(product, channel): (u64, u64)| json!({"product_id": product, "channel_id": channel});
    let rows: Vec<Value> = page.of(found).into_iter().map(show).collect();
    Ok(v3_page(&rows, total, page.page, page.limit))
}

/// Adds assignments; 204. One unknown product, and none is added.
pub(crate) async fn assign(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Response, Refused> {
    let Value::Array(rows) = read_json(&body)? else { return Err(invalid("body", "must be an array")) };
    let (mut store, _) = shared.settled();
    let mut pairs = Vec::new();
    for row in &rows {
        let number = |field: &str| {
            row.get(field).and_then(Value::as_u64).ok_or_else(|| invalid(field, "must be a number"))
        };
        let (product, channel) = (number("product_id")?, number("channel_id")?);
        if store.catalog.product(product).is_none() {
            let reason = format!("there is no product {product}");
            return Err(v3(422, "The channel assignments are not valid.", &json!({"product_id": reason})));
        }
        pairs.push((product, channel));
    }
    for (product, channel) in pairs {
        store.catalog.assign(product, channel, true);
    }
    Ok(nothing())
}

/// Takes away what the filters let through; 204, and 422 without a filter.
pub(crate) async fn remove(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::parse(Api::V3, raw.as_deref(), &FILTERS)?;
    if !FILTERS.iter().any(|name| query.has(name)) {
        return Err(v3(422, "At least one filter must be provided.", &json!({})));
    }
    let (mut store, _) = shared.settled();
    for (product, channel) in find(&store, &query)? {
        store.catalog.assign(product, channel, false);
    }
    Ok(nothing())
}
