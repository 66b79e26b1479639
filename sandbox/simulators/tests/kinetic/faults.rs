//! Bad days of a saving call.

use connector_simulators::{Fault, KineticConfig, KineticSim};
use serde_json::json;

use crate::desk::Desk;

#[tokio::test]
async fn a_200_may_not_have_saved() {
    let desk = Desk::new().await;
    let ds = desk.header("WEBGUEST").await;
    desk.sim.faults().add(
        Fault::NotSaved { question: "Credit limit exceeded. Continue?".to_owned() }
            .once()
            .on("POST", "/MasterUpdate"),
    );
    let reply = desk.save("OrderHed", &ds).await.ok();
    assert_eq!(reply["parameters"]["lContinue"], false);
    assert_eq!(reply["parameters"]["cResponseMsg"], "Credit limit exceeded. Continue?");
    assert_eq!(reply["parameters"]["ds"]["OrderHed"][0]["RowMod"], "A");
    assert!(desk.sim.orders().is_empty());
    desk.save("OrderHed", &ds).await.ds();
    assert_eq!(desk.sim.orders().len(), 1);
}

#[tokio::test]
async fn a_question_is_asked_only_of_who_allows_questions() {
    let desk = Desk::with(KineticConfig { question: Some("Sure?".to_owned()), ..KineticConfig::new() }).await;
    let ds = desk.header("WEBGUEST").await;
    assert_eq!(desk.save("OrderHed", &ds).await.ok()["parameters"]["cResponseMsg"], "Sure?");
    assert!(desk.sim.orders().is_empty());
    let silent = json!({"lCheckForOrderChangedMsg": false, "lcheckForResponse": false, "cTableName": "OrderHed",
                        "iCustNum": 42, "iOrderNum": 0, "lweLicensed": false, "ds": ds});
    desk.order("MasterUpdate", silent).await.ds();
    assert_eq!(desk.sim.orders().len(), 1);
}

#[tokio::test]
async fn a_cut_after_the_saving_leaves_the_order_and_a_blind_repeat_makes_a_second() {
    let desk = Desk::new().await;
    let mut ds = desk.header("WEBGUEST").await;
    ds["OrderHed"][0]["PONum"] = "BC-9".into();
    let call = json!({"lCheckForOrderChangedMsg": true, "lcheckForResponse": false, "cTableName": "OrderHed",
                      "iCustNum": 42, "iOrderNum": 0, "lweLicensed": false, "ds": ds});
    let request = || desk.request("POST", "EPIC06/Erp.BO.SalesOrderSvc/MasterUpdate").body(call.to_string());
    desk.sim.faults().add(Fault::CutBefore.once().on("POST", "/MasterUpdate"));
    Desk::answer(request()).await.unwrap_err();
    assert!(desk.sim.orders().is_empty());
    desk.sim.faults().add(Fault::CutAfter.once().on("POST", "/MasterUpdate"));
    Desk::answer(request()).await.unwrap_err();
    assert_eq!(desk.sim.orders_by_po("BC-9").len(), 1);
    Desk::answer(request()).await.unwrap().ds();
    assert_eq!(desk.sim.orders_by_po("BC-9").len(), 2);
}

#[tokio::test]
async fn an_empty_pool_of_licences_is_a_400_that_says_so() {
    let desk = Desk::new().await;
    desk.sim.faults().add(KineticSim::no_licence().once().on_path("/Parts"));
    let reply = desk.get("Erp.BO.PartSvc", "Parts", &[]).await;
    assert!(reply.0 == 400 && reply.1["ErrorMessage"].as_str().unwrap().contains("Maximum users exceeded"));
    desk.get("Erp.BO.PartSvc", "Parts", &[]).await.ok();
}
