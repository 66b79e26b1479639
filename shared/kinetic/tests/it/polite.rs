//! A company that does what it is asked, as the reference's example bodies do (§8.4).

use serde_json::{Value, json};

use crate::support::Company;

/// A stored header; a real one has hundreds of columns.
pub(crate) fn header() -> Value {
    json!({
        "Company": "EPIC06", "OrderNum": 100_045, "CustNum": 42, "PONum": "BC-100123", "ReadyToCalc": false,
        "ReadyToFulfill": false, "OrderHeld": true, "SysRevID": 918_273_645,
        "SysRowID": "2d6c1c1e-0d2b-4b53-9e0a-0f5f8b6a0001", "BitFlag": 0, "RowMod": ""
    })
}

fn new_header_row() -> Value {
    let mut row = header();
    for (column, value) in [
        ("OrderNum", json!(0)),
        ("CustNum", json!(0)),
        ("PONum", json!("")),
        ("ReadyToCalc", json!(true)),
        ("ReadyToFulfill", json!(true)),
        ("OrderHeld", json!(false)),
        ("SysRevID", json!(0)),
        ("RowMod", json!("A")),
    ] {
        row[column] = value;
    }
    row
}

fn new_line_row() -> Value {
    json!({
        "Company": "EPIC06", "OrderNum": 100_045, "OrderLine": 0, "PartNum": "", "SellingQuantity": 0,
        "DocUnitPrice": 0, "DocDiscount": 0, "SysRevID": 0,
        "SysRowID": "7f0e1a52-6d5c-4b4a-8a65-5b1d8c6a0002", "RowMod": "A"
    })
}

fn new_charge_row() -> Value {
    json!({
        "Company": "EPIC06", "OrderNum": 100_045, "OrderLine": 0, "SeqNum": 0, "MiscCode": "", "SysRevID": 0,
        "DocMiscAmt": 0, "SysRowID": "5a1b0f35-92d9-4d4d-a7ae-19c0b0a60003", "RowMod": "A"
    })
}

/// A line that stands. Of lines 1 and 2 each has one release.
pub(crate) fn standing_line(order_line: i64) -> Value {
    json!({
        "Company": "EPIC06", "OrderNum": 100_045, "OrderLine": order_line, "PartNum": "ABC-100",
        "SellingQuantity": 2.0, "DocUnitPrice": 22.50000, "DocDiscount": 5.00, "POLine": (10 + order_line).to_string(),
        "SalesUM": "EA", "KitFlag": null, "LockPrice": true, "SysRevID": 918_273_650 + order_line,
        "SysRowID": format!("7f0e1a52-6d5c-4b4a-8a65-5b1d8c6a001{order_line}"), "RowMod": ""
    })
}

/// A release of such a line.
pub(crate) fn standing_release(order_line: i64, number: i64) -> Value {
    json!({
        "Company": "EPIC06", "OrderNum": 100_045, "OrderLine": order_line, "OrderRelNum": number,
        "SellingReqQty": 2.0, "OpenRelease": true, "SysRevID": 918_273_660 + order_line,
        "SysRowID": format!("8e0e1a52-6d5c-4b4a-8a65-5b1d8c6a0{order_line}0{number}"), "RowMod": ""
    })
}

/// A charge that stands: of the whole order, or of a line.
pub(crate) fn standing_charge(order_line: i64, seq: i64) -> Value {
    json!({
        "Company": "EPIC06", "OrderNum": 100_045, "OrderLine": order_line, "SeqNum": seq, "MiscCode": "FRT",
        "Description": "Shipping", "MiscAmt": 12.5, "DocMiscAmt": 12.50, "SysRevID": 918_273_670 + seq,
        "SysRowID": format!("5a1b0f35-92d9-4d4d-a7ae-19c0b0a6{order_line}00{seq}"), "RowMod": ""
    })
}

/// An order that stands, as `GetByID` gives it.
pub(crate) fn standing() -> Value {
    json!({
        "OrderHed": [header()],
        "OrderDtl": [standing_line(1), standing_line(2)],
        "OrderRel": [standing_release(1, 1), standing_release(2, 1)],
        "OHOrderMsc": [standing_charge(1, 1), standing_charge(0, 1), standing_charge(0, 2)],
        "ExtensionTables": []
    })
}

