//! New rows with their defaults; nothing is stored and no number is taken.

use rust_decimal::Decimal;

use crate::kinetic::{answer::Outs, body::Arguments, company::Company, refusal::Refusal, row::Row};

/// `GetNewOrderHed`.
pub(super) fn header(company: &mut Company, call: &mut Arguments, plant: &str) -> Outs {
    let id = company.row_id();
    let config = &company.config;
    let row = Row::new("OrderHed")
        .with("Company", config.company.as_str())
        .with("OpenOrder", true)
        .with("OrderDate", company.today())
        .with("EntryPerson", config.username.as_str())
        .with("ReadyToCalc", config.ready_to_calc)
        .with("ReadyToFulfill", config.ready_to_fulfill)
        .with("CurrencyCode", config.base_currency())
        .with("ExchangeRate", Decimal::ONE)
        .with("Plant", plant)
        .with("SysRowID", id)
        .with("RowMod", "A");
    call.ds.push(row);
    Outs::new()
}

/// `GetNewOrderDtl`.
pub(super) fn line(company: &mut Company, call: &mut Arguments) -> Result<Outs, Refusal> {
    let row = line_row(company, call.int("orderNum"))?;
    call.ds.push(row);
    Ok(Outs::new())
}

/// A new line with what it has from its header.
pub(super) fn line_row(company: &mut Company, order_num: i32) -> Result<Row, Refusal> {
    let id = company.row_id();
    let head = head(company, order_num)?;
    let mut row = Row::new("OrderDtl")
        .with("Company", company.config.company.as_str())
        .with("OpenLine", true)
        .with("LineType", "PART")
        .with("PricePerCode", "E")
        .with("SellingFactor", Decimal::ONE)
        .with("SellingFactorDirection", "D")
        .with("SysRowID", id)
        .with("RowMod", "A");
    for column in ["OrderNum", "CustNum", "NeedByDate", "RequestDate", "DiscountPercent"] {
        row.copy(column, head, column);
    }
    Ok(row)
}

/// `GetNewOHOrderMsc`.
pub(super) fn charge(company: &mut Company, call: &mut Arguments) -> Result<Outs, Refusal> {
    if call.int("orderLine") != 0 {
        return Err(Refusal::rule("OHOrderMsc", "OrderLine", "A charge of the order has no line."));
    }
    let row = charge_row(company, call.int("orderNum"))?;
    call.ds.push(row);
    Ok(Outs::new())
}

/// A new charge with what it has from its header.
pub(super) fn charge_row(company: &mut Company, order_num: i32) -> Result<Row, Refusal> {
    let id = company.row_id();
    let head = head(company, order_num)?;
    let mut row = Row::new("OHOrderMsc")
        .with("Company", company.config.company.as_str())
        .with("FreqCode", "F")
        .with("Type", "A")
        .with("SysRowID", id)
        .with("RowMod", "A");
    row.copy("OrderNum", head, "OrderNum");
    row.copy("CurrencyCode", head, "CurrencyCode");
    Ok(row)
}

fn head(company: &Company, order_num: i32) -> Result<&Row, Refusal> {
    let order = company.orders.get(&order_num).ok_or_else(Refusal::no_record)?;
    if order.head.flag("OpenOrder") {
        Ok(&order.head)
    } else {
        Err(Refusal::rule("OrderHed", "OpenOrder", "The order is closed."))
    }
}
