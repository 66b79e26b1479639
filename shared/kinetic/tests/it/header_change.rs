//! A change of the header of an order that stands (§8.6).

use connector_domain::Text;
use connector_http::Class;
use connector_kinetic::{HeaderChange, KineticError, OpenOrder};
use serde_json::{Value, json};
use test_case::test_case;
use wiremock::ResponseTemplate;

use crate::polite::{stored, wrapped};
use crate::support::{Company, one_time, stale, text};

fn everything() -> HeaderChange {
    HeaderChange {
        one_time: Some(one_time()),
        tax_region: Some(text("EXMT")),
        ship_via: Some(text("UPSG")),
        terms: Some(text("N30")),
        comment: Some("Leave it at the door\nplease".to_owned()),
    }
}

fn address() -> HeaderChange {
    HeaderChange { one_time: Some(one_time()), ..HeaderChange::default() }
}

/// A release that followed [`everything`].
fn release(number: i64) -> Value {
    json!({
        "OrderNum": 100_045, "OrderLine": number, "OrderRelNum": 1, "OpenRelease": true, "ShipViaCode": "UPSG",
        "TaxRegionCode": "EXMT", "UseOTS": true, "OTSName": "Ann O'Neil", "OTSAddress1": "1 Main St",
        "OTSAddress2": "", "OTSAddress3": "", "OTSCity": "Austin", "OTSState": "TX", "OTSZIP": "78701",
        "SysRevID": 9_182_736_450_000_i64 + number
    })
}

async fn releases(company: &Company, rows: Vec<Value>) {
    company
        .set(
            "OrderRelSearchSvc/OrderRelSearches",
            move |_| json!({ "@odata.count": rows.len(), "value": rows }),
        )
        .await;
}

async fn change(company: &Company, order: OpenOrder, to: &HeaderChange) -> Result<OpenOrder, KineticError> {
    company.client.sales_orders().change_header(order, to, company.deadline()).await
}

#[tokio::test]
async fn a_header_is_changed_and_lines_and_releases_follow() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.be_polite().await;
    releases(&company, vec![release(1), release(2)]).await;
    let order = change(&company, order, &everything()).await.unwrap();
    insta::assert_json_snapshot!(company.sent().await);
    company.client.sales_orders().release(order, company.deadline()).await.unwrap();
    let row = company.sent().await.last().unwrap()["body"]["ds"]["OrderHed"][0].clone();
    assert_eq!(row["SysRevID"], 918_273_651, "the newer header is carried on");
    assert_eq!(row["UpdateDtlAndRelRecords"], false, "a later save carries nothing on");
}

#[tokio::test]
async fn what_only_the_header_has_is_not_carried_on() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.be_polite().await;
    let to =
        HeaderChange { terms: Some(text("N30")), comment: Some(String::new()), ..HeaderChange::default() };
    change(&company, order, &to).await.unwrap();
    assert_eq!(company.called().await, ["MasterUpdate"]);
    let body = company.sent().await[0]["body"].clone();
    let flags = ["lCheckForOrderChangedMsg", "lcheckForResponse"].map(|name| body[name].clone());
    assert_eq!(flags, [json!(false), json!(false)]);
    let row = &body["ds"]["OrderHed"][0];
    assert_eq!((&row["TermsCode"], &row["OrderComment"]), (&json!("N30"), &json!("")));
    assert_eq!(row.get("UpdateDtlAndRelRecords"), None);
}

#[tokio::test]
async fn nothing_to_change_asks_nothing() {
    let company = Company::start().await;
    let order = company.open_order().await;
    change(&company, order, &HeaderChange::default()).await.unwrap();
    assert!(company.requests().await.is_empty());
}

#[tokio::test]
async fn what_the_address_brings_along_does_not_win_over_what_is_wanted() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company
        .method("SalesOrderSvc/ChangeHedUseOTS", |mut body| {
            body["ds"]["OrderHed"][0]["TaxRegionCode"] = "TX".into();
            crate::polite::echo(&body)
        })
        .await;
    company.be_polite().await;
    releases(&company, vec![release(1)]).await;
    change(&company, order, &everything()).await.unwrap();
    let row = company.sent().await[1]["body"]["ds"]["OrderHed"][0].clone();
    assert_eq!((&row["TaxRegionCode"], &row["OTSTaxRegionCode"]), (&json!("EXMT"), &json!("EXMT")));
}

