//! Warehouses, stock and price lists as a seed holds them, and those of the distributor.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::seed::amount;

/// A further unit of a part.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uom {
    /// At most 6 characters.
    pub code: String,
    /// How many of the unit that is kept in stock one of it is.
    #[serde(with = "amount")]
    pub factor: Decimal,
}

/// A bar code of a part.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartCode {
    /// `UPC-12`, `EAN-13`, `GTIN-14`, …
    pub kind: String,
    /// The code.
    pub code: String,
    /// The unit that carries it.
    #[serde(default)]
    pub uom: String,
}

/// A warehouse.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warehouse {
    /// At most 8 characters.
    pub code: String,
    /// Its site.
    pub plant: String,
    /// What people call it.
    #[serde(default)]
    pub description: String,
    /// `Stock`, `Quality` or `WIP`.
    #[serde(default = "stocked")]
    pub kind: String,
    /// What lies there is on hold.
    #[serde(default)]
    pub hold: bool,
}

/// What is on hand of a part in a warehouse, in the unit that is kept in stock.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// The part.
    pub part_num: String,
    /// The warehouse.
    pub warehouse: String,
    /// In bins that may be sold from.
    #[serde(with = "amount")]
    pub on_hand: Decimal,
}

/// A price list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceList {
    /// Its code.
    pub code: String,
    /// What people call it.
    #[serde(default)]
    pub description: String,
    /// Its currency, the base currency unless given.
    #[serde(default)]
    pub currency: Option<String>,
    /// From when on it is effective.
    #[serde(default)]
    pub starts: Option<Date>,
    /// When it expires; open unless given.
    #[serde(default)]
    pub ends: Option<Date>,
    /// `P` prices, `D` discounts, `B` both.
    #[serde(default = "prices")]
    pub kind: String,
    /// Its parts.
    #[serde(default)]
    pub parts: Vec<ListPart>,
}

/// A part on a price list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPart {
    /// The part.
    pub part_num: String,
    /// The unit that the price is for, the part's sales unit unless given.
    #[serde(default)]
    pub uom: Option<String>,
    /// For as many as the part's price is for.
    #[serde(with = "amount")]
    pub base_price: Decimal,
    /// Quantity breaks.
    #[serde(default)]
    pub breaks: Vec<PriceBreak>,
}

/// From some quantity on, another price or a discount.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceBreak {
    /// From how many on.
    #[serde(with = "amount")]
    pub quantity: Decimal,
    /// A flat price, or zero.
    #[serde(with = "amount", default)]
    pub unit_price: Decimal,
    /// A discount, or zero.
    #[serde(with = "amount", default)]
    pub percent: Decimal,
}

fn stocked() -> String {
    "Stock".to_owned()
}

fn prices() -> String {
    "P".to_owned()
}

impl Stock {
    /// So much of a part in a warehouse.
    pub fn new(part_num: &str, warehouse: &str, on_hand: Decimal) -> Self {
        Self { part_num: part_num.to_owned(), warehouse: warehouse.to_owned(), on_hand }
    }
}

impl PriceList {
    /// An open list of prices in the base currency, without parts.
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            description: String::new(),
            currency: None,
            starts: None,
            ends: None,
            kind: prices(),
            parts: Vec::new(),
        }
    }

    /// With a part at a price and breaks of quantities and flat prices.
    #[must_use]
    pub fn with(mut self, part_num: &str, base_price: Decimal, breaks: &[(i64, Decimal)]) -> Self {
        let flat = |&(quantity, unit_price): &(i64, Decimal)| PriceBreak {
            quantity: quantity.into(),
            unit_price,
            percent: Decimal::ZERO,
        };
        let breaks = breaks.iter().map(flat).collect();
        self.parts.push(ListPart { part_num: part_num.to_owned(), uom: None, base_price, breaks });
        self
    }
}

pub(super) fn warehouses() -> Vec<Warehouse> {
    let warehouse = |code: &str, plant: &str, description: &str, kind: &str| Warehouse {
        code: code.to_owned(),
        plant: plant.to_owned(),
        description: description.to_owned(),
        kind: kind.to_owned(),
        hold: kind == "Quality",
    };
    vec![
        warehouse("MAIN", "MfgSys", "Main warehouse", "Stock"),
        warehouse("WWH", "WEST", "West warehouse", "Stock"),
        warehouse("INSP", "MfgSys", "Inspection", "Quality"),
    ]
}

pub(super) fn stock() -> Vec<Stock> {
    [
        ("HB-M8-40-ZN", "MAIN", 12_000),
        ("HB-M8-40-ZN", "WWH", 3_500),
        ("HN-M8-ZN", "MAIN", 20_000),
        ("WSH-M8-ZN", "MAIN", 48_000),
        ("GLV-NIT-L", "MAIN", 140),
        ("GLV-LEA-M", "MAIN", 36),
        ("TAPE-DUCT-48", "MAIN", 410),
        ("TAPE-PTFE-12", "MAIN", 900),
        ("DRL-HSS-8.5", "MAIN", 75),
        ("DRL-HSS-8.5", "INSP", 25),
        ("O'RING 1/2 IN", "MAIN", 600),
        ("ABC-100", "MAIN", 58),
        ("LAST-400", "MAIN", 7),
    ]
    .map(|(part, warehouse, on_hand)| Stock::new(part, warehouse, on_hand.into()))
    .into()
}

pub(super) fn price_lists() -> Vec<PriceList> {
    let price = |cents| Decimal::new(cents, 2);
    let mut trade = PriceList::new("TRADE")
        .with("HB-M8-40-ZN", price(39_00), &[(1_000, price(36_50)), (5_000, price(33_00))])
        .with("GLV-LEA-M", price(22_00), &[])
        .with("ABC-100", price(22_49), &[(10, price(20_99))]);
    "Trade customers".clone_into(&mut trade.description);
    vec![trade]
}
