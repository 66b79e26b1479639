//! The chain of §8.4 from the first draft to the release.

use connector_simulators::{Exchange, bigcommerce::dec};
use serde_json::{Value, json};

use crate::desk::{Desk, num};

#[tokio::test]
async fn a_guests_order_goes_through_the_whole_chain() {
    let desk = Desk::new().await;
    let mut ds = desk.header("webguest").await;
    assert_eq!(ds["OrderHed"][0].as_object().unwrap().len(), 516);
    assert_eq!(ds["OrderHed"][0]["CustomerCustID"], "WEBGUEST");
    assert_eq!(ds["OrderHed"][0]["TermsCode"], "CC");
    assert!(desk.sim.orders().is_empty(), "a draft is not stored");

    let head = &mut ds["OrderHed"][0];
    for (column, value) in [
        ("PONum", json!("BC-100123")),
        ("UseOTS", json!(true)),
        ("OTSName", json!("Ann O'Neil")),
        ("OTSCity", json!("Austin")),
        ("OTSCountryNum", json!(1)),
        ("NeedByDate", json!("2026-03-20T00:00:00")),
        ("ReadyToCalc", json!(false)),
        ("ReadyToFulfill", json!(false)),
        ("OrderHeld", json!(true)),
    ] {
        head[column] = value;
    }
    let ds = desk.order("ChangeHedUseOTS", json!({"ds": ds})).await.ds();
    assert_eq!(ds["OrderHed"][0]["OTSCntryISOCode"], "US");
    let saved = desk.save("OrderHed", &ds).await.ok();
    assert_eq!(saved["parameters"]["lContinue"], true);
    let head = &saved["parameters"]["ds"]["OrderHed"][0];
    let order = head["OrderNum"].as_i64().unwrap();
    assert_eq!((order, head["RowMod"].as_str()), (100_045, Some("")));

    let saved = desk.line(order, "abc-100", "2", "22.5").await;
    let release = &saved["OrderRel"][0];
    assert_eq!(release["OrderRelNum"], 1);
    assert_eq!(release["OTSName"], "Ann O'Neil");
    assert_eq!(release["WarehouseCode"], "MAIN");
    assert_eq!(release["NeedByDate"], "2026-03-20T00:00:00");
    assert_eq!(saved["OrderDtl"][0]["PartNum"], "ABC-100");
    assert_eq!(saved["OrderHed"][0]["TotalCharges"], 45.0);
    desk.line(order, "HB-M8-40-ZN", "250", "41.25").await;
    for (code, amount) in [("FRT", "12.50"), ("DISC", "-5.00")] {
        let ds = desk.charge(order, code, serde_json::from_str(amount).unwrap()).await;
        desk.save("OHOrderMsc", &ds).await.ds();
    }
    let order_num = i32::try_from(order).unwrap();
    let staged = desk.sim.order(order_num).unwrap();
    assert_eq!(staged.doc_tax, dec("0"), "a staged order is not taxed");
    assert!(!desk.sim.can_be_picked(order_num));

    let ds = desk.order("SetReadyToCalc", json!({"ipOrderNum": order, "ds": {}})).await.ds();
    assert_eq!(ds["OrderHed"][0]["ReadyToCalc"], true);
    let mut ds = ds;
    ds["OrderHed"][0]["ReadyToFulfill"] = true.into();
    ds["OrderHed"][0]["OrderHeld"] = false.into();
    ds["OrderHed"][0]["RowMod"] = "U".into();
    desk.save("OrderHed", &ds).await.ds();

    let done = desk.sim.order_by_po("bc-100123").unwrap();
    assert_eq!(done.doc_charges, dec("148.13"), "45.00 + 250 at 41.25 a hundred");
    assert_eq!(done.doc_misc, dec("7.5"));
    assert_eq!(done.doc_tax, dec("12.84"), "8.25 % of 155.63");
    assert_eq!(done.doc_total, dec("168.47"));
    assert!(done.can_be_picked() && !done.order_held);
    assert_eq!(desk.sim.traffic().count("POST", "/MasterUpdate$"), 6);
    for method in desk.sim.traffic().matching("POST", "/Erp.BO.SalesOrderSvc/") {
        has_the_outs_of_the_schema(&method);
    }
}

fn has_the_outs_of_the_schema(call: &Exchange) {
    let schema: Value = serde_json::from_str(include_str!("../../schema/kinetic.json")).unwrap();
    let name = call.path.rsplit('/').next().unwrap();
    let wanted = schema["services"]["Erp.BO.SalesOrderSvc"]["methods"][name]["outs"].as_object().unwrap();
    let answer = call.response_json();
    let given = answer["parameters"].as_object().unwrap();
    assert!(given.keys().eq(wanted.keys()), "{name}: {given:?}");
    for (out, kind) in wanted {
        let fits = match kind.as_str().unwrap() {
            "string" => given[out].is_string(),
            "boolean" => given[out].is_boolean(),
            _ => given[out].is_object(),
        };
        assert!(fits, "{name}.{out}");
    }
}

