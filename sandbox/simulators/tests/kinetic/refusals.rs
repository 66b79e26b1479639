//! What a saving call refuses, and that nothing of it is kept.

use connector_simulators::{
    KineticConfig,
    bigcommerce::dec,
    kinetic::{Row, TooLong},
};
use serde_json::json;

use crate::desk::{Desk, num};

#[tokio::test]
async fn a_one_time_ship_to_needs_a_name_and_a_customer_that_allows_it() {
    let desk = Desk::new().await;
    let mut ds = desk.header("WEBGUEST").await;
    ds["OrderHed"][0]["UseOTS"] = true.into();
    desk.order("ChangeHedUseOTS", json!({"ds": ds})).await.breaks("OTSName");
    desk.save("OrderHed", &ds).await.breaks("OTSName");
    ds["OrderHed"][0]["OTSName"] = "Ann".into();
    ds["OrderHed"][0]["OTSCountryNum"] = 999.into();
    desk.order("ChangeHedOTSCountryNum", json!({"ds": ds})).await.breaks("OTSCountryNum");
    let mut ds = desk.header("SLOWPAY").await;
    ds["OrderHed"][0]["UseOTS"] = true.into();
    ds["OrderHed"][0]["OTSName"] = "Ann".into();
    desk.save("OrderHed", &ds).await.breaks("UseOTS");
    assert!(desk.sim.orders().is_empty());
}

#[tokio::test]
async fn a_header_needs_a_customer_of_the_right_type_and_valid_codes() {
    let desk = Desk::new().await;
    let new = desk.order("GetNewOrderHed", json!({"ds": {}})).await.ds();
    desk.save("OrderHed", &new).await.breaks("CustNum");
    for (id, column) in [("NOBODY", "CustomerCustID"), ("PROSPECT", "CustNum")] {
        let call = json!({"orderNum": 0, "proposedCustomerCustID": id, "ds": new});
        desk.order("ChangeOrderHedCustomerCustID", call).await.breaks(column);
    }
    for (column, value) in [
        ("TermsCode", json!("ZZ")),
        ("ShipViaCode", json!("ZZ")),
        ("TaxRegionCode", json!("ZZ")),
        ("CurrencyCode", json!("XXX")),
        ("OrderDate", json!(null)),
    ] {
        let mut ds = desk.header("WEBGUEST").await;
        ds["OrderHed"][0][column] = value;
        desk.save("OrderHed", &ds).await.breaks(column);
    }
    let warned = json!({"orderNum": 0, "proposedCustomerCustID": "SLOWPAY", "ds": new});
    let warned = desk.order("ChangeOrderHedCustomerCustID", warned).await.ok();
    assert_ne!(warned["parameters"]["creditLimitMessage"], "");
    assert!(desk.sim.orders().is_empty());
}

#[tokio::test]
async fn a_second_order_with_the_same_reference_is_refused_for_who_checks_it() {
    let desk = Desk::new().await;
    desk.opened("LOEWEN", "BC-1").await;
    let mut ds = desk.header("LOEWEN").await;
    ds["OrderHed"][0]["PONum"] = "bc-1 ".into();
    desk.save("OrderHed", &ds).await.breaks("PONum");
    desk.opened("WEBGUEST", "BC-1").await;
    desk.opened("WEBGUEST", "BC-1").await;
    assert_eq!(desk.sim.orders_by_po("BC-1").len(), 3);
}

#[tokio::test]
async fn a_stale_row_is_refused_whoever_changed_it() {
    for status in [400, 409] {
        let desk = Desk::with(KineticConfig { conflict_status: status, ..KineticConfig::new() }).await;
        let mut ds = desk.opened("WEBGUEST", "BC-1").await;
        let order = i32::try_from(num(&ds)).unwrap();
        assert!(desk.sim.edit_order(order, |row: &mut Row| row.set("OrderComment", "call first")));
        ds["OrderHed"][0]["ReadyToFulfill"] = false.into();
        ds["OrderHed"][0]["RowMod"] = "U".into();
        let reply = desk.save("OrderHed", &ds).await;
        let text = reply.refused(status, "Ice.Common.BusinessObjectException");
        assert_eq!(text, "Row has been modified by another user and couldn't be updated.");
        let kept = &desk.sim.orders()[0];
        assert!(kept.ready_to_fulfill && kept.header.text("OrderComment") == "call first");
    }
}

