//! Lines, their releases and charges, as they are saved.

use rust_decimal::Decimal;

use super::{
    change,
    save::{merged, unmodified},
    ship, totals,
};
use crate::kinetic::{
    company::{Company, Order},
    dataset::DataSet,
    refusal::Refusal,
    row::Row,
    schema,
};

/// What a release takes from its header when it is made.
const ONE_TIME: [&str; 13] = [
    "UseOTS",
    "OTSName",
    "OTSAddress1",
    "OTSAddress2",
    "OTSAddress3",
    "OTSCity",
    "OTSState",
    "OTSZIP",
    "OTSContact",
    "OTSPhoneNum",
    "OTSFaxNum",
    "OTSCountryNum",
    "OTSSaveAs",
];

/// Gives a release what it has from its header.
pub(super) fn inherit(release: &mut Row, head: &Row) {
    for column in ONE_TIME {
        release.copy(column, head, column);
    }
    for (column, source) in [
        ("NeedByDate", "NeedByDate"),
        ("ReqDate", "RequestDate"),
        ("ShipViaCode", "ShipViaCode"),
        ("ShipToNum", "ShipToNum"),
        ("TaxRegionCode", "TaxRegionCode"),
    ] {
        release.copy(column, head, source);
    }
}

/// Saves one pending line or charge into `order`.
pub(super) fn child(
    company: &mut Company,
    order: &mut Order,
    sent: &Row,
    plant: &str,
    saved: &mut DataSet,
) -> Result<(), Refusal> {
    let table = sent.table().to_owned();
    let (rows, number) = match table.as_str() {
        "OrderDtl" => (&order.lines, "OrderLine"),
        "OHOrderMsc" => (&order.charges, "SeqNum"),
        other => return Err(Refusal::rule(other, "RowMod", format!("{other} cannot be saved here."))),
    };
    let at = rows.iter().position(|row| row.key(number) == sent.key(number));
    let old = at.and_then(|at| rows.get(at)).cloned();
    let mut row = match (sent.text("RowMod"), old) {
        ("A", _) => {
            let mut row = sent.clone();
            let last = rows.iter().map(|row| row.key(number)).max().unwrap_or_default();
            if rows.iter().any(|other| other.text("SysRowID") == row.text("SysRowID")) {
                let id = company.row_id();
                row.set("SysRowID", id);
            }
            row.set(number, last + 1);
            row
        }
        (_, None) => return Err(Refusal::no_record()),
        ("U", Some(old)) => merged(
            company,
            &old,
            sent,
            &["OrderNum", number, "OpenLine", "VoidLine"].map(|c| known(&table, c)),
        )?,
        (_, Some(old)) => {
            unmodified(company, &old, sent)?;
            return remove(order, &table, old.key(number));
        }
    };
    if table == "OrderDtl" {
        check_line(&row, &order.releases)?;
        settle_line(&mut row);
    } else {
        check_charge(company, &row)?;
        let amount = row.decimal("DocMiscAmt");
        change::amount(&mut row, amount);
    }
    company.stamp(&mut row);
    saved.put(row.clone());
    let rows = if table == "OrderDtl" { &mut order.lines } else { &mut order.charges };
    match rows.iter_mut().find(|old| old.key(number) == row.key(number)) {
        Some(old) => *old = row.clone(),
        None => rows.push(row.clone()),
    }
    if table == "OrderDtl" {
        let release = release(company, order, &row, plant);
        saved.put(release);
    }
    Ok(())
}

/// Takes a line with its releases, or a charge, out of the order.
pub(super) fn remove(order: &mut Order, table: &str, number: i32) -> Result<(), Refusal> {
    if table != "OrderDtl" {
        order.charges.retain(|row| row.key("SeqNum") != number);
        return Ok(());
    }
    if !order.lines.iter().any(|row| row.key("OrderLine") == number) {
        return Err(Refusal::no_record());
    }
    if !ship::of_line(&order.releases, number).is_zero() {
        let text = "The line has been shipped and cannot be deleted.";
        return Err(Refusal::rule("OrderDtl", "OrderLine", text));
    }
    order.lines.retain(|row| row.key("OrderLine") != number);
    order.releases.retain(|row| row.key("OrderLine") != number);
    Ok(())
}

