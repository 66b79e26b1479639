//! Orders and what hangs on them, as v2 writes them (`docs/facts/bigcommerce.md` §3.2, §3.3).

mod lines;
mod row;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Map, Value, json, value::RawValue};

pub(crate) use lines::lines;
use row::Row;

use super::{
    CouponKind, FeesShape,
    amount::text,
    dates,
    status::status_name,
    store::Order,
    totals::{Taxed, Totals},
};

/// Where links point to.
const API: &str = "https://api.bigcommerce.com/stores";

fn link(store_hash: &str, resource: &str) -> Value {
    json!({"url": format!("{API}/{store_hash}/v2{resource}"), "resource": resource})
}

/// The cart that became this order.
pub(crate) fn cart_id(order: &Order) -> String {
    format!("7e48f7ef-2e88-4817-aea4-{:012x}", order.id)
}

/// The order itself.
pub(crate) fn order(order: &Order, store_hash: &str) -> Value {
    let (spec, id) = (&order.spec, order.id);
    let totals = spec.totals();
    let status = status_name(spec.status_id).unwrap_or_default();
    let part = |name: &str| link(store_hash, &format!("/orders/{id}/{name}"));
    Row::of(json!({
        "id": id,
        "customer_id": spec.customer_id,
        "date_created": dates::wire(order.created),
        "date_modified": dates::wire(order.modified),
        "date_shipped": "",
        "status_id": spec.status_id,
        "status": status,
        "custom_status": status,
        "cart_id": cart_id(order),
        "is_tax_inclusive_pricing": false,
        "items_total": totals.items,
        "items_shipped": 0,
        "payment_method": spec.payment_method,
        "payment_provider_id": "",
        "payment_status": spec.payment_status,
        "order_is_digital": spec.is_digital(),
        "shipping_address_count": spec.shipping_addresses().len(),
        "is_deleted": spec.is_deleted,
        "is_email_opt_in": false,
        "channel_id": spec.channel_id,
        "billing_address": spec.billing.wire(),
    }))
    .with(json!({
        "currency_id": 1,
        "currency_code": spec.currency,
        "currency_exchange_rate": "1.0000000000",
        "default_currency_id": 1,
        "default_currency_code": spec.currency,
        "store_default_currency_code": spec.currency,
        "store_default_to_transactional_exchange_rate": "1.0000000000",
        "shipping_cost_tax_class_id": 0,
        "handling_cost_tax_class_id": 0,
        "wrapping_cost_tax_class_id": 0,
        "tax_provider_id": "BasicTaxProvider",
        "customer_locale": "en",
    }))
    .with(json!({
        "ip_address": "203.0.113.7",
        "ip_address_v6": "",
        "geoip_country": "United States",
        "geoip_country_iso2": "US",
        "staff_notes": spec.staff_notes,
        "customer_message": spec.customer_message,
        "ebay_order_id": "0",
        "credit_card_type": null,
        "order_source": "www",
        "external_source": null,
        "external_id": null,
        "external_merchant_id": null,
        "external_order_id": spec.external_order_id,
    }))
    .with(json!({
        "products": part("products"),
        // The link is spelt without the underscore that the route has.
        "shipping_addresses": part("shippingaddresses"),
        "coupons": part("coupons"),
        "consignments": part("consignments"),
        "fees": part("fees"),
    }))
    .taxed("subtotal", totals.subtotal)
    .taxed("shipping_cost", totals.shipping)
    .taxed("handling_cost", totals.handling)
    .taxed("wrapping_cost", totals.wrapping)
    .taxed("total", totals.total)
    .money(&["base_shipping_cost"], totals.shipping.ex)
    .money(&["base_handling_cost"], totals.handling.ex)
    .money(&["base_wrapping_cost"], totals.wrapping.ex)
    .money(&["discount_amount"], totals.discount_amount)
    .money(&["coupon_discount"], totals.coupon_discount)
    .money(&["store_credit_amount"], spec.store_credit)
    .money(&["gift_certificate_amount"], spec.gift_certificate)
    .money(&["refunded_amount"], Decimal::ZERO)
    .overridden(&spec.raw)
}

