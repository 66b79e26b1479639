//! What a company holds at the start, and the small distributor that is there by default.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    catalogue_seed::{PartCode, PriceList, Stock, Uom, Warehouse},
    customer_seed::Customer,
};

/// Parts, customers and codes of a company; amounts are strings.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KineticSeed {
    /// The part master.
    pub parts: Vec<Part>,
    /// Customers, numbered from 42 in this sequence.
    pub customers: Vec<Customer>,
    /// Miscellaneous charges.
    pub charges: Vec<Charge>,
    /// Codes and names of terms.
    pub terms: Vec<(String, String)>,
    /// Codes and names of ways to ship.
    pub ship_vias: Vec<(String, String)>,
    /// Numbers, ISO codes (may be blank, as sites leave them) and names of countries.
    pub countries: Vec<(i32, String, String)>,
    /// Warehouses; the sites' own are there in any case.
    pub warehouses: Vec<Warehouse>,
    /// What is on hand.
    pub stock: Vec<Stock>,
    /// Price lists with their parts and breaks.
    pub price_lists: Vec<PriceList>,
}

/// A part.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "they are columns of the part")]
pub struct Part {
    /// At most 50 characters.
    pub part_num: String,
    /// Becomes the line's description.
    #[serde(default)]
    pub description: String,
    /// List price for as many as [`Part::price_per_code`] says.
    #[serde(with = "amount", default)]
    pub unit_price: Decimal,
    /// `E` each, `C` hundred, `M` thousand.
    #[serde(default = "each")]
    pub price_per_code: String,
    /// The unit that is sold.
    #[serde(default = "piece")]
    pub sales_um: String,
    /// Not to be sold: `ChangePartNumMaster` refuses it.
    #[serde(default)]
    pub inactive: bool,
    /// On hold: a warning only.
    #[serde(default)]
    pub on_hold: bool,
    /// Sell what is left.
    #[serde(default)]
    pub run_out: bool,
    /// `M`, `P` or `K`.
    #[serde(default = "purchased")]
    pub type_code: String,
    /// The unit that is kept in stock; the one that is sold unless given.
    #[serde(default)]
    pub ium: Option<String>,
    /// How many of the unit that is sold are one of the unit that is kept in stock.
    #[serde(with = "amount", default = "one")]
    pub selling_factor: Decimal,
    /// No stocked item.
    #[serde(default)]
    pub non_stock: bool,
    /// To be sold on the web.
    #[serde(default = "yes")]
    pub web_part: bool,
    /// Class, blank or at most 4 characters.
    #[serde(default)]
    pub class_id: String,
    /// Product group, blank or at most 8 characters.
    #[serde(default)]
    pub prod_code: String,
    /// Further units; those that are kept and sold have their rows in any case.
    #[serde(default)]
    pub uoms: Vec<Uom>,
    /// Bar codes.
    #[serde(default)]
    pub codes: Vec<PartCode>,
}

/// Amounts are strings in a seed file, so that none passes through a float.
pub(super) mod amount {
    use rust_decimal::Decimal;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(in crate::kinetic) fn serialize<S: Serializer>(
        amount: &Decimal,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(amount)
    }

