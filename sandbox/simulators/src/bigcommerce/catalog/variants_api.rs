//! `/v3/catalog/variants` and `/v3/catalog/products/{id}/variants`.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    Conflict, Product, Variant, include_only, invalid,
    products_api::{answered, read_json},
    rules::{elements, missing, not_found},
    variant_fields::{self, VariantChange},
    wire,
};
use crate::bigcommerce::{
    answer::{Api, Refused, v3, v3_data, v3_page},
    inventory::Levels,
    query::Query,
    sim::Shared,
    store::Store,
};

/// At most so many variants a batch.
const BATCH: usize = 50;
const SHAPE: [&str; 4] = ["include_fields", "exclude_fields", "page", "limit"];

fn show(store: &Store, product: &Product, variant: &Variant, query: Option<&Query>) -> Value {
    let levels = Levels { inventory: &store.inventory, counts: store.habits.level_counts };
    let mut row = wire::variant(product, variant, &levels);
    if let Some(query) = query {
        include_only(
            &mut row,
            query.list("include_fields").as_deref(),
            query.list("exclude_fields").as_deref(),
        );
    }
    row
}

/// All variants of the store; `sku` is one exact SKU.
pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let known: Vec<&str> = ["id", "sku", "product_id:in"].into_iter().chain(SHAPE).collect();
    let query = Query::parse(Api::V3, raw.as_deref(), &known)?;
    let page = query.page(shared.config.page_clamp)?;
    let (store, _) = shared.settled();
    let catalog = &store.catalog;
    let products = query.numbers("product_id:in")?;
    let of_products = |ids: &Vec<u64>| -> Vec<u64> {
        let known = ids.iter().filter_map(|id| catalog.product(*id));
        known.flat_map(|product| product.variants.iter().map(|variant| variant.id)).collect()
    };
    let mut ids: Vec<u64> = if let Some(id) = query.number("id")? {
        vec![id]
    } else if let Some(sku) = query.get("sku") {
        catalog.by_sku(sku).and_then(|holder| holder.variant).into_iter().collect()
    } else if let Some(products) = &products {
        of_products(products)
    } else {
        catalog.variants().keys().copied().collect()
    };
    let of_product = |id: &u64| {
        products.as_ref().is_none_or(|ids| catalog.variant(*id).is_some_and(|(one, _)| ids.contains(&one.id)))
    };
    // Without a filter all of them are meant, and they are in their sequence already.
    if query.has("id") || query.has("sku") || products.is_some() {
        ids.retain(|id| catalog.variants().contains_key(id) && of_product(id));
        ids.sort_unstable();
        ids.dedup();
    }
    let total = ids.len();
    let shown = page.of(ids).into_iter().filter_map(|id| catalog.variant(id));
    let rows: Vec<Value> =
        shown.map(|(product, variant)| show(&store, product, variant, Some(&query))).collect();
    Ok(v3_page(&rows, total, page.page, page.limit))
}

/// What became of the rows of a batch before anything was saved.
#[derive(Default)]
struct Batch {
    products: BTreeMap<u64, Product>,
    errors: Vec<Value>,
    levels: Vec<(u64, String, Option<u64>, i64)>,
    touched: Vec<(u64, String, Option<u64>)>,
}

impl Batch {
    fn take(&mut self, store: &Store, row: &Value) -> Result<(), Refused> {
        let id = row.get("id").and_then(Value::as_u64);
        let product_id = row.get("product_id").and_then(Value::as_u64);
        let owner = match (id, product_id) {
            (Some(id), _) => store.catalog.variants().get(&id).copied(),
            (None, Some(id)) => Some(id),
            (None, None) => return Err(missing(&json!({"product_id": "Please provide a product_id."}))),
        };
        let owner = owner.and_then(|id| store.catalog.product(id)).ok_or_else(not_found)?;
        let change = if id.is_some() { VariantChange::read(row)? } else { variant_fields::new(row)? };
        let product = self.products.entry(owner.id).or_insert_with(|| owner.clone());
        let sku = write(product, id, &change)?;
        if let Some(level) = change.level() {
            if level < 0 {
                return Err(invalid("inventory_level", "must not be negative"));
            }
            self.levels.push((owner.id, sku.clone(), id, level));
        }
        self.touched.push((owner.id, sku, id));
        Ok(())
    }
}

/// Changes a variant of the product, or adds one; answers its SKU.
fn write(product: &mut Product, id: Option<u64>, change: &VariantChange) -> Result<String, Refused> {
    let Some(id) = id else {
        let mut variant = Variant::default();
        change.apply(&mut variant);
        for value in variant.option_values.iter_mut().filter(|value| value.label.is_empty()) {
            let known = product.variants.iter().flat_map(|variant| &variant.option_values);
            *value = known
                .into_iter()
                .find(|known| known.id == value.id && known.option_id == value.option_id)
                .ok_or_else(|| invalid("option_values", "there is no such option value"))?
                .clone();
        }
        let sku = variant.sku.clone();
        product.variants.push(variant);
        return Ok(sku);
    };
    let variant = product.variants.iter_mut().find(|one| one.id == id).ok_or_else(not_found)?;
    let was_base = variant.is_base();
    change.apply(variant);
    let sku = variant.sku.clone();
    if was_base && let Some(sku) = change.sku() {
        sku.clone_into(&mut product.sku);
    }
    Ok(sku)
}

