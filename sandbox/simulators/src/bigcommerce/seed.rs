//! What a store holds at the start, and the small distributor that is there by default.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Address, Customer, NewLine, NewOrder, Product, dec};

/// Customers, catalogue and orders of a store; amounts are strings.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BigCommerceSeed {
    /// Registered shoppers.
    pub customers: Vec<Customer>,
    /// Categories at the top of the tree, numbered from 23 in this sequence.
    pub categories: Vec<String>,
    /// Products, added in this sequence; one that conflicts with another is left out.
    pub products: Vec<Product>,
    /// Pieces on hand at the default location, by SKU.
    pub stock: BTreeMap<String, i64>,
    /// Orders, placed in this sequence.
    pub orders: Vec<NewOrder>,
}

/// Something on the shelf: SKU, name, price without tax.
pub const SHELF: [(&str, &str, &str); 8] = [
    ("HB-M8-40-ZN", "Hex Bolt M8x40, zinc", "0.4125"),
    ("HN-M8-ZN", "Hex Nut M8, zinc", "0.1150"),
    ("WSH-M8-ZN", "Flat Washer M8, zinc", "0.0475"),
    ("GLV-NIT-L", "Nitrile Gloves, L, box of 100", "18.9500"),
    ("GLV-LEA-M", "Leather Work Gloves, M", "24.5000"),
    ("TAPE-DUCT-48", "Duct Tape 48 mm x 50 m", "7.2500"),
    ("TAPE-PTFE-12", "PTFE Thread Tape 12 mm", "1.1500"),
    ("DRL-HSS-8.5", "HSS Drill Bit 8.5 mm", "6.8000"),
];

/// A line of something on the shelf; `None` if the SKU is not there.
pub fn shelf_line(sku: &str, quantity: u32) -> Option<NewLine> {
    let (sku, name, price) = SHELF.iter().find(|(known, _, _)| *known == sku)?;
    Some(NewLine::new(sku, quantity, dec(price)).name(name))
}

/// Tax in Austin, Texas.
const TEXAS: &str = "0.0825";

impl BigCommerceSeed {
    /// A few shoppers of Lone Star Fasteners and what they ordered.
    pub fn distributor() -> Self {
        let (workshop, cafe, long) = (workshop(), cafe(), long_name());
        let order = |order: NewOrder, lines: &[(&str, u32)]| {
            let lines = lines.iter().filter_map(|(sku, quantity)| shelf_line(sku, *quantity));
            lines.fold(order.tax_rate(dec(TEXAS)), NewOrder::with_line)
        };
        let orders = vec![
            order(
                NewOrder::of_customer(11, workshop.clone()).shipping("UPS® Ground", dec("11.09")),
                &[("HB-M8-40-ZN", 200), ("HN-M8-ZN", 200), ("WSH-M8-ZN", 400)],
            ),
            order(
                NewOrder::of_customer(12, cafe)
                    .percent_off("WELCOME10", dec("10"))
                    .shipping("Flat Rate", dec("8.50")),
                &[("GLV-NIT-L", 3), ("TAPE-DUCT-48", 5)],
            ),
            order(
                NewOrder::guest(Address::of("Øystein", "Bråthen-Ødegård", "oystein.brathen@example.com").at(
                    "77 Fjordside Court",
                    "Round Rock",
                    "Texas",
                    "78664",
                ))
                .message("Please ring the bell twice 🔔")
                .shipping("Flat Rate", dec("8.50")),
                &[("DRL-HSS-8.5", 2)],
            ),
            order(
                NewOrder::of_customer(13, long).fee("Package Protection", dec("0.98")).handling(dec("1.50")),
                &[("GLV-LEA-M", 1), ("TAPE-PTFE-12", 12)],
            ),
        ];
        Self { customers: shoppers(), orders, ..Self::default() }
    }
}

fn workshop() -> Address {
    Address::of("Renée", "Maçon", "renee.macon@example.com").company("Maçon & Daughters Machine Works").at(
        "2901 Ironwood Lane",
        "Pflugerville",
        "Texas",
        "78660",
    )
}

fn cafe() -> Address {
    Address::of("Joaquín ☕", "Ibáñez", "joaquin@cafe-ibanez.example.com").company("Café Ibáñez").at(
        "15 Bluebonnet Sq",
        "San Marcos",
        "Texas",
        "78666",
    )
}

fn long_name() -> Address {
    Address::of(
        "Maximiliana-Konstanze Friederike",
        "von Hohenstauffen-Oberwaldenburg zu Sayn",
        "mk.hohenstauffen@example.com",
    )
    .company("Hohenstauffen-Oberwaldenburg Precision Fastening Systems International GmbH & Co. KG")
    .at("8 Zeppelinweg", "Fredericksburg", "Texas", "78624")
}

fn shoppers() -> Vec<Customer> {
    let of = |id, address: Address| {
        Customer::new(&address.first_name, &address.last_name, &address.email)
            .id(id)
            .company(&address.company)
            .phone(&address.phone)
    };
    vec![of(11, workshop()), of(12, cafe()), of(13, long_name())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_seed_survives_a_seed_file() {
        let seed = BigCommerceSeed::distributor();
        let text = serde_json::to_string(&seed).unwrap();
        let back: BigCommerceSeed = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
        assert!(seed.orders.iter().all(|order| !order.lines.is_empty()));
    }

    #[test]
    fn a_misspelt_seed_field_is_refused() {
        let text = r#"{"orders":[{"lines":[{"sku":"A","qty":1}]}]}"#;
        let error = serde_json::from_str::<BigCommerceSeed>(text).unwrap_err();
        assert!(error.to_string().contains("qty"), "{error}");
    }
}
