//! `/v3/hooks`: create, list, read, change, delete.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, RawQuery, State},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    accounts::Owner,
    answer::{Api, Refused, v3, v3_data, v3_list},
    hooks::{Activity, DELIVERY_EXCEPTION, Hook, PER_SCOPE, destination_problem, scope_problem},
    query::Query,
    sim::Shared,
    store::Store,
};

const BAD_JSON: &str = "JSON data is missing or invalid";

/// What a request says about custom headers: `null` takes them away.
struct CustomHeaders(Option<BTreeMap<String, String>>);

/// The fields of a create or an update that were present.
#[derive(Default)]
struct Fields {
    scope: Option<String>,
    destination: Option<String>,
    is_active: Option<bool>,
    headers: Option<CustomHeaders>,
}

pub(crate) async fn create(
    State(shared): State<Arc<Shared>>,
    Extension(owner): Extension<Owner>,
    body: Bytes,
) -> Result<Response, Refused> {
    let fields = read(&shared, &body)?;
    let missing = |field: &str| v3(422, BAD_JSON, &json!({ field: "error.path.missing." }));
    let now = shared.config.clock.now();
    let mut store = shared.store.lock();
    let hook = Hook {
        id: store.next_hook,
        client_id: owner.0,
        scope: fields.scope.ok_or_else(|| missing("scope"))?,
        destination: fields.destination.ok_or_else(|| missing("destination"))?,
        headers: fields.headers.and_then(|custom| custom.0),
        state: Activity::asked(fields.is_active.unwrap_or(true)),
        muted: false,
        idle_since: now,
        created_at: now.as_second(),
        updated_at: now.as_second(),
    };
    check(&shared, store.hooks.values(), &hook)?;
    store.next_hook += 1;
    let row = hook.wire(&shared.config);
    store.hooks.insert(hook.id, hook);
    Ok(v3_data(&row))
}

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    Extension(owner): Extension<Owner>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    let known = ["page", "limit", "is_active", "scope", "destination"];
    let query = Query::parse(Api::V3, query.as_deref(), &known)?;
    let page = query.page(shared.config.page_clamp)?;
    let active = query.parsed("is_active", |text| text.parse::<bool>().ok())?;
    let mut store = shared.store.lock();
    let rows: Vec<Value> = store
        .hooks_at(shared.config.clock.now())
        .values()
        .filter(|hook| hook.client_id == owner.0)
        .filter(|hook| active.is_none_or(|wanted| wanted == hook.is_active()))
        .filter(|hook| query.get("scope").is_none_or(|wanted| wanted == hook.scope))
        .filter(|hook| query.get("destination").is_none_or(|wanted| wanted == hook.destination))
        .map(|hook| hook.wire(&shared.config))
        .collect();
    Ok(v3_list(&rows, page.page, page.limit))
}

pub(crate) async fn read_one(
    State(shared): State<Arc<Shared>>,
    Extension(owner): Extension<Owner>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let mut store = shared.store.lock();
    store.hooks_at(shared.config.clock.now());
    let hook = own(&store, &owner, &id)?;
    Ok(v3_data(&hook.wire(&shared.config)))
}

pub(crate) async fn update(
    State(shared): State<Arc<Shared>>,
    Extension(owner): Extension<Owner>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Refused> {
    let fields = read(&shared, &body)?;
    let now = shared.config.clock.now();
    let mut store = shared.store.lock();
    store.hooks_at(now);
    let mut hook = own(&store, &owner, &id)?.clone();
    hook.scope = fields.scope.unwrap_or(hook.scope);
    hook.destination = fields.destination.unwrap_or(hook.destination);
    if !hook.is_active() || shared.config.put_resets_idle {
        hook.idle_since = now;
    }
    hook.state = fields.is_active.map_or(hook.state, Activity::asked);
    hook.headers = fields.headers.map_or(hook.headers, |custom| custom.0);
    hook.updated_at = now.as_second();
    check(&shared, store.hooks.values().filter(|other| other.id != hook.id), &hook)?;
    let row = hook.wire(&shared.config);
    store.hooks.insert(hook.id, hook);
    Ok(v3_data(&row))
}

/// Answers 200 with the hook that is gone.
pub(crate) async fn delete(
    State(shared): State<Arc<Shared>>,
    Extension(owner): Extension<Owner>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let mut store = shared.store.lock();
    let hook = own(&store, &owner, &id)?.clone();
    store.hooks.remove(&hook.id);
    Ok(v3_data(&hook.wire(&shared.config)))
}

/// A hook of the account that asks; another account's is not there for it.
fn own<'a>(store: &'a Store, owner: &Owner, id: &str) -> Result<&'a Hook, Refused> {
    let hook = id.parse().ok().and_then(|id: u64| store.hooks.get(&id));
    hook.filter(|hook| hook.client_id == owner.0).ok_or_else(|| missing(id))
}

