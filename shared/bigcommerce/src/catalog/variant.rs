//! A variant (`docs/facts/bigcommerce.md` §5.2).

use connector_domain::{Money, Sku};
use serde::{Deserialize, Deserializer, Serialize};

use crate::ids::{ProductId, VariantId};
use crate::wire::lenient;
use crate::wire::money::{Measure, Sale, or_null};

/// A variant as it is read. What is `None` is the product's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Variant {
    /// The store's number of it.
    pub id: VariantId,
    /// Its product.
    pub product_id: ProductId,
    /// Its SKU, as the store spells it.
    #[serde(default = "no_sku", deserialize_with = "sku")]
    pub sku: Sku,
    /// Its own price.
    #[serde(default, deserialize_with = "lenient::maybe_money")]
    pub price: Option<Money>,
    /// Its own sale price.
    #[serde(default, deserialize_with = "sale")]
    pub sale_price: Option<Money>,
    /// Its own weight.
    #[serde(default)]
    pub weight: Option<Measure>,
    /// Its bar code.
    #[serde(default, deserialize_with = "lenient::text")]
    pub upc: String,
    /// Whether nobody can buy it.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub purchasing_disabled: bool,
    /// What makes it this one of its product's; empty on a base variant.
    #[serde(default, deserialize_with = "lenient::list")]
    pub option_values: Vec<OptionValue>,
}

/// A chosen option.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OptionValue {
    /// `Size`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub option_display_name: String,
    /// `M8`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub label: String,
}

/// A change of one variant: only what is set is sent, the rest stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is the field of that name")]
pub struct VariantChange {
    /// Which.
    pub id: VariantId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "or_null")]
    pub sale_price: Option<Sale>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retail_price: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_price: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Measure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bin_picking_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchasing_disabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchasing_disabled_message: Option<String>,
}

impl VariantChange {
    /// No change yet.
    pub const fn of(id: VariantId) -> Self {
        Self {
            id,
            price: None,
            sale_price: None,
            retail_price: None,
            cost_price: None,
            weight: None,
            upc: None,
            bin_picking_number: None,
            purchasing_disabled: None,
            purchasing_disabled_message: None,
        }
    }
}

/// No SKU.
pub(super) const fn no_sku() -> Sku {
    Sku(String::new())
}

/// A SKU; empty where there is none.
pub(super) fn sku<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sku, D::Error> {
    lenient::text(deserializer).map(Sku)
}

/// An amount of which 0 means that there is none.
pub(super) fn sale<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Money>, D::Error> {
    Ok(lenient::maybe_money(deserializer)?.filter(|money| !money.is_zero()))
}
