//! `GET /v3/inventory/items` and `GET /v3/inventory/locations/{id}/items`: what was applied by now.

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    identity::refuse,
    item_of, sku_id,
    stock::{Location, Shelf},
};
use crate::bigcommerce::{
    Product, Tracking, Variant,
    answer::{Api, Refused, v3_page},
    query::Query,
    sim::Shared,
    store::Store,
};

/// The largest page of the inventory.
pub(super) const MOST: u32 = 1000;
const FILTERS: [&str; 5] = ["sku:in", "variant_id:in", "product_id:in", "page", "limit"];

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let known: Vec<&str> = FILTERS.into_iter().chain(["location_id:in", "location_code:in"]).collect();
    let query = Query::parse(Api::V3, raw.as_deref(), &known)?;
    let page = query.page_up_to(MOST, shared.config.page_clamp)?;
    let (ids, codes) = (query.numbers("location_id:in")?, query.list("location_code:in"));
    let (store, _) = shared.settled();
    let locations: Vec<&Location> = store
        .inventory
        .locations
        .values()
        .filter(|one| ids.as_ref().is_none_or(|ids| ids.contains(&one.id)))
        .filter(|one| codes.as_ref().is_none_or(|codes| codes.contains(&one.code.as_str())))
        .collect();
    let found = find(&store, &query)?;
    let total = found.len();
    let shown = page.of(found).into_iter().filter_map(|id| store.catalog.variant(id));
    let rows: Vec<Value> = shown
        .map(|(product, variant)| {
            let at = |location: &&Location| at_location(&store, product, variant, location);
            json!({
                "identity": identity(product, variant),
                "locations": locations.iter().map(at).collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(v3_page(&rows, total, page.page, page.limit))
}

pub(crate) async fn list_of_location(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::parse(Api::V3, raw.as_deref(), &FILTERS)?;
    let page = query.page_up_to(MOST, shared.config.page_clamp)?;
    let (store, _) = shared.settled();
    let location = id.parse().ok().and_then(|id: u64| store.inventory.locations.get(&id));
    let location = location.ok_or_else(|| refuse(404, "The resource was not found.", &json!({})))?;
    let found = find(&store, &query)?;
    let total = found.len();
    let shown = page.of(found).into_iter().filter_map(|id| store.catalog.variant(id));
    let rows: Vec<Value> = shown
        .map(|(product, variant)| {
            let shelf = shelf(&store, product, variant, location);
            json!({
                "identity": identity(product, variant),
                "available_to_sell": shelf.sellable(),
                "total_inventory_onhand": shelf.on_hand,
                "settings": settings(&shelf),
            })
        })
        .collect();
    Ok(v3_page(&rows, total, page.page, page.limit))
}

/// The variants that the filters mean, in the sequence of their ids. What can be looked up is looked up.
fn find(store: &Store, query: &Query) -> Result<Vec<u64>, Refused> {
    let catalog = &store.catalog;
    let mut found: Option<Vec<u64>> = None;
    let mut narrow = |ids: Vec<u64>| {
        let mut ids = match found.take() {
            None => ids,
            Some(known) => ids.into_iter().filter(|id| known.binary_search(id).is_ok()).collect(),
        };
        ids.sort_unstable();
        ids.dedup();
        found = Some(ids);
    };
    if let Some(skus) = query.list("sku:in") {
        narrow(skus.into_iter().filter_map(|sku| catalog.by_sku(sku)?.variant).collect());
    }
    if let Some(ids) = query.numbers("variant_id:in")? {
        narrow(ids.into_iter().filter(|id| catalog.variants().contains_key(id)).collect());
    }
    if let Some(ids) = query.numbers("product_id:in")? {
        let products = ids.into_iter().filter_map(|id| catalog.product(id));
        narrow(products.flat_map(|product| product.variants.iter().map(|variant| variant.id)).collect());
    }
    let mut ids = found.unwrap_or_else(|| catalog.variants().keys().copied().collect());
    if !store.habits.untracked_listed {
        let tracked = |id: &u64| {
            catalog.variant(*id).is_some_and(|(product, _)| product.inventory_tracking != Tracking::None)
        };
        ids.retain(tracked);
    }
    Ok(ids)
}

fn identity(product: &Product, variant: &Variant) -> Value {
    json!({
        "sku": variant.sku,
        "variant_id": variant.id,
        "product_id": product.id,
        "sku_id": (!variant.is_base()).then(|| sku_id(variant.id)),
    })
}

fn shelf(store: &Store, product: &Product, variant: &Variant, location: &Location) -> Shelf {
    store.inventory.shelf(item_of(product, variant.id), location.id).cloned().unwrap_or_default()
}

fn at_location(store: &Store, product: &Product, variant: &Variant, location: &Location) -> Value {
    let shelf = shelf(store, product, variant, location);
    json!({
        "location_id": location.id,
        "location_code": location.code,
        "location_name": location.label,
        "location_enabled": location.enabled,
        "available_to_sell": shelf.sellable(),
        "total_inventory_onhand": shelf.on_hand,
        "settings": settings(&shelf),
    })
}

fn settings(shelf: &Shelf) -> Value {
    json!({
        "safety_stock": shelf.safety,
        "is_in_stock": shelf.in_stock,
        "warning_level": shelf.warning,
        "bin_picking_number": shelf.bin,
    })
}
