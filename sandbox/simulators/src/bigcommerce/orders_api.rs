//! `/v2/orders` and what hangs below it.

use std::{cmp::Reverse, sync::Arc};

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    response::Response,
};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    answer::{self, Api, Refused, not_simulated, nothing, v2_invalid, v2_list, v2_missing},
    dates, put_order,
    query::Query,
    sim::Shared,
    store::Order,
    wire,
};

/// The documented filters, and `is_deleted` of the older documents.
const LIST: [&str; 21] = [
    "min_id",
    "max_id",
    "min_total",
    "max_total",
    "customer_id",
    "email",
    "status_id",
    "cart_id",
    "payment_method",
    "min_date_created",
    "max_date_created",
    "min_date_modified",
    "max_date_modified",
    "channel_id",
    "external_order_id",
    "page",
    "limit",
    "sort",
    "include",
    "consignment_structure",
    "is_deleted",
];

/// `GET /v2/orders`.
pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::parse(Api::V2, raw.as_deref(), &LIST)?;
    let include = include_fees(&query)?;
    let page = query.page(shared.config.page_clamp)?;
    let date = |name: &str| query.parsed(name, dates::filter);
    let total = |name: &str| query.parsed(name, |text| text.parse::<Decimal>().ok());
    let (min_id, max_id) = (query.number("min_id")?, query.number("max_id")?);
    let (min_total, max_total) = (total("min_total")?, total("max_total")?);
    let (created_from, created_to) = (date("min_date_created")?, date("max_date_created")?);
    let (modified_from, modified_to) = (date("min_date_modified")?, date("max_date_modified")?);
    let (customer, channel) = (query.number("customer_id")?, query.number("channel_id")?);
    let status = query.number("status_id")?;
    let deleted = query.parsed("is_deleted", |text| text.parse::<bool>().ok())?.unwrap_or(false);

    let store = shared.store.lock();
    let mut found: Vec<&Order> = store
        .orders
        .values()
        .filter(|order| within(order.id, min_id, max_id))
        .filter(|order| within(order.created, created_from, created_to))
        .filter(|order| within(order.modified, modified_from, modified_to))
        .filter(|order| customer.is_none_or(|id| id == order.spec.customer_id))
        .filter(|order| channel.is_none_or(|id| id == order.spec.channel_id))
        .filter(|order| status.is_none_or(|id| id == u64::from(order.spec.status_id)))
        .filter(|order| order.spec.is_deleted == deleted)
        .filter(|order| {
            (min_total.is_none() && max_total.is_none())
                || within(order.spec.totals().total.inc, min_total, max_total)
        })
        .filter(|order| query.get("email").is_none_or(|email| email == order.spec.billing.email))
        .filter(|order| query.get("payment_method").is_none_or(|name| name == order.spec.payment_method))
        .filter(|order| query.get("external_order_id").is_none_or(|id| id == order.spec.external_order_id))
        .filter(|order| query.get("cart_id").is_none_or(|id| id == wire::cart_id(order)))
        .collect();
    sort(&mut found, query.get("sort").unwrap_or("id:asc"))?;
    let rows = page.of(found).into_iter().map(|order| shown(&shared, order, include).to_string());
    Ok(v2_list(&rows.collect::<Vec<_>>()))
}

fn within<T: PartialOrd + Copy>(value: T, from: Option<T>, to: Option<T>) -> bool {
    from.is_none_or(|from| value >= from) && to.is_none_or(|to| value <= to)
}

fn sort(orders: &mut [&Order], by: &str) -> Result<(), Refused> {
    let (field, direction) = by.split_once(':').unwrap_or((by, "asc"));
    let descending = match direction {
        "asc" => false,
        "desc" => true,
        _ => return Err(v2_invalid("sort", "unknown direction")),
    };
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let second = |at: Timestamp| at.as_second();
    let key = |order: &Order| match field {
        "id" | "external_id" => Some(number(order.id)),
        "customer_id" => Some(number(order.spec.customer_id)),
        "channel_id" => Some(number(order.spec.channel_id)),
        "status_id" => Some(i64::from(order.spec.status_id)),
        "date_created" => Some(second(order.created)),
        "date_modified" => Some(second(order.modified)),
        _ => None,
    };
    let known =
        ["id", "external_id", "customer_id", "channel_id", "status_id", "date_created", "date_modified"];
    if !known.contains(&field) {
        return Err(v2_invalid("sort", "unknown field"));
    }
    if descending {
        orders.sort_by_key(|order| Reverse((key(order), order.id)));
    } else {
        orders.sort_by_key(|order| (key(order), order.id));
    }
    Ok(())
}

