//! The body of a variant write (`docs/facts/bigcommerce.md` §5.2).

use serde_json::{Map, Value, json};

use super::{
    OptionValue, Variant,
    fields::{positive, short},
    invalid,
    rules::missing,
};
use crate::bigcommerce::answer::Refused;

/// What the store says itself; sent, it is ignored.
const READ_ONLY: [&str; 6] =
    ["id", "product_id", "sku_id", "calculated_price", "calculated_weight", "image_url"];
/// A number, or `null` for the product's own.
const NUMBERS: [&str; 9] = [
    "cost_price",
    "retail_price",
    "map_price",
    "weight",
    "width",
    "height",
    "depth",
    "fixed_cost_shipping_price",
    "inventory_warning_level",
];
const TEXTS: [&str; 5] = ["upc", "mpn", "gtin", "bin_picking_number", "purchasing_disabled_message"];

/// A body whose every field was checked.
#[derive(Debug, Clone, Default)]
pub(crate) struct VariantChange {
    fields: Map<String, Value>,
    values: Option<Vec<OptionValue>>,
}

/// Checks the body of a new variant: it needs a SKU and at least one option value.
pub(crate) fn new(sent: &Value) -> Result<VariantChange, Refused> {
    let mut errors = Map::new();
    for field in ["sku", "option_values"] {
        let value = sent.get(field).unwrap_or(&Value::Null);
        if value.is_null() || *value == json!([]) || *value == json!("") {
            errors.insert(field.to_owned(), format!("Please provide a {field}.").into());
        }
    }
    if errors.is_empty() { VariantChange::read(sent) } else { Err(missing(&errors.into())) }
}

impl VariantChange {
    /// Checks a body.
    pub(crate) fn read(sent: &Value) -> Result<Self, Refused> {
        let Value::Object(sent) = sent else { return Err(invalid("body", "must be an object")) };
        let mut change = Self::default();
        for (name, value) in sent {
            let field = name.as_str();
            if READ_ONLY.contains(&field) {
                continue;
            }
            if field == "option_values" {
                change.values = Some(values(value)?);
                continue;
            }
            let fits = match field {
                "sku" => short(value, 255).is_some_and(|sku| !sku.is_empty()),
                "price" | "sale_price" => value.is_null() || positive(value).is_some(),
                "inventory_level" => value.is_i64(),
                "is_free_shipping" | "purchasing_disabled" => value.is_boolean(),
                _ if NUMBERS.contains(&field) => value.is_null() || positive(value).is_some(),
                _ if TEXTS.contains(&field) => value.is_string(),
                _ => return Err(invalid(field, "is unknown")),
            };
            if !fits {
                return Err(invalid(field, "has the wrong type or value"));
            }
            change.fields.insert(name.clone(), value.clone());
        }
        Ok(change)
    }

    /// What `inventory_level` was sent.
    pub(crate) fn level(&self) -> Option<i64> {
        self.fields.get("inventory_level").and_then(Value::as_i64)
    }

    /// The SKU that was sent.
    pub(crate) fn sku(&self) -> Option<&str> {
        self.fields.get("sku").and_then(Value::as_str)
    }

    /// Writes the fields into the variant.
    pub(crate) fn apply(&self, variant: &mut Variant) {
        for (name, value) in &self.fields {
            match name.as_str() {
                "sku" => value.as_str().unwrap_or_default().clone_into(&mut variant.sku),
                "price" => variant.price = positive(value),
                "sale_price" => variant.sale_price = positive(value),
                "inventory_level" => {}
                _ => {
                    variant.more.insert(name.clone(), value.clone());
                }
            }
        }
        if let Some(values) = &self.values {
            variant.option_values.clone_from(values);
        }
    }
}

/// By id, or by name: the store finds or makes the ids.
fn values(value: &Value) -> Result<Vec<OptionValue>, Refused> {
    let wrong = || invalid("option_values", "each needs option_display_name and label, or id and option_id");
    let of = |row: &Value| {
        let text = |field: &str| row.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = |field: &str| row.get(field).and_then(Value::as_u64).unwrap_or_default();
        let value = OptionValue {
            id: id("id"),
            option_id: id("option_id"),
            option_display_name: text("option_display_name"),
            label: text("label"),
        };
        let by_name = !value.option_display_name.is_empty() && !value.label.is_empty();
        (by_name || (value.id != 0 && value.option_id != 0)).then_some(value)
    };
    value.as_array().ok_or_else(wrong)?.iter().map(|row| of(row).ok_or_else(wrong)).collect()
}
