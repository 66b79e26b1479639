//! Orders and what hangs on them, as v2 writes them (`docs/facts/bigcommerce.md` §3.2, §3.3).

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Map, Value, json, value::RawValue};

use super::{
    CouponKind, FeesShape, NewLine,
    amount::text,
    dates,
    status::status_name,
    store::Order,
    totals::{LineTotals, Taxed, Totals},
};

/// A wire object in the making.
struct Row(Map<String, Value>);

impl Row {
    fn of(fields: Value) -> Self {
        match fields {
            Value::Object(fields) => Self(fields),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Self(Map::new())
            }
        }
    }

    fn with(mut self, more: Value) -> Self {
        self.0.extend(Self::of(more).0);
        self
    }

    /// Sets all of `names` to the same amount.
    fn money(mut self, names: &[&str], amount: Decimal) -> Self {
        self.0.extend(names.iter().map(|name| ((*name).to_owned(), text(amount).into())));
        self
    }

    /// `{stem}_ex_tax`, `{stem}_inc_tax`, `{stem}_tax`.
    fn taxed(self, stem: &str, amount: Taxed) -> Self {
        self.money(&[&format!("{stem}_ex_tax")], amount.ex)
            .money(&[&format!("{stem}_inc_tax")], amount.inc)
            .money(&[&format!("{stem}_tax")], amount.tax)
    }

    fn overridden(mut self, raw: &Map<String, Value>) -> Value {
        self.0.extend(raw.clone());
        Value::Object(self.0)
    }
}

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
    let address = order.address_id(line.address).filter(|_| line.kind == super::Kind::Physical);
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
        "quantity_refunded": 0,
        "is_refunded": false,
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
        row = row.with(json!({"variant_id": product_id.saturating_sub(25)}));
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
