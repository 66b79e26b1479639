//! A product as a story tells it, and its variants.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::bigcommerce::amount;

/// How the stock of a product is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tracking {
    /// Not at all.
    #[default]
    None,
    /// For the product as a whole.
    Product,
    /// For each variant.
    Variant,
}

impl Tracking {
    pub(crate) fn wire(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Product => "product",
            Self::Variant => "variant",
        }
    }

    pub(crate) fn of(text: &str) -> Option<Self> {
        [Self::None, Self::Product, Self::Variant].into_iter().find(|one| one.wire() == text)
    }
}

/// The value of one option that a variant stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OptionValue {
    /// The value's id; the store gives it.
    pub id: u64,
    /// The option's id; the store gives it.
    pub option_id: u64,
    /// `Size`.
    pub option_display_name: String,
    /// `M8`.
    pub label: String,
}

/// A variant. Without option values it is the base variant that every simple product has, and its SKU is the product's.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variant {
    /// 0: the store gives it.
    pub id: u64,
    /// Its own SKU.
    pub sku: String,
    /// `None`: the product's.
    #[serde(with = "amount::optional")]
    pub price: Option<Decimal>,
    /// `None`: none of its own.
    #[serde(with = "amount::optional")]
    pub sale_price: Option<Decimal>,
    /// What it stands for.
    pub option_values: Vec<OptionValue>,
    /// Further wire fields, as they were written.
    pub more: Map<String, Value>,
}

impl Variant {
    pub(crate) fn is_base(&self) -> bool {
        self.option_values.is_empty()
    }
}

/// A product with its variants (`docs/facts/bigcommerce.md` §5.1, §5.2).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Product {
    /// 0: the store gives it.
    pub id: u64,
    /// Unique in the store, whatever the case.
    pub name: String,
    /// Empty, or unique among all products and variants, whatever the case.
    pub sku: String,
    /// `physical` or `digital`.
    pub kind: String,
    /// HTML.
    pub description: String,
    /// In the store's unit.
    #[serde(with = "amount")]
    pub weight: Decimal,
    /// The catalogue price, up to four decimals.
    #[serde(with = "amount")]
    pub price: Decimal,
    /// 0 is none.
    #[serde(with = "amount")]
    pub sale_price: Decimal,
    /// Ids of categories.
    pub categories: Vec<u64>,
    /// The channels that it is assigned to.
    pub channels: BTreeSet<u64>,
    /// How its stock is counted.
    pub inventory_tracking: Tracking,
    /// Whether shoppers see it.
    pub is_visible: bool,
    /// Its variants; the store gives a simple product its base variant.
    pub variants: Vec<Variant>,
    /// Further wire fields, as they were written.
    pub more: Map<String, Value>,
    /// When it was created; the store fills it in.
    pub created: Timestamp,
    /// When it was last written; the store fills it in.
    pub modified: Timestamp,
}

impl Default for Product {
    fn default() -> Self {
        Self {
            id: 0,
            name: String::new(),
            sku: String::new(),
            kind: "physical".to_owned(),
            description: String::new(),
            weight: Decimal::ZERO,
            price: Decimal::ZERO,
            sale_price: Decimal::ZERO,
            categories: Vec::new(),
            channels: BTreeSet::new(),
            inventory_tracking: Tracking::None,
            is_visible: true,
            variants: Vec::new(),
            more: Map::new(),
            created: Timestamp::UNIX_EPOCH,
            modified: Timestamp::UNIX_EPOCH,
        }
    }
}

impl Product {
    /// A visible simple product, tracked by product.
    pub fn new(sku: &str, name: &str, price: Decimal) -> Self {
        Self {
            sku: sku.to_owned(),
            name: name.to_owned(),
            price,
            inventory_tracking: Tracking::Product,
            ..Self::default()
        }
    }

    /// Counts its stock in another way.
    #[must_use]
    pub fn tracked(self, inventory_tracking: Tracking) -> Self {
        Self { inventory_tracking, ..self }
    }

    /// Puts it into a category.
    #[must_use]
    pub fn category(mut self, id: u64) -> Self {
        self.categories.push(id);
        self
    }

    /// Assigns it to a channel.
    #[must_use]
    pub fn channel(mut self, id: u64) -> Self {
        self.channels.insert(id);
        self
    }

    /// Adds a variant that stands for one value of one option; it costs what the product costs.
    #[must_use]
    pub fn variant(mut self, sku: &str, option: &str, label: &str) -> Self {
        let value = OptionValue {
            option_display_name: option.to_owned(),
            label: label.to_owned(),
            ..OptionValue::default()
        };
        self.variants.push(Variant { sku: sku.to_owned(), option_values: vec![value], ..Variant::default() });
        self
    }

    /// The variant of this id.
    pub fn variant_of(&self, id: u64) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.id == id)
    }

    /// The base variant's id; `None` if the product has options.
    pub fn base_variant_id(&self) -> Option<u64> {
        self.variants.first().filter(|variant| variant.is_base()).map(|variant| variant.id)
    }
}