    pub(in crate::kinetic) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Decimal, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

fn each() -> String {
    "E".to_owned()
}

fn one() -> Decimal {
    Decimal::ONE
}

fn yes() -> bool {
    true
}

fn piece() -> String {
    "EA".to_owned()
}

fn purchased() -> String {
    "P".to_owned()
}

impl Part {
    /// A purchased part that is sold by the piece.
    pub fn new(part_num: &str, description: &str, unit_price: Decimal) -> Self {
        Self {
            part_num: part_num.to_owned(),
            description: description.to_owned(),
            unit_price,
            price_per_code: each(),
            sales_um: piece(),
            inactive: false,
            on_hold: false,
            run_out: false,
            type_code: purchased(),
            ium: None,
            selling_factor: Decimal::ONE,
            non_stock: false,
            web_part: true,
            class_id: String::new(),
            prod_code: String::new(),
            uoms: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// Priced per hundred (`C`) or thousand (`M`).
    #[must_use]
    pub fn priced_per(self, code: &str) -> Self {
        Self { price_per_code: code.to_owned(), ..self }
    }
}

/// A miscellaneous charge.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// At most 4 characters.
    pub code: String,
    /// At most 30 characters.
    pub description: String,
    /// Whether it is in the tax base.
    #[serde(default)]
    pub taxed: bool,
}

impl KineticSeed {
    /// Lone Star Fasteners: the parts of its web shop, some that make trouble, and who buys there.
    pub fn distributor() -> Self {
        let pair = |code: &str, name: &str| (code.to_owned(), name.to_owned());
        let country = |num, iso: &str, name: &str| (num, iso.to_owned(), name.to_owned());
        let charge = |code: &str, description: &str, taxed| Charge {
            code: code.to_owned(),
            description: description.to_owned(),
            taxed,
        };
        Self {
            parts: parts(),
            customers: customers(),
            charges: vec![
                charge("FRT", "Freight", true),
                charge("HAND", "Handling", true),
                charge("WRAP", "Gift wrapping", true),
                charge("FEE", "Web order fee", true),
                charge("DISC", "Web discount", true),
                charge("WTAX", "Tax charged on the web", false),
            ],
            terms: vec![pair("CC", "Credit card"), pair("N30", "Net 30 days"), pair("PP", "Prepaid")],
            ship_vias: vec![
                pair("UPSG", "UPS Ground"),
                pair("UPS2", "UPS Second Day"),
                pair("FDXG", "FedEx Ground"),
                pair("WILL", "Will call"),
            ],
            countries: vec![
                country(1, "US", "United States"),
                country(2, "CA", "Canada"),
                country(3, "NO", "Norway"),
                country(4, "DE", "Germany"),
                country(5, "", "Mexico"),
            ],
            warehouses: super::catalogue_seed::warehouses(),
            stock: super::catalogue_seed::stock(),
            price_lists: super::catalogue_seed::price_lists(),
        }
    }
}

fn parts() -> Vec<Part> {
    let price = |ten_thousandths| Decimal::new(ten_thousandths, 4).normalize();
    vec![
        Part::new("HB-M8-40-ZN", "Hex Bolt M8x40, zinc", price(412_500)).priced_per("C"),
        Part::new("HN-M8-ZN", "Hex Nut M8, zinc", price(115_000)).priced_per("C"),
        Part::new("WSH-M8-ZN", "Flat Washer M8, zinc", price(475_000)).priced_per("M"),
        Part {
            sales_um: "BX".to_owned(),
            ..Part::new("GLV-NIT-L", "Nitrile Gloves, L, box of 100", price(189_500))
        },
        Part::new("GLV-LEA-M", "Leather Work Gloves, M", price(245_000)),
        Part::new("TAPE-DUCT-48", "Duct Tape 48 mm x 50 m", price(72_500)),
        Part::new("TAPE-PTFE-12", "PTFE Thread Tape 12 mm", price(11_500)),
        Part::new("DRL-HSS-8.5", "HSS Drill Bit 8.5 mm", price(68_000)),
        Part::new("O'RING 1/2 IN", "O-ring 1/2 in, nitrile", price(8_900)),
        Part::new("ABC-100", "Widget 100", price(249_900)),
        Part { inactive: true, ..Part::new("OLD-200", "Widget 200, superseded", price(99_900)) },
        Part { on_hold: true, ..Part::new("NEW-300", "Widget 300, not released", price(349_900)) },
        Part { run_out: true, ..Part::new("LAST-400", "Widget 400, last stock", price(149_900)) },
    ]
}

fn customers() -> Vec<Customer> {
    vec![
        Customer { allow_ots: true, ..Customer::new("WEBGUEST", "Web shop guests") },
        Customer {
            email: "renee.macon@example.com".to_owned(),
            external_id: "11".to_owned(),
            allow_ots: true,
            terms: Some("N30".to_owned()),
            ..Customer::new("MACON", "Maçon & Daughters Machine Works")
        },
        Customer {
            allow_ots: true,
            check_duplicate_po: true,
            contact_emails: vec!["einkauf@loewenzahn.example.com".to_owned()],
            ..Customer::new("LOEWEN", "Löwenzahn Gerätebau GmbH")
        },
        Customer { customer_type: Some("PRO".to_owned()), ..Customer::new("PROSPECT", "Only a prospect") },
        Customer { credit_hold: true, ..Customer::new("SLOWPAY", "Slow Payers Inc.") },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_seed_survives_a_seed_file() {
        let text = serde_json::to_string(&KineticSeed::distributor()).unwrap();
        let back: KineticSeed = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
        assert!(serde_json::from_str::<KineticSeed>(r#"{"parts":[{"part":"A"}]}"#).is_err());
    }
}
