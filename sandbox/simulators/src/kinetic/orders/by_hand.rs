//! What a clerk does at the screen, without a request: the newest rows are worked on, so no lock refuses it.

use rust_decimal::Decimal;

use super::{change, children, draft, line, save::stored, totals};
use crate::kinetic::{
    company::{Company, Order},
    dataset::DataSet,
    refusal::Refusal,
    row::Row,
};

/// Lets `edit` work on an order, and puts in step what follows from it: prices and releases of changed lines, the
/// totals, new revisions. `None` if there is no such order.
pub(crate) fn edit<T>(
    company: &mut Company,
    order_num: i32,
    edit: impl FnOnce(&mut Order) -> T,
) -> Option<T> {
    let mut order = company.orders.get(&order_num).cloned()?;
    let before = order.clone();
    let done = edit(&mut order);
    for (at, old) in before.lines.iter().enumerate() {
        let Some(row) = order.lines.get_mut(at).filter(|row| *row != old) else { continue };
        children::settle_line(row);
        company.stamp(row);
        let row = row.clone();
        children::release(company, &mut order, &row, "");
    }
    for (row, old) in order.charges.iter_mut().zip(&before.charges) {
        if row != old {
            let amount = row.decimal("DocMiscAmt");
            change::amount(row, amount);
            company.stamp(row);
        }
    }
    put(company, order);
    Some(done)
}

/// Adds a line at this price for as many as the part's price is for; gives its number.
///
/// # Errors
/// As if it had been saved through a request.
pub(crate) fn add_line(
    company: &mut Company,
    order_num: i32,
    part: &str,
    quantity: Decimal,
    price: Decimal,
) -> Result<i32, Refusal> {
    let mut row = draft::line_row(company, order_num)?;
    match company.find("Part", "PartNum", part) {
        Some(part) => line::take_part(&mut row, part),
        None => row.set("PartNum", part),
    }
    row.set("SellingQuantity", quantity);
    row.set("LockPrice", true);
    totals::price(&mut row, price);
    let order = add(company, order_num, &row)?;
    Ok(order.lines.last().map_or(0, |row| row.key("OrderLine")))
}

/// Adds a charge of the header; gives its number.
///
/// # Errors
/// As if it had been saved through a request.
pub(crate) fn add_charge(
    company: &mut Company,
    order_num: i32,
    code: &str,
    description: &str,
    amount: Decimal,
) -> Result<i32, Refusal> {
    let mut row =
        draft::charge_row(company, order_num)?.with("MiscCode", code).with("Description", description);
    change::amount(&mut row, amount);
    let order = add(company, order_num, &row)?;
    Ok(order.charges.last().map_or(0, |row| row.key("SeqNum")))
}

fn add(company: &mut Company, order_num: i32, row: &Row) -> Result<Order, Refusal> {
    let plant = company.orders.get(&order_num).map_or("", |order| order.head.text("Plant")).to_owned();
    let mut order = stored(company, order_num)?;
    let mut saved = DataSet::new("SalesOrderTableset");
    children::child(company, &mut order, row, &plant, &mut saved)?;
    put(company, order.clone());
    Ok(order)
}

/// Takes a line away with its releases.
///
/// # Errors
/// There is none of this number, or something of it was shipped.
pub(crate) fn remove_line(company: &mut Company, order_num: i32, order_line: i32) -> Result<(), Refusal> {
    let mut order = stored(company, order_num)?;
    children::remove(&mut order, "OrderDtl", order_line)?;
    put(company, order);
    Ok(())
}

fn put(company: &mut Company, mut order: Order) {
    let tax = order.head.flag("ReadyToCalc");
    totals::sum(company, &mut order, tax);
    company.stamp(&mut order.head);
    company.keep(order);
}
