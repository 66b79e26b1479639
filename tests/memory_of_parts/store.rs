//! A store that has very many products, each made when it is asked for, and takes every change as Kinetic would have it
//! (`docs/facts/bigcommerce.md` §5–7).

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, put};
use rust_decimal::Decimal;
use serde_json::Value;
use url::Url;

use crate::calls::{Calls, serve};
use crate::goods::{BREAKS, Good, Goods};

pub(crate) const PRODUCTS: &str = "GET products";
pub(crate) const ITEMS: &str = "GET items";
pub(crate) const LOCATIONS: &str = "GET locations";
pub(crate) const ORDERS: &str = "GET orders";
pub(crate) const PRICE_LISTS: &str = "GET pricelists";
pub(crate) const LEVELS: &str = "PUT adjustments/absolute";
pub(crate) const OF_PRODUCTS: &str = "PUT products";
pub(crate) const OF_VARIANTS: &str = "PUT variants";
pub(crate) const RECORDS: &str = "PUT records";

#[derive(Debug, Clone)]
struct Store {
    goods: Arc<Goods>,
    calls: Calls,
}

/// A store of which `goods` are.
pub(crate) async fn start(goods: Arc<Goods>, calls: Calls) -> Url {
    let root = "/stores/{hash}";
    let routes = Router::new()
        .route(&format!("{root}/v2/orders"), get(orders))
        .route(&format!("{root}/v3/catalog/products"), get(products).put(update_products))
        .route(&format!("{root}/v3/catalog/variants"), put(update_variants))
        .route(&format!("{root}/v3/inventory/items"), get(items))
        .route(&format!("{root}/v3/inventory/locations"), get(locations))
        .route(&format!("{root}/v3/inventory/adjustments/absolute"), put(set_levels))
        .route(&format!("{root}/v3/pricelists"), get(price_lists))
        .route(&format!("{root}/v3/pricelists/1/records"), put(upsert_records))
        .fallback(strange)
        .with_state(Store { goods, calls });
    serve(routes).await
}

async fn orders(State(store): State<Store>) -> Response {
    store.calls.add(ORDERS);
    StatusCode::NO_CONTENT.into_response()
}

async fn products(State(store): State<Store>, Query(asked): Query<HashMap<String, String>>) -> Response {
    let Some(ids) = asked.get("id:in") else { return not_found(&store, format!("{PRODUCTS} {asked:?}")) };
    store.calls.add(PRODUCTS);
    list(numbers(ids).filter_map(|id| store.goods.by_product(id)), product)
}

fn product(row: &mut String, good: Good) -> std::fmt::Result {
    let (id, variant, sku, name) = (good.product(), good.variant(), good.sku(), good.name());
    let (price, upc) = (good.price(), good.upc());
    let (base, own) =
        if good.is_simple() { (variant.to_string(), sku.as_str()) } else { ("null".to_owned(), "") };
    write!(
        row,
        r#"{{"id":{id},"name":"{name}","sku":"{own}","price":{price},"sale_price":0,"retail_price":0,"cost_price":0,
        "weight":0.25,"categories":[18],"inventory_tracking":"product","is_visible":true,"availability":"available",
        "upc":"{upc}","gtin":"","mpn":"","base_variant_id":{base},"variants":[{{"id":{variant},"product_id":{id},
        "sku":"{sku}","price":{price},"sale_price":null,"retail_price":null,"cost_price":0,"weight":0.25,"upc":"{upc}",
        "purchasing_disabled":false,"image_url":"","inventory_level":0,"option_values":[]}}]}}"#
    )
}

async fn items(State(store): State<Store>, Query(asked): Query<HashMap<String, String>>) -> Response {
    let goods: Vec<Good> = match (asked.get("product_id:in"), asked.get("variant_id:in")) {
        (Some(ids), None) => numbers(ids).filter_map(|id| store.goods.by_product(id)).collect(),
        (None, Some(ids)) => numbers(ids).filter_map(|id| store.goods.by_variant(id)).collect(),
        (None, None) | (Some(_), Some(_)) => return not_found(&store, format!("{ITEMS} {asked:?}")),
    };
    store.calls.add(ITEMS);
    list(goods.into_iter(), |row, good| {
        let (sku, id, variant, level) = (good.sku(), good.product(), good.variant(), good.level());
        write!(
            row,
            r#"{{"identity":{{"sku":"{sku}","sku_id":null,"variant_id":{variant},"product_id":{id}}},"locations":[
            {{"location_id":1,"location_code":"BC-LOCATION-1","location_name":"Default","available_to_sell":{level},
            "total_inventory_onhand":{level},"location_enabled":true}}]}}"#
        )
    })
}

