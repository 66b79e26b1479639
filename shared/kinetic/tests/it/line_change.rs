//! A change of a line that stands (§8.6).

use connector_domain::{Money, Quantity};
use connector_http::Class;
use connector_kinetic::{Draft, KineticError, LineTarget, OpenRows};
use serde_json::{Value, json};
use test_case::test_case;
use wiremock::ResponseTemplate;

use crate::polite::{echo, standing, standing_release, stored, wrapped};
use crate::support::{Company, money, stale, text};

/// What the line says already.
fn as_it_is() -> LineTarget {
    LineTarget {
        part_num: text("abc-100"),
        quantity: Quantity::from(2),
        unit_price: money("22.5"),
        discount: money("5"),
    }
}

async fn draft(company: &Company, rows: &OpenRows, target: &LineTarget) -> Result<Draft, KineticError> {
    let line = rows.line(2).unwrap();
    company.client.sales_orders().draft_line_change(rows.order(), line, target, company.deadline()).await
}

/// Drafts and saves the change of a quantity to 3.
async fn changed(company: &Company) -> Result<Option<i32>, KineticError> {
    let rows = company.open_rows(&standing()).await;
    company.be_polite().await;
    let target = LineTarget { quantity: Quantity::from(3), ..as_it_is() };
    let draft = draft(company, &rows, &target).await.unwrap();
    company.client.sales_orders().save(draft, company.deadline()).await.map(|saved| saved.line)
}

#[tokio::test]
async fn a_quantity_is_changed_and_saved_with_the_rows_at_hand_only() {
    let company = Company::start().await;
    assert_eq!(changed(&company).await.unwrap(), Some(2));
    insta::assert_json_snapshot!(company.sent().await);
}

#[test_case(as_it_is(), &[]; "nothing differs, but for the case of the part")]
#[test_case(LineTarget { unit_price: money("20"), ..as_it_is() }, &["ChangeUnitPrice"]; "price")]
#[test_case(LineTarget { discount: Money::ZERO, ..as_it_is() }, &["ChangeDiscountAmount"]; "no discount any more")]
#[test_case(
    LineTarget { quantity: Quantity::from(3), unit_price: money("20"), discount: money("1"), part_num: text("ABC-200") },
    &["ChangePartNumMaster", "ChangeSellingQtyMaster", "ChangeUnitPrice", "ChangeDiscountAmount"]; "all, in the screen's order"
)]
#[tokio::test]
async fn only_what_differs_is_asked_for(target: LineTarget, asked: &[&str]) {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    company.be_polite().await;
    draft(&company, &rows, &target).await.unwrap();
    assert_eq!(company.called().await, asked);
}

#[tokio::test]
async fn what_another_part_brings_along_is_put_right_again() {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    // The new part comes with a price of its own, the new price with another discount.
    company
        .method("SalesOrderSvc/ChangeUnitPrice", |mut body| {
            body["ds"]["OrderDtl"][0]["DocDiscount"] = 4.into();
            echo(&body)
        })
        .await;
    company.be_polite().await;
    let target = LineTarget { part_num: text("ABC-200"), ..as_it_is() };
    draft(&company, &rows, &target).await.unwrap();
    assert_eq!(company.called().await, ["ChangePartNumMaster", "ChangeUnitPrice", "ChangeDiscountAmount"]);
    let sent = company.sent().await;
    let row = &sent[2]["body"]["ds"]["OrderDtl"][0];
    assert_eq!((&row["PartNum"], &row["RowMod"]), (&json!("ABC-200"), &json!("U")));
    assert_eq!((&row["DocUnitPrice"], &row["DocDspDiscount"]), (&json!(22.5), &json!(5)));
    assert_eq!((&row["OverridePriceList"], &row["LockPrice"]), (&json!(true), &json!(true)));
    assert_eq!(row["POLine"], "12", "what we do not change stays");
}

