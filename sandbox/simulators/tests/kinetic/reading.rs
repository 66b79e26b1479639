//! Reading sets.

use connector_simulators::{KineticConfig, kinetic::Part};
use serde_json::json;
use test_case::test_case;

use crate::desk::{Desk, ORDERS, num};

const PARTS: &str = "Erp.BO.PartSvc";
const ODATA: &str = "Microsoft.OData.ODataException";

#[tokio::test]
async fn a_read_without_top_ends_at_a_hundred_rows_and_tells_nobody() {
    let desk = Desk::new().await;
    for at in 0..150 {
        desk.sim.add_part(&Part::new(&format!("Z-{at:03}"), "", 1.into()));
    }
    let page = desk.get(PARTS, "Parts", &[("$count", "true")]).await.ok();
    assert_eq!(page["value"].as_array().unwrap().len(), 100);
    assert!(page.get("@odata.nextLink").is_none());
    assert!(page["@odata.count"].as_i64().unwrap() > 150);
    let filter = ("$filter", "startswith(PartNum,'z-')");
    let all = desk.rows(PARTS, "Parts", &[filter, ("$top", "500"), ("$orderby", "PartNum desc")]).await;
    assert_eq!((all.len(), all[0]["PartNum"].as_str()), (150, Some("Z-149")));
    let last = desk.rows(PARTS, "Parts", &[filter, ("$top", "20"), ("$skip", "140")]).await;
    assert_eq!(last.len(), 10);

    let capped = Desk::with(KineticConfig { top_cap: Some(5), ..KineticConfig::new() }).await;
    assert_eq!(capped.rows(PARTS, "Parts", &[("$top", "500")]).await.len(), 5);
}

#[tokio::test]
async fn a_part_number_with_quote_slash_and_blank_is_found() {
    let desk = Desk::new().await;
    let options =
        [("$filter", "PartNum eq 'o''ring 1/2 in' or PartNum eq 'OLD-200'"), ("$select", "PartNum,InActive")];
    let rows = desk.rows(PARTS, "Parts", &options).await;
    let (ring, old) = (
        json!({"PartNum": "O'RING 1/2 IN", "InActive": false}),
        json!({"PartNum": "OLD-200", "InActive": true}),
    );
    assert_eq!(rows, [ring, old]);
    let whole = desk.rows(PARTS, "Parts", &[("$filter", "PartNum eq 'ABC-100'")]).await;
    assert_eq!(whole[0].as_object().unwrap().len(), 357);
    assert!(desk.rows(PARTS, "Parts", &[("$filter", "PartNum eq 'NOTHING'")]).await.is_empty());
}

#[test_case("$filter", "ChangedOn ge '2026-03-16'"; "a quoted date")]
#[test_case("$filter", "Partnum eq 'A'"; "an unknown column")]
#[test_case("$filter", "PartNum eq 'A"; "an open string")]
#[test_case("$select", "PartNum,Nothing"; "selecting an unknown column")]
#[test_case("$orderby", "Nothing"; "sorting by an unknown column")]
#[test_case("$orderby", "PartNum down"; "sorting in an unknown direction")]
#[test_case("$top", "-1"; "a negative top")]
#[test_case("$Top", "1"; "an option in another case")]
#[test_case("$search", "A"; "an option that nobody saw")]
#[test_case("top", "1"; "an option without its dollar")]
#[tokio::test]
async fn what_cannot_be_read_is_refused(option: &str, value: &str) {
    let desk = Desk::new().await;
    desk.get(PARTS, "Parts", &[(option, value)]).await.refused(400, ODATA);
}

#[tokio::test]
async fn a_child_sets_filter_knows_only_the_parents_columns() {
    let desk = Desk::new().await;
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    desk.line(order, "ABC-100", "1", "5").await;
    desk.line(order, "ABC-100", "2", "5").await;
    let by_order = format!("OrderNum eq {order}");
    assert_eq!(desk.rows(ORDERS, "OrderDtls", &[("$filter", &by_order)]).await.len(), 2);
    let trap = format!("{by_order} and OrderLine gt 1");
    desk.get(ORDERS, "OrderDtls", &[("$filter", &trap)]).await.refused(400, ODATA);
    desk.get(ORDERS, "OHOrderMscs", &[("$filter", "SeqNum gt 0")]).await.refused(400, ODATA);
    let flat = desk.rows("Erp.BO.OrderDtlSearchSvc", "OrderDtlSearches", &[("$filter", &trap)]).await;
    assert_eq!((flat.len(), &flat[0]["OrderLine"]), (1, &json!(2)));
    assert_eq!(
        desk.rows("Erp.BO.OrderRelSearchSvc", "OrderRelSearches", &[("$filter", &trap)]).await.len(),
        1
    );
}

#[tokio::test]
async fn an_order_is_found_by_its_reference_and_its_computed_total_is_no_filter() {
    let desk = Desk::new().await;
    desk.opened("WEBGUEST", "BC-1").await;
    let options = [
        ("$filter", "PONum eq 'bc-1' and CustNum eq 42"),
        ("$select", "OrderNum,DocTotalOrder"),
        ("$top", "3"),
    ];
    let found = desk.rows(ORDERS, "SalesOrders", &options).await;
    assert_eq!(found, [json!({"OrderNum": 100_045, "DocTotalOrder": 0.0})]);
    desk.get(ORDERS, "SalesOrders", &[("$filter", "DocTotalOrder eq 0")]).await.refused(400, ODATA);
}

#[test_case("Erp.BO.MiscChrgSvc", "MiscChrgs", "MiscCode eq 'FRT'")]
#[test_case("Erp.BO.CountrySvc", "Countries", "ISOCode eq 'CA'")]
#[test_case("Erp.BO.TermsSvc", "Terms", "TermsCode eq 'CC'")]
#[test_case("Erp.BO.ShipViaSvc", "ShipVias", "ShipViaCode eq 'UPSG'")]
#[test_case("Erp.BO.TaxRgnSvc", "TaxRgns", "TaxRegionCode eq 'EXMT'")]
#[tokio::test]
async fn the_codes_of_the_company_are_read(service: &str, set: &str, filter: &str) {
    let desk = Desk::new().await;
    assert_eq!(desk.rows(service, set, &[("$filter", filter)]).await.len(), 1);
}

#[tokio::test]
async fn a_country_that_is_added_while_the_company_runs_is_read() {
    let desk = Desk::new().await;
    desk.sim.add_country(7, "Austria", "AT");
    let options = [("$filter", "ISOCode eq 'AT'"), ("$select", "CountryNum,Description")];
    let rows = desk.rows("Erp.BO.CountrySvc", "Countries", &options).await;
    assert_eq!(rows, [json!({"CountryNum": 7, "Description": "Austria"})]);
}
