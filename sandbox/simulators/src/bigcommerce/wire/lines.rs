//! The lines of an order.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::row::Row;
use crate::bigcommerce::{
    CouponKind, Kind, NewLine,
    store::Order,
    totals::{LineTotals, Taxed},
};

/// The lines, in the order they were added.
pub(crate) fn lines(order: &Order) -> Vec<Value> {
    let totals = order.spec.totals();
    let rows = order.spec.lines.iter().zip(&totals.lines).enumerate();
    rows.map(|(at, (line, sums))| {
        let wrapping = if at == 0 { totals.wrapping } else { Taxed::default() };
        line_row(order, line, sums, wrapping)
    })
    .collect()
}

fn line_row(order: &Order, line: &NewLine, sums: &LineTotals, wrapping: Taxed) -> Value {
    let wrapped = !wrapping.ex.is_zero();
    let id = line.id.unwrap_or_default();
    let address = order.address_id(line.address).filter(|_| line.kind == Kind::Physical);
    let product_id = line.product_id.unwrap_or_default();
    let mut row = Row::of(json!({
        "id": id,
        "order_id": order.id,
        "product_id": product_id,
        "order_pickup_method_id": 0,
        "order_address_id": address.unwrap_or_default(),
        "name": line.name,
        "name_customer": line.name,
        "name_merchant": line.name,
        "sku": line.sku,
        "upc": "",
        "type": line.kind.wire(),
        "weight": "0.0200", "width": "0", "height": "0", "depth": "0",
        "quantity": line.quantity,
        "quantity_shipped": 0,
        "quantity_refunded": line.refunded,
        "is_refunded": line.refunded > 0 && line.refunded >= line.quantity,
        "return_id": 0,
        "brand": "",
        "bin_picking_number": "",
        "gift_certificate_id": null,
    }))
    .with(json!({
        "wrapping_id": u8::from(wrapped),
        "wrapping_name": wrapped.then_some("Gift wrap"),
        "wrapping_message": "",
        "option_set_id": null,
        "parent_order_product_id": null,
        "is_bundled_product": false,
        "event_name": null,
        "event_date": null,
        "external_id": null,
        "ebay_item_id": "",
        "ebay_transaction_id": "",
        "applied_discounts": applied(order, sums),
        "product_options": options(line, id),
        "configurable_fields": [],
    }));
    if product_id != 0 {
        // One base variant a product; a custom item has none.
        row = row.with(json!({"variant_id": line.variant_id.unwrap_or(product_id.saturating_sub(25))}));
    }
    row.taxed("price", sums.price)
        .taxed("total", sums.total)
        .taxed("cost_price", Taxed::default())
        .taxed("wrapping_cost", wrapping)
        .money(&["base_price"], sums.price.ex)
        .money(&["base_total"], sums.total.ex)
        .money(&["base_wrapping_cost"], wrapping.ex)
        .money(&["base_cost_price", "fixed_shipping_cost", "refund_amount"], Decimal::ZERO)
        .money(&["discounted_total_inc_tax"], sums.discounted.inc)
        .overridden(&line.raw)
}

fn applied(order: &Order, sums: &LineTotals) -> Vec<Value> {
    let coupons = order.spec.coupons.iter().zip(&sums.by_coupon).map(|(coupon, share)| {
        let (name, target) = match coupon.kind {
            CouponKind::Percentage => (format!("{}% off", coupon.amount.normalize()), "product"),
            CouponKind::Fixed => (format!("${} off", coupon.amount.normalize()), "order"),
        };
        (json!({"id": "coupon", "name": name, "code": coupon.code, "target": target}), *share)
    });
    let by_hand =
        json!({"id": "manual-discount", "name": "Manual Discount", "code": null, "target": "order"});
    coupons
        .chain([(by_hand, sums.by_hand)])
        .filter(|(_, share)| !share.is_zero())
        .map(|(row, share)| Row::of(row).money(&["amount"], share).overridden(&Map::new()))
        .collect()
}

fn options(line: &NewLine, line_id: u64) -> Vec<Value> {
    let rows = line.options.iter().enumerate();
    rows.map(|(at, (name, value))| {
        json!({
            "id": line_id.saturating_mul(10).saturating_add(u64::try_from(at).unwrap_or_default()),
            "option_id": at + 1, "order_product_id": line_id, "product_option_id": at + 1,
            "display_name": name, "display_name_customer": name, "display_name_merchant": name,
            "display_value": value, "display_value_customer": value, "display_value_merchant": value,
            "value": value, "type": "Multiple choice", "name": name, "display_style": "Rectangle",
        })
    })
    .collect()
}
