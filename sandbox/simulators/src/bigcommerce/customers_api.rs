//! `GET /v3/customers`.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use serde_json::Value;

use super::{
    answer::{Api, Refused, not_simulated, v3_list},
    query::Query,
    sim::Shared,
};

/// Documented parameters that this store does not act upon.
const MISSING: [&str; 13] = [
    "date_created",
    "date_created:max",
    "date_created:min",
    "date_modified",
    "date_modified:min",
    "date_modified:max",
    "name:like",
    "phone:in",
    "registration_ip_address:in",
    "include",
    "sort",
    "after",
    "before",
];
const KNOWN: [&str; 7] =
    ["page", "limit", "id:in", "email:in", "company:in", "customer_group_id:in", "name:in"];

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let known: Vec<&str> = KNOWN.into_iter().chain(MISSING).collect();
    let query = Query::parse(Api::V3, raw.as_deref(), &known)?;
    if let Some(missing) = MISSING.iter().find(|name| query.get(name).is_some()) {
        return Err(not_simulated(Api::V3, missing));
    }
    let numbers = |text: &str| text.split(',').map(|id| id.trim().parse::<u64>().ok()).collect();
    let ids: Option<Vec<u64>> = query.parsed("id:in", numbers)?;
    let groups: Option<Vec<u64>> = query.parsed("customer_group_id:in", numbers)?;
    let (emails, companies, names) =
        (query.list("email:in"), query.list("company:in"), query.list("name:in"));
    let any = |wanted: &Option<Vec<&str>>, value: &str| {
        wanted.as_ref().is_none_or(|all| all.iter().any(|one| one.to_lowercase() == value.to_lowercase()))
    };
    let page = query.page(shared.config.page_clamp)?;
    let store = shared.store.lock();
    let rows: Vec<Value> = store
        .customers
        .iter()
        .filter(|(id, _)| ids.as_ref().is_none_or(|ids| ids.contains(id)))
        .map(|(_, customer)| customer)
        .filter(|who| groups.as_ref().is_none_or(|groups| groups.contains(&who.customer_group_id)))
        .filter(|who| any(&emails, &who.email) && any(&companies, &who.company))
        .filter(|who| any(&names, &format!("{} {}", who.first_name, who.last_name)))
        .map(super::Customer::wire)
        .collect();
    Ok(v3_list(&rows, page.page, page.limit))
}
