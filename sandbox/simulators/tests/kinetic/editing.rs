//! Changing what is stored, row by row.

use connector_simulators::{KineticConfig, bigcommerce::dec};
use serde_json::{Value, json};

use crate::desk::{Desk, num, part_call};

const NOT_FOUND: &str = "Ice.Common.RecordNotFoundException";

/// An order of one line of 10 O-rings at 0.89 less 0.89, and freight of 5.
async fn ordered(desk: &Desk) -> (i64, Value) {
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    let ds = desk.new_line(order).await;
    let ds = desk.part("O'RING 1/2 IN", &ds).await.ds();
    let mut ds = desk.quantity("10", &ds).await.ds();
    ds["OrderDtl"][0]["DocDspDiscount"] = json!(0.89);
    let ds = desk.order("ChangeDiscountAmount", json!({"ds": ds})).await.ds();
    desk.save("OrderDtl", &ds).await.ds();
    let charge = desk.charge(order, "FRT", json!(5)).await;
    desk.save("OHOrderMsc", &charge).await.ds();
    let mut ds = desk.read(order).await;
    ds["OrderDtl"][0]["RowMod"] = "U".into();
    (order, ds)
}

fn quantity_call(quantity: u32, keep_price: bool, ds: &Value) -> Value {
    json!({"ipSellingQuantity": quantity, "chkSellQty": false, "negInvTest": false, "chgSellQty": true,
           "chgDiscPer": true, "suppressUserPrompts": true, "lKeepUnitPrice": keep_price, "pcPartNum": "",
           "pcWhseCode": "", "pcBinNum": "", "pcLotNum": "", "pcAttributeSetID": 0, "pcDimCode": "EA",
           "pdDimConvFactor": 1, "ds": ds})
}

#[tokio::test]
async fn a_stored_line_takes_another_quantity_price_and_part() {
    let desk = Desk::new().await;
    let (order, ds) = ordered(&desk).await;
    let mut ds = desk.order("ChangeSellingQtyMaster", quantity_call(20, true, &ds)).await.ds();
    ds["OrderDtl"][0]["DocDspUnitPrice"] = json!(0.5);
    let ds = desk.order("ChangeUnitPrice", json!({"ds": ds})).await.ds();
    let saved = desk.update(&ds).await.ds();
    assert_eq!(
        (saved["OrderDtl"].as_array().unwrap().len(), &saved["OrderDtl"][0]["RowMod"]),
        (1, &"".into())
    );
    assert_eq!(saved["OrderRel"][0]["OurReqQty"], 20.0, "the release follows");
    let view = &desk.sim.orders()[0];
    assert_eq!((view.lines[0].selling_quantity, view.doc_charges), (dec("20"), dec("10")));

    let mut ds = desk.read(order).await;
    ds["OrderDtl"][0]["RowMod"] = "U".into();
    let ds = desk.order("ChangePartNumMaster", part_call("ABC-100", &ds)).await.ds();
    desk.save("OrderDtl", &ds).await.ds();
    let view = &desk.sim.orders()[0];
    assert_eq!((view.lines.len(), view.lines[0].part_num.as_str()), (1, "ABC-100"));
    assert_eq!(view.lines[0].doc_unit_price, dec("24.99"));
    assert_eq!(view.releases[0].text("PartNum"), "ABC-100");
}

#[tokio::test]
async fn a_changed_quantity_keeps_or_takes_the_list_price_as_asked() {
    let desk = Desk::new().await;
    let (_, mut ds) = ordered(&desk).await;
    ds["OrderDtl"][0]["DocDspUnitPrice"] = json!(0.5);
    let ds = desk.order("ChangeUnitPrice", json!({"ds": ds})).await.ds();
    let kept = desk.order("ChangeSellingQtyMaster", quantity_call(20, true, &ds)).await.ds();
    assert_eq!(kept["OrderDtl"][0]["DocUnitPrice"], 0.5);
    let listed = desk.order("ChangeSellingQtyMaster", quantity_call(20, false, &ds)).await.ds();
    assert_eq!(listed["OrderDtl"][0]["DocUnitPrice"], 0.89);
}

#[tokio::test]
async fn a_discount_follows_quantity_and_price_or_stays_by_switch() {
    for (follows, discount, at_a_price) in [(true, 1.78, 1.0), (false, 0.89, 0.89)] {
        let config = KineticConfig { discount_follows: follows, ..KineticConfig::new() };
        let desk = Desk::with(config).await;
        let (_, ds) = ordered(&desk).await;
        let ds = desk.order("ChangeSellingQtyMaster", quantity_call(20, true, &ds)).await.ds();
        assert_eq!(ds["OrderDtl"][0]["DocDiscount"], discount);
        let mut call = quantity_call(10, true, &ds);
        call["chgDiscPer"] = false.into();
        let ds = desk.order("ChangeSellingQtyMaster", call).await.ds();
        assert_eq!(ds["OrderDtl"][0]["DocDiscount"], discount, "not asked for");
        let mut ds = ds;
        ds["OrderDtl"][0]["DocDspUnitPrice"] = json!(1);
        let ds = desk.order("ChangeUnitPrice", json!({"ds": ds})).await.ds();
        assert_eq!(ds["OrderDtl"][0]["DocDiscount"], at_a_price);
    }
}