async fn locations(State(store): State<Store>) -> Response {
    store.calls.add(LOCATIONS);
    list([()].into_iter(), |row, ()| {
        row.write_str(r#"{"id":1,"code":"BC-LOCATION-1","label":"Default","enabled":true,"managed_by_external_source":true}"#)
    })
}

async fn price_lists(State(store): State<Store>) -> Response {
    store.calls.add(PRICE_LISTS);
    list([()].into_iter(), |row, ()| row.write_str(r#"{"id":1,"name":"Distributors","active":true}"#))
}

async fn set_levels(State(store): State<Store>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let fits = |row: &Value| {
        let product = row["product_id"].as_u64().and_then(|id| store.goods.by_product(id));
        let variant = row["variant_id"].as_u64().and_then(|id| store.goods.by_variant(id));
        let level = row["quantity"].as_u64();
        let good = product.filter(|good| good.is_simple()).or(variant.filter(|good| !good.is_simple()));
        good.is_some_and(|good| level == Some(good.level().into()))
    };
    take(&store, LEVELS, body.get("items").unwrap_or(&Value::Null), fits);
    json(r#"{"transaction_id":"0c4a3b4e-5a6d-4a55-9b5a-1f2e3d4c5b6a"}"#.to_owned())
}

async fn update_products(State(store): State<Store>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let fits = |row: &Value| {
        let good = row["id"].as_u64().and_then(|id| store.goods.by_product(id));
        good.is_some_and(|good| good.is_simple() && amount(&row["price"]) == Some(good.price()))
    };
    take(&store, OF_PRODUCTS, &body, fits);
    json(format!(r#"{{"data":{body},"meta":{{}}}}"#))
}

async fn update_variants(State(store): State<Store>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let fits = |row: &Value| {
        let good = row["id"].as_u64().and_then(|id| store.goods.by_variant(id));
        good.is_some_and(|good| !good.is_simple() && amount(&row["price"]) == Some(good.price()))
    };
    take(&store, OF_VARIANTS, &body, fits);
    json(format!(r#"{{"data":{body},"meta":{{}}}}"#))
}

async fn upsert_records(State(store): State<Store>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let fits = |row: &Value| {
        let Some(good) = row["variant_id"].as_u64().and_then(|id| store.goods.by_variant(id)) else {
            return false;
        };
        let tiers = row["bulk_pricing_tiers"].as_array().into_iter().flatten();
        let tiers: Vec<_> =
            tiers.map(|tier| (tier["quantity_min"].as_u64(), amount(&tier["amount"]))).collect();
        amount(&row["price"]) == Some(good.price())
            && tiers == BREAKS.map(|(from, less)| (Some(from.into()), Some(good.price_less(less))))
    };
    take(&store, RECORDS, &body, fits);
    json(r#"{"data":{},"meta":{}}"#.to_owned())
}

/// Counts rows that are as they should be.
fn take(store: &Store, what: &'static str, rows: &Value, fits: impl Fn(&Value) -> bool) {
    let rows = rows.as_array().unwrap();
    for row in rows.iter().filter(|row| !fits(row)) {
        store.calls.add_strange(format!("{what}: {row}"));
    }
    store.calls.add_rows(what, rows.len());
}

/// Written as a number or as a text.
fn amount(value: &Value) -> Option<Decimal> {
    value.to_string().trim_matches('"').parse().ok()
}

fn numbers(list: &str) -> impl Iterator<Item = u64> {
    list.split(',').map(|number| number.parse().unwrap())
}

/// All there is, on one page.
fn list<T>(rows: impl Iterator<Item = T>, one: impl Fn(&mut String, T) -> std::fmt::Result) -> Response {
    let mut body = r#"{"data":["#.to_owned();
    for (at, row) in rows.enumerate() {
        if at > 0 {
            body.push(',');
        }
        one(&mut body, row).unwrap();
    }
    body.push_str(r#"],"meta":{"pagination":{"current_page":1,"total_pages":1}}}"#);
    json(body)
}

fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn strange(State(store): State<Store>, method: Method, uri: Uri) -> Response {
    not_found(&store, format!("BigCommerce: {method} {uri}"))
}

fn not_found(store: &Store, what: String) -> Response {
    store.calls.add_strange(what);
    StatusCode::NOT_FOUND.into_response()
}
