//! `CustomerSvc`: a new customer's way, and finding one by its id.

use super::{
    answer::{Answer, Outs},
    body::Arguments,
    company::{Company, same},
    dataset::DataSet,
    refusal::Refusal,
    row::Row,
};

/// Calls a method of the service; `None` if it has none of that name here.
pub(crate) fn call(
    company: &mut Company,
    method: &str,
    mut call: Arguments,
) -> Option<Result<Answer, Refusal>> {
    Some(match method {
        "GetNewCustomer" => {
            call.ds.push(draft(company));
            Ok(Answer::changed(call.ds, Outs::new()))
        }
        "GetCustomerTerritory" => territory(company, call),
        "CheckDupCustomer" => Ok(look_alikes(company, &call)),
        "Update" => update(company, &call),
        "GetByCustID" => by_cust_id(company, &call),
        _ => return None,
    })
}

fn draft(company: &mut Company) -> Row {
    let id = company.row_id();
    Row::new("Customer")
        .with("Company", company.config.company.as_str())
        .with("CustomerType", "CUS")
        .with("CurrencyCode", company.config.base_currency())
        .with("EstDate", company.today())
        .with("SysRowID", id)
        .with("RowMod", "A")
}

fn territory(company: &Company, mut call: Arguments) -> Result<Answer, Refusal> {
    let row = call.ds.pending("Customer")?;
    row.set("TerritoryID", company.config.territory.as_str());
    Ok(Answer::changed(call.ds, Outs::new()))
}

fn look_alikes(company: &Company, call: &Arguments) -> Answer {
    let (name, address, zip) = (call.text("vName"), call.text("vAddress1"), call.text("vZip"));
    let mut ds = DataSet::new("CustomerListTableset");
    for customer in company.rows("Customer") {
        let lives_there = !address.is_empty() && same(customer.text("Address1"), address);
        if same(customer.text("Name"), name) || (lives_there && same(customer.text("Zip"), zip)) {
            let mut row = Row::new("CustomerList");
            for column in
                ["Company", "CustID", "CustNum", "Name", "City", "State", "Zip", "Country", "SysRowID"]
            {
                row.copy(column, customer, column);
            }
            ds.push(row);
        }
    }
    Answer::returned(ds)
}

fn by_cust_id(company: &Company, call: &Arguments) -> Result<Answer, Refusal> {
    let customer = company.find("Customer", "CustID", call.text("custID")).ok_or_else(Refusal::no_record)?;
    let mut ds = DataSet::new("CustomerTableset");
    ds.push(customer.clone());
    if call.flag("withShipTo") {
        let of_customer = |row: &&Row| row.key("CustNum") == customer.key("CustNum");
        company.rows("ShipTo").into_iter().filter(of_customer).for_each(|row| ds.push(row.clone()));
    }
    Ok(Answer::returned(ds))
}

fn update(company: &mut Company, call: &Arguments) -> Result<Answer, Refusal> {
    let mut ds = DataSet::new("CustomerTableset");
    for sent in call.ds.of("Customer") {
        match sent.text("RowMod") {
            "A" => ds.push(create(company, sent)?),
            "U" => ds.push(change(company, sent)?),
            "D" => return Err(Refusal::rule("Customer", "RowMod", "The customer cannot be deleted here.")),
            _ => ds.push(sent.clone()),
        }
    }
    Ok(Answer::changed(ds, Outs::new()))
}

fn create(company: &mut Company, sent: &Row) -> Result<Row, Refusal> {
    if company.find("Customer", "CustID", sent.text("CustID")).is_some() {
        return Err(Refusal::duplicate("The customer ID is taken."));
    }
    check(company, sent)?;
    let num = company.next_cust_num();
    let mut row = sent.clone().with("CustNum", num);
    if company.rows("Customer").iter().any(|old| old.text("SysRowID") == row.text("SysRowID")) {
        let id = company.row_id();
        row.set("SysRowID", id);
    }
    company.store(row);
    let ship_to = Row::new("ShipTo").with("CustNum", num).with("Name", sent.text("Name"));
    company.store(ship_to);
    company.find_num("Customer", "CustNum", num).cloned().ok_or_else(Refusal::no_record)
}

fn change(company: &mut Company, sent: &Row) -> Result<Row, Refusal> {
    let old = company
        .find_num("Customer", "CustNum", sent.key("CustNum"))
        .cloned()
        .ok_or_else(Refusal::no_record)?;
    if old.int("SysRevID") != sent.int("SysRevID") {
        return Err(Refusal::modified(company.config.conflict_status, "Customer"));
    }
    check(company, sent)?;
    let mut row = if company.config.empty_what_is_left_out { Row::new("Customer") } else { old.clone() };
    row.overlay(sent);
    row.copy("SysRowID", &old, "SysRowID");
    company.stamp(&mut row);
    company.replace(row.clone());
    Ok(row)
}

/// What must be valid in practice (§7.2).
fn check(company: &Company, row: &Row) -> Result<(), Refusal> {
    for column in ["CustID", "Name", "TermsCode", "CurrencyCode", "TerritoryID"] {
        if row.text(column).trim().is_empty() {
            return Err(Refusal::rule("Customer", column, format!("{column} is required.")));
        }
    }
    if !["CUS", "PRO", "SUS"].contains(&row.text("CustomerType")) {
        return Err(Refusal::rule("Customer", "CustomerType", "Customer type is not valid."));
    }
    for (column, master) in [("TermsCode", "Terms"), ("ShipViaCode", "ShipVia"), ("TaxRegionCode", "TaxRgn")]
    {
        company.check_code(row, column, master)?;
    }
    if !company.config.currencies.iter().any(|code| code == row.text("CurrencyCode")) {
        return Err(Refusal::rule("Customer", "CurrencyCode", "Currency is not valid."));
    }
    if company.find_num("Country", "CountryNum", row.key("CountryNum")).is_none() {
        return Err(Refusal::rule("Customer", "CountryNum", "Country is not valid."));
    }
    Ok(())
}