#[test_case("ShipViaCode", json!("MAIL"); "shipping method")]
#[test_case("TermsCode", json!("CC"); "terms")]
#[test_case("TaxRegionCode", json!(""); "tax region")]
#[test_case("OrderComment", json!("Old"); "comment")]
#[test_case("OTSAddress1", json!("2 Side St"); "street")]
#[test_case("OTSPhoneNum", json!(""); "phone")]
#[test_case("OTSCountryNum", json!(2); "country")]
#[test_case("UseOTS", json!(false); "no one-time ship-to")]
#[tokio::test]
async fn a_header_that_says_something_else_was_not_saved(column: &'static str, value: Value) {
    let company = Company::start().await;
    let order = company.open_order().await;
    company
        .method("SalesOrderSvc/MasterUpdate", move |body| {
            let mut answer = stored(&body);
            answer["parameters"]["ds"]["OrderHed"][0][column] = value.clone();
            answer
        })
        .await;
    company.be_polite().await;
    releases(&company, vec![release(1)]).await;
    let error = change(&company, order, &everything()).await.unwrap_err();
    let words = format!("{column} did not stay as it was set");
    assert!(matches!(&error, KineticError::NotSaved { words: said, .. } if *said == words), "{error}");
}

#[tokio::test]
async fn blanks_and_line_ends_are_no_difference() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company
        .method("SalesOrderSvc/MasterUpdate", |body| {
            let mut answer = stored(&body);
            answer["parameters"]["ds"]["OrderHed"][0]["OrderComment"] =
                "Leave it at the door\r\nplease ".into();
            answer
        })
        .await;
    company.be_polite().await;
    releases(&company, vec![release(1)]).await;
    change(&company, order, &everything()).await.unwrap();
}

fn still_pending(body: &Value) -> Value {
    wrapped(&body["ds"], json!({ "lContinue": true }))
}

fn without_header(_: &Value) -> Value {
    wrapped(&json!({}), json!({ "lContinue": true }))
}

fn asked(body: &Value) -> Value {
    wrapped(&body["ds"], json!({ "lContinue": false, "cResponseMsg": "Carry the change to the lines?" }))
}

#[test_case(still_pending, "the header came back as not stored"; "still pending")]
#[test_case(without_header, "the header came back as not stored"; "no header")]
#[test_case(asked, "Carry the change to the lines?"; "it asked")]
#[tokio::test]
async fn a_200_that_did_not_change_the_header_is_no_success(answer: fn(&Value) -> Value, words: &str) {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.method("SalesOrderSvc/MasterUpdate", move |body| answer(&body)).await;
    company.be_polite().await;
    let error = change(&company, order, &address()).await.unwrap_err();
    assert!(matches!(&error, KineticError::NotSaved { words: said, .. } if said == words), "{error}");
}

#[test_case("OTSAddress1", json!("2 Side St"); "another street")]
#[test_case("UseOTS", json!(false); "its own ship-to")]
#[test_case("ShipViaCode", json!("MAIL"); "another shipping method")]
#[test_case("TaxRegionCode", json!(""); "another tax region")]
#[tokio::test]
async fn an_open_release_that_did_not_follow_is_named_without_what_it_says(column: &str, value: Value) {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.be_polite().await;
    let mut behind = release(2);
    behind[column] = value.clone();
    releases(&company, vec![release(1), behind]).await;
    let error = change(&company, order, &everything()).await.unwrap_err();
    let words = format!("release 1 of line 2 did not follow: it has another {column}");
    assert!(matches!(&error, KineticError::NotSaved { words: said, .. } if *said == words), "{error}");
}

#[tokio::test]
async fn a_closed_release_need_not_follow() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.be_polite().await;
    let mut closed = release(2);
    closed["OpenRelease"] = false.into();
    closed["OTSAddress1"] = "2 Side St".into();
    releases(&company, vec![release(1), closed]).await;
    change(&company, order, &address()).await.unwrap();
}

#[tokio::test]
async fn a_header_that_somebody_changed_is_a_conflict_even_after_a_lost_answer() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.answers_once("POST", "Erp.BO.SalesOrderSvc/MasterUpdate", ResponseTemplate::new(504)).await;
    company.answers("POST", "Erp.BO.SalesOrderSvc/MasterUpdate", stale()).await;
    company.be_polite().await;
    let error = change(&company, order, &address()).await.unwrap_err();
    assert_eq!(error.class(), Class::Conflict);
    assert_eq!(company.called().await, ["ChangeHedUseOTS", "MasterUpdate", "MasterUpdate"]);
}

#[test]
fn debug_names_the_fields_and_shows_nothing_personal() {
    let shown = format!("{:?}", everything());
    assert!(!shown.contains("Ann") && !shown.contains("door"), "{shown}");
    for part in ["ShipViaCode", "UPSG", "one_time", "comment"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let codes = HeaderChange { terms: Text::exact("N30"), ..HeaderChange::default() };
    assert_eq!(format!("{codes:?}"), r#"{("TermsCode", "N30")}"#);
}
