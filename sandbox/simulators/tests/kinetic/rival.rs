//! Another user who saves the same rows a moment before.

use connector_simulators::{Fault, KineticConfig};
use serde_json::{Value, json};
use test_case::test_case;

use crate::desk::{CUSTOMERS, Desk, num};

const WORDS: &str = "Row has been modified by another user and couldn't be updated.";

async fn ordered(desk: &Desk) -> (i64, Value) {
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    desk.line(order, "ABC-100", "2", "5").await;
    (order, desk.read(order).await)
}

#[test_case("OrderHed", "OrderComment", json!("mine"))]
#[test_case("OrderDtl", "POLine", json!("mine"))]
#[tokio::test]
async fn a_changed_row_is_refused_once(table: &str, column: &str, value: Value) {
    let desk = Desk::with(KineticConfig { conflict_status: 409, ..KineticConfig::new() }).await;
    for by_update in [true, false] {
        let (order, mut ds) = ordered(&desk).await;
        ds[table][0][column] = value.clone();
        ds[table][0]["RowMod"] = "U".into();
        desk.sim.faults().add(Fault::Modified.once().on("POST", "Update"));
        let save = async || if by_update { desk.update(&ds).await } else { desk.save(table, &ds).await };
        assert_eq!(save().await.refused(409, "Ice.Common.BusinessObjectException"), WORDS);
        assert_eq!(save().await.refused(409, "Ice.Common.BusinessObjectException"), WORDS, "it stays stale");
        let mut fresh = desk.read(order).await;
        fresh[table][0][column] = value.clone();
        fresh[table][0]["RowMod"] = "U".into();
        assert_eq!(desk.update(&fresh).await.ds()[table][0][column], value);
    }
}

#[test_case("SetReadyToCalc", json!({"ipOrderNum": 100_045, "ds": {}}))]
#[test_case("CloseOrder", json!({"iOrderNum": 100_045}))]
#[test_case("ReopenOrder", json!({"iOrderNum": 100_045}))]
#[tokio::test]
async fn a_call_that_only_names_an_order_is_refused_once(method: &str, call: Value) {
    let desk = Desk::new().await;
    let (order, ds) = ordered(&desk).await;
    desk.sim.faults().add(Fault::Modified.once());
    assert_eq!(desk.order(method, call.clone()).await.breaks("SysRevID"), WORDS);
    assert_ne!(desk.read(order).await["OrderHed"][0]["SysRevID"], ds["OrderHed"][0]["SysRevID"]);
    desk.order(method, call).await.ok();
}

#[tokio::test]
async fn a_customer_and_a_new_line_are_struck_as_their_rows_allow() {
    let desk = Desk::new().await;
    let (order, _) = ordered(&desk).await;
    desk.sim.faults().add(Fault::Modified.once().on("POST", "/MasterUpdate"));
    let before = desk.read(order).await["OrderHed"][0]["SysRevID"].clone();
    let ds = desk.line(order, "ABC-100", "1", "5").await;
    assert_eq!(ds["OrderDtl"][0]["OrderLine"], 2, "a row that is only added meets no lock");
    assert_ne!(ds["OrderHed"][0]["SysRevID"], before);

    let call = json!({"custID": "MACON", "withShipTo": false});
    let mut ds = desk.post(CUSTOMERS, "GetByCustID", call).await.ok()["returnObj"].clone();
    ds["Customer"][0]["PhoneNum"] = "1".into();
    ds["Customer"][0]["RowMod"] = "U".into();
    desk.sim.faults().add(Fault::Modified.once().on("POST", "/Update"));
    desk.post(CUSTOMERS, "Update", json!({"ds": ds})).await.breaks("SysRevID");
}

#[tokio::test]
async fn bad_weather_strikes_alike_with_the_same_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let desk = Desk::new().await;
        desk.sim.faults().weather(40, 11);
        let mut run = Vec::new();
        for _ in 0..120 {
            let request = desk.request("GET", "EPIC06/Erp.BO.TermsSvc/Terms");
            let answer = Desk::answer(request).await;
            run.push(answer.ok().map(|reply| (reply.0, reply.1.is_object())));
        }
        let struck = run.iter().filter(|one| **one != Some((200, true))).count();
        assert_eq!(desk.sim.faults().fired(), struck);
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    let kinds = |wanted| runs[0].iter().filter(|one| **one == wanted).count();
    assert!(kinds(Some((200, true))) > 50 && kinds(None) > 0 && kinds(Some((400, true))) > 0, "{runs:?}");
}
