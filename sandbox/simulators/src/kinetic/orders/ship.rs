//! What was shipped of an order, and what is closed by that (`docs/facts/kinetic.md` §8.6).

use rust_decimal::Decimal;

use crate::kinetic::{
    company::{Company, Order},
    row::Row,
};

/// What was shipped of a release, in the unit that is sold.
pub(crate) fn of_release(release: &Row) -> Decimal {
    release.decimal("SellingStockShippedQty") + release.decimal("SellingJobShippedQty")
}

/// What was shipped of a line, in the unit that is sold.
pub(crate) fn of_line(releases: &[Row], order_line: i32) -> Decimal {
    releases.iter().filter(|row| row.key("OrderLine") == order_line).map(of_release).sum()
}

/// Books a shipment from stock of a line's first open release. A release that is shipped whole is closed, so are a line
/// without an open release and an order without an open line; none of them becomes void. False if nothing is open.
pub(crate) fn ship(company: &mut Company, order_num: i32, order_line: i32, quantity: Decimal) -> bool {
    let Some(mut order) = company.orders.get(&order_num).cloned() else { return false };
    let factor = |line: &Row| line.decimal("SellingFactor");
    let Some(factor) = line_of(&order.lines, order_line).map(factor) else { return false };
    let open = |row: &&mut Row| row.key("OrderLine") == order_line && row.flag("OpenRelease");
    let Some(release) = order.releases.iter_mut().find(open) else { return false };
    let ours = quantity.checked_div(factor).unwrap_or(quantity);
    for (column, more) in [("SellingStockShippedQty", quantity), ("OurStockShippedQty", ours)] {
        release.set(column, release.decimal(column) + more);
    }
    if of_release(release) >= release.decimal("SellingReqQty") {
        release.set("OpenRelease", false);
    }
    company.stamp(release);
    if let Some(allocated) = order.allocated.get_mut(&order_line) {
        allocated.take(ours);
    }
    close_what_is_done(company, &mut order, order_line);
    company.keep(order);
    true
}

fn close_what_is_done(company: &mut Company, order: &mut Order, order_line: i32) {
    let still = |row: &Row| row.key("OrderLine") == order_line && row.flag("OpenRelease");
    if order.releases.iter().any(still) {
        return;
    }
    if let Some(line) = order.lines.iter_mut().find(|row| row.key("OrderLine") == order_line) {
        line.set("OpenLine", false);
        company.stamp(line);
    }
    if !order.lines.iter().any(|row| row.flag("OpenLine")) {
        order.head.set("OpenOrder", false);
        company.stamp(&mut order.head);
    }
}

fn line_of(lines: &[Row], order_line: i32) -> Option<&Row> {
    lines.iter().find(|row| row.key("OrderLine") == order_line)
}
