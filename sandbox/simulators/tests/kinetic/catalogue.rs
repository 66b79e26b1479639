//! Parts, stock and prices as sets answer them.

use connector_simulators::{
    KineticConfig,
    bigcommerce::dec,
    kinetic::{KineticSeed, Part, PartCode, PriceList, Stock, Uom},
};
use serde_json::{Value, json};
use test_case::test_case;

use crate::desk::{Desk, ORDERS, num};

pub(crate) const PARTS: &str = "Erp.BO.PartSvc";
pub(crate) const LISTS: &str = "Erp.BO.PriceLstSvc";
pub(crate) const ODATA: &str = "Microsoft.OData.ODataException";

/// The texts of a column.
pub(crate) fn texts(rows: &[Value], column: &str) -> Vec<String> {
    rows.iter().map(|row| row[column].as_str().unwrap().to_owned()).collect()
}

#[test_case(PARTS, "Parts", 357, "SysRevID gt 0 and PartNum eq 'ABC-100'")]
#[test_case(PARTS, "PartPlants", 190, "PartNum eq 'ABC-100'")]
#[test_case(PARTS, "PartWhses", 82, "PartNum eq 'ABC-100'")]
#[test_case(PARTS, "PartUOMs", 36, "PartNum eq 'ABC-100'")]
#[test_case(LISTS, "PriceLsts", 24, "ListCode eq 'trade'")]
#[test_case(LISTS, "PLPartBrks", 25, "ListCode eq 'TRADE'")]
#[test_case("Erp.BO.PriceLstPartsSvc", "PriceLstParts", 43, "PartNum eq 'ABC-100' and BasePrice gt 0")]
#[test_case("Erp.BO.PriceLstPartsSvc", "PLPartBrks", 25, "PartNum eq 'ABC-100'")]
#[test_case("Erp.BO.PartPlantSearchSvc", "PartPlantSearches", 190, "SysRevID gt 0 and PartNum eq 'ABC-100'")]
#[test_case(
    "Erp.BO.PartWhseSearchSvc",
    "PartWhseSearches",
    33,
    "WarehouseCode eq 'MAIN' and OnHandQty eq 58"
)]
#[test_case("Erp.BO.WarehseSvc", "Warehses", 46, "Plant eq 'MfgSys' and not IsHoldWarehouse")]
#[tokio::test]
async fn a_set_gives_rows_as_wide_as_the_real_ones(service: &str, set: &str, columns: usize, filter: &str) {
    let desk = Desk::new().await;
    let rows = desk.rows(service, set, &[("$filter", filter)]).await;
    assert_eq!(rows[0].as_object().unwrap().len(), columns);
    let more = if set == "PLPartBrks" && service == LISTS { 3 } else { 1 };
    assert_eq!(rows.len(), more);
}

#[tokio::test]
async fn every_row_has_its_own_revision_and_id() {
    let desk = Desk::new().await;
    let mut seen = Vec::new();
    for (service, set) in [
        (PARTS, "Parts"),
        (PARTS, "PartWhses"),
        (LISTS, "PriceLsts"),
        ("Erp.BO.PriceLstPartsSvc", "PriceLstParts"),
        ("Erp.BO.CustomerSvc", "Customers"),
    ] {
        for row in desk.rows(service, set, &[]).await {
            seen.push((row["SysRevID"].as_i64().unwrap(), row["SysRowID"].as_str().unwrap().to_owned()));
        }
    }
    let (rows, highest) = (seen.len(), seen.iter().map(|(revision, _)| *revision).max());
    assert_eq!(Some(desk.sim.revision()).cmp(&highest), std::cmp::Ordering::Greater);
    for column in
        [seen.iter().map(|(n, _)| n.to_string()).collect(), seen.into_iter().map(|(_, id)| id).collect()]
    {
        let column: std::collections::BTreeSet<String> = column;
        assert_eq!(column.len(), rows);
    }
}