#[tokio::test]
async fn an_unchanged_row_is_not_saved_and_a_row_with_holes_is_emptied_there() {
    let desk = Desk::new().await;
    let mut ds = desk.opened("WEBGUEST", "BC-1").await;
    ds["OrderHed"][0]["OrderComment"] = "lost".into();
    desk.save("OrderHed", &ds).await.ds();
    assert_eq!(desk.sim.orders()[0].header.text("OrderComment"), "", "RowMod was blank");
    let mut row = ds["OrderHed"][0].clone();
    row["RowMod"] = "U".into();
    row.as_object_mut().unwrap().remove("PONum");
    desk.save("OrderHed", &json!({"OrderHed": [row]})).await.ds();
    assert_eq!(desk.sim.orders()[0].po_num, "");
}

#[tokio::test]
async fn a_line_needs_a_part_that_is_active_and_a_quantity() {
    let desk = Desk::new().await;
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    let ds = desk.new_line(order).await;
    desk.part("", &ds).await.breaks("PartNum");
    assert_eq!(desk.part("OLD-200", &ds).await.breaks("PartNum"), "Part OLD-200 is inactive.");
    let held = desk.part("NEW-300", &ds).await.ok();
    assert_ne!(held["parameters"]["cWarningMessage"], "");
    desk.save("OrderDtl", &ds).await.breaks("PartNum");
    let ds = desk.part("ABC-100", &ds).await.ds();
    desk.quantity("0", &ds).await.breaks("SellingQuantity");
    desk.quantity("-1", &ds).await.breaks("SellingQuantity");
    desk.save("OrderDtl", &ds).await.breaks("SellingQuantity");
    let mut unpending = ds.clone();
    unpending["OrderDtl"][0]["RowMod"] = "".into();
    desk.quantity("1", &unpending).await.breaks("RowMod");
    assert!(desk.sim.orders()[0].lines.is_empty());
}

#[tokio::test]
async fn a_displayed_price_alone_changes_nothing_without_its_method() {
    let desk = Desk::new().await;
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    let ds = desk.new_line(order).await;
    let ds = desk.part("ABC-100", &ds).await.ds();
    let mut ds = desk.quantity("1", &ds).await.ds();
    ds["OrderDtl"][0]["DocDspUnitPrice"] = json!(1.0);
    desk.save("OrderDtl", &ds).await.ds();
    assert_eq!(desk.sim.orders()[0].lines[0].doc_unit_price, dec("24.99"));
}

#[tokio::test]
async fn a_charge_needs_a_code_a_text_and_an_amount() {
    let desk = Desk::new().await;
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    let call = |ds: &serde_json::Value| json!({"ds": ds, "tableName": "OHOrderMsc"});
    let good = desk.charge(order, "FRT", json!(5)).await;
    for (column, value) in [("MiscCode", json!("NONE")), ("Description", json!("")), ("DocMiscAmt", json!(0))]
    {
        let mut ds = good.clone();
        ds["OHOrderMsc"][0][column] = value;
        desk.save("OHOrderMsc", &ds).await.breaks(column);
    }
    let mut ds = good.clone();
    ds["OHOrderMsc"][0]["DocDspMiscAmt"] = json!(0);
    desk.order("ChangeMiscAmount", call(&ds)).await.breaks("DocDspMiscAmt");
    ds["OHOrderMsc"][0]["MiscCode"] = "NONE".into();
    desk.order("ChangeMiscCode", call(&ds)).await.breaks("MiscCode");
    ds["OHOrderMsc"][0]["Description"] = "x".repeat(31).into();
    desk.save("OHOrderMsc", &ds).await.unreadable();
    assert!(desk.sim.orders()[0].charges.is_empty());
}

#[tokio::test]
async fn a_text_that_is_too_long_may_be_cut_instead() {
    let desk = Desk::with(KineticConfig { too_long: TooLong::Cut, ..KineticConfig::new() }).await;
    desk.opened("WEBGUEST", &"x".repeat(60)).await;
    assert_eq!(desk.sim.orders()[0].po_num.len(), 50);
}

#[tokio::test]
async fn a_refusal_in_the_middle_leaves_nothing_behind() {
    let desk = Desk::new().await;
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    let ds = desk.line(order, "ABC-100", "1", "5").await;
    let mut both = ds.clone();
    both["OrderHed"][0]["OrderComment"] = "half".into();
    both["OrderHed"][0]["RowMod"] = "U".into();
    both["OrderDtl"][0]["SellingQuantity"] = json!(0);
    both["OrderDtl"][0]["RowMod"] = "U".into();
    desk.save("OrderHed", &both).await.breaks("SellingQuantity");
    assert_eq!(desk.sim.orders()[0].header.text("OrderComment"), "");
    let mut gone = ds;
    gone["OrderDtl"][0]["RowMod"] = "D".into();
    desk.save("OrderDtl", &gone).await.ds();
    assert!(desk.sim.orders()[0].lines.is_empty() && desk.sim.orders()[0].releases.is_empty());
}
