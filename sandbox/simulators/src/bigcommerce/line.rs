//! A line of an order as a story tells it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{NewOrder, amount};

/// What kind of thing a line sells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Shipped to an address.
    #[default]
    Physical,
    /// Downloaded.
    Digital,
    /// A gift certificate sent by e-mail.
    GiftCertificate,
}

impl Kind {
    pub(crate) fn wire(self) -> &'static str {
        match self {
            Self::Physical => "physical",
            Self::Digital => "digital",
            Self::GiftCertificate => "giftcertificate",
        }
    }
}

/// One line: what, how many, at which price without tax.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewLine {
    /// The order product's id; given by the store when the order is placed, and kept by later edits.
    pub id: Option<u64>,
    /// The catalogue product; the store gives each SKU one of its own, and 0 is a custom item.
    pub product_id: Option<u64>,
    /// The catalogue's variant; the store fills it in.
    pub variant_id: Option<u64>,
    /// The variant's SKU.
    pub sku: String,
    /// What the shopper reads.
    pub name: String,
    /// Pieces.
    pub quantity: u32,
    /// Pieces of them that were refunded.
    pub refunded: u32,
    /// Price of one piece without tax, up to four decimals.
    #[serde(with = "amount")]
    pub price: Decimal,
    /// Physical unless told otherwise.
    pub kind: Kind,
    /// Chosen options as (display name, display value).
    pub options: Vec<(String, String)>,
    /// Which of the order's shipping addresses it goes to, from 0.
    pub address: usize,
    /// Wire fields that are sent as given, whatever was computed.
    pub raw: Map<String, Value>,
}

impl NewLine {
    /// So many pieces of `sku` at `price` each, without tax; the name is the SKU until [`NewLine::name`] is called.
    pub fn new(sku: &str, quantity: u32, price: Decimal) -> Self {
        Self { sku: sku.to_owned(), name: sku.to_owned(), quantity, price, ..Self::default() }
    }

    /// Names the product.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// Makes it a custom item: `product_id` 0 and no variant.
    #[must_use]
    pub fn custom(self) -> Self {
        Self { product_id: Some(0), ..self }
    }

    /// Sells another kind of thing.
    #[must_use]
    pub fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// Adds a chosen option.
    #[must_use]
    pub fn option(mut self, name: &str, value: &str) -> Self {
        self.options.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends this wire field as given.
    #[must_use]
    pub fn raw(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.raw.insert(field.to_owned(), value.into());
        self
    }
}

impl NewOrder {
    /// The first line of this SKU, to be changed.
    pub fn line_mut(&mut self, sku: &str) -> Option<&mut NewLine> {
        self.lines.iter_mut().find(|line| line.sku == sku)
    }

    /// Takes all lines of this SKU out.
    pub fn remove_line(&mut self, sku: &str) {
        self.lines.retain(|line| line.sku != sku);
    }
}
