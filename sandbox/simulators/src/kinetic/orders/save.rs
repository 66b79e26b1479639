//! `MasterUpdate` and `Update`: an order is saved as a whole or not at all.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{
    change,
    children::{child, inherit},
    totals,
};
use crate::kinetic::{
    answer::{Answer, Outs, blank},
    body::Arguments,
    company::{Company, Order, same},
    dataset::DataSet,
    refusal::Refusal,
    row::Row,
};

/// What only the system writes into a header.
const KEPT_IN_HEADER: [&str; 20] = [
    "OrderNum",
    "OpenOrder",
    "VoidOrder",
    "TotalCharges",
    "DocTotalCharges",
    "TotalMisc",
    "DocTotalMisc",
    "TotalDiscount",
    "DocTotalDiscount",
    "TotalTax",
    "DocTotalTax",
    "OrderAmt",
    "DocOrderAmt",
    "TotalOrder",
    "DocTotalOrder",
    "HasOrderLines",
    "WebOrder",
    "ChangedBy",
    "ChangeTime",
    "BitFlag",
];

/// `MasterUpdate`.
pub(super) fn master_update(
    company: &mut Company,
    call: Arguments,
    plant: &str,
    not_saved: Option<String>,
) -> Result<Answer, Refusal> {
    let mut outs = blank([
        "cResponseMsg",
        "cCreditShipAction",
        "cDisplayMsg",
        "cCompliantMsg",
        "cResponseMsgOrdRel",
        "cAgingMessage",
        "cShipByDateMessage",
        "cNeedByDateMessage",
    ]);
    let table = call.text("cTableName");
    if !["OrderHed", "OrderDtl", "OrderRel", "OHOrderMsc", "OrderMsc"].contains(&table) {
        return Err(Refusal::rule(table, "cTableName", format!("{table} is not a table of a sales order.")));
    }
    let asked = call.flag("lcheckForResponse") && table == "OrderHed";
    let question = not_saved.or_else(|| company.config.question.clone().filter(|_| asked));
    if let Some(question) = question {
        outs.insert("lContinue", false.into());
        outs.insert("cResponseMsg", question.into());
        return Ok(Answer::changed(call.ds, outs));
    }
    outs.insert("lContinue", true.into());
    let saved = save(company, &call.ds, plant)?;
    Ok(Answer::changed(saved, outs))
}

/// `Update`: saves without the questions of `MasterUpdate`.
pub(super) fn update(company: &mut Company, call: &Arguments, plant: &str) -> Result<Answer, Refusal> {
    save(company, &call.ds, plant).map(|saved| Answer::changed(saved, Outs::new()))
}

/// Saves the pending rows of one order; gives the touched rows and the header.
fn save(company: &mut Company, ds: &DataSet, plant: &str) -> Result<DataSet, Refusal> {
    let mut heads = ds.of("OrderHed").iter().filter(|row| row.is_pending());
    let pending = ["OrderDtl", "OHOrderMsc", "OrderRel", "OrderMsc"];
    let children: Vec<&Row> =
        pending.iter().flat_map(|table| ds.of(table)).filter(|row| row.is_pending()).collect();
    let head = heads.next();
    if heads.next().is_some() {
        return Err(Refusal::rule("OrderHed", "RowMod", "Only one order can be saved at a time."));
    }
    let named = head.or_else(|| children.first().copied()).map(|row| row.key("OrderNum"));
    let Some(order_num) = named else {
        let mut unchanged = DataSet::new("SalesOrderTableset");
        ds.of("OrderHed").iter().cloned().for_each(|row| unchanged.push(row));
        return Ok(unchanged);
    };
    let mut saved = DataSet::new("SalesOrderTableset");
    // Worked on apart, so that a refusal in the middle leaves nothing behind.
    let mut order = match head {
        Some(row) if row.text("RowMod") == "A" => create(company, row)?,
        Some(row) if row.text("RowMod") == "U" => {
            let mut order = stored(company, order_num)?;
            change_header(company, &mut order, row, &mut saved)?;
            order
        }
        Some(_) => return Err(Refusal::rule("OrderHed", "RowMod", "The order cannot be deleted here.")),
        None => stored(company, order_num)?,
    };
    for row in children {
        if row.key("OrderNum") != order.head.key("OrderNum") {
            return Err(Refusal::rule(row.table(), "OrderNum", "The row belongs to another order."));
        }
        if !order.head.flag("OpenOrder") {
            return Err(Refusal::rule("OrderHed", "OpenOrder", "The order is closed."));
        }
        child(company, &mut order, row, plant, &mut saved)?;
    }
    let ready = order.head.flag("ReadyToCalc");
    totals::sum(company, &mut order, ready);
    company.stamp(&mut order.head);
    saved.put(order.head.clone());
    company.keep(order);
    Ok(saved)
}

