//! Reading back.

use connector_domain::OrderNum;
use connector_http::Class;
use connector_kinetic::{Anchor, ReadBack, ReadHeader, ReadShipTo};
use serde_json::{Value, json};

use crate::support::{Company, money};

fn header() -> Value {
    json!({
        "OrderNum": 100_045, "CustNum": 42, "PONum": "BC-100123", "ECCOrderNum": "", "ECCPONum": "",
        "UserChar1": "", "OpenOrder": true, "VoidOrder": false, "ReadyToCalc": true, "ReadyToFulfill": false,
        "OrderHeld": true, "CurrencyCode": "USD", "DocTotalCharges": 2250.00, "DocTotalMisc": 7.5,
        "DocTotalDiscount": 5.0, "DocTotalTax": 3.71, "ShipViaCode": "UPSG", "TermsCode": "CC",
        "TaxRegionCode": "WEB", "OrderComment": "Happy birthday", "UseOTS": true, "OTSName": "Ann O'Neil",
        "OTSAddress1": "1 Main St", "OTSAddress2": "", "OTSAddress3": "Rear", "OTSCity": "Austin",
        "OTSState": "TX", "OTSZIP": "78701", "OTSContact": "Ann", "OTSPhoneNum": "5125550100",
        "OTSCountryNum": 1
    })
}

fn line(number: i64) -> Value {
    json!({
        "OrderNum": 100_045, "OrderLine": number, "PartNum": "ABC-100", "SellingQuantity": 2.0,
        "DocUnitPrice": 22.50000, "DocDiscount": 0, "POLine": number.to_string(), "OpenLine": true,
        "VoidLine": false, "KitFlag": if number == 2 { Value::from("C") } else { Value::Null }
    })
}

fn charge(order_num: i32, seq: i32) -> Value {
    json!({
        "OrderNum": order_num, "OrderLine": 0, "SeqNum": seq, "MiscCode": "FRT", "Description": "Shipping",
        "DocMiscAmt": -12.5
    })
}

async fn company(lines: i64, charges: Value) -> Company {
    let company = Company::start().await;
    company.set("SalesOrderSvc/SalesOrders", |_| json!({ "@odata.count": 1, "value": [header()] })).await;
    company
        .set("OrderDtlSearchSvc/OrderDtlSearches", move |option| {
            let after =
                option("$filter").rsplit_once("OrderLine gt ").map_or(0, |(_, last)| last.parse().unwrap());
            let top: usize = option("$top").parse().unwrap();
            let left: Vec<Value> = (after + 1..=lines).map(line).collect();
            json!({ "@odata.count": left.len(), "value": left.iter().take(top).collect::<Vec<_>>() })
        })
        .await;
    company.set("SalesOrderSvc/OHOrderMscs", move |_| charges.clone()).await;
    company
}

#[tokio::test]
async fn an_order_is_read_back_flat_and_by_key() {
    let company =
        company(120, json!({ "value": [charge(100_045, 2), charge(100_045, 1), charge(7, 1)] })).await;
    let orders = company.client.sales_orders();
    let held = orders.read_back(OrderNum(100_045), company.deadline()).await.unwrap().unwrap();
    assert_eq!(
        held.lines.iter().map(|line| line.order_line).collect::<Vec<_>>(),
        (1..=120).collect::<Vec<_>>()
    );
    assert_eq!(held.lines[119].reference, "120");
    assert_eq!(held.lines[0].unit_price, money("22.5"));
    let components = held.lines.iter().filter(|line| line.kit_component).count();
    assert_eq!(components, 1);
    assert_eq!(held.charges.iter().map(|charge| charge.seq).collect::<Vec<_>>(), [1, 2], "no other order's");
    assert_eq!(held.total, money("2256.21"));
    assert_eq!(held.anchor(Anchor::PONum), "BC-100123");
    insta::assert_json_snapshot!(company.sent().await);
}

async fn read_header(one_time: bool) -> ReadBack {
    let company = Company::start().await;
    let mut row = header();
    row["UseOTS"] = one_time.into();
    company.set("SalesOrderSvc/SalesOrders", move |_| json!({ "@odata.count": 1, "value": [row] })).await;
    for set in ["OrderDtlSearchSvc/OrderDtlSearches", "SalesOrderSvc/OHOrderMscs"] {
        company.set(set, |_| json!({ "@odata.count": 0, "value": [] })).await;
    }
    company.client.sales_orders().read_back(OrderNum(100_045), company.deadline()).await.unwrap().unwrap()
}

#[tokio::test]
async fn terms_and_destination_are_read_back() {
    let held = read_header(true).await;
    let one_time = ReadShipTo {
        name: "Ann O'Neil".to_owned(),
        address1: "1 Main St".to_owned(),
        address2: String::new(),
        address3: "Rear".to_owned(),
        city: "Austin".to_owned(),
        state: "TX".to_owned(),
        zip: "78701".to_owned(),
        contact: "Ann".to_owned(),
        phone: "5125550100".to_owned(),
        country_num: 1,
    };
    let expected = ReadHeader {
        ship_via: "UPSG".to_owned(),
        terms: "CC".to_owned(),
        tax_region: "WEB".to_owned(),
        comment: "Happy birthday".to_owned(),
        one_time: Some(one_time),
    };
    assert_eq!(held.header, expected);
    let shown = format!("{held:?}");
    for personal in ["Ann", "Main", "Austin", "78701", "5125550100", "birthday"] {
        assert!(!shown.contains(personal), "{personal} in {shown}");
    }
    assert!(shown.contains("UPSG"), "{shown}");
}

#[tokio::test]
async fn an_address_that_is_not_used_is_none() {
    assert_eq!(read_header(false).await.header.one_time, None);
}

#[tokio::test]
async fn an_order_that_is_gone_is_none() {
    let company = Company::start().await;
    company.set("SalesOrderSvc/SalesOrders", |_| json!({ "@odata.count": 0, "value": [] })).await;
    let orders = company.client.sales_orders();
    assert_eq!(orders.read_back(OrderNum(7), company.deadline()).await.unwrap(), None);
    assert_eq!(company.requests().await.len(), 1);
}

#[tokio::test]
async fn charges_that_do_not_come_whole_are_no_proof() {
    let company = company(1, json!({ "@odata.count": 2, "value": [charge(100_045, 1)] })).await;
    let orders = company.client.sales_orders();
    let error = orders.read_back(OrderNum(100_045), company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreadable);
    assert!(error.to_string().contains("more rows fit than came"), "{error}");
}

#[tokio::test]
async fn a_column_of_another_type_is_named_without_its_value() {
    let company = Company::start().await;
    let mut row = header();
    row["CustNum"] = "Ann".into();
    company.set("SalesOrderSvc/SalesOrders", move |_| json!({ "value": [row] })).await;
    let error =
        company.client.sales_orders().read_back(OrderNum(100_045), company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreadable);
    let shown = error.to_string();
    assert!(shown.contains("CustNum: expected a whole number") && !shown.contains("Ann"), "{shown}");
}
