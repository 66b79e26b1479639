//! Lines of an order, `docs/facts/bigcommerce.md` §3.3.

use std::fmt;

use connector_domain::{Money, Sku};
use serde::{Deserialize, Deserializer};

use crate::wire::lenient;

/// What kind of thing a line sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineKind {
    /// Something that is shipped or picked up.
    Physical,
    /// A download.
    Digital,
    /// A gift certificate that was bought (not one that was redeemed).
    GiftCertificate,
    /// A kind that no documentation names.
    Other(String),
}

impl<'de> Deserialize<'de> for LineKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = lenient::text(deserializer)?;
        Ok(match text.as_str() {
            "physical" => Self::Physical,
            "digital" => Self::Digital,
            "giftcertificate" => Self::GiftCertificate,
            _ => Self::Other(text),
        })
    }
}

/// What a discount was given on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiscountTarget {
    /// The whole order; this is the line's share.
    Order,
    /// This line.
    Product,
    /// A target that no documentation names.
    Other(String),
}

impl<'de> Deserialize<'de> for DiscountTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = lenient::text(deserializer)?;
        Ok(match text.as_str() {
            "order" => Self::Order,
            "product" => Self::Product,
            _ => Self::Other(text),
        })
    }
}

/// One discount on one line, for the whole quantity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AppliedDiscount {
    /// A number, or a word such as `coupon` or `manual-discount`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: String,
    /// What it takes off the line.
    pub amount: Money,
    /// Its name; may be empty.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
    /// The coupon's code, if it was one.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub code: Option<String>,
    /// What it was given on.
    #[serde(default = "no_target")]
    pub target: DiscountTarget,
}

fn no_target() -> DiscountTarget {
    DiscountTarget::Other(String::new())
}

/// What the shopper chose or typed. `Debug` hides the value: an engraving is a person's own text.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct ProductOption {
    /// `Finish`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub display_name: String,
    /// `Zinc`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub display_value: String,
}

impl fmt::Debug for ProductOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProductOption({}, …)", self.display_name)
    }
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderLine {
    /// The line's number (`order_product_id` elsewhere).
    #[serde(deserialize_with = "lenient::required_count")]
    pub id: u64,
    /// The article, `None` for one typed in by hand.
    #[serde(default, deserialize_with = "lenient::id_or_zero")]
    pub product_id: Option<u64>,
    /// Its variant.
    #[serde(default, deserialize_with = "lenient::id_or_zero")]
    pub variant_id: Option<u64>,
    /// The variant's SKU; may be empty.
    #[serde(default = "no_sku", deserialize_with = "sku")]
    pub sku: Sku,
    /// Name of the article.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
    /// What kind of thing it is.
    #[serde(rename = "type")]
    pub kind: LineKind,
    /// Pieces ordered.
    #[serde(deserialize_with = "lenient::pieces")]
    pub quantity: u32,
    /// Pieces refunded so far.
    #[serde(default, deserialize_with = "lenient::maybe_pieces")]
    pub quantity_refunded: u32,
    /// Pieces shipped so far.
    #[serde(default, deserialize_with = "lenient::maybe_pieces")]
    pub quantity_shipped: u32,
    /// Price of one, without tax.
    pub price_ex_tax: Money,
    /// Price of one, with tax.
    pub price_inc_tax: Money,
    /// Price of all, before discounts, without tax.
    pub total_ex_tax: Money,
    /// Price of all, before discounts, with tax.
    pub total_inc_tax: Money,
    /// The tax in it.
    #[serde(default, deserialize_with = "lenient::money")]
    pub total_tax: Money,
    /// Price of all after all discounts, with tax, where the shop says so.
    #[serde(default, deserialize_with = "lenient::maybe_money")]
    pub discounted_total_inc_tax: Option<Money>,
    /// Gift wrapping of all, without tax.
    #[serde(default, deserialize_with = "lenient::money")]
    pub wrapping_cost_ex_tax: Money,
    /// Discounts on this line.
    #[serde(default, deserialize_with = "lenient::list")]
    pub applied_discounts: Vec<AppliedDiscount>,
    /// Where it goes; `None` for what is not shipped.
    #[serde(default, deserialize_with = "lenient::id_or_zero")]
    pub order_address_id: Option<u64>,
    /// What the shopper chose.
    #[serde(default, deserialize_with = "lenient::list")]
    pub product_options: Vec<ProductOption>,
    /// The line that this one belongs to, in a bundle.
    #[serde(default, deserialize_with = "lenient::id_or_zero")]
    pub parent_order_product_id: Option<u64>,
    /// Whether it is a part of a bundle.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub is_bundled_product: bool,
}

fn no_sku() -> Sku {
    Sku(String::new())
}

fn sku<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sku, D::Error> {
    lenient::text(deserializer).map(Sku)
}
