//! What is written to a product, and what becomes of it (`docs/facts/bigcommerce.md` §5.1).

use connector_domain::{Money, Sku};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::product::{Availability, InventoryTracking, ProductKind};
use crate::ids::{ProductId, VariantId};
use crate::refusal::Refusal;
use crate::wire::lenient;
use crate::wire::money::{Measure, Sale, or_zero};

/// Fields of a product: only what is set is sent, the rest stays as it is, or as the store makes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[expect(missing_docs, reason = "each is the field of that name")]
pub struct ProductFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<Sku>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "or_zero")]
    pub sale_price: Option<Sale>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retail_price: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_price: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Measure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<Measure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<Measure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<Measure>,
    /// They replace all that the product is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<u64>>,
    /// Found without case, or made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inventory_tracking: Option<InventoryTracking>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_visible: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<Availability>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gtin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mpn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_keywords: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_quantity_minimum: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_quantity_maximum: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<Vec<CustomField>>,
}

/// A name and a value; the pair is unique on its product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomField {
    /// `Material`.
    pub name: String,
    /// `Zinc`.
    pub value: String,
}

/// A product to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewProduct {
    #[serde(rename = "type")]
    kind: ProductKind,
    #[serde(flatten)]
    fields: ProductFields,
}

impl NewProduct {
    /// With the four things that every product needs; `fields` cannot take them away. Some stores also ask for a category.
    pub fn new(
        kind: ProductKind,
        name: String,
        weight: Measure,
        price: Money,
        fields: ProductFields,
    ) -> Self {
        let fields = ProductFields { name: Some(name), weight: Some(weight), price: Some(price), ..fields };
        Self { kind, fields }
    }

    /// What it will have.
    pub const fn fields(&self) -> &ProductFields {
        &self.fields
    }
}

/// A change of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProductChange {
    /// Which.
    pub id: ProductId,
    /// What of it.
    #[serde(flatten)]
    pub fields: ProductFields,
}

/// A product that was written: its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Written {
    /// The store's number of it.
    pub id: ProductId,
    /// The variant that stands for the whole; `None` where it has options, or where the answer leaves it out.
    #[serde(default)]
    pub base_variant_id: Option<VariantId>,
    /// Its SKU.
    #[serde(default, deserialize_with = "lenient::text")]
    pub sku: String,
}

/// What became of a product to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// It is there.
    Whole(Written),
    /// It is there, and something of it is not: its stock or its address, say (207).
    Partly {
        /// Its numbers.
        product: Written,
        /// What the store says is missing.
        words: String,
    },
    /// Another product or variant has what must be unique.
    Duplicate(DuplicateOf, Refusal),
    /// It is not there.
    Refused(Refusal),
}

/// What another one has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DuplicateOf {
    /// The SKU, whatever its case: of a product or of a variant.
    Sku,
    /// The name.
    Name,
}

impl DuplicateOf {
    /// Reads a 409. It may name the field or only say so in its title, which only older pages show (§5.1); everything else that is in
    /// conflict is an ordinary refusal. The SKU comes first: a product that has it is the one we mean.
    pub(super) fn of(refusal: &Refusal) -> Option<Self> {
        if refusal.status != StatusCode::CONFLICT.as_u16() {
            return None;
        }
        let duplicate = |words: &str| words.to_lowercase().contains("duplicate");
        let field = |name: &str| refusal.fields.iter().any(|at| at.field == name && duplicate(&at.words));
        let titled = |name: &str| refusal.words.to_lowercase().contains(&format!("{name} is a duplicate"));
        if field("sku") || titled("sku") {
            Some(Self::Sku)
        } else if field("name") || titled("name") {
            Some(Self::Name)
        } else {
            None
        }
    }
}

/// What became of a batch of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProductsUpdated {
    /// All are as they should be.
    Whole,
    /// All were written, and something of one is not (207). Which one is not said.
    Partly(String),
    /// Some row is at fault: which one is not said (422), unknown (404), in conflict (409). Whether the others were written is documented
    /// nowhere: halve and send again, which does no harm.
    Refused(Refusal),
    /// The store takes fewer rows at once than is documented; its words.
    TooLarge(String),
}
