//! What changed since a revision, and what there is by key (§4).

use connector_http::Class;
use connector_kinetic::odata::RawFilter;
use connector_kinetic::{KineticError, PricePer, RootSet, Since, SysRevId};
use serde_json::{Value, json};
use test_case::test_case;

use crate::support::{Company, json_answer, refused};

const PARTS: &str = "PartNum,PartDescription,SearchWord,TypeCode,InActive,RunOut,OnHold,NonStock,QtyBearing,WebPart,ClassID,ProdCode,IUM,SalesUM,UOMClassID,SellingFactor,PricePerCode,UnitPrice,TaxCatID,NetWeight,NetWeightUOM,GrossWeight,GrossWeightUOM,PartLength,PartWidth,PartHeight,PartLengthWidthHeightUM,CommercialBrand,CommercialSubBrand,CommercialCategory,UPCCode1,UPCCode2,UPCCode3,TrackLots,TrackSerialNum,IsConfigured,ChangedOn,SysRevID,SysRowID";

fn part(part_num: &str, revision: i64) -> String {
    format!(
        r#"{{"PartNum":"{part_num}","PartDescription":"Hex Bolt","SearchWord":"BOLT","TypeCode":"P","InActive":false,"RunOut":true,"OnHold":false,"NonStock":false,"QtyBearing":true,"WebPart":true,"ClassID":"FAST","ProdCode":"BOLTS","IUM":"EA","SalesUM":"EA","UOMClassID":"COUNT","SellingFactor":1.00000000,"PricePerCode":"C","UnitPrice":45.25001,"TaxCatID":"","NetWeight":0.02000,"NetWeightUOM":"KG","GrossWeight":0.03,"GrossWeightUOM":"KG","PartLength":40,"PartWidth":8,"PartHeight":8,"PartLengthWidthHeightUM":"MM","CommercialBrand":"Acme","CommercialSubBrand":"","CommercialCategory":"Bolts","UPCCode1":"012345678905","UPCCode2":"","UPCCode3":"","TrackLots":false,"TrackSerialNum":false,"IsConfigured":false,"ChangedOn":"2026-03-16T08:15:30.123Z","SysRevID":{revision},"SysRowID":"00000000-0000-0000-0000-0000{revision:08}","@odata.etag":"x"}}"#
    )
}

