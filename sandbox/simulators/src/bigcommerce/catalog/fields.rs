//! The body of a product write: which fields may be written, and as what (`docs/facts/bigcommerce.md` §5.1).

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value, json};

use super::{
    Catalog, Product, Tracking, invalid,
    rules::missing,
    variant_fields::{self, VariantChange},
};
use crate::bigcommerce::answer::{Api, Refused, not_simulated};

/// What the store says itself; sent, it is ignored.
const READ_ONLY: [&str; 7] = [
    "date_created",
    "date_modified",
    "calculated_price",
    "base_variant_id",
    "total_sold",
    "view_count",
    "option_set_id",
];
/// Written as they come, if they are text.
const TEXTS: [&str; 17] = [
    "product_tax_code",
    "warranty",
    "bin_picking_number",
    "layout_file",
    "upc",
    "mpn",
    "gtin",
    "search_keywords",
    "availability_description",
    "page_title",
    "meta_description",
    "preorder_message",
    "price_hidden_label",
    "open_graph_type",
    "open_graph_title",
    "open_graph_description",
    "brand_name",
];
/// Amounts and measures beside those that [`Product`] names.
const NUMBERS: [&str; 7] =
    ["width", "depth", "height", "cost_price", "retail_price", "map_price", "fixed_cost_shipping_price"];
const WHOLE: [&str; 6] = [
    "tax_class_id",
    "brand_id",
    "inventory_warning_level",
    "sort_order",
    "order_quantity_minimum",
    "order_quantity_maximum",
];
const FLAGS: [&str; 5] =
    ["is_free_shipping", "is_featured", "is_condition_shown", "is_preorder_only", "is_price_hidden"];
/// Taken as they come.
const NESTED: [&str; 4] = ["custom_fields", "custom_url", "meta_keywords", "related_products"];
/// What a live store writes and this one does not.
const LACKING: [&str; 4] = ["images", "videos", "bulk_pricing_rules", "preorder_release_date"];

/// A body whose every field was checked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Change {
    fields: Map<String, Value>,
    variants: Vec<VariantChange>,
}

/// To four decimals, as the catalogue keeps amounts; the text is read, never the float.
pub(crate) fn amount(value: &Value) -> Option<Decimal> {
    let Value::Number(number) = value else { return None };
    let text = number.to_string();
    let exact = text.parse().ok().or_else(|| Decimal::from_scientific(&text).ok())?;
    Some(exact.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero))
}

/// As [`amount`], and not below 0.
pub(crate) fn positive(value: &Value) -> Option<Decimal> {
    amount(value).filter(|amount| !amount.is_sign_negative() || amount.is_zero())
}

/// A text that is not longer than so many characters.
pub(crate) fn short(value: &Value, most: usize) -> Option<&str> {
    value.as_str().filter(|text| text.chars().count() <= most)
}

impl Change {
    /// Checks a body; a new product needs some of the fields.
    pub(crate) fn read(sent: &Value, is_new: bool, categories_required: bool) -> Result<Self, Refused> {
        let Value::Object(sent) = sent else { return Err(invalid("body", "must be an object")) };
        if is_new {
            required(sent, categories_required)?;
        }
        let mut change = Self::default();
        for (name, value) in sent {
            let field = name.as_str();
            if READ_ONLY.contains(&field) || field == "id" {
                continue;
            }
            if LACKING.contains(&field) || (field == "variants" && !is_new) {
                return Err(not_simulated(Api::V3, field));
            }
            if field == "variants" {
                change.variants = variants(value)?;
                continue;
            }
            match fits(field, value) {
                None => return Err(invalid(field, "is unknown")),
                Some(false) => return Err(invalid(field, "has the wrong type or value")),
                Some(true) => {}
            }
            change.fields.insert(name.clone(), value.clone());
        }
        Ok(change)
    }