#[test_case(PARTS, "PartWhses", "OnHandQty gt 0"; "the parent has no such column")]
#[test_case(PARTS, "PartWhses", "WarehouseCode eq 'MAIN'"; "nor this")]
#[test_case(LISTS, "PriceLstParts", "PartNum eq 'ABC-100'"; "a list has no part")]
#[test_case("Erp.BO.PartWhseSearchSvc", "PartWhseSearches", "SysRevID gt 0"; "a search without revisions")]
#[test_case("Erp.BO.PartWhseSearchSvc", "PartWhseSearches", "Plant eq 'MfgSys'"; "a column that is filled in")]
#[test_case("Erp.BO.PriceLstPartsSvc", "PriceLstParts", "CurrencyCode eq 'USD'"; "another one")]
#[tokio::test]
async fn a_filter_by_what_is_no_column_is_refused(service: &str, set: &str, filter: &str) {
    let desk = Desk::new().await;
    desk.get(service, set, &[("$filter", filter)]).await.refused(400, ODATA);
}

#[tokio::test]
async fn the_child_set_trap_answers_the_wrong_rows_and_says_nothing() {
    let desk = Desk::new().await;
    let cursor = format!("SysRevID gt {}", desk.sim.revision());
    desk.sim.stock("ABC-100", "MAIN", dec("3"));
    assert!(desk.sim.edit_part("GLV-LEA-M", |row| row.set("RunOut", true)));
    let rows = desk.rows(PARTS, "PartWhses", &[("$filter", &cursor)]).await;
    assert_eq!(texts(&rows, "PartNum"), ["GLV-LEA-M"], "whose stock did not move");
    assert!(rows[0]["SysRevID"].as_i64().unwrap() < desk.sim.revision() - 1);
}

#[tokio::test]
async fn what_the_business_object_fills_in_is_answered() {
    let desk = Desk::new().await;
    let stock = desk.rows(PARTS, "PartWhses", &[("$filter", "PartNum eq 'DRL-HSS-8.5'")]).await;
    assert_eq!(
        (texts(&stock, "WarehouseCode"), texts(&stock, "Plant")),
        (vec!["INSP".to_owned(), "MAIN".to_owned()], vec!["MfgSys".to_owned(), "MfgSys".to_owned()])
    );
    let found = desk.rows("Erp.BO.PartWhseSearchSvc", "PartWhseSearches", &[("$top", "1")]).await;
    assert_eq!((&found[0]["PartNum"], &found[0]["Plant"]), (&json!("ABC-100"), &json!("MfgSys")));
    let price = desk.rows("Erp.BO.PriceLstPartsSvc", "PriceLstParts", &[("$top", "1")]).await;
    assert_eq!((&price[0]["CurrencyCode"], &price[0]["BasePrice"]), (&json!("USD"), &json!(22.49)));
}

#[tokio::test]
async fn children_are_expanded_by_name_only() {
    let desk = Desk::new().await;
    let one = ("$filter", "PartNum eq 'ABC-100'");
    let rows =
        desk.rows(PARTS, "Parts", &[one, ("$expand", "PartWhses,PartUOMs"), ("$select", "PartNum")]).await;
    assert_eq!(rows[0]["PartWhses"][0]["OnHandQty"], 58.0);
    assert_eq!((&rows[0]["PartUOMs"][0]["UOMCode"], &rows[0]["PartNum"]), (&json!("EA"), &json!("ABC-100")));
    assert!(rows[0].get("PartPlants").is_none());
    let price =
        desk.rows("Erp.BO.PriceLstPartsSvc", "PriceLstParts", &[one, ("$expand", "PLPartBrks")]).await;
    assert_eq!(price[0]["PLPartBrks"][0]["UnitPrice"], 20.99);
    let lists = desk.rows(LISTS, "PriceLsts", &[("$expand", "PriceLstParts")]).await;
    assert_eq!(lists[0]["PriceLstParts"].as_array().unwrap().len(), 3);
    for wrong in ["PartWhses($select=OnHandQty)", "Nothing", "partwhses"] {
        desk.get(PARTS, "Parts", &[("$expand", wrong)]).await.refused(400, ODATA);
    }
    desk.get(PARTS, "PartWhses", &[("$expand", "Parts")]).await.refused(400, ODATA);

    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    desk.line(order, "ABC-100", "2", "5").await;
    let orders = desk.rows(ORDERS, "SalesOrders", &[("$expand", "OrderDtls"), ("$select", "OrderNum")]).await;
    assert_eq!(orders[0]["OrderDtls"][0]["PartNum"], "ABC-100");
}