fn page(rows: &[String], count: usize) -> wiremock::ResponseTemplate {
    json_answer(200, format!(r#"{{"@odata.count":{count},"value":[{}]}}"#, rows.join(",")))
}

async fn parts(answer: wiremock::ResponseTemplate) -> Company {
    let company = Company::start().await;
    company.answers("GET", "Erp.BO.PartSvc/Parts", answer).await;
    company
}

fn since(after: i64) -> Since<'static> {
    Since { after: SysRevId(after), top: 100, only: None }
}

async fn query(company: &Company) -> Value {
    company.sent().await.pop().unwrap()["query"].take()
}

#[tokio::test]
async fn parts_are_paged_by_revision_and_read_without_a_float() {
    let company = parts(page(&[part("HB-1", 7), part("HB-2", 9)], 3)).await;
    let changed = company.client.changes().parts(since(5), company.deadline()).await.unwrap();
    assert_eq!((changed.highest, changed.more), (Some(SysRevId(9)), true));
    let first = &changed.rows[0];
    assert_eq!((first.part_num.as_str(), first.revision), ("HB-1", SysRevId(7)));
    assert_eq!((first.unit_price.to_string().as_str(), &first.price_per), ("45.25001", &PricePer::Hundred));
    assert!(first.web_part && first.run_out && !first.inactive);
    assert_eq!(first.changed_on.unwrap().to_string(), "2026-03-16T08:15:30.123Z");
    assert_eq!(
        query(&company).await,
        json!({ "$filter": "SysRevID gt 5", "$select": PARTS, "$orderby": "SysRevID", "$top": "100", "$count": "true" })
    );
}

#[tokio::test]
async fn nothing_new_costs_one_call() {
    let company = parts(page(&[], 0)).await;
    let changed = company.client.changes().parts(since(918_273_645), company.deadline()).await.unwrap();
    assert_eq!((changed.rows.len(), changed.highest, changed.more), (0, None, false));
    assert_eq!(company.requests().await.len(), 1);
}

#[tokio::test]
async fn where_nothing_is_counted_only_an_empty_page_is_the_end() {
    let company = parts(json_answer(200, format!(r#"{{"value":[{}]}}"#, part("A", 1)))).await;
    assert!(company.client.changes().parts(since(0), company.deadline()).await.unwrap().more);
}

#[tokio::test]
async fn the_filter_of_the_rules_stands_in_parentheses() {
    let company = parts(page(&[], 0)).await;
    let only: RawFilter = "WebPart eq true or ClassID eq 'WEB'".parse().unwrap();
    let since = Since { only: Some(&only), ..since(5) };
    company.client.changes().parts(since, company.deadline()).await.unwrap();
    assert_eq!(query(&company).await["$filter"], "SysRevID gt 5 and (WebPart eq true or ClassID eq 'WEB')");
}

#[test_case(&[part("A", 5)]; "the filter was ignored")]
#[test_case(&[part("A", 8), part("B", 7)]; "the order was ignored")]
#[test_case(&[part("A", 8), part("B", 8)]; "a revision came twice")]
#[test_case(&[part("A", 8).replace("UnitPrice", "Price")]; "a column is missing")]
#[tokio::test]
async fn other_rows_than_were_asked_for_are_no_page(rows: &[String]) {
    let company = parts(page(rows, rows.len())).await;
    let error = company.client.changes().parts(since(5), company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreadable, "{error}");
}

#[tokio::test]
async fn a_site_that_does_not_filter_by_revision_says_so_in_its_own_words() {
    let company = parts(refused(400, "Ice.Common.ODataException", "Could not find SysRevID")).await;
    let error = company.client.changes().parts(since(5), company.deadline()).await.unwrap_err();
    let KineticError::Call(call) = error else { panic!("{error}") };
    assert_eq!((call.class, call.cause), (Class::Rejected, "kinetic.odata"));
    assert!(call.words.contains("Could not find SysRevID"), "{}", call.words);
}

#[tokio::test]
async fn parts_on_lists_come_with_their_breaks_in_order() {
    let company = Company::start().await;
    let row = r#"{"ListCode":"WEB","PartNum":"HB-1","UOMCode":"EA","BasePrice":0.45251,"SysRevID":12,"SysRowID":"r","PLPartBrks":[{"Quantity":1000,"DiscountPercent":12.5,"UnitPrice":0,"SysRevID":15},{"Quantity":100,"DiscountPercent":0,"UnitPrice":0.40000,"SysRevID":14}]}"#;
    company.answers("GET", "Erp.BO.PriceLstPartsSvc/PriceLstParts", page(&[row.to_owned()], 1)).await;
    let changed = company.client.changes().price_list_parts(since(5), company.deadline()).await.unwrap();
    let found = &changed.rows[0];
    assert_eq!((found.list_code.as_str(), found.base_price.to_string().as_str()), ("WEB", "0.45251"));
    let breaks: Vec<_> = found
        .breaks
        .iter()
        .map(|at| (at.quantity.to_string(), at.unit_price.to_string(), at.discount_percent.to_string()))
        .collect();
    let expected =
        [("100", "0.40000", "0"), ("1000", "0", "12.5")].map(|(a, b, c)| (a.into(), b.into(), c.into()));
    assert_eq!(breaks, expected);
    assert_eq!(
        query(&company).await,
        json!({
            "$filter": "SysRevID gt 5", "$select": "ListCode,PartNum,UOMCode,BasePrice,SysRevID,SysRowID",
            "$expand": "PLPartBrks", "$orderby": "SysRevID", "$top": "100", "$count": "true"
        })
    );
}

#[tokio::test]
async fn a_part_on_a_list_without_its_breaks_is_not_taken_for_one_that_has_none() {
    let company = Company::start().await;
    let row =
        r#"{"ListCode":"WEB","PartNum":"HB-1","UOMCode":"EA","BasePrice":1,"SysRevID":12,"SysRowID":"r"}"#;
    company.answers("GET", "Erp.BO.PriceLstPartsSvc/PriceLstParts", page(&[row.to_owned()], 1)).await;
    let error = company.client.changes().price_list_parts(since(5), company.deadline()).await.unwrap_err();
    assert!(error.to_string().contains("PriceLstParts.PLPartBrks: expected rows"), "{error}");
}

#[tokio::test]
async fn price_lists_and_parts_at_sites_are_read() {
    let company = Company::start().await;
    let list = r#"{"ListCode":"WEB","ListDescription":"Web","CurrencyCode":"USD","StartDate":"2026-01-01T00:00:00","EndDate":null,"ListType":"P","WarehouseList":"","UseZeroPrice":false,"SysRevID":12,"SysRowID":"r"}"#;
    let plant = r#"{"PartNum":"HB-1","Plant":"MfgSys","PrimWhse":"MAIN","SourceType":"P","NonStock":false,"QtyBearing":true,"BuyToOrder":false,"MinimumQty":0,"SafetyQty":5.00000000,"LeadTime":3,"SysRevID":13,"SysRowID":"r"}"#;
    company.answers("GET", "Erp.BO.PriceLstSvc/PriceLsts", page(&[list.to_owned()], 1)).await;
    company.answers("GET", "Erp.BO.PartPlantSearchSvc/PartPlantSearches", page(&[plant.to_owned()], 1)).await;
    let lists = company.client.changes().price_lists(since(5), company.deadline()).await.unwrap();
    let list = &lists.rows[0];
    assert_eq!((list.code.as_str(), list.currency.as_str(), list.end), ("WEB", "USD", None));
    assert_eq!(list.start.unwrap().to_string(), "2026-01-01");
    let plants = company.client.changes().part_plants(since(5), company.deadline()).await.unwrap();
    let plant = &plants.rows[0];
    assert_eq!((plant.primary_warehouse.as_str(), plant.lead_time, plant.qty_bearing), ("MAIN", 3, true));
    assert_eq!(plants.highest, Some(SysRevId(13)));
}

#[test_case(RootSet::Parts, "Erp.BO.PartSvc/Parts")]
#[test_case(RootSet::PriceLsts, "Erp.BO.PriceLstSvc/PriceLsts")]
#[test_case(RootSet::PriceLstParts, "Erp.BO.PriceLstPartsSvc/PriceLstParts")]
#[test_case(RootSet::PartPlantSearches, "Erp.BO.PartPlantSearchSvc/PartPlantSearches")]
#[tokio::test]
async fn the_highest_revision_of_a_root_set_is_one_row(set: RootSet, path: &str) {
    let company = Company::start().await;
    company.answers("GET", path, json_answer(200, r#"{"value":[{"SysRevID":918273645}]}"#)).await;
    let highest = company.client.changes().highest(set, company.deadline()).await.unwrap();
    assert_eq!(highest, Some(SysRevId(918_273_645)));
    assert_eq!(
        query(&company).await,
        json!({ "$select": "SysRevID", "$orderby": "SysRevID desc", "$top": "1" })
    );
}

#[tokio::test]
async fn an_empty_set_has_no_highest_revision() {
    let company = parts(json_answer(200, r#"{"value":[]}"#)).await;
    assert_eq!(company.client.changes().highest(RootSet::Parts, company.deadline()).await.unwrap(), None);
}

#[tokio::test]
async fn keys_are_swept_in_the_servers_order() {
    let company = Company::start().await;
    let row = r#"{"ListCode":"L1","PartNum":"B","UOMCode":"EA","SysRevID":4,"SysRowID":"r4"}"#;
    company.answers("GET", "Erp.BO.PriceLstPartsSvc/PriceLstParts", page(&[row.to_owned()], 1)).await;
    let key = ["L1", "A", "EA"].map(str::to_owned);
    let changes = company.client.changes();
    let rows = changes.keys(RootSet::PriceLstParts, Some(&key), None, 500, company.deadline()).await.unwrap();
    assert_eq!((rows[0].key.join("/"), rows[0].revision), ("L1/B/EA".to_owned(), SysRevId(4)));
    assert_eq!(
        query(&company).await,
        json!({
            "$filter": "ListCode gt 'L1' or (ListCode eq 'L1' and (PartNum gt 'A' or (PartNum eq 'A' and UOMCode gt 'EA')))",
            "$select": "ListCode,PartNum,UOMCode,SysRevID,SysRowID", "$orderby": "ListCode,PartNum,UOMCode", "$top": "500"
        })
    );
    let again = changes.keys(RootSet::PriceLstParts, Some(&rows[0].key), None, 500, company.deadline()).await;
    assert_eq!(
        again.unwrap_err().class(),
        Class::Unreadable,
        "a site that ignores the key is not read in circles"
    );
}

#[tokio::test]
async fn the_first_keys_need_no_filter() {
    let company = parts(json_answer(200, r#"{"value":[]}"#)).await;
    let rows =
        company.client.changes().keys(RootSet::Parts, None, None, 100, company.deadline()).await.unwrap();
    assert!(rows.is_empty());
    let asked = json!({ "$select": "PartNum,SysRevID,SysRowID", "$orderby": "PartNum", "$top": "100" });
    assert_eq!(query(&company).await, asked);
}

#[tokio::test]
async fn keys_are_asked_for_by_a_filter_of_the_owners() {
    let company = parts(json_answer(200, r#"{"value":[]}"#)).await;
    let (only, changes) = ("SearchWord eq 'WEB'".parse().unwrap(), company.client.changes());
    changes.keys(RootSet::Parts, None, Some(&only), 100, company.deadline()).await.unwrap();
    assert_eq!(query(&company).await["$filter"], "(SearchWord eq 'WEB')");
    let behind = ["HB-1".to_owned()];
    changes.keys(RootSet::Parts, Some(&behind), Some(&only), 100, company.deadline()).await.unwrap();
    assert_eq!(query(&company).await["$filter"], "PartNum gt 'HB-1' and (SearchWord eq 'WEB')");
}

#[tokio::test]
async fn without_revisions_parts_are_asked_for_by_their_stamp() {
    let company = parts(page(&[part("HB-2", 9), part("HB-3", 2)], 2)).await;
    let moment = "2026-03-14T08:15:30.9Z".parse().unwrap();
    let only: RawFilter = "WebPart eq true".parse().unwrap();
    let changes = company.client.changes();
    let rows =
        changes.parts_by_date(moment, Some("HB-1"), Some(&only), 100, company.deadline()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.part_num.as_str()).collect::<Vec<_>>(), ["HB-2", "HB-3"]);
    assert_eq!(
        query(&company).await,
        json!({
            "$filter": "ChangedOn ge 2026-03-14T08:15:30Z and PartNum gt 'HB-1' and (WebPart eq true)",
            "$select": PARTS, "$orderby": "PartNum", "$top": "100"
        })
    );
}
