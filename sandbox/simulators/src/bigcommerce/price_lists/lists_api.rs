//! `/v3/pricelists` and `/v3/pricelists/{id}`.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    paging::{self, PAGING},
    tables::PriceList,
};
use crate::bigcommerce::{
    answer::{Api, Refused, nothing, v3, v3_data},
    dates::{iso_z, to_second},
    query::Query,
    sim::Shared,
    store::Store,
};

const DUPLICATE: &str = "The price list name is a duplicate";

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let known: Vec<&str> = ["id:in", "name"].into_iter().chain(PAGING).collect();
    let query = Query::parse(Api::V3, raw.as_deref(), &known)?;
    let ids = query.numbers("id:in")?;
    let (store, _) = shared.settled();
    let rows: Vec<_> = store
        .price_lists
        .lists
        .values()
        .filter(|list| ids.as_ref().is_none_or(|ids| ids.contains(&list.id)))
        .filter(|list| query.get("name").is_none_or(|name| list.name == name))
        .map(|list| ((list.id, ""), list))
        .collect();
    paging::answer(&query, shared.config.page_clamp, &rows, |_, list| show(list))
}

pub(crate) async fn create(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Response, Refused> {
    let (name, active) = read(&body)?;
    let name =
        name.ok_or_else(|| v3(422, "Missing Required Fields", &json!({"name": "Please provide a name."})))?;
    let (mut store, now) = shared.settled();
    let id = store.price_lists.create(&name, active.unwrap_or(true), to_second(now));
    let id = id.ok_or_else(|| v3(409, DUPLICATE, &json!({"name": DUPLICATE})))?;
    store.emit_about("store/priceList/created", &json!({"price_list_id": id}), id, now, &shared.config);
    Ok(v3_data(&show(find(&store, id)?)))
}

pub(crate) async fn read_one(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let (store, _) = shared.settled();
    Ok(v3_data(&show(find(&store, number(&id)?)?)))
}

pub(crate) async fn update(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Refused> {
    let (mut store, now) = shared.settled();
    let id = find(&store, number(&id)?)?.id;
    let (name, active) = read(&body)?;
    if name.as_ref().is_some_and(|name| store.price_lists.is_taken(name, id)) {
        return Err(v3(409, DUPLICATE, &json!({"name": DUPLICATE})));
    }
    if let Some(list) = store.price_lists.lists.get_mut(&id) {
        list.name = name.unwrap_or_else(|| list.name.clone());
        list.active = active.unwrap_or(list.active);
        list.modified = to_second(now);
    }
    store.emit_about("store/priceList/updated", &json!({"price_list_id": id}), id, now, &shared.config);
    Ok(v3_data(&show(find(&store, id)?)))
}

/// 204 whether there was one or not.
pub(crate) async fn delete(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let (mut store, now) = shared.settled();
    let id = number(&id)?;
    if store.price_lists.delete(id) {
        store.emit_about("store/priceList/deleted", &json!({"price_list_id": id}), id, now, &shared.config);
    }
    Ok(nothing())
}

pub(super) fn not_found() -> Refused {
    v3(404, "The resource was not found.", &json!({}))
}

pub(super) fn number(id: &str) -> Result<u64, Refused> {
    id.parse().map_err(|_| not_found())
}

pub(super) fn find(store: &Store, id: u64) -> Result<&PriceList, Refused> {
    store.price_lists.lists.get(&id).ok_or_else(not_found)
}

fn read(body: &[u8]) -> Result<(Option<String>, Option<bool>), Refused> {
    let Ok(Value::Object(sent)) = serde_json::from_slice(body) else {
        return Err(v3(400, "Input is invalid.", &json!({})));
    };
    let (mut name, mut active) = (None, None);
    for (field, value) in &sent {
        let wrong =
            || v3(422, "Input is invalid.", &json!({ field.as_str(): "is unknown or has the wrong type" }));
        match field.as_str() {
            "name" => {
                let text = value.as_str().filter(|name| !name.trim().is_empty());
                name = Some(text.ok_or_else(wrong)?.to_owned());
            }
            "active" => active = Some(value.as_bool().ok_or_else(wrong)?),
            "id" | "date_created" | "date_modified" => {}
            _ => return Err(wrong()),
        }
    }
    Ok((name, active))
}

fn show(list: &PriceList) -> Value {
    json!({
        "id": list.id, "name": list.name, "active": list.active,
        "date_created": iso_z(list.created), "date_modified": iso_z(list.modified),
    })
}