#[tokio::test]
async fn a_seed_holds_units_codes_stock_and_lists() {
    let part = Part {
        ium: Some("EA".to_owned()),
        sales_um: "BX".to_owned(),
        selling_factor: dec("0.01"),
        uoms: vec![Uom { code: "PL".to_owned(), factor: dec("4000") }],
        codes: vec![PartCode {
            kind: "EAN-13".to_owned(),
            code: "4006381333931".to_owned(),
            uom: "BX".to_owned(),
        }],
        web_part: false,
        prod_code: "FAST".to_owned(),
        ..Part::new("A", "", dec("1"))
    };
    let seed = KineticSeed {
        parts: vec![part],
        stock: vec![Stock::new("A", "MAIN", dec("12.5"))],
        price_lists: vec![PriceList::new("L").with("A", dec("2"), &[(10, dec("1.5"))])],
        ..KineticSeed::default()
    };
    let desk = Desk::with(KineticConfig { seed, ..KineticConfig::new() }).await;
    let units = desk.rows(PARTS, "PartUOMs", &[("$select", "UOMCode,ConvFactor")]).await;
    let unit = |code: &str, factor: f64| json!({"UOMCode": code, "ConvFactor": factor});
    assert_eq!(units, [unit("BX", 100.0), unit("EA", 1.0), unit("PL", 4000.0)]);
    assert_eq!(texts(&desk.rows(PARTS, "PartPCs", &[]).await, "ProdCode"), ["4006381333931"]);
    let web = ("$filter", "WebPart eq true or ProdCode ne 'FAST'");
    assert!(desk.rows(PARTS, "Parts", &[web]).await.is_empty());
    let price = desk.rows("Erp.BO.PriceLstPartsSvc", "PLPartBrks", &[]).await;
    assert_eq!((&price[0]["UOMCode"], &price[0]["Quantity"]), (&json!("BX"), &json!(10.0)));
    let warehouses = desk.rows("Erp.BO.WarehseSvc", "Warehses", &[]).await;
    assert_eq!(texts(&warehouses, "WarehouseCode"), ["MAIN", "WWH"], "the sites' own");
}

#[tokio::test]
async fn a_key_is_paged_in_its_order_through_all_of_its_columns() {
    let desk = Desk::new().await;
    let cursor = "ListCode gt 'TRADE' or (ListCode eq 'TRADE' and PartNum gt 'ABC-100')";
    let options = [("$filter", cursor), ("$orderby", "ListCode,PartNum,UOMCode"), ("$top", "1")];
    let rows = desk.rows("Erp.BO.PriceLstPartsSvc", "PriceLstParts", &options).await;
    assert_eq!(texts(&rows, "PartNum"), ["GLV-LEA-M"]);
    let down = [("$orderby", "PartNum desc"), ("$top", "2"), ("$select", "PartNum")];
    assert_eq!(texts(&desk.rows(PARTS, "Parts", &down).await, "PartNum"), ["WSH-M8-ZN", "TAPE-PTFE-12"]);
    let chain = ("$filter", "PartNum eq 'WSH-M8-ZN' or PartNum eq 'abc-100' or PartNum eq 'NONE'");
    assert_eq!(texts(&desk.rows(PARTS, "Parts", &[chain]).await, "PartNum"), ["ABC-100", "WSH-M8-ZN"]);
}
