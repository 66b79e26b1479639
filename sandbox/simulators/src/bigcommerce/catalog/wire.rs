//! Products and variants on the wire.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::{Product, Variant};
use crate::bigcommerce::{
    dates::iso,
    inventory::{Levels, sku_id},
};

/// A JSON number with the decimal's own digits.
pub(crate) fn number(amount: Decimal) -> Value {
    amount.normalize().to_string().parse::<serde_json::Number>().map_or(Value::Null, Value::Number)
}

/// The number, or `null`.
pub(crate) fn money(amount: Option<Decimal>) -> Value {
    amount.map_or(Value::Null, number)
}

/// Leaves only the fields that were asked for, and `id`, which is always there.
pub(crate) fn include_only(row: &mut Value, include: Option<&[&str]>, exclude: Option<&[&str]>) {
    let Value::Object(fields) = row else { return };
    fields.retain(|name, _| {
        let name = name.as_str();
        name == "id"
            || (include.is_none_or(|wanted| wanted.contains(&name))
                && exclude.is_none_or(|unwanted| !unwanted.contains(&name)))
    });
}

/// A product without its sub-resources.
pub(crate) fn product(product: &Product, levels: &Levels<'_>) -> Value {
    let on_sale = !product.sale_price.is_zero() && product.sale_price < product.price;
    let calculated = if on_sale { product.sale_price } else { product.price };
    let head = json!({
        "id": product.id,
        "name": product.name,
        "type": product.kind,
        "sku": product.sku,
        "description": product.description,
        "weight": number(product.weight),
        "width": 0, "depth": 0, "height": 0,
        "price": number(product.price),
        "cost_price": 0, "retail_price": 0,
        "sale_price": number(product.sale_price),
        "map_price": 0,
        "tax_class_id": 0, "product_tax_code": "",
        "calculated_price": number(calculated),
        "categories": product.categories,
        "brand_id": 0,
        "option_set_id": null, "option_set_display": "right",
        "inventory_level": levels.of_product(product),
        "inventory_warning_level": 0,
        "inventory_tracking": product.inventory_tracking.wire(),
        "reviews_rating_sum": 0, "reviews_count": 0, "total_sold": 0,
        "fixed_cost_shipping_price": 0, "is_free_shipping": false,
        "is_visible": product.is_visible,
    });
    let mut row = merged(head, tail(product));
    if let Value::Object(fields) = &mut row {
        // Both are read-only or sub-resources: the first is never returned, the second only if it is asked for.
        let shown = product.more.iter().filter(|(name, _)| name.as_str() != "custom_fields");
        fields.extend(shown.map(|(name, value)| (name.clone(), value.clone())));
    }
    row
}

fn tail(product: &Product) -> Value {
    json!({
        "is_featured": false,
        "related_products": [-1],
        "warranty": "", "bin_picking_number": "", "layout_file": "product.html",
        "upc": "", "mpn": "", "gtin": "", "search_keywords": "",
        "availability": "available", "availability_description": "",
        "gift_wrapping_options_type": "any", "gift_wrapping_options_list": [],
        "sort_order": 0, "condition": "New", "is_condition_shown": false,
        "order_quantity_minimum": 0, "order_quantity_maximum": 0,
        "page_title": "", "meta_keywords": [], "meta_description": "",
        "date_created": iso(product.created),
        "date_modified": iso(product.modified),
        "view_count": 0,
        "preorder_release_date": null, "preorder_message": "", "is_preorder_only": false,
        "is_price_hidden": false, "price_hidden_label": "",
        "custom_url": {"url": format!("/product-{}/", product.id), "is_customized": false},
        "base_variant_id": product.base_variant_id(),
        "open_graph_type": "product", "open_graph_title": "", "open_graph_description": "",
        "open_graph_use_meta_description": true, "open_graph_use_product_name": true,
        "open_graph_use_image": true,
    })
}

fn merged(head: Value, tail: Value) -> Value {
    match (head, tail) {
        (Value::Object(mut head), Value::Object(tail)) => {
            head.extend(tail);
            Value::Object(head)
        }
        (head, _) => head,
    }
}

/// A variant.
pub(crate) fn variant(product: &Product, variant: &Variant, levels: &Levels<'_>) -> Value {
    let price = variant.price.unwrap_or(product.price);
    let own_sale = variant.sale_price.filter(|sale| !sale.is_zero());
    let sale = own_sale.or_else(|| Some(product.sale_price).filter(|sale| !sale.is_zero()));
    let calculated = sale.filter(|sale| *sale < price).unwrap_or(price);
    let sku_id = (!variant.is_base()).then(|| sku_id(variant.id));
    let level = levels.of_variant(product, variant);
    let values: Vec<Value> = variant
        .option_values
        .iter()
        .map(|value| {
            json!({
                "id": value.id, "label": value.label, "option_id": value.option_id,
                "option_display_name": value.option_display_name,
            })
        })
        .collect();
    let mut row = Map::new();
    if let Value::Object(fields) = json!({
        "id": variant.id,
        "product_id": product.id,
        "sku": variant.sku,
        "sku_id": sku_id,
        "price": money(variant.price),
        "calculated_price": number(calculated),
        "sale_price": money(variant.sale_price),
        "retail_price": null, "map_price": null,
        "weight": null,
        "calculated_weight": number(product.weight),
        "width": null, "height": null, "depth": null,
        "is_free_shipping": false, "fixed_cost_shipping_price": null,
        "purchasing_disabled": false, "purchasing_disabled_message": "",
        "image_url": "",
        "cost_price": 0,
        "upc": "", "mpn": "", "gtin": "",
        "inventory_level": level,
        "inventory_warning_level": 0,
        "bin_picking_number": "",
        "option_values": values,
    }) {
        row.extend(fields);
    }
    row.extend(variant.more.iter().map(|(name, value)| (name.clone(), value.clone())));
    Value::Object(row)
}
