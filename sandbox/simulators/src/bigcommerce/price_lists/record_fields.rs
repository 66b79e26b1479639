//! One price record of a batch: which variant it is about, and what is wrong with it.

use serde_json::{Map, Value, json};

use super::tables::{Key, PriceRecord, Tier, TierKind};
use crate::bigcommerce::{catalog::positive, store::Store};

/// What is wrong with a record, by field.
pub(super) type Errors = Map<String, Value>;

/// Reads a record; what it does not say stays as it was.
pub(super) fn read(store: &Store, list: u64, row: &Value) -> Result<(Key, PriceRecord), Errors> {
    let mut errors = Errors::new();
    let variant = variant(store, row).map_err(|(field, words)| errors.insert(field.to_owned(), words.into()));
    let currency = row.get("currency").and_then(Value::as_str).map(str::to_lowercase);
    let currency =
        currency.filter(|code| code.len() == 3 && code.chars().all(|one| one.is_ascii_lowercase()));
    if currency.is_none() {
        errors.insert("currency".to_owned(), "must be a currency of three letters".into());
    }
    let mut record = PriceRecord::default();
    if let (Ok(variant), Some(currency)) = (&variant, &currency) {
        record = store.price_lists.record(list, *variant, currency).cloned().unwrap_or_default();
    }
    for (field, value) in row.as_object().into_iter().flatten() {
        if let Some(problem) = write(&mut record, field, value) {
            errors.insert(field.clone(), problem.into());
        }
    }
    match (variant, currency) {
        (Ok(variant), Some(currency)) if errors.is_empty() => Ok(((variant, currency), record)),
        _ => Err(errors),
    }
}

/// The variant by its id or SKU; that of a product with options names none.
fn variant(store: &Store, row: &Value) -> Result<u64, (&'static str, &'static str)> {
    if let Some(id) = row.get("variant_id").filter(|id| !id.is_null()) {
        let id = id.as_u64().filter(|id| store.catalog.variants().contains_key(id));
        return id.ok_or(("variant_id", "there is no such variant"));
    }
    let Some(sku) = row.get("sku").and_then(Value::as_str) else {
        return Err(("variant_id", "variant_id or sku must be given"));
    };
    let holder = store.catalog.by_sku(sku).ok_or(("sku", "there is no such sku"))?;
    holder.variant.ok_or(("sku", "is the sku of a product that has variants"))
}

/// Writes one field; answers what is wrong with it.
fn write(record: &mut PriceRecord, field: &str, value: &Value) -> Option<&'static str> {
    let amount = if value.is_null() { Some(None) } else { positive(value).map(Some) };
    let slot = match field {
        "price" => &mut record.price,
        "sale_price" => &mut record.sale_price,
        "retail_price" => &mut record.retail_price,
        "map_price" => &mut record.map_price,
        "bulk_pricing_tiers" => match tiers(value) {
            Some(tiers) => {
                record.bulk_pricing_tiers = tiers;
                return None;
            }
            None => return Some("must be breaks that follow each other"),
        },
        "variant_id" | "sku" | "currency" | "price_list_id" | "product_id" | "calculated_price"
        | "date_created" | "date_modified" => return None,
        _ => return Some("is unknown"),
    };
    match amount {
        Some(amount) => {
            *slot = amount;
            None
        }
        None => Some("must be a number that is not negative"),
    }
}

/// Breaks that do not overlap, the smallest first; only the last may be without an end.
fn tiers(value: &Value) -> Option<Vec<Tier>> {
    let mut tiers: Vec<Tier> = Vec::new();
    for row in value.as_array()? {
        let quantity_max = match row.get("quantity_max") {
            None | Some(Value::Null) => None,
            Some(most) => Some(most.as_u64()?),
        };
        let tier = Tier {
            quantity_min: row.get("quantity_min")?.as_u64().filter(|least| *least > 0)?,
            quantity_max,
            kind: TierKind::of(row.get("type")?.as_str()?)?,
            amount: positive(row.get("amount")?)?,
        };
        let follows =
            tiers.last().is_none_or(|last| last.quantity_max.is_some_and(|most| most < tier.quantity_min));
        let upward = quantity_max.is_none_or(|most| most >= tier.quantity_min);
        if !(follows && upward) {
            return None;
        }
        tiers.push(tier);
    }
    Some(tiers)
}

/// How a batch names a record that was not saved.
pub(super) fn error(list: u64, row: &Value, errors: &Errors) -> Value {
    let mut data = Map::from_iter([("price_list_id".to_owned(), json!(list))]);
    for field in ["variant_id", "sku", "currency"] {
        if let Some(value) = row.get(field) {
            data.insert(field.to_owned(), value.clone());
        }
    }
    json!({"data": data, "field_errors": errors})
}
