//! What is on hand, and what belongs to parts (§5.1, §5.2).

use connector_domain::Text;
use connector_http::Class;
use connector_kinetic::odata::RawFilter;
use connector_kinetic::{BaqId, BaqIdError, Since, StockKey, SysRevId};
use serde_json::{Value, json};

use crate::support::{Company, json_answer, text};

const SEARCHES: &str = "Erp.BO.PartWhseSearchSvc/PartWhseSearches";
const COLUMNS: &str = "PartNum,WarehouseCode,Plant,DefaultWhse,OnHandQty,NonNettableQty,SalesReservedQty,SalesPickingQty,SalesPickedQty,AllocQty,SalesAllocQty,JobAllocQty";

fn row(part_num: &str, warehouse: &str) -> String {
    format!(
        r#"{{"PartNum":"{part_num}","WarehouseCode":"{warehouse}","Plant":"MfgSys","DefaultWhse":true,"OnHandQty":1234567890123.12345678,"NonNettableQty":2,"SalesReservedQty":3,"SalesPickingQty":4,"SalesPickedQty":5,"AllocQty":6.5,"SalesAllocQty":7,"JobAllocQty":8}}"#
    )
}

fn page(rows: &[String]) -> wiremock::ResponseTemplate {
    json_answer(200, format!(r#"{{"value":[{}]}}"#, rows.join(",")))
}

async fn query(company: &Company) -> Value {
    company.sent().await.pop().unwrap()["query"].take()
}

fn key(part_num: &str, warehouse: &str) -> StockKey {
    StockKey { part_num: part_num.to_owned(), warehouse: warehouse.to_owned() }
}

#[tokio::test]
async fn stock_is_read_flat_behind_a_part_and_its_warehouse() {
    let company = Company::start().await;
    company.answers("GET", SEARCHES, page(&[row("HB-1", "MAIN"), row("HB-1", "WEST")])).await;
    let only: RawFilter = "WarehouseCode eq 'MAIN' or WarehouseCode eq 'WEST'".parse().unwrap();
    let behind = key("HB-0", "O'N");
    let rows =
        company.client.stock().page(Some(&behind), Some(&only), 500, company.deadline()).await.unwrap();
    assert_eq!(rows[1].key, key("HB-1", "WEST"));
    assert_eq!(rows[0].on_hand.to_string(), "1234567890123.12345678");
    assert_eq!((rows[0].allocated.to_string().as_str(), rows[0].plant.as_str()), ("6.5", "MfgSys"));
    assert_eq!(
        query(&company).await,
        json!({
            "$filter": "(PartNum gt 'HB-0' or (PartNum eq 'HB-0' and WarehouseCode gt 'O''N')) and (WarehouseCode eq 'MAIN' or WarehouseCode eq 'WEST')",
            "$select": COLUMNS, "$orderby": "PartNum,WarehouseCode", "$top": "500"
        })
    );
}

#[tokio::test]
async fn all_of_the_stock_needs_no_filter_and_a_row_that_comes_again_is_an_error() {
    let company = Company::start().await;
    company.answers("GET", SEARCHES, page(&[row("HB-1", "MAIN")])).await;
    let stock = company.client.stock();
    let rows = stock.page(None, None, 100, company.deadline()).await.unwrap();
    let asked = json!({ "$select": COLUMNS, "$orderby": "PartNum,WarehouseCode", "$top": "100" });
    assert_eq!(query(&company).await, asked);
    let again = stock.page(Some(&rows[0].key), None, 100, company.deadline()).await.unwrap_err();
    assert_eq!(again.class(), Class::Unreadable);
}

fn baq_row(revision: i64, more: &str) -> String {
    format!(
        r#"{{"PartWhse_PartNum":"HB-1","PartWhse_WarehouseCode":"MAIN","PartWhse_OnHandQty":100.5,"PartWhse_NonNettableQty":0,"PartWhse_DemandQty":20,"PartWhse_BuyToOrderQty":5,"PartWhse_AllocatedQty":10,"PartWhse_SalesReservedQty":1,"PartWhse_PickingQty":2,"PartWhse_PickedQty":3,"PartWhse_SysRevID":{revision}{more},"RowIdent":"x"}}"#
    )
}

#[tokio::test]
async fn a_query_of_the_site_pages_its_stock_by_revision() {
    let company = Company::start().await;
    let rows = [baq_row(7, ""), baq_row(9, r#","Calculated_Available":85.25"#)];
    company.answers("GET", "BaqSvc/WEB-Stock_1/Data", page(&rows)).await;
    let id: BaqId = "WEB-Stock_1".parse().unwrap();
    let since = Since { after: SysRevId(5), top: 100, only: None };
    let changed = company.client.baq(&id).page(since, company.deadline()).await.unwrap();
    assert_eq!((changed.highest, changed.more), (Some(SysRevId(9)), true));
    assert_eq!((changed.rows[0].on_hand.to_string().as_str(), changed.rows[0].available), ("100.5", None));
    assert_eq!(changed.rows[1].available.unwrap().to_string(), "85.25");
    assert_eq!(
        query(&company).await,
        json!({ "$filter": "PartWhse_SysRevID gt 5", "$orderby": "PartWhse_SysRevID", "$top": "100", "$count": "true" })
    );
    let error = company.client.baq(&id).page(Since { after: SysRevId(8), ..since }, company.deadline()).await;
    assert_eq!(error.unwrap_err().class(), Class::Unreadable, "rows that were not asked for");
}

#[tokio::test]
async fn a_query_of_the_site_pages_breaks_of_price_lists_by_revision() {
    let company = Company::start().await;
    let row = r#"{"PLPartBrk_Company":"EPIC06","PLPartBrk_ListCode":"DIST","PLPartBrk_PartNum":"HB-1","PLPartBrk_UOMCode":"EA","PLPartBrk_Quantity":100.00000000,"PLPartBrk_UnitPrice":1,"PLPartBrk_DiscountPercent":0,"PLPartBrk_SysRevID":7,"RowIdent":"x"}"#;
    company.answers("GET", "BaqSvc/MLC-PLPartBrk/Data", page(&[row.to_owned()])).await;
    let id: BaqId = "MLC-PLPartBrk".parse().unwrap();
    let only: RawFilter = "PLPartBrk_ListCode eq 'DIST'".parse().unwrap();
    let since = Since { after: SysRevId(5), top: 100, only: Some(&only) };
    let changed = company.client.baq(&id).breaks(since, company.deadline()).await.unwrap();
    let row = &changed.rows[0];
    assert_eq!((row.list_code.as_str(), row.part_num.as_str(), row.uom.as_str()), ("DIST", "HB-1", "EA"));
    assert_eq!((row.quantity.normalize().to_string().as_str(), row.revision), ("100", SysRevId(7)));
    assert_eq!(
        query(&company).await,
        json!({ "$filter": "PLPartBrk_SysRevID gt 5 and (PLPartBrk_ListCode eq 'DIST')", "$orderby": "PLPartBrk_SysRevID", "$top": "100", "$count": "true" })
    );
}

#[tokio::test]
async fn a_query_that_lacks_a_column_is_named() {
    let company = Company::start().await;
    let lacking = baq_row(7, "").replace("PartWhse_DemandQty", "PartWhse_Demand");
    company.answers("GET", "BaqSvc/WEB/Data", page(&[lacking])).await;
    let id: BaqId = "WEB".parse().unwrap();
    let since = Since { after: SysRevId(0), top: 100, only: None };
    let error = company.client.baq(&id).page(since, company.deadline()).await.unwrap_err();
    assert!(error.to_string().contains("BaqSvc.PartWhse_DemandQty: expected a decimal number"), "{error}");
}

#[test]
fn the_name_of_a_query_cannot_change_the_path() {
    for name in ["", "../x", "a/b", "a b", "a?b"] {
        assert_eq!(name.parse::<BaqId>(), Err(BaqIdError), "{name}");
    }
}

#[tokio::test]
async fn stock_of_some_parts_is_asked_for_by_their_numbers() {
    let company = Company::start().await;
    company.answers("GET", SEARCHES, page(&[row("HB-1", "MAIN"), row("OTHER", "MAIN")])).await;
    let parts = [text("HB-1"), text("O'N"), text("HB-1")];
    let rows = company.client.stock().of_parts(&parts, company.deadline()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.key.clone()).collect::<Vec<_>>(), [key("HB-1", "MAIN")]);
    assert_eq!(query(&company).await["$filter"], "PartNum eq 'HB-1' or PartNum eq 'O''N'");
}

#[tokio::test]
async fn a_query_tells_the_stock_of_some_parts_page_by_page() {
    let company = Company::start().await;
    let counted = |count: usize, revision| {
        json_answer(200, format!(r#"{{"@odata.count":{count},"value":[{}]}}"#, baq_row(revision, "")))
    };
    company.answers_once("GET", "BaqSvc/WEB/Data", counted(2, 7)).await;
    company.answers("GET", "BaqSvc/WEB/Data", counted(1, 9)).await;
    let id: BaqId = "WEB".parse().unwrap();
    let rows = company.client.baq(&id).of_parts(&[text("hb-1")], company.deadline()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.revision.0).collect::<Vec<_>>(), [7, 9]);
    assert_eq!(query(&company).await["$filter"], "PartWhse_PartNum eq 'hb-1' and PartWhse_SysRevID gt 7");
}

/// So many units for each part; a page holds a hundred.
async fn units_of(each: usize) -> Company {
    let company = Company::start().await;
    company
        .set("PartSvc/PartUOMs", move |option| {
            let filter = option("$filter");
            let parts =
                filter.split(" or ").map(|term| term.trim_start_matches("PartNum eq ").trim_matches('\''));
            let unit = |part: &str, at: usize| {
                json!({
                    "PartNum": part, "UOMCode": format!("U{at}"), "ConvFactor": 12.5, "ConvOperator": "*",
                    "Active": true, "WebUOM": at == 0
                })
            };
            let rows: Vec<Value> =
                parts.flat_map(|part| (0..each).map(move |at| unit(part, at))).take(100).collect();
            // A server may well count the parts.
            json!({ "@odata.count": 1, "value": rows })
        })
        .await;
    company
}

fn numbered(count: usize) -> Vec<Text<50>> {
    (0..count).map(|at| text(&format!("P{at:02}"))).collect()
}

#[tokio::test]
async fn units_are_asked_for_by_part_only() {
    let company = units_of(2).await;
    let rows = company.client.parts().units(&numbered(2), company.deadline()).await.unwrap();
    assert_eq!(rows.len(), 4);
    assert_eq!(
        (rows[0].uom.as_str(), rows[0].factor.to_string().as_str(), rows[0].web),
        ("U0", "12.5", true)
    );
    assert_eq!(
        query(&company).await,
        json!({
            "$filter": "PartNum eq 'P00' or PartNum eq 'P01'",
            "$select": "PartNum,UOMCode,ConvFactor,ConvOperator,Active,WebUOM", "$top": "100", "$count": "true"
        })
    );
}

#[tokio::test]
async fn a_page_that_is_cut_is_asked_for_in_halves() {
    let company = units_of(9).await;
    let rows = company.client.parts().units(&numbered(20), company.deadline()).await.unwrap();
    assert_eq!(rows.len(), 180);
    assert_eq!(company.requests().await.len(), 3, "20 parts, then 10 and 10");
}

#[tokio::test]
async fn a_part_with_more_units_than_a_page_holds_is_not_read_in_part() {
    let company = units_of(100).await;
    let error = company.client.parts().units(&numbered(1), company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreadable);
}

#[tokio::test]
async fn bar_codes_are_read() {
    let company = Company::start().await;
    company
        .set("PartSvc/PartPCs", |_| {
            json!({ "@odata.count": 1, "value": [
                { "PartNum": "hb-1", "PCType": "EAN-13", "ProdCode": "4006381333931", "UOMCode": "EA" },
                { "PartNum": "HB-10", "PCType": "EAN-13", "ProdCode": "4006381333948", "UOMCode": "EA" }
            ]})
        })
        .await;
    let codes = company.client.parts().bar_codes(&[text("HB-1")], company.deadline()).await.unwrap();
    assert_eq!((codes.len(), codes[0].code.as_str(), codes[0].kind.as_str()), (1, "4006381333931", "EAN-13"));
}