#[tokio::test]
async fn a_part_that_did_not_stay_is_stopped() {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    company
        .method("SalesOrderSvc/ChangeUnitPrice", |mut body| {
            body["ds"]["OrderDtl"][0]["PartNum"] = "ABC-300".into();
            echo(&body)
        })
        .await;
    company.be_polite().await;
    let target = LineTarget { part_num: text("ABC-200"), ..as_it_is() };
    let error = draft(&company, &rows, &target).await.unwrap_err();
    assert!(error.to_string().contains("PartNum did not stay ABC-200"), "{error}");
}

#[tokio::test]
async fn a_question_about_the_new_part_stops_the_change() {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    company
        .method("SalesOrderSvc/ChangePartNumMaster", |body| {
            wrapped(&body["ds"], json!({ "questionString": "Which site?" }))
        })
        .await;
    let target = LineTarget { part_num: text("ABC-200"), ..as_it_is() };
    let error = draft(&company, &rows, &target).await.unwrap_err();
    assert!(
        matches!(&error, KineticError::Prompted { question, .. } if question == "Which site?"),
        "{error}"
    );
}

#[tokio::test]
async fn a_release_that_the_server_marked_goes_along_so_and_no_other_lines() {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    company
        .method("SalesOrderSvc/ChangeSellingQtyMaster", |mut body| {
            let row = &mut body["ds"]["OrderDtl"][0];
            let mut before = row.clone();
            before["RowMod"] = "".into();
            row["SellingQuantity"] = 3.into();
            let after = row.clone();
            let mut release = body["ds"]["OrderRel"][0].clone();
            release["SellingReqQty"] = 3.into();
            release["RowMod"] = "U".into();
            body["ds"]["OrderDtl"] = json!([before, after]);
            body["ds"]["OrderRel"] = json!([standing_release(2, 1), release, standing_release(1, 1)]);
            echo(&body)
        })
        .await;
    company.be_polite().await;
    let target = LineTarget { quantity: Quantity::from(3), ..as_it_is() };
    let draft = draft(&company, &rows, &target).await.unwrap();
    company.client.sales_orders().save(draft, company.deadline()).await.unwrap();
    let sent = company.sent().await;
    let ds = &sent[1]["body"]["ds"];
    assert_eq!(ds["OrderDtl"].as_array().unwrap().len(), 1);
    let releases = ds["OrderRel"].as_array().unwrap();
    assert_eq!(releases.len(), 1, "{releases:?}");
    assert_eq!((&releases[0]["SellingReqQty"], &releases[0]["RowMod"]), (&json!(3), &json!("U")));
}

/// A standing order whose second line is another.
fn with_line_2(change: impl FnOnce(&mut Value)) -> Value {
    let mut order = standing();
    change(&mut order);
    order
}

#[test_case(&with_line_2(|o| o["OrderDtl"][1]["KitFlag"] = "P".into()), "line 2 is a sales kit"; "a sales kit")]
#[test_case(
    &with_line_2(|o| o["OrderRel"].as_array_mut().unwrap().push(standing_release(2, 2))),
    "line 2 has 2 releases"; "several releases"
)]
#[tokio::test]
async fn a_quantity_that_is_not_the_lines_alone_is_left_to_a_person(order: &Value, words: &str) {
    let company = Company::start().await;
    let rows = company.open_rows(order).await;
    company.be_polite().await;
    let target = LineTarget { quantity: Quantity::from(3), ..as_it_is() };
    let error = draft(&company, &rows, &target).await.unwrap_err();
    assert!(matches!(&error, KineticError::NotSaved { words: said, .. } if said.contains(words)), "{error}");
    assert!(company.requests().await.is_empty());
    let price = LineTarget { unit_price: money("20"), ..as_it_is() };
    assert!(draft(&company, &rows, &price).await.is_ok(), "a price is the line's own");
}

fn as_before(body: &Value) -> Value {
    let mut answer = stored(body);
    answer["parameters"]["ds"]["OrderDtl"] = json!([standing()["OrderDtl"][1]]);
    answer
}

