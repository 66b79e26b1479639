//! Finding and making customers.

use serde_json::{Value, json};

use crate::desk::{CUSTOMERS, Desk, Reply};

async fn draft(desk: &Desk, id: &str) -> Value {
    let ds = desk.post(CUSTOMERS, "GetNewCustomer", json!({"ds": {}})).await.ds();
    let mut ds = desk.post(CUSTOMERS, "GetCustomerTerritory", json!({"ds": ds, "custNum": 0})).await.ds();
    let row = &mut ds["Customer"][0];
    for (column, value) in
        [("CustID", id), ("Name", "Jørgen Ødegård"), ("TermsCode", "CC"), ("ExternalID", "77")]
    {
        row[column] = value.into();
    }
    row["CountryNum"] = json!(3);
    ds
}

async fn update(desk: &Desk, ds: &Value) -> Reply {
    desk.post(CUSTOMERS, "Update", json!({"ds": ds})).await
}

#[tokio::test]
async fn a_customer_is_made_found_and_changed() {
    let desk = Desk::new().await;
    let ds = draft(&desk, "BC77").await;
    let ds = update(&desk, &ds).await.ds();
    let num = ds["Customer"][0]["CustNum"].as_i64().unwrap();
    assert!(num > 42);
    let found = desk
        .rows(
            CUSTOMERS,
            "Customers",
            &[("$filter", "ExternalID eq '77'"), ("$select", "CustNum,Name"), ("$top", "3")],
        )
        .await;
    assert_eq!(found, [json!({"CustNum": num, "Name": "Jørgen Ødegård"})]);

    let by_id = desk.post(CUSTOMERS, "GetByCustID", json!({"custID": "bc77", "withShipTo": true})).await.ok();
    assert_eq!(by_id["returnObj"]["ShipTo"][0]["ShipToNum"], "", "the customer's own address is a ship-to");
    let mut ds = by_id["returnObj"].clone();
    ds["Customer"][0]["PhoneNum"] = "1".into();
    ds["Customer"][0]["RowMod"] = "U".into();
    update(&desk, &ds).await.ds();
    let text = update(&desk, &ds).await.breaks("SysRevID");
    assert_eq!(text, "Row has been modified by another user and couldn't be updated.");
}

#[tokio::test]
async fn what_a_customer_must_have_is_asked_for() {
    let desk = Desk::new().await;
    for (column, value) in [
        ("CustID", json!("")),
        ("Name", json!(" ")),
        ("TermsCode", json!("")),
        ("TermsCode", json!("NONE")),
        ("TerritoryID", json!("")),
        ("CurrencyCode", json!("XXX")),
        ("CountryNum", json!(999)),
        ("CustomerType", json!("ABC")),
    ] {
        let mut ds = draft(&desk, "BC77").await;
        ds["Customer"][0][column] = value;
        update(&desk, &ds).await.breaks(column);
    }
    let ds = draft(&desk, "webguest").await;
    update(&desk, &ds).await.refused(409, "Ice.Common.DuplicateRecordException");
    let mut ds = draft(&desk, "BC77").await;
    ds["Customer"][0]["CustID"] = "LONGERTHAN10".into();
    update(&desk, &ds).await.unreadable();
    assert_eq!(desk.sim.customers().len(), 5);
    let unknown = desk.post(CUSTOMERS, "GetByCustID", json!({"custID": "NOBODY", "withShipTo": false})).await;
    unknown.refused(404, "Ice.Common.RecordNotFoundException");
}

#[tokio::test]
async fn a_clerk_retypes_a_customers_id() {
    let desk = Desk::new().await;
    assert!(desk.sim.edit_customer(43, |row| row.set("CustID", "RENEE")));
    assert!(!desk.sim.edit_customer(999, |row| row.set("CustID", "NOBODY")));
    let filter = [("$filter", "CustID eq 'RENEE'")];
    let found = desk.rows(CUSTOMERS, "Customers", &filter).await;
    assert_eq!((found[0]["CustNum"].as_i64(), found.len()), (Some(43), 1));
}

#[tokio::test]
async fn look_alikes_and_contacts_are_found() {
    let desk = Desk::new().await;
    let call = json!({"vName": "WEB SHOP GUESTS", "custId": "X", "vRowid": "", "vAddress1": "", "vZip": ""});
    let alike = desk.post(CUSTOMERS, "CheckDupCustomer", call).await.ok();
    assert_eq!(alike["returnObj"]["CustomerList"][0]["CustID"], "WEBGUEST");
    let filter = [("$filter", "EMailAddress eq 'einkauf@loewenzahn.example.com'")];
    let contacts = desk.rows("Erp.BO.CustCntSvc", "CustCnts", &filter).await;
    assert_eq!(contacts[0]["CustNum"], 44);
}
