//! People who work on the same orders.

use connector_simulators::bigcommerce::dec;
use serde_json::json;

use crate::desk::{Desk, num};

async fn ordered(desk: &Desk) -> i32 {
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    desk.line(order, "ABC-100", "2", "5").await;
    i32::try_from(order).unwrap()
}

#[tokio::test]
async fn a_clerk_adds_and_takes_away_a_line() {
    let desk = Desk::new().await;
    let order = ordered(&desk).await;
    let before = desk.read(order.into()).await;
    assert_eq!(desk.sim.add_clerk_line(order, "hb-m8-40-zn", dec("200"), dec("40")), Some(2));
    let ds = desk.read(order.into()).await;
    assert_eq!(
        (&ds["OrderDtl"][1]["PartNum"], &ds["OrderDtl"][1]["LineDesc"]),
        (&"HB-M8-40-ZN".into(), &"Hex Bolt M8x40, zinc".into())
    );
    assert_eq!(ds["OrderDtl"][1]["DocExtPriceDtl"], 80.0, "the price is for a hundred");
    assert_eq!(
        (&ds["OrderRel"][1]["OrderLine"], &ds["OrderRel"][1]["WarehouseCode"]),
        (&2.into(), &"MAIN".into())
    );
    assert_eq!(ds["OrderHed"][0]["DocTotalCharges"], 90.0);
    assert_ne!(ds["OrderHed"][0]["SysRevID"], before["OrderHed"][0]["SysRevID"]);
    assert_eq!(ds["OrderDtl"][0]["SysRevID"], before["OrderDtl"][0]["SysRevID"]);

    assert!(desk.sim.remove_clerk_line(order, 1));
    assert!(!desk.sim.remove_clerk_line(order, 1));
    let ds = desk.read(order.into()).await;
    assert_eq!((ds["OrderDtl"].as_array().unwrap().len(), &ds["OrderDtl"][0]["OrderLine"]), (1, &2.into()));
    assert_eq!(desk.sim.add_clerk_line(order, "ABC-100", dec("0"), dec("1")), None);
    assert_eq!(desk.sim.add_clerk_line(1, "ABC-100", dec("1"), dec("1")), None);
}

#[tokio::test]
async fn a_clerks_change_of_a_line_carries_its_release_and_the_totals_along() {
    let desk = Desk::new().await;
    let order = ordered(&desk).await;
    assert!(desk.sim.edit_line(order, 1, |row| {
        row.set("SellingQuantity", dec("3"));
        row.set("DocUnitPrice", dec("7"));
    }));
    let ds = desk.read(order.into()).await;
    assert_eq!(ds["OrderDtl"][0]["DocDspUnitPrice"], 7.0);
    assert_eq!(
        (&ds["OrderDtl"][0]["OrderQty"], &ds["OrderRel"][0]["SellingReqQty"]),
        (&json!(3.0), &json!(3.0))
    );
    assert_eq!(ds["OrderHed"][0]["DocTotalCharges"], 21.0);
    assert!(!desk.sim.edit_line(order, 9, |_| ()));
}

#[tokio::test]
async fn a_clerk_charges_for_something_and_changes_it() {
    let desk = Desk::new().await;
    let order = ordered(&desk).await;
    assert_eq!(desk.sim.add_clerk_charge(order, "HAND", "Crate", dec("4")), Some(1));
    assert_eq!(desk.sim.add_clerk_charge(order, "NONE", "Crate", dec("4")), None);
    assert_eq!(desk.sim.add_clerk_charge(order, "HAND", "", dec("4")), None);
    assert!(desk.sim.edit_charge(order, 1, |row| row.set("DocMiscAmt", dec("6"))));
    assert!(!desk.sim.edit_charge(order, 2, |_| ()));
    let ds = desk.read(order.into()).await;
    assert_eq!(
        (&ds["OHOrderMsc"][0]["DocDspMiscAmt"], &ds["OrderHed"][0]["DocTotalMisc"]),
        (&json!(6.0), &json!(6.0))
    );
}

#[tokio::test]
async fn a_clerk_closes_an_order_and_opens_it_again() {
    let desk = Desk::new().await;
    let order = ordered(&desk).await;
    assert!(desk.sim.void_order(order));
    let ds = desk.read(order.into()).await;
    assert_eq!(
        (&ds["OrderHed"][0]["OpenOrder"], &ds["OrderHed"][0]["VoidOrder"]),
        (&false.into(), &true.into())
    );
    assert_eq!(
        desk.sim.add_clerk_line(order, "ABC-100", dec("1"), dec("1")),
        None,
        "a closed order takes no line"
    );
    assert!(desk.sim.reopen_order(order));
    let ds = desk.read(order.into()).await;
    assert_eq!(
        (&ds["OrderHed"][0]["OpenOrder"], &ds["OrderDtl"][0]["VoidLine"]),
        (&true.into(), &false.into())
    );
    assert!(!desk.sim.void_order(1) && !desk.sim.reopen_order(1));
}
