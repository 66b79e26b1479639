//! Who may come in, and by which paths.

use std::collections::BTreeSet;

use connector_simulators::{KineticConfig, Recorder, kinetic::Described};
use serde_json::json;
use test_case::test_case;

use crate::desk::{Desk, ORDERS};

const UNAUTHORIZED: &str = "System.UnauthorizedAccessException";
const NOWHERE: &str = "Epicor.RESTApi.ErrorHandling.ApiException";

#[tokio::test]
async fn a_wrong_key_is_echoed_and_a_wrong_password_is_not() {
    let desk = Desk::new().await;
    let parts = "EPIC06/Erp.BO.PartSvc/Parts";
    let nobody = Desk::answer(desk.bare("GET", parts)).await.unwrap();
    assert_eq!(nobody.refused(401, UNAUTHORIZED), "Invalid username or password.");
    let config = desk.sim.config();
    let keyless = desk.bare("GET", parts).basic_auth(&config.username, Some(&config.password));
    let wrong = Desk::answer(keyless.header("x-api-key", "wrong-key-77")).await.unwrap();
    assert_eq!(wrong.refused(401, UNAUTHORIZED), "Invalid API Key wrong-key-77.\r\nCompany EPIC06.");
    let kept = desk.sim.traffic().calls().pop().unwrap();
    assert!(!kept.response_body.contains("wrong-key-77"), "the record does not keep it");
}

#[tokio::test]
async fn a_missing_permission_is_a_401_or_by_switch_a_403() {
    for status in [401, 403] {
        let denied =
            BTreeSet::from(["Erp.BO.Part.GetRows".to_owned(), "Erp.BO.SalesOrder.MasterUpdate".to_owned()]);
        let desk = Desk::with(KineticConfig { denied, denied_status: status, ..KineticConfig::new() }).await;
        let text = desk.get("Erp.BO.PartSvc", "Parts", &[]).await.refused(status, UNAUTHORIZED);
        assert_eq!(text, "Access denied (Erp.BO.Part.GetRows).");
        desk.save("OrderHed", &json!({})).await.refused(status, UNAUTHORIZED);
        desk.get("Erp.BO.TermsSvc", "Terms", &[]).await.ok();
    }
}

