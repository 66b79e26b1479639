//! Requests that are applied after their client has gone.

use connector_simulators::Fault;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::desk::{Desk, num};

fn late(seconds: i64) -> connector_simulators::Rule {
    Fault::CommitLate(SignedDuration::from_secs(seconds)).once().on("POST", "/MasterUpdate")
}

async fn save_that_is_cut(desk: &Desk, table: &str, ds: &Value) {
    let call = json!({"lCheckForOrderChangedMsg": true, "lcheckForResponse": false, "cTableName": table,
                      "iCustNum": 42, "iOrderNum": 0, "lweLicensed": false, "ds": ds});
    let request = desk.request("POST", "EPIC06/Erp.BO.SalesOrderSvc/MasterUpdate").body(call.to_string());
    Desk::answer(request).await.unwrap_err();
}

#[tokio::test]
async fn a_late_commit_is_cut_at_once_and_applied_when_its_time_has_come() {
    let (desk, hands) = Desk::on_a_clock(|_| {}).await;
    let ds = desk.header("WEBGUEST").await;
    desk.sim.faults().add(late(30));
    save_that_is_cut(&desk, "OrderHed", &ds).await;
    assert_eq!(desk.sim.traffic().calls().pop().unwrap().status, None);
    hands.advance(SignedDuration::from_secs(29));
    assert!(desk.sim.orders().is_empty());
    assert_eq!(desk.sim.late_commits(), 1);
    hands.advance(SignedDuration::from_secs(1));
    assert_eq!(desk.sim.orders().len(), 1, "a test that looks sees what is due");
    assert_eq!(desk.sim.late_commits(), 0);
}

#[tokio::test]
async fn a_later_request_finds_what_was_due_before_it_in_its_order() {
    let (desk, hands) = Desk::on_a_clock(|_| {}).await;
    for (po, seconds) in [("SECOND", 20), ("FIRST", 10)] {
        let mut ds = desk.header("WEBGUEST").await;
        ds["OrderHed"][0]["PONum"] = po.into();
        desk.sim.faults().add(late(seconds));
        save_that_is_cut(&desk, "OrderHed", &ds).await;
    }
    hands.advance(SignedDuration::from_secs(20));
    let rows = desk.rows(crate::desk::ORDERS, "SalesOrders", &[("$select", "OrderNum,PONum")]).await;
    let first = json!({"OrderNum": 100_045, "PONum": "FIRST"});
    assert_eq!(rows, [first, json!({"OrderNum": 100_046, "PONum": "SECOND"})]);
}

#[tokio::test]
async fn a_late_change_meets_the_state_of_its_own_moment_and_is_dropped_if_that_is_newer() {
    let (desk, hands) = Desk::on_a_clock(|_| {}).await;
    let mut ds = desk.opened("WEBGUEST", "BC-1").await;
    let order = i32::try_from(num(&ds)).unwrap();
    ds["OrderHed"][0]["OrderComment"] = "late".into();
    ds["OrderHed"][0]["RowMod"] = "U".into();
    desk.sim.faults().add(late(10));
    save_that_is_cut(&desk, "OrderHed", &ds).await;
    desk.sim.edit_order(order, |row| row.set("OrderComment", "meanwhile"));
    hands.advance(SignedDuration::from_secs(10));
    assert_eq!(desk.sim.order(order).unwrap().comment(), "meanwhile");
    assert_eq!(desk.sim.late_commits(), 0);
}

#[tokio::test]
async fn whoever_is_late_was_let_in_when_he_came() {
    let (desk, hands) = Desk::on_a_clock(|config| config.seats = Some(1)).await;
    let ds = desk.header("WEBGUEST").await;
    desk.sim.faults().add(late(10));
    save_that_is_cut(&desk, "OrderHed", &ds).await;
    desk.sim.take_seats(1);
    hands.advance(SignedDuration::from_secs(10));
    assert_eq!((desk.sim.orders().len(), desk.sim.pool_refusals()), (1, 0));
}
