//! `GET /v3/catalog/trees/categories`: which categories there are (`docs/facts/bigcommerce.md` §5.3).

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use serde_json::{Value, json};

use super::tables::Category;
use crate::bigcommerce::{
    answer::{Api, Refused, v3_page},
    query::Query,
    sim::Shared,
};

const KNOWN: [&str; 6] = ["category_id:in", "tree_id:in", "parent_id:in", "name", "page", "limit"];

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::parse(Api::V3, raw.as_deref(), &KNOWN)?;
    let page = query.page(shared.config.page_clamp)?;
    let (ids, parents) = (query.numbers("category_id:in")?, query.numbers("parent_id:in")?);
    let trees = query.numbers("tree_id:in")?;
    let (store, _) = shared.settled();
    let found: Vec<&Category> = store
        .catalog
        .categories
        .values()
        .filter(|one| ids.as_ref().is_none_or(|ids| ids.contains(&one.id)))
        .filter(|one| parents.as_ref().is_none_or(|ids| ids.contains(&one.parent)))
        .filter(|_| trees.as_ref().is_none_or(|ids| ids.contains(&1)))
        .filter(|one| query.get("name").is_none_or(|name| one.name == name))
        .collect();
    let total = found.len();
    let rows: Vec<Value> = page.of(found).into_iter().map(show).collect();
    Ok(v3_page(&rows, total, page.page, page.limit))
}

fn show(category: &Category) -> Value {
    json!({
        "category_id": category.id,
        "category_uuid": format!("{:08x}-0000-4000-8000-000000000000", category.id),
        "parent_id": category.parent, "tree_id": 1, "name": category.name, "description": "",
        "views": 0, "sort_order": 0, "page_title": "", "meta_keywords": [], "meta_description": "",
        "layout_file": "category.html", "image_url": "", "is_visible": true, "search_keywords": "",
        "default_product_sort": "use_store_settings",
        "url": {"path": format!("/category-{}/", category.id), "is_customized": false},
    })
}
