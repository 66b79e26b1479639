//! Which products a query means, found by key where it names one.

use std::ops::Bound;

use super::{Catalog, Product};
use crate::bigcommerce::{answer::Refused, dates, query::Query};
use jiff::Timestamp;

/// The filters that are acted upon; any other is refused.
pub(super) const FILTERS: [&str; 17] = [
    "id",
    "id:in",
    "id:not_in",
    "id:min",
    "id:max",
    "id:greater",
    "id:less",
    "sku",
    "sku:in",
    "name",
    "date_modified",
    "date_modified:min",
    "date_modified:max",
    "is_visible",
    "categories",
    "categories:in",
    "channel_id:in",
];

/// The products that pass all filters, sorted as asked.
pub(super) fn find<'a>(
    catalog: &'a Catalog,
    query: &Query,
    now: Timestamp,
) -> Result<Vec<&'a Product>, Refused> {
    let number = |name: &str| query.number(name);
    let date = |name: &str| query.parsed(name, |text| dates::catalog_filter(text, now));
    let (from, to) = (date("date_modified:min")?, date("date_modified:max")?);
    let exactly = date("date_modified")?;
    let visible = query.parsed("is_visible", flag)?;
    let (unwanted, channels) = (query.numbers("id:not_in")?, query.numbers("channel_id:in")?);
    let mut categories = query.numbers("categories:in")?;
    if let Some(one) = number("categories")? {
        categories = Some(vec![one]);
    }
    let (min, max) = (number("id:min")?, number("id:max")?);
    let (greater, less) = (number("id:greater")?, number("id:less")?);
    let mut found: Vec<&Product> = candidates(catalog, query)?
        .into_iter()
        .filter(|one| min.is_none_or(|min| one.id >= min) && max.is_none_or(|max| one.id <= max))
        .filter(|one| greater.is_none_or(|id| one.id > id) && less.is_none_or(|id| one.id < id))
        .filter(|one| from.is_none_or(|from| one.modified >= from) && to.is_none_or(|to| one.modified <= to))
        .filter(|one| exactly.is_none_or(|at| one.modified == at))
        .filter(|one| visible.is_none_or(|wanted| one.is_visible == wanted))
        .filter(|one| unwanted.as_ref().is_none_or(|ids| !ids.contains(&one.id)))
        .filter(|one| categories.as_ref().is_none_or(|ids| ids.iter().any(|id| one.categories.contains(id))))
        .filter(|one| channels.as_ref().is_none_or(|ids| ids.iter().any(|id| one.channels.contains(id))))
        .collect();
    sort(&mut found, query)?;
    Ok(found)
}

/// `true` and `1` are both documented for flags.
fn flag(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// What can be looked up is looked up; otherwise the products from the lowest id asked for on.
fn candidates<'a>(catalog: &'a Catalog, query: &Query) -> Result<Vec<&'a Product>, Refused> {
    let mut ids = query.numbers("id:in")?;
    if let Some(one) = query.number("id")? {
        ids = Some(vec![one]);
    }
    if let Some(skus) = query.get("sku").map(|sku| vec![sku]).or_else(|| query.list("sku:in")) {
        // The product's own SKU only: a variant's finds nothing.
        let own = |sku: &str| {
            let product = catalog.product(catalog.by_sku(sku)?.product)?;
            (product.sku.to_lowercase() == sku.to_lowercase()).then_some(product.id)
        };
        meet(&mut ids, skus.into_iter().filter_map(own).collect());
    }
    if let Some(name) = query.get("name") {
        meet(&mut ids, catalog.by_name(name).into_iter().collect());
    }
    if let Some(mut ids) = ids {
        ids.sort_unstable();
        ids.dedup();
        return Ok(ids.into_iter().filter_map(|id| catalog.product(id)).collect());
    }
    let from = match (query.number("id:greater")?, query.number("id:min")?) {
        (Some(greater), _) => Bound::Excluded(greater),
        (None, Some(min)) => Bound::Included(min),
        (None, None) => Bound::Unbounded,
    };
    Ok(catalog.products().range((from, Bound::Unbounded)).map(|(_, product)| product).collect())
}

fn meet(ids: &mut Option<Vec<u64>>, others: Vec<u64>) {
    *ids = Some(match ids.take() {
        None => others,
        Some(ids) => ids.into_iter().filter(|id| others.contains(id)).collect(),
    });
}

fn sort(found: &mut [&Product], query: &Query) -> Result<(), Refused> {
    match query.get("sort").unwrap_or("id") {
        "id" => {}
        "name" => found.sort_by(|a, b| a.name.cmp(&b.name)),
        "sku" => found.sort_by(|a, b| a.sku.cmp(&b.sku)),
        "price" => found.sort_by_key(|one| one.price),
        "date_modified" => found.sort_by_key(|one| one.modified),
        _ => return Err(query.invalid("sort", "unknown field")),
    }
    match query.get("direction").unwrap_or("asc") {
        "asc" => {}
        "desc" => found.reverse(),
        _ => return Err(query.invalid("direction", "unknown direction")),
    }
    Ok(())
}
