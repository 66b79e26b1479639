//! `/v3/pricelists/assignments` and `PUT /v3/pricelists/{id}/assignments`.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    lists_api::{find, not_found, number},
    paging::{self, PAGING},
    tables::Assignment,
};
use crate::bigcommerce::{
    answer::{Api, Refused, nothing, v3, v3_data},
    catalog::elements,
    query::Query,
    sim::Shared,
    store::Store,
};

/// At most so many assignments at once.
const BATCH: usize = 25;
const FILTERS: [&str; 8] = [
    "id",
    "id:in",
    "price_list_id",
    "price_list_id:in",
    "customer_group_id",
    "customer_group_id:in",
    "channel_id",
    "channel_id:in",
];

/// The assignments that all filters let through.
fn found(store: &Store, query: &Query) -> Result<Vec<Assignment>, Refused> {
    let wanted = |name: &str| -> Result<Option<Vec<u64>>, Refused> {
        match query.number(name)? {
            Some(one) => Ok(Some(vec![one])),
            None => query.numbers(&format!("{name}:in")),
        }
    };
    let (ids, lists) = (wanted("id")?, wanted("price_list_id")?);
    let (groups, channels) = (wanted("customer_group_id")?, wanted("channel_id")?);
    let among = |wanted: &Option<Vec<u64>>, value: Option<u64>| {
        wanted.as_ref().is_none_or(|ids| value.is_some_and(|value| ids.contains(&value)))
    };
    let all = store.price_lists.assignments.values();
    let found = all.filter(|one| {
        among(&ids, Some(one.id))
            && among(&lists, Some(one.list))
            && among(&groups, one.group)
            && among(&channels, one.channel)
    });
    Ok(found.cloned().collect())
}

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let known: Vec<&str> = FILTERS.into_iter().chain(PAGING).collect();
    let query = Query::parse(Api::V3, raw.as_deref(), &known)?;
    let (store, _) = shared.settled();
    let rows: Vec<_> = found(&store, &query)?.into_iter().map(|one| ((one.id, ""), one)).collect();
    paging::answer(&query, shared.config.page_clamp, &rows, |_, one| show(one))
}

/// Adds assignments; what is wrong is said by its place in the batch, and the others are saved.
pub(crate) async fn create(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Response, Refused> {
    let rows = elements(&body, BATCH, ".")?;
    let (mut store, _) = shared.settled();
    let (mut saved, mut errors) = (0_usize, Map::new());
    for (nth, row) in rows.iter().enumerate() {
        let list = row.get("price_list_id").and_then(Value::as_u64);
        let problem = match (list, read(row)) {
            (None, _) => "price_list_id must be given",
            (Some(list), _) if find(&store, list).is_err() => "there is no such price list",
            (_, None) => "customer_group_id or channel_id must be given",
            (_, Some((group, channel))) if store.price_lists.assigned(group, channel).is_some() => {
                "the assignment exists already"
            }
            (Some(list), Some((group, channel))) => {
                store.price_lists.assign(list, group, channel);
                saved += 1;
                continue;
            }
        };
        errors.insert(nth.to_string(), problem.into());
    }
    if errors.is_empty() {
        return Ok(v3_data(&json!({})));
    }
    let title = "The price list assignments are not valid.";
    let meta = json!({"saved_records": saved});
    Err(Refused::bare(422, json!({"status": 422, "title": title, "errors": errors, "meta": meta})))
}

/// Gives this list to a group and a channel, whatever list they had.
pub(crate) async fn upsert(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Refused> {
    let sent: Value = serde_json::from_slice(&body).map_err(|_| v3(400, "Input is invalid.", &json!({})))?;
    let (mut store, now) = shared.settled();
    let list = find(&store, number(&id)?)?.id;
    let (group, channel) = read(&sent).ok_or_else(not_found)?;
    let row = show(&store.price_lists.assign(list, group, channel));
    let told = json!({"price_list_id": list, "channel_id": channel, "customer_group_id": group});
    store.emit_about("store/priceList/assignment/updated", &told, list, now, &shared.config);
    Ok(v3_data(&row))
}

/// Takes away what the filters let through; 204, and 422 without a filter.
pub(crate) async fn delete(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::parse(Api::V3, raw.as_deref(), &FILTERS)?;
    if !FILTERS.iter().any(|name| query.has(name)) {
        return Err(v3(422, "At least one filter must be provided.", &json!({})));
    }
    let (mut store, _) = shared.settled();
    for one in found(&store, &query)? {
        store.price_lists.assignments.remove(&one.id);
    }
    Ok(nothing())
}

/// The group and the channel, at least one of them; 0 is none.
fn read(row: &Value) -> Option<(Option<u64>, Option<u64>)> {
    let id = |field: &str| row.get(field).and_then(Value::as_u64).filter(|id| *id > 0);
    let (group, channel) = (id("customer_group_id"), id("channel_id"));
    (group.is_some() || channel.is_some()).then_some((group, channel))
}

fn show(one: &Assignment) -> Value {
    json!({
        "id": one.id, "price_list_id": one.list, "customer_group_id": one.group, "channel_id": one.channel,
    })
}
