//! `GET /v3/inventory/locations`: where stock lies.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{items_api::MOST, stock::Location};
use crate::bigcommerce::{
    answer::{Api, Refused, v3_page},
    dates::iso_z,
    query::Query,
    sim::Shared,
};

const KNOWN: [&str; 6] = ["location_id:in", "location_code:in", "is_default", "is_active", "page", "limit"];

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::parse(Api::V3, raw.as_deref(), &KNOWN)?;
    let page = query.page_up_to(MOST, shared.config.page_clamp)?;
    let (ids, codes) = (query.numbers("location_id:in")?, query.list("location_code:in"));
    let flag = |name: &str| query.parsed(name, |text| text.parse::<bool>().ok());
    let (default, active) = (flag("is_default")?, flag("is_active")?);
    let (store, _) = shared.settled();
    let first = store.inventory.default_location();
    let found: Vec<&Location> = store
        .inventory
        .locations
        .values()
        .filter(|one| ids.as_ref().is_none_or(|ids| ids.contains(&one.id)))
        .filter(|one| codes.as_ref().is_none_or(|codes| codes.contains(&one.code.as_str())))
        .filter(|one| default.is_none_or(|wanted| wanted == (one.id == first)))
        .filter(|one| active.is_none_or(|wanted| wanted == one.enabled))
        .collect();
    let total = found.len();
    let rows: Vec<Value> = page.of(found).into_iter().map(show).collect();
    Ok(v3_page(&rows, total, page.page, page.limit))
}

fn show(location: &Location) -> Value {
    json!({
        "id": location.id, "code": location.code, "label": location.label, "description": "",
        "managed_by_external_source": false, "type_id": "PHYSICAL", "enabled": location.enabled,
        "operating_hours": null, "time_zone": "America/Chicago",
        "created_at": iso_z(location.created), "updated_at": iso_z(location.created),
        "address": null, "storefront_visibility": true, "special_hours": [],
    })
}
