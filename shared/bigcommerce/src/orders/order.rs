//! The order itself, `docs/facts/bigcommerce.md` §3.2.

use std::fmt;

use connector_domain::{CurrencyCode, Money, OrderId, ShopperId, Timestamp};
use serde::{Deserialize, Deserializer};

use super::{Address, OrderStatus};
use crate::wire::{date, lenient};

/// An order as the shop holds it now. All amounts are in [`Order::currency`].
///
/// `Debug` shows neither the address nor what the shopper wrote.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Order {
    /// The shop's number.
    pub id: OrderId,
    /// Who ordered; `None` is a guest, known by the e-mail of the billing address only.
    #[serde(rename = "customer_id", default, deserialize_with = "shopper")]
    pub customer: Option<ShopperId>,
    /// Where it stands.
    #[serde(rename = "status_id")]
    pub status: OrderStatus,
    /// When it was placed.
    #[serde(deserialize_with = "date::required")]
    pub date_created: Timestamp,
    /// When anything of it last changed, our own write-back included.
    #[serde(deserialize_with = "date::required")]
    pub date_modified: Timestamp,
    /// Lines before order-wide discounts, without tax.
    pub subtotal_ex_tax: Money,
    /// The same with tax.
    pub subtotal_inc_tax: Money,
    /// Shipping without tax.
    pub shipping_cost_ex_tax: Money,
    /// Shipping with tax.
    #[serde(default, deserialize_with = "lenient::money")]
    pub shipping_cost_inc_tax: Money,
    /// Handling without tax.
    #[serde(default, deserialize_with = "lenient::money")]
    pub handling_cost_ex_tax: Money,
    /// Handling with tax.
    #[serde(default, deserialize_with = "lenient::money")]
    pub handling_cost_inc_tax: Money,
    /// Gift wrapping without tax.
    #[serde(default, deserialize_with = "lenient::money")]
    pub wrapping_cost_ex_tax: Money,
    /// Gift wrapping with tax.
    #[serde(default, deserialize_with = "lenient::money")]
    pub wrapping_cost_inc_tax: Money,
    /// The whole without tax.
    pub total_ex_tax: Money,
    /// The whole with tax.
    pub total_inc_tax: Money,
    /// The tax in the whole.
    pub total_tax: Money,
    /// Order-wide discount.
    #[serde(default, deserialize_with = "lenient::money")]
    pub discount_amount: Money,
    /// What coupons took off.
    #[serde(default, deserialize_with = "lenient::money")]
    pub coupon_discount: Money,
    /// Paid with gift certificates: a tender, not a discount.
    #[serde(default, deserialize_with = "lenient::money")]
    pub gift_certificate_amount: Money,
    /// Paid with store credit: a tender, not a discount.
    #[serde(default, deserialize_with = "lenient::money")]
    pub store_credit_amount: Money,
    /// Pieces over all lines.
    #[serde(deserialize_with = "lenient::required_count")]
    pub items_total: u64,
    /// Pieces shipped so far.
    #[serde(default, deserialize_with = "lenient::count")]
    pub items_shipped: u64,
    /// The currency that the shopper pays in (`default_currency_code`, despite its name).
    #[serde(rename = "default_currency_code")]
    pub currency: CurrencyCode,
    /// Name of the payment method as the shop shows it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub payment_method: String,
    /// How far payment has come, in the vendor's words (`captured`, `authorized`, …); may be empty.
    #[serde(default, deserialize_with = "lenient::text")]
    pub payment_status: String,
    /// What the shopper wrote to the shop.
    #[serde(default, deserialize_with = "lenient::text")]
    pub customer_message: String,
    /// Where the order came from (`www`, `manual`, `external`, …).
    #[serde(default, deserialize_with = "lenient::text")]
    pub order_source: String,
    /// Archived: not the same as cancelled.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub is_deleted: bool,
    /// Whether the amounts with tax are the exact ones; if not, those without tax are.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub is_tax_inclusive_pricing: bool,
    /// Our write-back: the Kinetic order number.
    #[serde(default, deserialize_with = "lenient::text")]
    pub external_order_id: String,
    /// The channel that sold it.
    #[serde(default, deserialize_with = "lenient::id_or_zero")]
    pub channel_id: Option<u64>,
    /// How many shipping addresses it has, where the shop says so.
    #[serde(default, deserialize_with = "lenient::maybe_count")]
    pub shipping_address_count: Option<u64>,
    /// Who pays.
    #[serde(default)]
    pub billing_address: Address,
}

fn shopper<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ShopperId>, D::Error> {
    Ok(lenient::id_or_zero(deserializer)?.map(ShopperId))
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("id", &self.id)
            .field("customer", &self.customer)
            .field("status", &self.status)
            .field("date_modified", &self.date_modified)
            .field("items_total", &self.items_total)
            .field("subtotal_ex_tax", &self.subtotal_ex_tax)
            .field("total_ex_tax", &self.total_ex_tax)
            .field("total_inc_tax", &self.total_inc_tax)
            .field("currency", &self.currency)
            .finish_non_exhaustive()
    }
}