fn missing(id: &str) -> Refused {
    v3(404, &format!("Webhook with id [{id}] not found"), &json!({}))
}

fn read(shared: &Shared, body: &[u8]) -> Result<Fields, Refused> {
    let Ok(Value::Object(sent)) = serde_json::from_slice(body) else {
        return Err(v3(400, "Input is invalid.", &json!({})));
    };
    // Whatever becomes of the request, the values of custom headers are secrets from now on.
    if let Some(Value::Object(headers)) = sent.get("headers") {
        for secret in headers.values().filter_map(Value::as_str) {
            shared.config.recorder.redact(secret);
        }
    }
    if sent.is_empty() {
        return Err(v3(422, BAD_JSON, &json!({})));
    }
    let mut fields = Fields::default();
    for (name, value) in sent {
        let wrong = || v3(422, BAD_JSON, &json!({ name.as_str(): "error.expected" }));
        match name.as_str() {
            "scope" => fields.scope = Some(value.as_str().ok_or_else(wrong)?.to_owned()),
            "destination" => fields.destination = Some(value.as_str().ok_or_else(wrong)?.to_owned()),
            "is_active" => fields.is_active = Some(value.as_bool().ok_or_else(wrong)?),
            "headers" => fields.headers = Some(headers(&value).ok_or_else(wrong)?),
            _ => return Err(v3(422, BAD_JSON, &json!({ name.as_str(): "error.unknown" }))),
        }
    }
    Ok(fields)
}

/// `null` or a map of strings.
fn headers(value: &Value) -> Option<CustomHeaders> {
    let strings = |map: &Map<String, Value>| {
        map.iter().map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
    };
    if value.is_null() {
        Some(CustomHeaders(None))
    } else {
        value.as_object().and_then(strings).map(|map| CustomHeaders(Some(map)))
    }
}

/// The rules, which count among the hooks of one account.
fn check<'a>(shared: &Shared, others: impl Iterator<Item = &'a Hook>, hook: &Hook) -> Result<(), Refused> {
    if let Some(problem) = scope_problem(&hook.scope) {
        return Err(v3(422, BAD_JSON, &json!({"scope": problem})));
    }
    if let Some(problem) = destination_problem(&hook.destination, &shared.config) {
        return Err(v3(422, BAD_JSON, &json!({"destination": problem})));
    }
    let of_account = others.filter(|other| other.client_id == hook.client_id);
    let of_account: Vec<&Hook> = of_account.collect();
    exception_rules(&of_account, hook)?;
    let same_scope: Vec<&Hook> = of_account.into_iter().filter(|other| other.scope == hook.scope).collect();
    if same_scope.iter().any(|other| other.destination == hook.destination) {
        return Err(v3(
            422,
            "A webhook with this scope and destination exists already.",
            &json!({"destination": "must be unique for the scope"}),
        ));
    }
    if same_scope.len() >= PER_SCOPE {
        return Err(v3(422, "Too many webhooks for this scope.", &json!({"scope": "at most 10 webhooks"})));
    }
    Ok(())
}

/// One hook for exceptions an account, and no other hook may share its destination.
fn exception_rules(others: &[&Hook], hook: &Hook) -> Result<(), Refused> {
    let for_exceptions = |hook: &Hook| hook.scope == DELIVERY_EXCEPTION;
    if for_exceptions(hook) && others.iter().any(|other| for_exceptions(other)) {
        return Err(v3(
            422,
            "Too many webhooks for this scope.",
            &json!({"scope": "at most 1 webhook for exceptions"}),
        ));
    }
    let shared = |other: &&&Hook| {
        (for_exceptions(hook) || for_exceptions(other)) && other.destination == hook.destination
    };
    match others.iter().find(shared) {
        Some(_) => Err(v3(
            422,
            BAD_JSON,
            &json!({"destination": "must not be shared with the webhook for exceptions"}),
        )),
        None => Ok(()),
    }
}