/// At most fifty variants; all of them are saved or none, and what is wrong is said for each.
pub(crate) async fn update_many(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Response, Refused> {
    let rows = elements(&body, BATCH, "")?;
    let (mut store, now) = shared.settled();
    let mut batch = Batch::default();
    for row in &rows {
        if let Err(refused) = batch.take(&store, row) {
            batch.errors.push(refused.body().clone());
        }
    }
    if batch.errors.is_empty() {
        let products = batch.products.into_values().collect();
        if let Err((_, conflict)) = store.save_products(products, now, &shared.config) {
            batch.errors.push(conflict.refuse().body().clone());
        }
    }
    if !batch.errors.is_empty() {
        return Err(Refused::bare(422, json!({"batch_errors": batch.errors})));
    }
    let find = |store: &Store, product: u64, sku: &str, id: Option<u64>| {
        id.or_else(|| store.catalog.by_sku(sku).filter(|holder| holder.product == product)?.variant)
    };
    for (product, sku, id, level) in batch.levels {
        if let Some(variant) = find(&store, product, &sku, id).filter(|_| !store.habits.stock_part_fails) {
            store.set_level(product, variant, level, now, &shared.config);
        }
    }
    let saved = batch.touched.into_iter().filter_map(|(product, sku, id)| find(&store, product, &sku, id));
    let rows: Vec<Value> = saved
        .filter_map(|id| store.catalog.variant(id))
        .map(|(product, variant)| show(&store, product, variant, None))
        .collect();
    Ok(v3_data(&rows.into()))
}

fn product_of<'a>(store: &'a Store, id: &str) -> Result<&'a Product, Refused> {
    id.parse().ok().and_then(|id| store.catalog.product(id)).ok_or_else(not_found)
}

pub(crate) async fn list_of_product(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::parse(Api::V3, raw.as_deref(), &SHAPE)?;
    let page = query.page(shared.config.page_clamp)?;
    let (store, _) = shared.settled();
    let product = product_of(&store, &id)?;
    let variants: Vec<&Variant> = product.variants.iter().collect();
    let total = variants.len();
    let rows: Vec<Value> =
        page.of(variants).into_iter().map(|one| show(&store, product, one, Some(&query))).collect();
    Ok(v3_page(&rows, total, page.page, page.limit))
}

pub(crate) async fn create(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Refused> {
    let (mut store, now) = shared.settled();
    let mut product = product_of(&store, &id)?.clone();
    let change = variant_fields::new(&read_json(&body)?)?;
    let sku = write(&mut product, None, &change)?;
    let id = store.save_product(product, now, &shared.config).map_err(Conflict::refuse)?;
    let variant = store.catalog.by_sku(&sku).and_then(|holder| holder.variant).ok_or_else(not_found)?;
    finish(&mut store, id, variant, &change, &shared)
}

pub(crate) async fn read_one(
    State(shared): State<Arc<Shared>>,
    Path((_, id, variant)): Path<(String, String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::parse(Api::V3, raw.as_deref(), &SHAPE)?;
    let (store, _) = shared.settled();
    let product = product_of(&store, &id)?;
    let found = variant.parse().ok().and_then(|id| product.variant_of(id)).ok_or_else(not_found)?;
    Ok(v3_data(&show(&store, product, found, Some(&query))))
}

pub(crate) async fn update_one(
    State(shared): State<Arc<Shared>>,
    Path((_, id, variant)): Path<(String, String, String)>,
    body: Bytes,
) -> Result<Response, Refused> {
    let (mut store, now) = shared.settled();
    let mut product = product_of(&store, &id)?.clone();
    let variant: u64 = variant.parse().map_err(|_| not_found())?;
    product.variant_of(variant).ok_or_else(not_found)?;
    let change = VariantChange::read(&read_json(&body)?)?;
    write(&mut product, Some(variant), &change)?;
    let id = store.save_product(product, now, &shared.config).map_err(Conflict::refuse)?;
    finish(&mut store, id, variant, &change, &shared)
}

fn finish(
    store: &mut Store,
    id: u64,
    variant: u64,
    change: &VariantChange,
    shared: &Shared,
) -> Result<Response, Refused> {
    let fails = store.habits.stock_part_fails;
    let stocked = change.level().is_none_or(|level| level >= 0 && !fails);
    if let Some(level) = change.level().filter(|_| stocked) {
        store.set_level(id, variant, level, shared.config.clock.now(), &shared.config);
    }
    let (product, variant) =
        store.catalog.variant(variant).ok_or_else(|| v3(404, "The resource was not found.", &json!({})))?;
    Ok(answered(&show(store, product, variant, None), stocked))
}
