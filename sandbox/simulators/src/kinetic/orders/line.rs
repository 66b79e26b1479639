//! Change methods of a line.

use rust_decimal::Decimal;

use super::totals;
use crate::kinetic::{
    answer::{Outs, blank},
    body::Arguments,
    company::Company,
    refusal::Refusal,
    row::{Cell, Row},
};

/// `ChangePartNumMaster`. A part that does not exist still makes a line, without defaults (§8.4 step 7).
pub(super) fn part(company: &Company, call: &mut Arguments) -> Result<Outs, Refusal> {
    let wanted = call.text("partNum").to_owned();
    let id = call.text("SysRowID").to_owned();
    if wanted.trim().is_empty() {
        return Err(Refusal::rule("OrderDtl", "PartNum", "Part Number cannot be blank."));
    }
    if wanted.encode_utf16().count() > 50 {
        return Err(Refusal::rule("OrderDtl", "PartNum", "Part Number is too long."));
    }
    let mut outs = blank([
        "cDeleteComponentsMessage",
        "questionString",
        "cWarningMessage",
        "cConfigPartMessage",
        "cSubPartMessage",
        "explodeBOMerrMessage",
        "cMsgType",
    ]);
    for name in ["multipleMatch", "promptToExplodeBOM", "multiSubsAvail", "runOutQtyAvail", "lIsPhantom"] {
        outs.insert(name, false.into());
    }
    outs.insert("lSubstitutePartExist", false.into());
    let found = company.find("Part", "PartNum", &wanted);
    let row = call.ds.pending_with("OrderDtl", &id)?;
    let Some(part) = found else {
        row.set("PartNum", wanted.as_str());
        outs.insert("partNum", wanted.into());
        outs.insert("uomCode", "".into());
        return Ok(outs);
    };
    if part.flag("InActive") {
        let text = format!("Part {} is inactive.", part.text("PartNum"));
        return Err(Refusal::rule("OrderDtl", "PartNum", text));
    }
    for (flag, warning) in [("OnHold", "The part is on hold."), ("RunOut", "The part is running out.")] {
        if part.flag(flag) {
            outs.insert("cWarningMessage", warning.into());
        }
    }
    take_part(row, part);
    outs.insert("partNum", part.get("PartNum"));
    outs.insert("uomCode", part.get("SalesUM"));
    Ok(outs)
}

/// Takes over what a line has from its part, the list price too.
pub(super) fn take_part(row: &mut Row, part: &Row) {
    for (column, source) in [
        ("PartNum", "PartNum"),
        ("LineDesc", "PartDescription"),
        ("IUM", "IUM"),
        ("SalesUM", "SalesUM"),
        ("PricePerCode", "PricePerCode"),
        ("SellingFactor", "SellingFactor"),
        ("TaxCatID", "TaxCatID"),
        ("ProdCode", "ProdCode"),
    ] {
        row.copy(column, part, source);
    }
    list_price(row, part);
}

fn list_price(row: &mut Row, part: &Row) {
    totals::price(row, part.decimal("UnitPrice"));
    row.set_all(["ListPrice", "DocListPrice"], part.decimal("UnitPrice"));
    totals::extend(row);
}

/// `ChangeSellingQtyMaster`.
pub(super) fn quantity(company: &Company, call: &mut Arguments) -> Result<Outs, Refusal> {
    let quantity = call.decimal("ipSellingQuantity");
    if quantity <= Decimal::ZERO {
        return Err(Refusal::rule("OrderDtl", "SellingQuantity", "Quantity must be greater than zero."));
    }
    let keep_price = call.flag("lKeepUnitPrice");
    let by_percent = call.flag("chgDiscPer") && company.config.discount_follows;
    let row = call.ds.pending("OrderDtl")?;
    row.set("SellingQuantity", quantity);
    totals::our_quantity(row);
    if let (false, false, Some(part)) =
        (keep_price, row.flag("LockPrice"), company.find("Part", "PartNum", row.text("PartNum")))
    {
        list_price(row, part);
    }
    totals::extend(row);
    if by_percent {
        discount_by_percent(row);
    }
    Ok(blank(["pcMessage", "pcNeqQtyAction", "opWarningMsg", "cSellingQuantityChangedMsgText"]))
}

/// `ChangeUnitPrice`: the price as displayed in the order's currency goes into all of its family.
pub(super) fn price(company: &Company, call: &mut Arguments) -> Result<Outs, Refusal> {
    let row = call.ds.pending("OrderDtl")?;
    let shown = row.decimal("DocDspUnitPrice");
    totals::price(row, shown);
    totals::extend(row);
    if company.config.discount_follows {
        discount_by_percent(row);
    }
    Ok(Outs::new())
}

/// Calculates the discount anew from its per cent (§8.3).
fn discount_by_percent(row: &mut Row) {
    let share = row.decimal("DocExtPriceDtl") * row.decimal("DiscountPercent") / Decimal::ONE_HUNDRED;
    totals::discount(row, totals::cents(share));
    totals::extend(row);
}

/// `ChangeDiscountAmount`.
pub(super) fn discount(call: &mut Arguments) -> Result<Outs, Refusal> {
    let row = call.ds.pending("OrderDtl")?;
    let shown = row.decimal("DocDspDiscount");
    totals::discount(row, shown);
    totals::extend(row);
    let extended = row.decimal("DocExtPriceDtl");
    let percent = (shown * Decimal::ONE_HUNDRED).checked_div(extended).unwrap_or_default();
    row.set("DiscountPercent", Cell::Decimal(percent.round_dp(2)));
    Ok(Outs::new())
}
