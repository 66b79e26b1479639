//! `GET /v3/pricelists/{id}/records`.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{
    PriceRecord,
    lists_api::{find, number},
    paging::{self, PAGING},
};
use crate::bigcommerce::{
    answer::{Api, Refused, not_simulated},
    catalog::{money, number as amount},
    dates::{self, iso_z},
    query::Query,
    sim::Shared,
    store::Store,
};

const FILTERS: [&str; 11] = [
    "variant_id:in",
    "product_id:in",
    "sku",
    "sku:in",
    "currency",
    "currency:in",
    "price",
    "price:min",
    "price:max",
    "date_modified:min",
    "date_modified:max",
];

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let known: Vec<&str> = FILTERS.into_iter().chain(PAGING).chain(["include"]).collect();
    let query = Query::parse(Api::V3, raw.as_deref(), &known)?;
    let include = query.list("include").unwrap_or_default();
    if let Some(part) = include.iter().find(|part| !["sku", "bulk_pricing_tiers"].contains(part)) {
        return Err(not_simulated(Api::V3, part));
    }
    let price = |name: &str| query.parsed(name, |text| text.parse::<Decimal>().ok());
    let (least, most, exactly) = (price("price:min")?, price("price:max")?, price("price")?);
    let date = |name: &str| query.parsed(name, dates::filter);
    let (from, to) = (date("date_modified:min")?, date("date_modified:max")?);
    let codes = query.list("currency:in").or_else(|| query.get("currency").map(|code| vec![code]));
    let codes: Option<Vec<String>> = codes.map(|codes| codes.into_iter().map(str::to_lowercase).collect());
    let (store, _) = shared.settled();
    let list = find(&store, number(&id)?)?.id;
    let variants = variants(&store, &query)?;
    let rows: Vec<_> = store
        .price_lists
        .records(list)
        .filter(|(key, _)| variants.as_ref().is_none_or(|ids| ids.contains(&key.0)))
        .filter(|(key, _)| codes.as_ref().is_none_or(|codes| codes.contains(&key.1)))
        .filter(|(_, one)| least.is_none_or(|least| one.price.is_some_and(|price| price >= least)))
        .filter(|(_, one)| most.is_none_or(|most| one.price.is_some_and(|price| price <= most)))
        .filter(|(_, one)| exactly.is_none_or(|exactly| one.price == Some(exactly)))
        .filter(|(_, one)| from.is_none_or(|from| one.modified >= from))
        .filter(|(_, one)| to.is_none_or(|to| one.modified <= to))
        .map(|(key, record)| ((key.0, key.1.as_str()), record))
        .collect();
    paging::answer(&query, shared.config.page_clamp, &rows, |(variant, currency), record| {
        let mut row = show(&store, list, variant, currency, record);
        if let (true, Value::Object(fields)) = (include.contains(&"sku"), &mut row) {
            let sku = store.catalog.variant(variant).map(|(_, variant)| variant.sku.clone());
            fields.insert("sku".to_owned(), sku.into());
        }
        row
    })
}

/// The variants that the filters mean; `None` is all of them.
fn variants(store: &Store, query: &Query) -> Result<Option<BTreeSet<u64>>, Refused> {
    let mut sets: Vec<BTreeSet<u64>> = Vec::new();
    if let Some(ids) = query.numbers("variant_id:in")? {
        sets.push(ids.into_iter().collect());
    }
    if let Some(ids) = query.numbers("product_id:in")? {
        let products = ids.into_iter().filter_map(|id| store.catalog.product(id));
        sets.push(products.flat_map(|one| one.variants.iter().map(|variant| variant.id)).collect());
    }
    if let Some(skus) = query.get("sku").map(|sku| vec![sku]).or_else(|| query.list("sku:in")) {
        sets.push(skus.into_iter().filter_map(|sku| store.catalog.by_sku(sku)?.variant).collect());
    }
    Ok(sets.into_iter().reduce(|a, b| a.intersection(&b).copied().collect()))
}

fn show(store: &Store, list: u64, variant: u64, currency: &str, record: &PriceRecord) -> Value {
    let tiers: Vec<Value> = record
        .bulk_pricing_tiers
        .iter()
        .map(|tier| {
            json!({
                "quantity_min": tier.quantity_min, "quantity_max": tier.quantity_max,
                "type": tier.kind.wire(), "amount": amount(tier.amount),
            })
        })
        .collect();
    let sale = record.sale_price.filter(|sale| record.price.is_none_or(|price| *sale < price));
    json!({
        "price_list_id": list,
        "variant_id": variant,
        "product_id": store.catalog.variants().get(&variant),
        "currency": currency,
        "price": money(record.price),
        "sale_price": money(record.sale_price),
        "retail_price": money(record.retail_price),
        "map_price": money(record.map_price),
        "calculated_price": money(sale.or(record.price)),
        "date_created": iso_z(record.created),
        "date_modified": iso_z(record.modified),
        "bulk_pricing_tiers": tiers,
    })
}
