//! `PUT|POST|DELETE /v3/pricelists/{id}/records`.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    lists_api::{find, number},
    record_fields::{self, Errors},
    tables::Key,
};
use crate::bigcommerce::{
    answer::{Api, Refused, nothing, v3, v3_data},
    catalog::elements,
    dates::to_second,
    query::Query,
    sim::Shared,
};

/// At most so many records of an upsert.
const UPSERT: usize = 1000;
/// At most so many records that are all new.
const CREATE: usize = 100;

/// Writes records, new or known.
pub(crate) async fn upsert(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Refused> {
    write(&shared, &id, &body, UPSERT, false)
}

/// Writes records that must not be there yet.
pub(crate) async fn create(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Refused> {
    write(&shared, &id, &body, CREATE, true)
}

/// Saves what is good of a batch and says what is not, or by a switch saves nothing then.
fn write(shared: &Shared, id: &str, body: &[u8], most: usize, only_new: bool) -> Result<Response, Refused> {
    let rows = elements(body, most, ".")?;
    let (mut store, now) = shared.settled();
    let list = find(&store, number(id)?)?.id;
    let mut good = Vec::new();
    let mut errors = Vec::new();
    for row in &rows {
        let known = |key: &Key| only_new && store.price_lists.record(list, key.0, &key.1).is_some();
        match record_fields::read(&store, list, row) {
            Ok((key, _)) if known(&key) => {
                let there =
                    Errors::from_iter([("variant_id".to_owned(), "the record exists already".into())]);
                errors.push(record_fields::error(list, row, &there));
            }
            Ok(one) => good.push(one),
            Err(fields) => errors.push(record_fields::error(list, row, &fields)),
        }
    }
    if errors.is_empty() || !store.habits.price_records_strict {
        let (mut made, mut changed) = (Vec::new(), Vec::new());
        for (key, record) in good {
            let named = named(list, &key);
            let is_new = store.price_lists.put(list, key, record, to_second(now));
            if is_new { &mut made } else { &mut changed }.push(named);
        }
        for (ending, told) in [("created", made), ("updated", changed)] {
            if !told.is_empty() {
                let scope = format!("store/priceList/records/{ending}");
                store.emit_about(&scope, &told.into(), list, now, &shared.config);
            }
        }
    }
    if errors.is_empty() {
        Ok(v3_data(&json!({})))
    } else {
        Err(Refused::bare(422, json!({"batch_errors": errors})))
    }
}

fn named(list: u64, key: &Key) -> Value {
    json!({"price_list_id": list, "variant_id": key.0, "currency": key.1})
}

/// Deletes what the filters mean; 204, and 422 without a filter, for all of a list is never meant.
pub(crate) async fn delete(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let known = ["currency", "variant_id:in", "sku:in"];
    let query = Query::parse(Api::V3, raw.as_deref(), &known)?;
    let mut variants = query.numbers("variant_id:in")?;
    let currency = query.get("currency").map(str::to_lowercase);
    if !known.iter().any(|name| query.has(name)) {
        return Err(v3(422, "At least one filter must be provided.", &json!({})));
    }
    let (mut store, now) = shared.settled();
    let list = find(&store, number(&id)?)?.id;
    if let Some(skus) = query.list("sku:in") {
        let named = skus.into_iter().filter_map(|sku| store.catalog.by_sku(sku)?.variant);
        variants.get_or_insert_default().extend(named);
    }
    let gone = store.price_lists.drop_records(list, |(variant, code)| {
        variants.as_ref().is_none_or(|ids| ids.contains(variant))
            && currency.as_ref().is_none_or(|wanted| wanted == code)
    });
    if !gone.is_empty() {
        let told: Vec<Value> = gone.iter().map(|key| named(list, key)).collect();
        store.emit_about("store/priceList/records/deleted", &told.into(), list, now, &shared.config);
    }
    Ok(nothing())
}