/// The shipping addresses; the first carries the cost of shipping and handling.
pub(crate) fn shipping_addresses(order: &Order, store_hash: &str) -> Vec<Value> {
    let totals = order.spec.totals();
    let rows = order.spec.shipping_addresses().iter().enumerate();
    rows.map(|(at, address)| {
        let id = order.address_id(at).unwrap_or_default();
        let (shipping, handling) =
            if at == 0 { (totals.shipping, totals.handling) } else { (Taxed::default(), Taxed::default()) };
        let pieces: u32 =
            order.spec.lines.iter().filter(|line| line.address == at).map(|line| line.quantity).sum();
        let quotes = format!("/orders/{}/shippingaddresses/{id}/shippingquotes", order.id);
        Row::of(address.wire())
            .with(json!({
                "id": id,
                "order_id": order.id,
                "items_total": pieces,
                "items_shipped": 0,
                "shipping_method": order.spec.shipping_method,
                "cost_tax_class_id": 0,
                "handling_cost_tax_class_id": 0,
                "shipping_zone_id": 1,
                "shipping_zone_name": address.country,
                "shipping_quotes": link(store_hash, &quotes),
            }))
            .taxed("cost", shipping)
            .taxed("handling_cost", handling)
            .money(&["base_cost"], shipping.ex)
            .money(&["base_handling_cost"], handling.ex)
            .overridden(&Map::new())
    })
    .collect()
}

#[derive(Serialize)]
struct CouponRow<'a> {
    id: u64,
    coupon_id: u64,
    order_id: u64,
    code: Option<&'a str>,
    amount: String,
    r#type: u8,
    discount: Box<RawValue>,
}

/// The coupons; `discount` is a JSON number, written from the decimal's own digits.
pub(crate) fn coupons(order: &Order) -> Vec<String> {
    let discounts = order.spec.totals().coupons;
    let rows = order.spec.coupons.iter().zip(discounts).zip(1_u64..);
    rows.filter_map(|((coupon, discount), nth)| {
        let row = CouponRow {
            id: order.id.saturating_mul(10).saturating_add(nth),
            coupon_id: nth,
            order_id: order.id,
            code: coupon.code.as_deref(),
            amount: text(coupon.amount),
            r#type: match (&coupon.code, coupon.kind) {
                (None, CouponKind::Percentage | CouponKind::Fixed) => 5,
                (Some(_), CouponKind::Percentage) => 1,
                (Some(_), CouponKind::Fixed) => 2,
            },
            discount: RawValue::from_string(discount.to_string()).ok()?,
        };
        serde_json::to_string(&row).ok()
    })
    .collect()
}

/// The fees.
pub(crate) fn fees(order: &Order) -> Vec<Value> {
    let Totals { fees, .. } = order.spec.totals();
    let rows = order.spec.fees.iter().zip(fees).zip(1_u64..);
    rows.map(|((fee, cost), nth)| {
        Row::of(json!({
            "id": order.id.saturating_mul(10).saturating_add(nth),
            "type": "custom_fee",
            "display_name_customer": fee.name,
            "display_name_merchant": fee.name,
            "source": "AA",
            "tax_class_id": null,
        }))
        .money(&["base_cost"], cost.ex)
        .taxed("cost", cost)
        .overridden(&Map::new())
    })
    .collect()
}

/// The body of `GET /orders/{id}/fees` in the configured shape; `None` if there is nothing to show.
pub(crate) fn fees_body(rows: &[Value], shape: FeesShape) -> Option<String> {
    let first = rows.first()?;
    Some(match shape {
        FeesShape::Array => json!(rows).to_string(),
        FeesShape::Wrapped => json!({"fees": rows}).to_string(),
        FeesShape::Object => first.to_string(),
    })
}