    /// What `inventory_level` was sent.
    pub(crate) fn level(&self) -> Option<i64> {
        self.fields.get("inventory_level").and_then(Value::as_i64)
    }

    /// Writes the fields into the product.
    pub(crate) fn apply(&self, product: &mut Product, catalog: &mut Catalog) {
        for (name, value) in &self.fields {
            let text = || value.as_str().unwrap_or_default().to_owned();
            let money = || amount(value).unwrap_or_default();
            match name.as_str() {
                "name" => text().trim().clone_into(&mut product.name),
                "sku" => product.sku = text(),
                "type" => product.kind = text(),
                "description" => product.description = text(),
                "weight" => product.weight = money(),
                "price" => product.price = money(),
                "sale_price" => product.sale_price = money(),
                "is_visible" => product.is_visible = value.as_bool().unwrap_or(product.is_visible),
                "categories" => product.categories = ids(value).unwrap_or_default(),
                "inventory_tracking" => {
                    product.inventory_tracking = Tracking::of(&text()).unwrap_or_default();
                }
                "inventory_level" => {}
                "brand_name" => {
                    let brand = catalog.brand(&text());
                    product.more.insert("brand_id".to_owned(), brand.into());
                }
                _ if NUMBERS.contains(&name.as_str()) => {
                    product.more.insert(name.clone(), super::number(money()));
                }
                _ => {
                    product.more.insert(name.clone(), value.clone());
                }
            }
        }
        for change in &self.variants {
            let mut variant = super::Variant::default();
            change.apply(&mut variant);
            product.variants.push(variant);
        }
    }
}

/// Whether the value of a field may be written; `None` if there is no such field.
fn fits(field: &str, value: &Value) -> Option<bool> {
    Some(match field {
        "name" => short(value, 250).is_some_and(|name| !name.trim().is_empty()),
        "sku" => short(value, 255).is_some(),
        "type" => value.as_str().is_some_and(|kind| ["physical", "digital"].contains(&kind)),
        "description" => value.is_string(),
        "weight" | "price" | "sale_price" => positive(value).is_some(),
        "is_visible" => value.is_boolean(),
        "categories" => ids(value).is_some_and(|ids| ids.len() <= 1000),
        "inventory_tracking" => value.as_str().and_then(Tracking::of).is_some(),
        "inventory_level" => value.is_i64(),
        "availability" => {
            value.as_str().is_some_and(|word| ["available", "disabled", "preorder"].contains(&word))
        }
        "condition" => value.as_str().is_some_and(|word| ["New", "Used", "Refurbished"].contains(&word)),
        "upc" | "gtin" => short(value, 14).is_some(),
        _ if TEXTS.contains(&field) => short(value, 65_535).is_some(),
        _ if NUMBERS.contains(&field) => positive(value).is_some(),
        _ if WHOLE.contains(&field) => value.is_i64(),
        _ if FLAGS.contains(&field) => value.is_boolean(),
        _ if NESTED.contains(&field) => value.is_array() || value.is_object(),
        _ => return None,
    })
}

fn ids(value: &Value) -> Option<Vec<u64>> {
    value.as_array()?.iter().map(Value::as_u64).collect()
}

fn variants(value: &Value) -> Result<Vec<VariantChange>, Refused> {
    let Value::Array(rows) = value else { return Err(invalid("variants", "must be an array")) };
    rows.iter().map(variant_fields::new).collect()
}

fn required(sent: &Map<String, Value>, categories: bool) -> Result<(), Refused> {
    let fields = ["name", "type", "weight", "price"].into_iter().chain(categories.then_some("categories"));
    let errors: Map<String, Value> = fields
        .filter(|field| sent.get(*field).is_none_or(|value| value.is_null() || *value == json!([])))
        .map(|field| (field.to_owned(), words(field).into()))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(missing(&errors.into())) }
}

fn words(field: &str) -> String {
    let one = if field == "categories" { "category" } else { field };
    format!("Please provide a {one}.")
}
