//! BAQs.

use connector_simulators::{KineticConfig, bigcommerce::dec, kinetic::Query};
use serde_json::json;
use test_case::test_case;

use crate::{
    catalogue::{ODATA, texts},
    desk::{Desk, num},
};

const STOCK: &str = "BaqSvc/MLC-PartWhse";
const API: &str = "Epicor.RESTApi.ErrorHandling.ApiException";

#[tokio::test]
async fn a_query_finds_the_stock_that_moved_which_no_set_can() {
    let desk = Desk::new().await;
    let start = desk.sim.revision();
    desk.sim.edit_part("GLV-LEA-M", |row| row.set("RunOut", true));
    desk.sim.stock("TAPE-PTFE-12", "MAIN", dec("880"));
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    desk.line(order, "ABC-100", "2", "5").await;
    let filter = format!("PartWhse_SysRevID gt {start}");
    let options = [("$filter", filter.as_str()), ("$orderby", "PartWhse_SysRevID"), ("$top", "50")];
    let rows = desk.rows(STOCK, "Data", &options).await;
    assert_eq!(texts(&rows, "PartWhse_PartNum"), ["TAPE-PTFE-12", "ABC-100"]);
    assert_eq!((&rows[1]["PartWhse_OnHandQty"], &rows[1]["PartWhse_DemandQty"]), (&json!(58.0), &json!(2.0)));
    assert_eq!(rows[1]["PartWhse_SysRevID"], desk.sim.revision());
    assert_eq!(rows[1]["RowIdent"], rows[1]["PartWhse_SysRowID"]);
    assert!(rows[1].get("PartWhse_Plant").is_none(), "it is no column of the database");
    let some =
        [("$select", "PartWhse_PartNum"), ("$filter", "PartWhse_PartNum eq 'ABC-100'"), ("$count", "true")];
    let page = desk.get(STOCK, "Data", &some).await.ok();
    assert_eq!(
        (&page["value"], &page["@odata.count"]),
        (&json!([{"PartWhse_PartNum": "ABC-100"}]), &json!(1))
    );
}

#[test_case("PartUOM", "PartUOM_ConvFactor eq 1")]
#[test_case("PLPartBrk", "PLPartBrk_Quantity ge 1000 and PLPartBrk_ListCode eq 'TRADE'")]
#[tokio::test]
async fn the_connectors_queries_are_there(table: &str, filter: &str) {
    let desk = Desk::new().await;
    assert!(desk.rows(&format!("BaqSvc/MLC-{table}"), "Data", &[("$filter", filter)]).await.len() >= 2);
    assert!(desk.rows("BaqSvc/MLC-PartPC", "Data", &[]).await.is_empty());
}

#[test_case("$filter", "SysRevID gt 1"; "a column without its table")]
#[test_case("$filter", "PartWhse_Plant eq 'MfgSys'"; "a column that is filled in")]
#[test_case("$filter", "PartWhse_MinimumQty eq 1"; "a column that the query leaves out")]
#[test_case("$orderby", "RowIdent"; "the mark of a row")]
#[test_case("$expand", "Parts"; "nothing is below")]
#[tokio::test]
async fn a_query_knows_its_own_columns_only(option: &str, value: &str) {
    let desk = Desk::new().await;
    desk.get(STOCK, "Data", &[(option, value)]).await.refused(400, ODATA);
}

#[tokio::test]
async fn a_site_has_the_queries_that_its_people_wrote() {
    let queries = vec![Query::new("Mine", "Part", &["PartNum", "WebPart"])];
    let config = KineticConfig { queries, denied: ["Baq.Mine".to_owned()].into(), ..KineticConfig::new() };
    let desk = Desk::with(config).await;
    desk.get(STOCK, "Data", &[]).await.refused(404, API);
    desk.get("BaqSvc/Mine", "Data", &[]).await.refused(401, "System.UnauthorizedAccessException");
    desk.get("BaqSvc/Mine", "Nothing", &[]).await.refused(404, API);
    let desk = Desk::with(KineticConfig { denied: [].into(), ..desk.sim.config().clone() }).await;
    let rows = desk.rows("BaqSvc/Mine", "Data", &[("$top", "1"), ("$select", "Part_PartNum,RowIdent")]).await;
    assert_eq!((&rows[0]["Part_PartNum"], rows[0]["RowIdent"].is_string()), (&json!("ABC-100"), true));
}