#[tokio::test]
async fn discounts_charges_and_the_ship_to_are_changed_by_their_methods() {
    let desk = Desk::new().await;
    let (order, mut ds) = ordered(&desk).await;
    ds["OrderDtl"][0]["DocDspDiscount"] = json!(0);
    let mut ds = desk.order("ChangeDiscountAmount", json!({"ds": ds})).await.ds();
    ds["OHOrderMsc"][0]["DocDspMiscAmt"] = json!(7.5);
    ds["OHOrderMsc"][0]["RowMod"] = "U".into();
    let mut ds = desk.order("ChangeMiscAmount", json!({"ds": ds, "tableName": "OHOrderMsc"})).await.ds();
    for (column, value) in
        [("UseOTS", json!(true)), ("OTSName", json!("Ann")), ("OTSAddress1", json!("1 Main St"))]
    {
        ds["OrderHed"][0][column] = value;
    }
    ds["OrderHed"][0]["UpdateDtlAndRelRecords"] = true.into();
    ds["OrderHed"][0]["RowMod"] = "U".into();
    let ds = desk.order("ChangeHedUseOTS", json!({"ds": ds})).await.ds();
    // The header carries its change into the lines, which makes the sent line old: it goes first.
    let (mut children, mut head) = (ds.clone(), ds);
    children["OrderHed"][0]["RowMod"] = "".into();
    head["OrderDtl"] = json!([]);
    head["OHOrderMsc"] = json!([]);
    let saved = desk.update(&children).await.ds();
    head["OrderHed"][0]["SysRevID"] = saved["OrderHed"][0]["SysRevID"].clone();
    desk.update(&head).await.ds();
    let view = desk.sim.order(i32::try_from(order).unwrap()).unwrap();
    assert_eq!((view.doc_discount, view.doc_misc), (dec("0"), dec("7.5")));
    assert_eq!((view.ots_name(), view.ots_address1()), ("Ann", "1 Main St"));
    assert_eq!(view.releases[0].text("OTSName"), "Ann");
    assert_eq!(view.ship_via(), "UPSG");
}

#[tokio::test]
async fn rows_are_deleted_once_and_a_row_that_is_not_there_is_not_found() {
    let desk = Desk::new().await;
    let (order, ds) = ordered(&desk).await;
    let delete = |table: &str| {
        let mut row = ds[table][0].clone();
        row["RowMod"] = "D".into();
        json!({table: [row]})
    };
    for table in ["OrderDtl", "OHOrderMsc"] {
        let answer = desk.update(&delete(table)).await.ds();
        assert_eq!(answer[table], json!([]));
        desk.update(&delete(table)).await.refused(404, NOT_FOUND);
    }
    let view = desk.sim.order(i32::try_from(order).unwrap()).unwrap();
    assert!(view.lines.is_empty() && view.charges.is_empty() && view.releases.is_empty());
    assert_eq!(view.doc_total, dec("0"));
    let mut changed = ds.clone();
    changed["OrderDtl"][0]["RowMod"] = "U".into();
    desk.update(&changed).await.refused(404, NOT_FOUND);
}

#[tokio::test]
async fn old_rows_are_neither_saved_nor_deleted() {
    let desk = Desk::new().await;
    let (order, ds) = ordered(&desk).await;
    let order = i32::try_from(order).unwrap();
    assert!(desk.sim.edit_line(order, 1, |row| row.set("POLine", "clerk")));
    assert!(desk.sim.edit_charge(order, 1, |row| row.set("Description", "clerk")));
    for table in ["OrderDtl", "OHOrderMsc"] {
        for mode in ["U", "D"] {
            let mut row = ds[table][0].clone();
            row["RowMod"] = mode.into();
            desk.update(&json!({table: [row]})).await.breaks("SysRevID");
        }
    }
    let view = desk.sim.order(order).unwrap();
    assert_eq!((view.lines[0].po_line.as_str(), view.charges[0].description.as_str()), ("clerk", "clerk"));
}

#[tokio::test]
async fn a_row_to_be_deleted_is_no_row_to_be_changed() {
    let desk = Desk::new().await;
    let (_, mut ds) = ordered(&desk).await;
    ds["OrderDtl"][0]["RowMod"] = "D".into();
    desk.order("ChangeUnitPrice", json!({"ds": ds})).await.breaks("RowMod");
}