#[tokio::test]
async fn call_settings_choose_the_site() {
    let desk = Desk::new().await;
    let with = |settings: &str| {
        desk.request("POST", "EPIC06/Erp.BO.SalesOrderSvc/GetNewOrderHed")
            .header("CallSettings", settings)
            .body(r#"{"ds":{}}"#)
    };
    let west = Desk::answer(with(r#"{"Company":"EPIC06","Plant":"WEST"}"#)).await.unwrap().ds();
    assert_eq!(west["OrderHed"][0]["Plant"], "WEST");
    Desk::answer(with("not json")).await.unwrap().unreadable();
    Desk::answer(with(r#"{"Plant":"MOON"}"#)).await.unwrap().unreadable();
    Desk::answer(with(r#"{"plant":"WEST"}"#)).await.unwrap().unreadable();
}

#[test_case("GET", "EPIC07/Erp.BO.PartSvc/Parts"; "another company")]
#[test_case("GET", "EPIC06/Erp.BO.PartsSvc/Parts"; "another service")]
#[test_case("GET", "EPIC06/Erp.BO.PartSvc/parts"; "a set in another case")]
#[test_case("POST", "EPIC06/Erp.BO.SalesOrderSvc/masterUpdate"; "a method in another case")]
#[test_case("POST", "EPIC06/Erp.BO.PartSvc/MasterUpdate"; "a method of another service")]
#[test_case("GET", "EPIC06/Erp.BO.SalesOrderSvc/MasterUpdate"; "a saving method by GET")]
#[test_case("GET", "Erp.BO.PartSvc/Parts"; "a path without company")]
#[tokio::test]
async fn what_is_not_there_is_a_404(verb: &str, path: &str) {
    let desk = Desk::new().await;
    let reply = Desk::answer(desk.request(verb, path).body("{}")).await.unwrap();
    reply.refused(404, NOWHERE);
}

#[tokio::test]
async fn an_unknown_missing_or_mistyped_parameter_is_refused() {
    let desk = Desk::new().await;
    for body in [
        json!({"ds": {}, "ordernum": 1}),
        json!({"ds": {}}),
        json!({"ds": {}, "orderNum": "1"}),
        json!({"ds": {}, "orderNum": null}),
        json!({"ds": [], "orderNum": 1}),
        json!({"ds": {"Orders": []}, "orderNum": 1}),
        json!({"ds": {"OrderHed": [{"PoNum": ""}]}, "orderNum": 1}),
        json!({"ds": {"OrderHed": [{"@odata.context": ""}]}, "orderNum": 1}),
        json!({"ds": {"OrderHed": [{"PONum": 5}]}, "orderNum": 1}),
        json!({"ds": {"OrderHed": [{"PONum": null}]}, "orderNum": 1}),
        json!({"ds": {"OrderHed": [{"OrderNum": 1.5}]}, "orderNum": 1}),
        json!({"ds": {"OrderHed": [{"OrderDate": "16.03.2026"}]}, "orderNum": 1}),
        json!({"ds": {"OrderHed": [{"SysRowID": "x"}]}, "orderNum": 1}),
        json!({"ds": {"OrderHed": [{"RowMod": "X"}]}, "orderNum": 1}),
        json!({"ds": {"OrderHed": [{"PONum": "x".repeat(51)}]}, "orderNum": 1}),
        json!([]),
    ] {
        desk.order("GetNewOrderDtl", body).await.unreadable();
    }
    desk.post_text(ORDERS, "GetNewOrderDtl", "{\"ds\":".to_owned()).await.unreadable();

    let lax = Desk::with(KineticConfig { complete_parameters: false, ..KineticConfig::new() }).await;
    let missing = lax.order("GetNewOrderDtl", json!({"ds": {}})).await;
    missing.refused(404, "Ice.Common.RecordNotFoundException");
}

#[tokio::test]
async fn the_newer_method_profile_wants_its_parameter_and_the_older_refuses_it() {
    let call = |saleable: bool| {
        let row = json!({"OrderDtl": [{"RowMod": "A"}]});
        let mut call = crate::desk::part_call("ABC-100", &row);
        if saleable {
            call["checkPartSaleable"] = true.into();
        }
        call
    };
    let old = Desk::new().await;
    old.order("ChangePartNumMaster", call(true)).await.unreadable();
    old.order("ChangePartNumMaster", call(false)).await.ok();
    let new = Desk::with(KineticConfig { check_part_saleable: true, ..KineticConfig::new() }).await;
    new.order("ChangePartNumMaster", call(false)).await.unreadable();
    new.order("ChangePartNumMaster", call(true)).await.ok();
}

#[tokio::test]
async fn records_hold_neither_key_nor_password() {
    let file = std::env::temp_dir().join(format!("kinetic-{}.jsonl", std::process::id()));
    let config = KineticConfig { recorder: Recorder::to_file(&file).unwrap(), ..KineticConfig::new() };
    let desk = Desk::with(config).await;
    desk.get("Erp.BO.PartSvc", "Parts", &[("api-key", &desk.sim.config().api_key), ("$top", "1")]).await.ok();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(text.contains("\"vendor\":\"kinetic\""));
    assert!(!text.contains(&desk.sim.config().api_key) && !text.contains(&desk.sim.config().password));
}

#[test_case(Described::Swagger, "/definitions/ChangePartNumMaster_input/properties"; "swagger 2")]
#[test_case(Described::OpenApi, "/paths/~1ChangePartNumMaster/post/requestBody/content/application~1json/schema/properties"; "openapi 3")]
#[tokio::test]
async fn a_site_describes_its_methods_in_one_of_two_forms(description: Described, place: &str) {
    for newer in [false, true] {
        let config = KineticConfig { description, check_part_saleable: newer, ..KineticConfig::new() };
        let described = described(&Desk::with(config).await).await.ok();
        let parameters = described.pointer(place).unwrap().as_object().unwrap();
        assert!(parameters.contains_key("partNum") && parameters.contains_key("ds"), "{parameters:?}");
        assert_eq!(parameters.contains_key("checkPartSaleable"), newer);
    }
}

#[tokio::test]
async fn a_site_may_describe_nothing_and_sites_are_read_by_their_odd_key() {
    let desk = Desk::with(KineticConfig { description: Described::Nowhere, ..KineticConfig::new() }).await;
    described(&desk).await.refused(404, NOWHERE);
    let sites = desk.get("Erp.BO.PlantSvc", "Plants", &[("$filter", "Plant1 eq 'WEST'")]).await.ok();
    assert_eq!(sites["value"][0]["Plant1"], "WEST");
    assert_eq!(sites["value"].as_array().unwrap().len(), 1);
}

async fn described(desk: &Desk) -> crate::desk::Reply {
    let path = "../../swagger/v2/methods/Erp.BO.SalesOrderSvc.json";
    Desk::answer(desk.request("GET", path)).await.unwrap()
}
