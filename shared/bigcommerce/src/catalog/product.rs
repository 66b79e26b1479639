//! A product as it is read (`docs/facts/bigcommerce.md` §5.1).

use std::fmt;

use connector_domain::{Money, Sku};
use serde::{Deserialize, Deserializer, Serialize};

use super::variant::Variant;
use crate::ids::{ProductId, VariantId};
use crate::wire::lenient;
use crate::wire::money::Measure;

/// Which products a page shows: by number, the lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductPage {
    /// Only products with a higher number.
    pub after: Option<ProductId>,
    /// So many at most; the store gives no more than 250.
    pub limit: u8,
    /// With their descriptions, which may be long.
    pub descriptions: bool,
}

impl ProductPage {
    /// As many products as a page holds, from the lowest number on, without descriptions.
    pub const fn all() -> Self {
        Self { after: None, limit: 250, descriptions: false }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$of])* $variant,)+
            /// A word that no documentation names.
            Other(String),
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant => f.write_str($word),)+
                    Self::Other(word) => f.write_str(word),
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = lenient::text(deserializer)?;
                Ok(match word.as_str() {
                    $($word => Self::$variant,)+
                    _ => Self::Other(word),
                })
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

words!(
    /// How the stock of a product is counted; it decides by which number stock is set (§6).
    InventoryTracking {
        /// Not at all.
        None = "none",
        /// For the product as a whole.
        Product = "product",
        /// For each variant.
        Variant = "variant",
    }
);
words!(
    /// Whether a product can be bought.
    Availability {
        /// It can.
        Available = "available",
        /// It is shown and cannot.
        Disabled = "disabled",
        /// It can be ordered ahead.
        Preorder = "preorder",
    }
);
words!(
    /// What kind of thing a product is.
    ProductKind {
        /// Something that is shipped or picked up.
        Physical = "physical",
        /// A download.
        Digital = "digital",
    }
);

/// A product with its variants.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Product {
    /// The store's number of it.
    pub id: ProductId,
    /// Its name, which no other product has.
    #[serde(deserialize_with = "lenient::text")]
    pub name: String,
    /// Its own SKU, which may be empty where its variants have theirs.
    #[serde(default = "super::variant::no_sku", deserialize_with = "super::variant::sku")]
    pub sku: Sku,
    /// The price, with or without tax as the store is set.
    pub price: Money,
    /// The sale price; 0 is how the store writes none.
    #[serde(default, deserialize_with = "super::variant::sale")]
    pub sale_price: Option<Money>,
    /// What it is said to cost elsewhere; 0 is none.
    #[serde(default, deserialize_with = "super::variant::sale")]
    pub retail_price: Option<Money>,
    /// What it cost the merchant; 0 is none.
    #[serde(default, deserialize_with = "super::variant::sale")]
    pub cost_price: Option<Money>,
    /// Its weight, in the unit of the store.
    #[serde(default)]
    pub weight: Option<Measure>,
    /// The categories it is in.
    #[serde(default, deserialize_with = "lenient::list")]
    pub categories: Vec<u64>,
    /// How its stock is counted.
    pub inventory_tracking: InventoryTracking,
    /// Whether shoppers see it.
    #[serde(deserialize_with = "lenient::flag")]
    pub is_visible: bool,
    /// Whether it can be bought.
    pub availability: Availability,
    /// Its bar code.
    #[serde(default, deserialize_with = "lenient::text")]
    pub upc: String,
    /// Its global trade item number.
    #[serde(default, deserialize_with = "lenient::text")]
    pub gtin: String,
    /// The maker's number of it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub mpn: String,
    /// The variant that stands for the whole; `None` where it has options.
    #[serde(default)]
    pub base_variant_id: Option<VariantId>,
    /// The description, where it was asked for.
    #[serde(default)]
    pub description: Option<String>,
    /// All of its variants, the base variant included. They must be there: without them a SKU would look free.
    pub variants: Vec<Variant>,
}

/// What is asked of a product beside its description.
pub(super) const FIELDS: &str = "name,sku,price,sale_price,retail_price,cost_price,weight,categories,\
    inventory_tracking,is_visible,availability,upc,gtin,mpn,base_variant_id,variants";
