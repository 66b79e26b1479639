//! Which item a row of a request names, and how the inventory refuses (`docs/facts/bigcommerce.md` §6.2).

use serde_json::{Value, json};

use super::{
    item_of,
    stock::{Item, Location},
};
use crate::bigcommerce::{
    Identity, Product, Tracking,
    answer::{Refused, v3},
    catalog::Catalog,
    store::Store,
};

/// At most so many items a request.
const BATCH: usize = 2000;

/// An error as the inventory sends it.
pub(super) fn refuse(status: u16, title: &str, errors: &Value) -> Refused {
    v3(status, title, errors).problem()
}

/// 422 for one field of one row.
pub(super) fn invalid(field: &str, reason: &str) -> Refused {
    refuse(422, "JSON data is missing or invalid", &json!({ field: reason }))
}

/// The rows of a body, which stand under `name`.
pub(super) fn rows(body: &[u8], name: &str) -> Result<Vec<Value>, Refused> {
    let Ok(Value::Object(mut sent)) = serde_json::from_slice(body) else {
        return Err(refuse(400, "Input is invalid.", &json!({})));
    };
    let Some(Value::Array(rows)) = sent.remove(name) else { return Err(invalid(name, "must be an array")) };
    if rows.len() > BATCH {
        let title =
            format!("The request payload is too large. The maximum items allowed in the array is {BATCH}.");
        return Err(refuse(413, &title, &json!({})));
    }
    Ok(rows)
}

/// The item that `row` names, and how it names it.
pub(super) fn find(store: &Store, row: &Value, at: &str) -> Result<(Item, String), Refused> {
    let named: Vec<&str> =
        ["sku", "variant_id", "product_id"].into_iter().filter(|name| row.get(*name).is_some()).collect();
    let [name] = named.as_slice() else {
        return Err(invalid(at, "exactly one of sku, variant_id and product_id must be given"));
    };
    let value = row.get(*name).unwrap_or(&Value::Null);
    let words = format!("{name} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let (product, variant) = look_up(&store.catalog, name, value)
        .ok_or_else(|| refuse(422, &format!("[Item with {words} is not found]"), &json!({})))?;
    let mismatch = |by: &str| {
        let title = format!("[Item with {words} is tracked by {by}, please update stock by {by} id]");
        refuse(422, &title, &json!({}))
    };
    if product.inventory_tracking == Tracking::None {
        return Err(refuse(422, &format!("[Item with {words} is not tracked]"), &json!({})));
    }
    let lenient = store.habits.identity == Identity::Lenient && product.base_variant_id().is_some();
    let item = item_of(product, variant.unwrap_or_default());
    match item {
        Item::Product(_) if *name != "product_id" && !lenient => Err(mismatch("product")),
        Item::Variant(_) if variant.is_none() => Err(mismatch("variant")),
        Item::Product(_) | Item::Variant(_) => Ok((item, words)),
    }
}

fn look_up<'a>(catalog: &'a Catalog, name: &str, value: &Value) -> Option<(&'a Product, Option<u64>)> {
    match name {
        "sku" => {
            let holder = catalog.by_sku(value.as_str()?)?;
            Some((catalog.product(holder.product)?, holder.variant))
        }
        "variant_id" => catalog.variant(value.as_u64()?).map(|(product, one)| (product, Some(one.id))),
        _ => catalog.product(value.as_u64()?).map(|product| (product, None)),
    }
}

/// The location if its stock may be changed.
pub(super) fn open_location(store: &Store, id: u64) -> Result<&Location, Refused> {
    let missing = || refuse(422, &format!("[Location with id {id} is not found]"), &json!({}));
    let location = store.inventory.locations.get(&id).ok_or_else(missing)?;
    let closed = || refuse(422, &format!("[Location with id {id} is disabled]"), &json!({}));
    Some(location).filter(|location| location.enabled).ok_or_else(closed)
}
