//! The body of `PUT /v2/orders/{id}`: which fields may be written, and as what.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::{
    NewOrder,
    amount::text,
    answer::{Api, Refused, not_simulated, v2, v2_invalid},
    status::status_name,
};

/// Writable amounts; they override what was computed.
const MONEY: [&str; 14] = [
    "discount_amount",
    "base_handling_cost",
    "base_shipping_cost",
    "base_wrapping_cost",
    "handling_cost_ex_tax",
    "handling_cost_inc_tax",
    "shipping_cost_ex_tax",
    "shipping_cost_inc_tax",
    "wrapping_cost_ex_tax",
    "wrapping_cost_inc_tax",
    "subtotal_ex_tax",
    "subtotal_inc_tax",
    "total_ex_tax",
    "total_inc_tax",
];
/// Writable strings that are only kept.
const TEXTS: [&str; 9] = [
    "external_source",
    "payment_method",
    "payment_provider_id",
    "geoip_country",
    "geoip_country_iso2",
    "ip_address",
    "ip_address_v6",
    "customer_locale",
    "ebay_order_id",
];
/// Writable, but this store does not recompute an order from them.
const MISSING: [&str; 5] = ["products", "shipping_addresses", "consignments", "fees", "date_created"];

/// Staff notes and messages end here.
const LONGEST_TEXT: usize = 65_535;

/// A body that was checked whole, so that nothing is applied of a bad one.
#[derive(Debug)]
pub(crate) struct Change {
    fields: Map<String, Value>,
}

/// Checks the fields of `body` (`docs/facts/bigcommerce.md` §3.5).
pub(crate) fn check(body: &[u8]) -> Result<Change, Refused> {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else {
        return Err(v2(400, "The request body could not be parsed."));
    };
    for (name, value) in &mut fields {
        let field = name.as_str();
        if MISSING.contains(&field) {
            return Err(not_simulated(Api::V2, field));
        }
        if MONEY.contains(&field) {
            *value = money(value).ok_or_else(|| v2_invalid(field, "must be an amount"))?.into();
            continue;
        }
        let text = value.as_str();
        let fits = match field {
            "status_id" => status(value).is_some(),
            "customer_id" | "channel_id" | "items_shipped" | "items_total" => value.is_u64(),
            "order_is_digital" | "is_deleted" => value.is_boolean(),
            "billing_address" => value.is_object(),
            "external_order_id" => text.is_some(),
            "staff_notes" | "customer_message" => text.is_some_and(|text| text.len() <= LONGEST_TEXT),
            _ if TEXTS.contains(&field) => text.is_some(),
            _ => return Err(v2_invalid(field, "is unknown or read-only")),
        };
        if !fits {
            return Err(v2_invalid(field, "has the wrong type or value"));
        }
    }
    pairs(&fields)?;
    Ok(Change { fields })
}

/// Of a pair with and without tax both must be sent.
fn pairs(fields: &Map<String, Value>) -> Result<(), Refused> {
    for stem in ["handling_cost", "shipping_cost", "wrapping_cost", "subtotal", "total"] {
        let (ex, inc) = (format!("{stem}_ex_tax"), format!("{stem}_inc_tax"));
        if fields.contains_key(&ex) != fields.contains_key(&inc) {
            return Err(v2_invalid(&ex, "must be sent together with its counterpart"));
        }
    }
    Ok(())
}

fn status(value: &Value) -> Option<u8> {
    value.as_u64().and_then(|id| u8::try_from(id).ok()).filter(|id| status_name(*id).is_some())
}

/// String, float and integer are all accepted; the text is read, never the float.
fn money(value: &Value) -> Option<String> {
    let amount: Decimal = match value {
        Value::String(text) => text.parse().ok()?,
        Value::Number(number) => number.to_string().parse().ok()?,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(text(amount))
}

impl Change {
    /// Writes the fields into the order.
    pub(crate) fn apply(self, order: &mut NewOrder) {
        for (name, value) in self.fields {
            let text = || value.as_str().unwrap_or_default().to_owned();
            match name.as_str() {
                "status_id" => order.status_id = status(&value).unwrap_or(order.status_id),
                "customer_id" => order.customer_id = value.as_u64().unwrap_or(order.customer_id),
                "channel_id" => order.channel_id = value.as_u64().unwrap_or(order.channel_id),
                "is_deleted" => order.is_deleted = value.as_bool().unwrap_or(order.is_deleted),
                "external_order_id" => order.external_order_id = text(),
                "staff_notes" => order.staff_notes = text(),
                "customer_message" => order.customer_message = text(),
                "payment_method" => order.payment_method = text(),
                "billing_address" => merge_address(order, &value),
                _ => {
                    order.raw.insert(name, value);
                }
            }
        }
    }

    /// Whether the order would look different afterwards is not asked: every write bumps `date_modified`.
    pub(crate) fn address_problem(&self, order: &NewOrder) -> Option<Refused> {
        let sent = self.fields.get("billing_address")?;
        let known = serde_json::to_value(&order.billing).ok()?;
        let wrong = sent.as_object()?.iter().find(|(name, value)| {
            name.as_str() != "form_fields" && (known.get(name.as_str()).is_none() || !value.is_string())
        });
        wrong.map(|(name, _)| v2_invalid(&format!("billing_address.{name}"), "is unknown or no text"))
    }
}

fn merge_address(order: &mut NewOrder, sent: &Value) {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(&order.billing) else { return };
    let sent = sent.as_object().into_iter().flatten().filter(|(name, _)| name.as_str() != "form_fields");
    fields.extend(sent.map(|(name, value)| (name.clone(), value.clone())));
    if let Ok(address) = serde_json::from_value(Value::Object(fields)) {
        order.billing = address;
    }
}
