//! A price on a list (`docs/facts/bigcommerce.md` §7).

use connector_domain::{CurrencyCode, Money, Sku};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::VariantId;
use crate::refusal::FieldError;
use crate::wire::lenient;
use crate::wire::money::{Sale, or_null};

/// A price as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PriceRecord {
    /// Of which variant; a product without options has one of its own.
    pub variant_id: VariantId,
    /// Its SKU, where it was told.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub sku: Option<String>,
    /// In which currency.
    pub currency: CurrencyCode,
    /// The price; `None` leaves it to the catalogue.
    #[serde(default, deserialize_with = "lenient::maybe_money")]
    pub price: Option<Money>,
    /// The sale price.
    #[serde(default, deserialize_with = "lenient::maybe_money")]
    pub sale_price: Option<Money>,
    /// Quantity breaks.
    #[serde(default, deserialize_with = "lenient::list")]
    pub bulk_pricing_tiers: Vec<BulkTier>,
}

/// How a break lowers the price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TierKind {
    /// It is the price of one.
    Fixed,
    /// It is taken off the price of one.
    Price,
    /// It is so many percent off.
    Percent,
    /// A word that no documentation names.
    Other(String),
}

impl TierKind {
    /// The store's word for it.
    pub fn word(&self) -> &str {
        match self {
            Self::Fixed => "fixed",
            Self::Price => "price",
            Self::Percent => "percent",
            Self::Other(word) => word,
        }
    }
}

impl Serialize for TierKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for TierKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = lenient::text(deserializer)?;
        let known = [Self::Fixed, Self::Price, Self::Percent];
        Ok(known.into_iter().find(|kind| kind.word() == word).unwrap_or(Self::Other(word)))
    }
}

/// A quantity break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkTier {
    /// From how many on.
    pub quantity_min: u32,
    /// Up to how many; `None` has no end.
    pub quantity_max: Option<u32>,
    /// How it lowers the price.
    #[serde(rename = "type")]
    pub kind: TierKind,
    /// By how much.
    pub amount: Money,
}

/// Of what a price is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub enum RecordOf {
    /// A variant.
    #[serde(rename = "variant_id")]
    Variant(VariantId),
    /// The same by its SKU; never that of a product with options.
    #[serde(rename = "sku")]
    Sku(Sku),
}

/// A price to be: what is set is written, the rest stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordChange {
    /// Of what.
    #[serde(flatten)]
    pub of: RecordOf,
    /// In which currency; written in small letters, as the examples have it.
    #[serde(serialize_with = "small")]
    pub currency: CurrencyCode,
    /// The price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// The sale price.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "or_null")]
    pub sale_price: Option<Sale>,
    /// All quantity breaks; an empty list takes them away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bulk_pricing_tiers: Option<Vec<BulkTier>>,
}

fn small<S: Serializer>(currency: &CurrencyCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&currency.as_str().to_ascii_lowercase())
}

/// A row that was not saved, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordError {
    /// Its variant, where the store says so.
    pub variant_id: Option<VariantId>,
    /// Its SKU, where the store says so.
    pub sku: Option<String>,
    /// Its currency, where the store says so.
    pub currency: Option<String>,
    /// All of the store's words about it.
    pub words: String,
    /// What it says of single fields.
    pub fields: Vec<FieldError>,
}

impl RecordError {
    /// Whether it is about `row`: the same variant or SKU, and the same currency, as far as the store says them.
    pub fn is_of(&self, row: &RecordChange) -> bool {
        let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        let of = match &row.of {
            RecordOf::Variant(variant) => self.variant_id.as_ref() == Some(variant),
            RecordOf::Sku(sku) => {
                self.sku.as_ref().is_some_and(|named| named.to_lowercase() == sku.0.to_lowercase())
            }
        };
        of && self.currency.as_ref().is_none_or(|currency| same(currency, row.currency.as_str()))
    }
}
