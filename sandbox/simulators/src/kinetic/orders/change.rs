//! Change methods of the header and of charges: they work on the pending row that is sent, and store nothing.

use rust_decimal::Decimal;

use crate::kinetic::{
    answer::{Outs, blank},
    body::Arguments,
    company::Company,
    refusal::Refusal,
    row::Row,
};

/// `ChangeOrderHedCustomerCustID`: the customer's defaults come into the header.
pub(super) fn customer(company: &Company, call: &mut Arguments) -> Result<Outs, Refusal> {
    let wanted = call.text("proposedCustomerCustID").to_owned();
    let found = company.find("Customer", "CustID", &wanted).filter(|_| !wanted.is_empty());
    let customer =
        found.ok_or_else(|| Refusal::rule("OrderHed", "CustomerCustID", "Customer ID is not valid."))?;
    may_order(customer)?;
    let row = call.ds.pending("OrderHed")?;
    for (column, source) in [
        ("CustNum", "CustNum"),
        ("CustomerCustID", "CustID"),
        ("CustomerName", "Name"),
        ("BTCustNum", "CustNum"),
        ("BTCustID", "CustID"),
        ("ShipToCustNum", "CustNum"),
        ("ShipToNum", "ShipToNum"),
        ("TermsCode", "TermsCode"),
        ("ShipViaCode", "ShipViaCode"),
        ("CurrencyCode", "CurrencyCode"),
        ("TaxRegionCode", "TaxRegionCode"),
        ("DiscountPercent", "DiscountPercent"),
        ("CustAllowOTS", "AllowOTS"),
        ("CustOnCreditHold", "CreditHold"),
    ] {
        row.copy(column, customer, source);
    }
    let mut outs = blank(["creditLimitMessage", "agingMessage"]);
    if customer.flag("CreditHold") {
        outs.insert("creditLimitMessage", "The customer is on credit hold.".into());
    }
    Ok(outs)
}

/// Only customers of type `CUS` may have orders (§7.2).
pub(super) fn may_order(customer: &Row) -> Result<(), Refusal> {
    if customer.text("CustomerType") == "CUS" {
        return Ok(());
    }
    Err(Refusal::rule("OrderHed", "CustNum", "The customer is a prospect or suspect and cannot have orders."))
}

/// `ChangeHedUseOTS`.
pub(super) fn use_ots(company: &Company, call: &mut Arguments) -> Result<Outs, Refusal> {
    let row = call.ds.pending("OrderHed")?;
    one_time(company, row)?;
    country_name(company, row);
    Ok(Outs::new())
}

/// A one-time ship-to needs a name, and a customer that may have one (§7.6).
pub(super) fn one_time(company: &Company, row: &Row) -> Result<(), Refusal> {
    if !row.flag("UseOTS") {
        return Ok(());
    }
    let allowed = |customer: &Row| customer.flag("AllowOTS");
    if !company.find_num("Customer", "CustNum", row.key("CustNum")).is_some_and(allowed) {
        return Err(Refusal::rule("OrderHed", "UseOTS", "The customer does not allow one time ship to."));
    }
    if row.text("OTSName").trim().is_empty() {
        return Err(Refusal::rule("OrderHed", "OTSName", "One time ship to name is required."));
    }
    let country = row.key("OTSCountryNum");
    if country != 0 && company.find_num("Country", "CountryNum", country).is_none() {
        return Err(Refusal::rule("OrderHed", "OTSCountryNum", "Country is not valid."));
    }
    Ok(())
}

/// `ChangeHedOTSCountryNum`.
pub(super) fn ots_country(company: &Company, call: &mut Arguments) -> Result<Outs, Refusal> {
    let row = call.ds.pending("OrderHed")?;
    if company.find_num("Country", "CountryNum", row.key("OTSCountryNum")).is_none() {
        return Err(Refusal::rule("OrderHed", "OTSCountryNum", "Country is not valid."));
    }
    country_name(company, row);
    Ok(Outs::new())
}

fn country_name(company: &Company, row: &mut Row) {
    if let Some(country) = company.find_num("Country", "CountryNum", row.key("OTSCountryNum")) {
        row.copy("OTSCntryISOCode", country, "ISOCode");
        row.copy("OTSCntryDescription", country, "Description");
    }
}

/// `ChangeNeedByDate`: the date is in the row already; the method only has to know the table.
pub(super) fn need_by(call: &mut Arguments) -> Result<Outs, Refusal> {
    let table = call.text("cTableName").to_owned();
    if !["OrderHed", "OrderDtl", "OrderRel"].contains(&table.as_str()) {
        return Err(Refusal::rule(&table, "NeedByDate", format!("{table} has no need by date.")));
    }
    call.ds.pending(&table)?;
    Ok(Outs::new())
}

/// `ChangeMiscCode`: description, frequency and amount come from the code.
pub(super) fn misc_code(company: &Company, call: &mut Arguments) -> Result<Outs, Refusal> {
    let row = charge_row(call)?;
    let code = row.text("MiscCode").to_owned();
    let found = company.find("MiscChrg", "MiscCode", &code).filter(|_| !code.is_empty());
    let charge =
        found.ok_or_else(|| Refusal::rule("OHOrderMsc", "MiscCode", "Miscellaneous charge is not valid."))?;
    for column in ["MiscCode", "Description", "FreqCode", "Type", "Percentage"] {
        row.copy(column, charge, column);
    }
    amount(row, charge.decimal("MiscAmt"));
    Ok(Outs::new())
}

/// `ChangeMiscAmount`: the amount as displayed in the order's currency goes into all of its family.
pub(super) fn misc_amount(call: &mut Arguments) -> Result<Outs, Refusal> {
    let row = charge_row(call)?;
    let shown = row.decimal("DocDspMiscAmt");
    if shown.is_zero() {
        return Err(Refusal::rule("OHOrderMsc", "DocDspMiscAmt", "Amount can't be zero."));
    }
    amount(row, shown);
    Ok(Outs::new())
}

fn charge_row(call: &mut Arguments) -> Result<&mut Row, Refusal> {
    if call.text("tableName") == "OHOrderMsc" {
        call.ds.pending("OHOrderMsc")
    } else {
        Err(Refusal::request("tableName must be the table of the charge."))
    }
}

/// Puts an amount into the whole family.
pub(super) fn amount(row: &mut Row, amount: Decimal) {
    row.set_all(["MiscAmt", "DocMiscAmt", "DspMiscAmt", "DocDspMiscAmt"], amount);
}