/// Puts what is displayed and what is computed in step: the document price and discount are the stored ones.
pub(super) fn settle_line(row: &mut Row) {
    let (price, discount) = (row.decimal("DocUnitPrice"), row.decimal("DocDiscount"));
    totals::price(row, price);
    totals::discount(row, discount);
    totals::our_quantity(row);
    totals::extend(row);
}

/// A column of the system's own that not every child has.
fn known<'a>(table: &str, column: &'a str) -> &'a str {
    if schema::table(table).contains_key(column) { column } else { "OrderNum" }
}

fn check_line(row: &Row, releases: &[Row]) -> Result<(), Refusal> {
    if row.text("PartNum").trim().is_empty() {
        return Err(Refusal::rule("OrderDtl", "PartNum", "Part Number cannot be blank."));
    }
    if row.decimal("SellingQuantity") <= Decimal::ZERO {
        return Err(Refusal::rule("OrderDtl", "SellingQuantity", "Quantity must be greater than zero."));
    }
    let stored = row.text("RowMod") == "U";
    if stored && !row.flag("OpenLine") {
        return Err(Refusal::rule("OrderDtl", "OpenLine", "The line is closed."));
    }
    if stored && row.decimal("SellingQuantity") < ship::of_line(releases, row.key("OrderLine")) {
        let text = "Quantity cannot be less than what has been shipped.";
        return Err(Refusal::rule("OrderDtl", "SellingQuantity", text));
    }
    Ok(())
}

fn check_charge(company: &Company, row: &Row) -> Result<(), Refusal> {
    let code = row.text("MiscCode");
    if code.is_empty() || company.find("MiscChrg", "MiscCode", code).is_none() {
        return Err(Refusal::rule("OHOrderMsc", "MiscCode", "Miscellaneous charge is not valid."));
    }
    if row.text("Description").trim().is_empty() {
        return Err(Refusal::rule("OHOrderMsc", "Description", "Description cannot be blank."));
    }
    if row.decimal("DocMiscAmt").is_zero() {
        return Err(Refusal::rule("OHOrderMsc", "DocMiscAmt", "Amount can't be zero."));
    }
    Ok(())
}

/// The line's first release, made with the line and kept in step with its quantity (§8.1).
pub(super) fn release(company: &mut Company, order: &mut Order, line: &Row, plant: &str) -> Row {
    let fits = |row: &Row| row.key("OrderLine") == line.key("OrderLine");
    let at = order.releases.iter().position(fits);
    let mut row = at.and_then(|at| order.releases.get(at)).cloned().unwrap_or_else(|| {
        let warehouse = company.warehouse(plant).to_owned();
        let mut row = Row::new("OrderRel")
            .with("OrderRelNum", 1)
            .with("OpenRelease", true)
            .with("FirmRelease", true)
            .with("Plant", plant)
            .with("WarehouseCode", warehouse);
        inherit(&mut row, &order.head);
        row
    });
    for (column, source) in [
        ("OrderNum", "OrderNum"),
        ("OrderLine", "OrderLine"),
        ("LineType", "LineType"),
        ("PartNum", "PartNum"),
        ("SellingReqQty", "SellingQuantity"),
        ("SellingStockQty", "SellingQuantity"),
        ("OurReqQty", "OrderQty"),
        ("OurStockQty", "OrderQty"),
        ("NeedByDate", "NeedByDate"),
        ("ReqDate", "RequestDate"),
    ] {
        row.copy(column, line, source);
    }
    company.stamp(&mut row);
    match at.and_then(|at| order.releases.get_mut(at)) {
        Some(old) => *old = row.clone(),
        None => order.releases.push(row.clone()),
    }
    row
}