/// `include=fees` is acted upon; consignments are not simulated.
fn include_fees(query: &Query) -> Result<bool, Refused> {
    let mut fees = false;
    for part in query.list("include").unwrap_or_default() {
        match part {
            "fees" => fees = true,
            "consignments" | "consignments.line_items" => return Err(not_simulated(Api::V2, part)),
            _ => return Err(v2_invalid("include", "unknown sub-resource")),
        }
    }
    Ok(fees)
}

fn shown(shared: &Shared, order: &Order, include_fees: bool) -> Value {
    let mut row = wire::order(order, &shared.config.store_hash);
    if let (true, Value::Object(fields)) = (include_fees, &mut row) {
        fields.insert("fees".to_owned(), wire::fees(order).into());
    }
    row
}

/// `GET /v2/orders/{id}`; an archived order is still shown.
pub(crate) async fn read(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::parse(Api::V2, raw.as_deref(), &["include", "consignment_structure"])?;
    let include = include_fees(&query)?;
    of_order(&shared, &id, |order| answer::json(200, shown(&shared, order, include).to_string()))
}

/// `PUT /v2/orders/{id}`.
pub(crate) async fn update(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Refused> {
    let number = id.parse::<u64>().map_err(|_| v2_missing())?;
    let now = shared.config.clock.now();
    let mut store = shared.store.lock();
    let order = store.orders.get(&number).ok_or_else(v2_missing)?;
    let change = put_order::check(&body)?;
    if let Some(problem) = change.address_problem(&order.spec) {
        return Err(problem);
    }
    store.change(number, now, &shared.config, |order| change.apply(order)).ok_or_else(v2_missing)?;
    let order = store.orders.get(&number).ok_or_else(v2_missing)?;
    Ok(answer::json(200, shown(&shared, order, false).to_string()))
}

/// `DELETE /v2/orders/{id}` archives.
pub(crate) async fn archive(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let number = id.parse::<u64>().map_err(|_| v2_missing())?;
    let now = shared.config.clock.now();
    let mut store = shared.store.lock();
    store.change(number, now, &shared.config, |order| order.is_deleted = true).ok_or_else(v2_missing)?;
    Ok(nothing())
}

/// A page of one of an order's lists.
fn sub_list(
    shared: &Shared,
    id: &str,
    raw: Option<&str>,
    rows: impl FnOnce(&Order) -> Vec<String>,
) -> Result<Response, Refused> {
    let page = Query::parse(Api::V2, raw, &["page", "limit"])?.page(shared.config.page_clamp)?;
    of_order(shared, id, |order| v2_list(&page.of(rows(order))))
}

fn of_order(shared: &Shared, id: &str, show: impl FnOnce(&Order) -> Response) -> Result<Response, Refused> {
    let store = shared.store.lock();
    let order = id.parse().ok().and_then(|id: u64| store.orders.get(&id)).ok_or_else(v2_missing)?;
    Ok(show(order))
}

fn texts(rows: &[Value]) -> Vec<String> {
    rows.iter().map(Value::to_string).collect()
}

/// `GET /v2/orders/{id}/products`.
pub(crate) async fn products(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    sub_list(&shared, &id, raw.as_deref(), |order| texts(&wire::lines(order)))
}

/// `GET /v2/orders/{id}/shipping_addresses`.
pub(crate) async fn shipping_addresses(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let hash = &shared.config.store_hash;
    sub_list(&shared, &id, raw.as_deref(), |order| texts(&wire::shipping_addresses(order, hash)))
}

/// `GET /v2/orders/{id}/coupons`.
pub(crate) async fn coupons(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    sub_list(&shared, &id, raw.as_deref(), wire::coupons)
}

/// `GET /v2/orders/{id}/fees`, in the configured shape.
pub(crate) async fn fees(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let page = Query::parse(Api::V2, raw.as_deref(), &["page", "limit"])?.page(shared.config.page_clamp)?;
    of_order(&shared, &id, |order| {
        let body = wire::fees_body(&page.of(wire::fees(order)), shared.config.fees_shape);
        body.map_or_else(nothing, |text| answer::json(200, text))
    })
}
