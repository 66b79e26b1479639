//! What the tests of the pure steps stand on: an order as the shop writes it, the documented rules, parts, and a pretend Kinetic.

mod kinetic;
mod shop;

use connector_domain::{CustNum, Money, Text, exact};
use connector_kinetic::{PartFound, PricePer};

pub(crate) use kinetic::PretendKinetic;
pub(crate) use shop::{Line, ShopOrder};

use super::desired::DesiredOrder;
use super::map::{Buyer, Facts, sales_order};
use crate::rules::Rules;

const EXAMPLE: &str = include_str!("../../../../docs/rules.example.toml");

/// The rules of the documented example.
pub(crate) fn rules() -> Rules {
    rules_with(&[])
}

/// The documented example with some of its text replaced; what is replaced must stand there.
pub(crate) fn rules_with(changes: &[(&str, &str)]) -> Rules {
    let text = changes.iter().fold(EXAMPLE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the example does not say {from}");
        text.replacen(from, to, 1)
    });
    Rules::parse(&text).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A part that can be sold, priced for one.
pub(crate) fn part(part_num: &str) -> PartFound {
    PartFound {
        part_num: part_num.to_owned(),
        description: String::new(),
        inactive: false,
        on_hold: false,
        run_out: false,
        sales_um: "EA".to_owned(),
        price_per: PricePer::Each,
        type_code: "P".to_owned(),
        track_lots: false,
        track_serials: false,
    }
}

/// The house account, and these parts under their own numbers.
pub(crate) fn facts(parts: impl IntoIterator<Item = PartFound>) -> Facts {
    let buyer = Buyer {
        cust_num: CustNum(7),
        cust_id: Text::exact("WEBGUEST").unwrap(),
        allow_ots: true,
        currency: "USD".to_owned(),
    };
    let parts = parts.into_iter().map(|part| (Text::exact(&part.part_num).unwrap(), part)).collect();
    Facts { buyer, parts }
}

/// The parts that most orders of the tests are made of.
pub(crate) fn stock() -> Facts {
    facts(["HB-M8-40-ZN", "WASHER-8", "NUT-8"].map(part))
}

/// The order as it should stand in Kinetic, by the documented rules and the usual stock.
pub(crate) fn desired(order: &ShopOrder) -> DesiredOrder {
    sales_order(&order.read(), &stock(), &rules()).unwrap_or_else(|hold| panic!("{hold}"))
}

/// Three lines, shipping and two equal fees: enough to lose any of them.
pub(crate) fn three_lines() -> ShopOrder {
    ShopOrder::of([
        Line::new(194, "HB-M8-40-ZN", 4, "15.67"),
        Line::new(195, "WASHER-8", 100, "0.0375"),
        Line::new(196, "NUT-8", 12, "0.20").discount("0.24"),
    ])
    .coupon("SPRING", "0.24")
    .shipping("11.09")
    .fee("Small order", "2.50")
    .fee("Small order", "2.50")
}

pub(crate) fn money(text: &str) -> Money {
    Money::new(exact::parse(text).unwrap())
}