#[tokio::test]
async fn amounts_are_read_exactly() {
    let desk = Desk::new().await;
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    let ds = desk.new_line(order).await;
    let ds = desk.part("ABC-100", &ds).await.ds();
    // A float would make 0.10000000000000000555 of the first and lose the end of the second.
    desk.quantity("0.1", &ds).await.ok();
    let answer = desk.quantity("1234567890123.12345678", &ds).await.ok().to_string();
    assert!(answer.contains("\"RowMod\":\"A\""));
    let raw = desk.sim.traffic().calls().pop().unwrap().response_body;
    assert!(raw.contains("\"SellingQuantity\":1234567890123.12345678,"));
}

#[tokio::test]
async fn a_line_with_a_discount_loses_it_once() {
    let desk = Desk::new().await;
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    let ds = desk.new_line(order).await;
    let ds = desk.part("O'RING 1/2 IN", &ds).await.ds();
    let mut ds = desk.quantity("10", &ds).await.ds();
    ds["OrderDtl"][0]["DocDspDiscount"] = json!(0.89);
    let ds = desk.order("ChangeDiscountAmount", json!({"ds": ds})).await.ds();
    assert_eq!(ds["OrderDtl"][0]["DiscountPercent"], 10.0);
    desk.save("OrderDtl", &ds).await.ds();
    let order = &desk.sim.orders()[0];
    assert_eq!((order.doc_charges, order.doc_discount), (dec("8.9"), dec("0.89")));
    assert_eq!(order.doc_tax, dec("0.66"), "this order was never staged");
    assert_eq!(order.doc_total, dec("8.67"));
}

#[tokio::test]
async fn an_unknown_part_still_makes_a_line() {
    let desk = Desk::new().await;
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    desk.line(order, "NO SUCH PART", "1", "5").await;
    let line = &desk.sim.orders()[0].lines[0];
    assert_eq!((line.part_num.as_str(), line.row.text("LineDesc")), ("NO SUCH PART", ""));
}

#[tokio::test]
async fn whatever_is_saved_takes_its_revision_from_one_counter() {
    let desk = Desk::new().await;
    let first = desk.opened("WEBGUEST", "BC-1").await;
    let second = desk.opened("WEBGUEST", "BC-2").await;
    let line = desk.line(num(&first), "ABC-100", "1", "5").await;
    let seen: Vec<i64> = [
        &first["OrderHed"][0],
        &second["OrderHed"][0],
        &line["OrderDtl"][0],
        &line["OrderRel"][0],
        &line["OrderHed"][0],
    ]
    .map(|row| row["SysRevID"].as_i64().unwrap())
    .to_vec();
    assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
}

#[tokio::test]
async fn a_changed_header_carries_its_change_to_lines_only_when_asked() {
    let desk = Desk::new().await;
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    let mut ds = desk.line(order, "ABC-100", "1", "5").await;
    ds["OrderHed"][0]["NeedByDate"] = "2026-04-01T00:00:00".into();
    ds["OrderHed"][0]["RowMod"] = "U".into();
    let mut ds = desk.save("OrderHed", &ds).await.ds();
    assert!(desk.sim.orders()[0].lines[0].row.get("NeedByDate") == connector_simulators::kinetic::Cell::Null);
    ds["OrderHed"][0]["UpdateDtlAndRelRecords"] = true.into();
    ds["OrderHed"][0]["RowMod"] = "U".into();
    let ds = desk.save("OrderHed", &ds).await.ds();
    assert_eq!(ds["OrderDtl"][0]["NeedByDate"], "2026-04-01T00:00:00");
}

#[tokio::test]
async fn an_order_is_read_whole_and_closed_void() {
    let desk = Desk::new().await;
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    desk.line(order, "ABC-100", "1", "5").await;
    let by_get = desk.get(crate::desk::ORDERS, "GetByID", &[("orderNum", &order.to_string())]).await.ok();
    let by_post = desk.order("GetByID", json!({"orderNum": order})).await.ok();
    assert_eq!(by_get, by_post);
    assert_eq!(by_get["returnObj"]["OrderDtl"][0].as_object().unwrap().len(), 411);
    let closed = desk.order("CloseOrder", json!({"iOrderNum": order})).await.ok();
    assert_eq!(closed["returnObj"]["OrderHed"][0]["VoidOrder"], true);
    assert_eq!(closed["returnObj"]["OrderRel"][0]["VoidRelease"], true);
    assert!(!desk.sim.orders()[0].open);
    desk.order("GetNewOrderDtl", json!({"ds": {}, "orderNum": order})).await.breaks("OpenOrder");
    let missing = desk.order("GetByID", json!({"orderNum": 1})).await;
    missing.refused(404, "Ice.Common.RecordNotFoundException");
}