pub(super) fn stored(company: &Company, order_num: i32) -> Result<Order, Refusal> {
    company.orders.get(&order_num).cloned().ok_or_else(Refusal::no_record)
}

fn create(company: &mut Company, row: &Row) -> Result<Order, Refusal> {
    if row.key("OrderNum") != 0 {
        return Err(Refusal::duplicate("The order number is taken."));
    }
    let mut head = row.clone();
    check_header(company, &head)?;
    // A row id is unique: a draft that is saved twice makes a second order, as nothing upstream forbids it.
    if company.orders.values().any(|order| order.head.text("SysRowID") == head.text("SysRowID")) {
        let id = company.row_id();
        head.set("SysRowID", id);
    }
    head.set("OrderNum", company.next_order_num());
    head.set("OpenOrder", true);
    for column in ["VoidOrder", "WebOrder"] {
        head.set(column, false);
    }
    head.set_all(["TotalTax", "DocTotalTax"], Decimal::ZERO);
    Ok(Order {
        head,
        lines: Vec::new(),
        releases: Vec::new(),
        charges: Vec::new(),
        allocated: BTreeMap::new(),
    })
}

fn check_header(company: &Company, head: &Row) -> Result<(), Refusal> {
    let customer = company
        .find_num("Customer", "CustNum", head.key("CustNum"))
        .ok_or_else(|| Refusal::rule("OrderHed", "CustNum", "Customer is not valid."))?;
    change::may_order(customer)?;
    change::one_time(company, head)?;
    for (column, master) in [("TermsCode", "Terms"), ("ShipViaCode", "ShipVia"), ("TaxRegionCode", "TaxRgn")]
    {
        company.check_code(head, column, master)?;
    }
    if !company.config.currencies.iter().any(|code| code == head.text("CurrencyCode")) {
        return Err(Refusal::rule("OrderHed", "CurrencyCode", "Currency is not valid."));
    }
    if head.get("OrderDate") == crate::kinetic::Cell::Null {
        return Err(Refusal::rule("OrderHed", "OrderDate", "Order date is required."));
    }
    let po = head.text("PONum");
    let twin = |other: &Row| {
        other.key("OrderNum") != head.key("OrderNum")
            && other.key("CustNum") == head.key("CustNum")
            && same(other.text("PONum"), po)
    };
    let looks = customer.flag("CheckDuplicatePO") && !po.trim().is_empty();
    if looks && company.orders.values().any(|order| twin(&order.head)) {
        return Err(Refusal::rule(
            "OrderHed",
            "PONum",
            "The PO number is used on another order of the customer.",
        ));
    }
    Ok(())
}

/// The sent row in place of the stored one: stale rows are refused, and the system's own columns stay.
pub(super) fn merged(company: &Company, old: &Row, sent: &Row, kept: &[&str]) -> Result<Row, Refusal> {
    unmodified(company, old, sent)?;
    let mut new = if company.config.empty_what_is_left_out { Row::new(old.table()) } else { old.clone() };
    new.overlay(sent);
    for column in kept.iter().chain(&["SysRowID"]) {
        new.copy(column, old, column);
    }
    Ok(new)
}

/// The optimistic lock: what was sent must be of the stored row's revision.
pub(super) fn unmodified(company: &Company, old: &Row, sent: &Row) -> Result<(), Refusal> {
    if sent.int("SysRevID") == old.int("SysRevID") {
        return Ok(());
    }
    Err(Refusal::modified(company.config.conflict_status, old.table()))
}

fn change_header(
    company: &mut Company,
    order: &mut Order,
    sent: &Row,
    saved: &mut DataSet,
) -> Result<(), Refusal> {
    let mut head = merged(company, &order.head, sent, &KEPT_IN_HEADER)?;
    let spread = head.flag("UpdateDtlAndRelRecords");
    head.set("UpdateDtlAndRelRecords", false);
    check_header(company, &head)?;
    order.head = head;
    if spread {
        for row in &mut order.lines {
            row.copy("NeedByDate", &order.head, "NeedByDate");
            row.copy("RequestDate", &order.head, "RequestDate");
            company.stamp(row);
            saved.put(row.clone());
        }
        for row in &mut order.releases {
            inherit(row, &order.head);
            company.stamp(row);
            saved.put(row.clone());
        }
    }
    Ok(())
}
