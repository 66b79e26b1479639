//! `/v3/hooks/admin`: how an account's hooks are, and who is written to when one fails (`docs/facts/bigcommerce.md` §2.1).

use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{RawQuery, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    accounts::Owner,
    answer::{self, Api, Refused, nothing, v3},
    query::Query,
    sim::Shared,
};

pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    Extension(owner): Extension<Owner>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::parse(Api::V3, query.as_deref(), &["is_active"])?;
    let active = query.parsed("is_active", |text| text.parse::<bool>().ok())?;
    let now = shared.config.clock.now();
    let mut store = shared.store.lock();
    let hooks: Vec<Value> = store
        .hooks_at(now)
        .values()
        .filter(|hook| hook.client_id == owner.0)
        .filter(|hook| active.is_none_or(|wanted| wanted == hook.is_active()))
        .map(|hook| {
            let mut row = hook.wire(&shared.config);
            if let Value::Object(fields) = &mut row {
                fields.insert("status".to_owned(), hook.state.wire().into());
            }
            row
        })
        .collect();
    // It takes no page, so there is one.
    let pagination = json!({
        "total": hooks.len(), "count": hooks.len(), "per_page": hooks.len(), "current_page": 1, "total_pages": 1,
        "links": {"current": ""},
    });
    let data = json!({
        "emails": store.emails.get(&owner.0).cloned().unwrap_or_default(),
        "hooks_list": hooks,
        "blocked_domains": store.blocklist.wire(&owner.0, now),
    });
    Ok(answer::json(200, json!({"data": data, "meta": {"pagination": pagination}}).to_string()))
}

/// Replaces the addresses and answers 204.
pub(crate) async fn update(
    State(shared): State<Arc<Shared>>,
    Extension(owner): Extension<Owner>,
    body: Bytes,
) -> Result<Response, Refused> {
    let Ok(Value::Object(sent)) = serde_json::from_slice(&body) else {
        return Err(v3(400, "Input is invalid.", &json!({})));
    };
    let wrong = |field: &str| v3(422, "JSON data is missing or invalid", &json!({ field: "error.expected" }));
    if let Some(unknown) = sent.keys().find(|name| name.as_str() != "emails") {
        return Err(wrong(unknown));
    }
    let address = |value: &Value| value.as_str().filter(|text| text.contains('@')).map(str::to_owned);
    let emails: Option<Vec<String>> =
        sent.get("emails").and_then(Value::as_array).and_then(|all| all.iter().map(address).collect());
    let emails = emails.ok_or_else(|| wrong("emails"))?;
    shared.store.lock().emails.insert(owner.0, emails);
    Ok(nothing())
}