fn another_discount(body: &Value) -> Value {
    let mut answer = stored(body);
    answer["parameters"]["ds"]["OrderDtl"][0]["DocDiscount"] = json!(7.5);
    answer
}

fn another_part(body: &Value) -> Value {
    let mut answer = stored(body);
    answer["parameters"]["ds"]["OrderDtl"][0]["PartNum"] = "ABC-300".into();
    answer
}

fn still_pending(body: &Value) -> Value {
    wrapped(&body["ds"], json!({ "lContinue": true }))
}

fn asked(body: &Value) -> Value {
    wrapped(&body["ds"], json!({ "lContinue": false, "cResponseMsg": "Over its limit?" }))
}

#[test_case(as_before, "SellingQuantity became 2 instead of 3"; "as it was before")]
#[test_case(another_discount, "DocDiscount became 7.5 instead of 5"; "another discount")]
#[test_case(another_part, "PartNum became ABC-300 instead of ABC-100"; "another part")]
#[test_case(still_pending, "the row came back as not stored (RowMod U)"; "still pending")]
#[test_case(asked, "Over its limit?"; "it asked")]
#[tokio::test]
async fn a_200_that_did_not_change_the_line_is_no_success(answer: fn(&Value) -> Value, words: &str) {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    company.method("SalesOrderSvc/MasterUpdate", move |body| answer(&body)).await;
    company.be_polite().await;
    let target = LineTarget { quantity: Quantity::from(3), ..as_it_is() };
    let draft = draft(&company, &rows, &target).await.unwrap();
    let error = company.client.sales_orders().save(draft, company.deadline()).await.unwrap_err();
    assert!(matches!(&error, KineticError::NotSaved { words: said, .. } if said == words), "{error}");
}

#[tokio::test]
async fn a_changed_line_is_known_by_its_number_where_ids_are_missing() {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    company
        .method("SalesOrderSvc/MasterUpdate", |body| {
            let mut answer = stored(&body);
            let rows = &mut answer["parameters"]["ds"]["OrderDtl"];
            let mut other = rows[0].clone();
            other["OrderLine"] = 1.into();
            other["SellingQuantity"] = 9.into();
            rows.as_array_mut().unwrap().push(other);
            for row in rows.as_array_mut().unwrap() {
                row["SysRowID"] = "".into();
            }
            answer
        })
        .await;
    company.be_polite().await;
    let target = LineTarget { quantity: Quantity::from(3), ..as_it_is() };
    let draft = draft(&company, &rows, &target).await.unwrap();
    assert_eq!(company.client.sales_orders().save(draft, company.deadline()).await.unwrap().line, Some(2));
}

#[tokio::test]
async fn a_stale_row_is_a_conflict() {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    company.answers("POST", "Erp.BO.SalesOrderSvc/MasterUpdate", stale()).await;
    company.be_polite().await;
    let target = LineTarget { quantity: Quantity::from(3), ..as_it_is() };
    let draft = draft(&company, &rows, &target).await.unwrap();
    let error = company.client.sales_orders().save(draft, company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Conflict);
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_sent_again_since_a_newer_row_would_refuse_it() {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    let lost = ResponseTemplate::new(504).set_body_raw("<html><title>Away</title>", "text/html");
    company.answers_once("POST", "Erp.BO.SalesOrderSvc/MasterUpdate", lost).await;
    company.answers("POST", "Erp.BO.SalesOrderSvc/MasterUpdate", stale()).await;
    company.be_polite().await;
    let target = LineTarget { quantity: Quantity::from(3), ..as_it_is() };
    let draft = draft(&company, &rows, &target).await.unwrap();
    let error = company.client.sales_orders().save(draft, company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Conflict, "open it again: it says already what was wanted");
    assert_eq!(company.called().await, ["ChangeSellingQtyMaster", "MasterUpdate", "MasterUpdate"]);
}