/// Puts the outs and the tableset into their wrapping.
pub(crate) fn wrapped(ds: &Value, outs: Value) -> Value {
    let mut parameters = outs;
    parameters["ds"] = ds.clone();
    json!({ "parameters": parameters })
}

/// Answers what was sent.
pub(crate) fn echo(body: &Value) -> Value {
    wrapped(&body["ds"], json!({}))
}

/// Adds a row to what was sent.
pub(crate) fn added(body: &Value, table: &str, row: Value) -> Value {
    let mut ds = body["ds"].clone();
    ds[table] = Value::Array(vec![row]);
    wrapped(&ds, json!({}))
}

/// Stores every pending row.
pub(crate) fn stored(body: &Value) -> Value {
    let mut ds = body["ds"].clone();
    for (table, number) in
        [("OrderHed", ("OrderNum", 100_045)), ("OrderDtl", ("OrderLine", 1)), ("OHOrderMsc", ("SeqNum", 1))]
    {
        for row in ds[table].as_array_mut().into_iter().flatten() {
            if row["RowMod"] == "A" {
                row[number.0] = number.1.into();
            }
            row["RowMod"] = "".into();
            row["SysRevID"] = (row["SysRevID"].as_i64().unwrap().max(918_273_645) + 6).into();
        }
    }
    wrapped(&ds, json!({ "lContinue": true, "cResponseMsg": "" }))
}

/// Takes out what is marked so, a line with its releases.
pub(crate) fn taken_out(body: &Value) -> Value {
    let mut ds = body["ds"].clone();
    ds["OrderRel"] = json!([]);
    for table in ["OrderDtl", "OHOrderMsc"] {
        if let Some(rows) = ds[table].as_array_mut() {
            rows.retain(|row| row["RowMod"] != "D");
        }
    }
    ds["OrderHed"][0]["SysRevID"] = 918_273_690.into();
    wrapped(&ds, json!({}))
}

impl Company {
    /// Mounts every method of a sales order. What a test mounted before keeps its own answer.
    pub(crate) async fn be_polite(&self) {
        let orders = |name: &str| format!("SalesOrderSvc/{name}");
        self.method(&orders("GetNewOrderHed"), |body| added(&body, "OrderHed", new_header_row())).await;
        self.method(&orders("ChangeOrderHedCustomerCustID"), |mut body| {
            body["ds"]["OrderHed"][0]["CustNum"] = 42.into();
            wrapped(&body["ds"], json!({ "creditLimitMessage": "", "agingMessage": "" }))
        })
        .await;
        self.method(&orders("GetNewOrderDtl"), |body| added(&body, "OrderDtl", new_line_row())).await;
        self.method(&orders("ChangePartNumMaster"), |mut body| {
            let part = body["partNum"].clone();
            let row = &mut body["ds"]["OrderDtl"][0];
            row["PartNum"] = part;
            row["SalesUM"] = "EA".into();
            row["DocUnitPrice"] = 24.99.into();
            wrapped(
                &body["ds"],
                json!({ "questionString": "", "multipleMatch": false, "cWarningMessage": "" }),
            )
        })
        .await;
        self.method(&orders("ChangeSellingQtyMaster"), |mut body| {
            body["ds"]["OrderDtl"][0]["SellingQuantity"] = body["ipSellingQuantity"].clone();
            wrapped(&body["ds"], json!({ "opWarningMsg": "" }))
        })
        .await;
        self.method(&orders("GetNewOHOrderMsc"), |body| added(&body, "OHOrderMsc", new_charge_row())).await;
        self.method(&orders("SetReadyToCalc"), |mut body| {
            body["ds"]["OrderHed"][0]["ReadyToCalc"] = true.into();
            echo(&body)
        })
        .await;
        self.method(&orders("MasterUpdate"), |body| stored(&body)).await;
        self.method(&orders("Update"), |body| taken_out(&body)).await;
        for name in [
            "ChangeHedUseOTS",
            "ChangeUnitPrice",
            "ChangeDiscountAmount",
            "ChangeMiscCode",
            "ChangeMiscAmount",
        ] {
            self.method(&orders(name), |body| echo(&body)).await;
        }
    }
}
