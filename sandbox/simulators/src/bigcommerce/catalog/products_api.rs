//! `/v3/catalog/products` and `/v3/catalog/products/{id}`.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    Conflict, Product,
    fields::Change,
    include_only, invalid,
    listing::{self, FILTERS},
    rules::{elements, missing, not_found, plan_is_full},
    wire,
};
use crate::bigcommerce::{
    answer::{self, Api, Refused, not_simulated, v3, v3_data, v3_page, v3_partly},
    inventory::Levels,
    query::Query,
    sim::Shared,
    store::Store,
};

/// At most so many products a batch.
const BATCH: usize = 10;
const SHAPE: [&str; 3] = ["include", "include_fields", "exclude_fields"];
/// What is said when the product was saved and its stock was not.
pub(super) const STOCK_FAILED: &str = "Inventory could not be updated";

/// What a product is shown with.
struct Shape<'a> {
    include: Vec<&'a str>,
    fields: Option<Vec<&'a str>>,
    without: Option<Vec<&'a str>>,
}

impl<'a> Shape<'a> {
    fn of(query: &'a Query) -> Result<Self, Refused> {
        let include = query.list("include").unwrap_or_default();
        match include.iter().find(|part| !["variants", "channels", "custom_fields"].contains(part)) {
            Some(part) => Err(not_simulated(Api::V3, part)),
            None => Ok(Self {
                include,
                fields: query.list("include_fields"),
                without: query.list("exclude_fields"),
            }),
        }
    }

    fn show(&self, store: &Store, product: &Product) -> Value {
        let levels = Levels { inventory: &store.inventory, counts: store.habits.level_counts };
        let mut row = wire::product(product, &levels);
        include_only(&mut row, self.fields.as_deref(), self.without.as_deref());
        let Value::Object(fields) = &mut row else { return row };
        for part in &self.include {
            let value = match *part {
                "variants" => {
                    product.variants.iter().map(|one| wire::variant(product, one, &levels)).collect()
                }
                "channels" => json!(product.channels),
                _ => product.more.get(*part).cloned().unwrap_or_else(|| json!([])),
            };
            fields.insert((*part).to_owned(), value);
        }
        row
    }
}

fn parse(raw: Option<&str>) -> Result<Query, Refused> {
    Query::parse(Api::V3, raw, &SHAPE)
}

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let known: Vec<&str> =
        FILTERS.into_iter().chain(SHAPE).chain(["page", "limit", "sort", "direction"]).collect();
    let query = Query::parse(Api::V3, raw.as_deref(), &known)?;
    let (shape, page) = (Shape::of(&query)?, query.page(shared.config.page_clamp)?);
    let (store, now) = shared.settled();
    let found = listing::find(&store.catalog, &query, now)?;
    let total = found.len();
    let rows: Vec<Value> = page.of(found).into_iter().map(|one| shape.show(&store, one)).collect();
    Ok(v3_page(&rows, total, page.page, page.limit))
}

pub(crate) async fn read_one(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let query = parse(raw.as_deref())?;
    let shape = Shape::of(&query)?;
    let (store, _) = shared.settled();
    let product = id.parse().ok().and_then(|id| store.catalog.product(id)).ok_or_else(not_found)?;
    Ok(v3_data(&shape.show(&store, product)))
}

/// One product a call, with its variants.
pub(crate) async fn create(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
    body: Bytes,
) -> Result<Response, Refused> {
    let query = parse(raw.as_deref())?;
    let shape = Shape::of(&query)?;
    let sent = read_json(&body)?;
    let (mut store, now) = shared.settled();
    let change = Change::read(&sent, true, store.habits.categories_required)?;
    let count = store.catalog.products().len();
    if store.habits.product_limit.is_some_and(|most| count >= most) {
        return Err(plan_is_full());
    }
    let mut product = Product::default();
    change.apply(&mut product, &mut store.catalog);
    let id = store.save_product(product, now, &shared.config).map_err(Conflict::refuse)?;
    let stocked = set_level(&mut store, id, &change, &shared);
    let product = store.catalog.product(id).ok_or_else(not_found)?;
    Ok(answered(&shape.show(&store, product), stocked))
}

pub(crate) async fn update_one(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
    body: Bytes,
) -> Result<Response, Refused> {
    let query = parse(raw.as_deref())?;
    let shape = Shape::of(&query)?;
    let sent = read_json(&body)?;
    let (mut store, now) = shared.settled();
    let id: u64 = id.parse().map_err(|_| not_found())?;
    let mut product = store.catalog.product(id).ok_or_else(not_found)?.clone();
    let change = Change::read(&sent, false, false)?;
    change.apply(&mut product, &mut store.catalog);
    store.save_product(product, now, &shared.config).map_err(Conflict::refuse)?;
    let stocked = set_level(&mut store, id, &change, &shared);
    let product = store.catalog.product(id).ok_or_else(not_found)?;
    Ok(answered(&shape.show(&store, product), stocked))
}

/// At most ten products; all of them are saved or none.
pub(crate) async fn update_many(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
    body: Bytes,
) -> Result<Response, Refused> {
    let query = parse(raw.as_deref())?;
    let shape = Shape::of(&query)?;
    let rows = elements(&body, BATCH, ".")?;
    let (mut store, now) = shared.settled();
    let (mut products, mut changes) = (Vec::<Product>::new(), Vec::new());
    for row in &rows {
        let Some(id) = row.get("id").and_then(Value::as_u64) else {
            // Without an id it is looked at as a new product, and which one it is is not said.
            Change::read(row, true, store.habits.categories_required)?;
            return Err(missing(&json!({"id": "Please provide an id."})));
        };
        if products.iter().any(|known| known.id == id) {
            return Err(invalid("id", "stands twice in the batch"));
        }
        let mut product = store.catalog.product(id).ok_or_else(not_found)?.clone();
        let change = Change::read(row, false, false)?;
        change.apply(&mut product, &mut store.catalog);
        products.push(product);
        changes.push(change);
    }
    let ids = store.save_products(products, now, &shared.config).map_err(|(_, one)| one.refuse())?;
    let mut stocked = true;
    for (id, change) in ids.iter().zip(&changes) {
        stocked &= set_level(&mut store, *id, change, &shared);
    }
    let saved = ids.iter().filter_map(|id| store.catalog.product(*id));
    let rows: Vec<Value> = saved.map(|one| shape.show(&store, one)).collect();
    Ok(answered(&rows.into(), stocked))
}

/// 204 whether there was one or not.
pub(crate) async fn delete_one(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let (mut store, now) = shared.settled();
    if let Ok(id) = id.parse() {
        store.delete_product(id, now, &shared.config);
    }
    Ok(answer::nothing())
}

pub(super) fn read_json(body: &[u8]) -> Result<Value, Refused> {
    serde_json::from_slice(body).map_err(|_| v3(400, "Input is invalid.", &json!({})))
}

/// Writes the stock that a product was sent with; `false` if that failed and the rest stands.
fn set_level(store: &mut Store, id: u64, change: &Change, shared: &Shared) -> bool {
    let Some(level) = change.level() else { return true };
    if store.habits.stock_part_fails || level < 0 {
        return false;
    }
    store.set_level(id, 0, level, shared.config.clock.now(), &shared.config);
    true
}

pub(super) fn answered(data: &Value, stocked: bool) -> Response {
    if stocked { v3_data(data) } else { v3_partly(data, STOCK_FAILED) }
}
