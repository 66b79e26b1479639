//! What the warehouse ships, and what that closes.

use connector_simulators::bigcommerce::dec;
use serde_json::{Value, json};

use crate::desk::{Desk, num};

/// An order of two lines: 4 of ABC-100 and 250 of HB-M8-40-ZN.
async fn ordered(desk: &Desk) -> i32 {
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    desk.line(order, "ABC-100", "4", "5").await;
    desk.line(order, "HB-M8-40-ZN", "250", "41.25").await;
    i32::try_from(order).unwrap()
}

async fn releases(desk: &Desk, filter: &str) -> Vec<Value> {
    let columns = "OrderLine,OurStockShippedQty,OurJobShippedQty,SellingStockShippedQty,SellingJobShippedQty,\
                   OpenRelease,VoidRelease";
    desk.rows("Erp.BO.OrderRelSearchSvc", "OrderRelSearches", &[("$filter", filter), ("$select", columns)])
        .await
}

#[tokio::test]
async fn a_shipment_in_part_is_read_from_the_releases_and_closes_nothing() {
    let desk = Desk::new().await;
    let order = ordered(&desk).await;
    let before = desk.read(order.into()).await;
    assert!(!desk.sim.order(order).unwrap().shipped);
    assert!(desk.sim.ship(order, 1, dec("3")));
    let shipped = releases(&desk, &format!("OrderNum eq {order} and SellingStockShippedQty gt 0")).await;
    let row = json!({"OrderLine": 1, "OurStockShippedQty": 3.0, "OurJobShippedQty": 0.0,
                     "SellingStockShippedQty": 3.0, "SellingJobShippedQty": 0.0,
                     "OpenRelease": true, "VoidRelease": false});
    assert_eq!(shipped, [row]);
    let view = desk.sim.order(order).unwrap();
    assert!(view.shipped && view.open && view.shipped_quantity(1) == dec("3"));
    let after = desk.read(order.into()).await;
    assert_ne!(after["OrderRel"][0]["SysRevID"], before["OrderRel"][0]["SysRevID"]);
    assert_eq!(after["OrderRel"][1]["SysRevID"], before["OrderRel"][1]["SysRevID"]);
}

#[tokio::test]
async fn what_is_shipped_whole_is_closed_and_not_void() {
    let desk = Desk::new().await;
    let order = ordered(&desk).await;
    assert!(desk.sim.ship(order, 1, dec("4")));
    let half = desk.read(order.into()).await;
    assert_eq!(
        (&half["OrderDtl"][0]["OpenLine"], &half["OrderDtl"][1]["OpenLine"]),
        (&false.into(), &true.into())
    );
    assert_eq!(half["OrderHed"][0]["OpenOrder"], true);
    assert!(!desk.sim.ship(order, 1, dec("1")), "nothing of the line is open");
    assert!(desk.sim.ship_all(order));
    let done = desk.read(order.into()).await;
    for (table, open, void) in [
        ("OrderHed", "OpenOrder", "VoidOrder"),
        ("OrderDtl", "OpenLine", "VoidLine"),
        ("OrderRel", "OpenRelease", "VoidRelease"),
    ] {
        for row in done[table].as_array().unwrap() {
            assert_eq!((&row[open], &row[void]), (&false.into(), &false.into()), "{table}");
        }
    }
    assert!(!desk.sim.ship_all(order));
}

#[tokio::test]
async fn closing_voids_only_what_was_not_shipped_and_reopening_brings_it_back() {
    let desk = Desk::new().await;
    let order = ordered(&desk).await;
    desk.sim.ship(order, 1, dec("3"));
    let call = json!({"iOrderNum": order});
    let closed = desk.order("CloseOrder", call.clone()).await.ok()["returnObj"].clone();
    assert_eq!(
        (&closed["OrderHed"][0]["OpenOrder"], &closed["OrderHed"][0]["VoidOrder"]),
        (&false.into(), &false.into())
    );
    let flags = |ds: &Value, table: &str, column: &str| {
        ds[table].as_array().unwrap().iter().map(|row| row[column].as_bool().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(flags(&closed, "OrderDtl", "OpenLine"), [false, false]);
    assert_eq!(flags(&closed, "OrderDtl", "VoidLine"), [false, true]);
    assert_eq!(flags(&closed, "OrderRel", "VoidRelease"), [false, true]);

    let open = desk.order("ReopenOrder", call.clone()).await.ok()["returnObj"].clone();
    assert_eq!(flags(&open, "OrderHed", "OpenOrder"), [true]);
    assert_eq!(flags(&open, "OrderDtl", "OpenLine"), [true, true]);
    assert_eq!(flags(&open, "OrderDtl", "VoidLine"), [false, false]);
    desk.sim.ship(order, 1, dec("1"));
    desk.sim.void_order(order);
    let open = desk.order("ReopenOrder", call).await.ok()["returnObj"].clone();
    assert_eq!(flags(&open, "OrderDtl", "OpenLine"), [false, true], "what is shipped whole stays closed");
    let missing = desk.order("ReopenOrder", json!({"iOrderNum": 1})).await;
    missing.refused(404, "Ice.Common.RecordNotFoundException");
}

#[tokio::test]
async fn a_shipped_line_is_neither_deleted_nor_cut_below_what_was_shipped() {
    let desk = Desk::new().await;
    let order = ordered(&desk).await;
    desk.sim.ship(order, 1, dec("3"));
    let ds = desk.read(order.into()).await;
    let line = |set: &dyn Fn(&mut Value)| {
        let mut row = ds["OrderDtl"][0].clone();
        set(&mut row);
        json!({"OrderDtl": [row]})
    };
    let gone = line(&|row| row["RowMod"] = "D".into());
    desk.update(&gone).await.breaks("OrderLine");
    assert!(!desk.sim.remove_clerk_line(order, 1));
    let less = line(&|row| {
        row["SellingQuantity"] = json!(2);
        row["RowMod"] = "U".into();
    });
    desk.update(&less).await.breaks("SellingQuantity");
    let more = line(&|row| {
        row["SellingQuantity"] = json!(6);
        row["RowMod"] = "U".into();
    });
    let saved = desk.update(&more).await.ds();
    assert_eq!(saved["OrderRel"][0]["SellingReqQty"], 6.0, "the release follows");
    assert_eq!(saved["OrderRel"][0]["SellingStockShippedQty"], 3.0);
    desk.sim.ship(order, 1, dec("3"));
    let mut whole = desk.read(order.into()).await;
    whole["OrderDtl"][0]["POLine"] = "x".into();
    whole["OrderDtl"][0]["RowMod"] = "U".into();
    desk.update(&whole).await.breaks("OpenLine");
}
