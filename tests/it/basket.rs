//! What is usually bought in the stories.

use connector_simulators::bigcommerce::seed::shelf_line;
use connector_simulators::bigcommerce::{Address, NewLine, NewOrder, dec};

/// Texas, in the shop and in the company alike.
pub(crate) const TAX: &str = "0.0825";

/// A guest's order without lines, taxed as the company taxes.
pub(crate) fn guest() -> NewOrder {
    NewOrder::guest(Address::of("Ada", "Lane", "ada.lane@example.com")).tax_rate(dec(TAX))
}

/// A registered shopper's order without lines.
pub(crate) fn shopper(id: u64, billing: Address) -> NewOrder {
    NewOrder::of_customer(id, billing).tax_rate(dec(TAX))
}

/// A line of something on the shelf.
pub(crate) fn line(sku: &str, quantity: u32) -> NewLine {
    shelf_line(sku, quantity).unwrap_or_else(|| panic!("no {sku} on the shelf"))
}

/// A guest buys a pair of gloves.
pub(crate) fn gloves() -> NewOrder {
    guest().with_line(line("GLV-LEA-M", 1))
}
