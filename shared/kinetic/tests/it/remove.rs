//! Taking lines and charges out (§8.6).

use connector_domain::OrderNum;
use connector_http::Class;
use connector_kinetic::KineticError;
use serde_json::{Value, json};
use test_case::test_case;
use wiremock::ResponseTemplate;

use crate::polite::{echo, standing, taken_out};
use crate::support::{Company, refused, stale};

const UPDATE: &str = "Erp.BO.SalesOrderSvc/Update";

/// The order without its second line and its first charge, and newer.
fn without() -> Value {
    let mut order = standing();
    order["OrderHed"][0]["SysRevID"] = 918_273_699.into();
    for (table, at) in [("OrderDtl", 1), ("OrderRel", 1), ("OHOrderMsc", 1)] {
        order[table].as_array_mut().unwrap().remove(at);
    }
    order
}

fn gone() -> ResponseTemplate {
    refused(404, "Ice.Common.RecordNotFoundException", "Record not found.")
}

/// Takes out line 2, or charge 1; the revision of the header that is carried on.
async fn removed(company: &Company, line: bool) -> Result<Value, KineticError> {
    let orders = company.client.sales_orders();
    let rows = orders.open_rows(OrderNum(100_045), &[2], &[1], company.deadline()).await.unwrap().unwrap();
    let order = rows.order().clone();
    let order = if line {
        orders.remove_line(order, rows.line(2).unwrap(), company.deadline()).await?
    } else {
        orders.remove_charge(order, rows.charge(1).unwrap(), company.deadline()).await?
    };
    // What the next save sends is what was carried on.
    company.be_polite().await;
    orders.release(order, company.deadline()).await.unwrap();
    Ok(company.sent().await.last().unwrap()["body"]["ds"]["OrderHed"][0]["SysRevID"].clone())
}

/// A company that holds the order, and afterwards another.
async fn company(after: &Value) -> Company {
    let company = Company::start().await;
    let now = ResponseTemplate::new(200).set_body_json(json!({ "returnObj": standing() }));
    company.answers_once("GET", "Erp.BO.SalesOrderSvc/GetByID", now).await;
    company.holds(after).await;
    company
}

#[test_case(true; "a line")]
#[test_case(false; "a charge")]
#[tokio::test]
async fn a_row_is_marked_and_updated_alone_and_the_newer_header_carried_on(line: bool) {
    let company = company(&standing()).await;
    company.method("SalesOrderSvc/Update", |body| taken_out(&body)).await;
    assert_eq!(removed(&company, line).await.unwrap(), 918_273_690);
    let name = if line { "a_line_is_taken_out" } else { "a_charge_is_taken_out" };
    insta::assert_json_snapshot!(name, company.sent().await[1]);
    assert_eq!(company.called().await, ["GetByID", "Update", "MasterUpdate"]);
}

fn without_header(body: &Value) -> Value {
    let mut answer = taken_out(body);
    answer["parameters"]["ds"]["OrderHed"] = json!([]);
    answer
}

#[test_case(without_header; "an answer without a newer header")]
#[test_case(echo; "an answer that still shows the row")]
#[tokio::test]
async fn an_answer_that_leaves_a_doubt_is_looked_after(answer: fn(&Value) -> Value) {
    let company = company(&without()).await;
    company.method("SalesOrderSvc/Update", move |body| answer(&body)).await;
    assert_eq!(removed(&company, true).await.unwrap(), 918_273_699);
    assert_eq!(company.called().await, ["GetByID", "Update", "GetByID", "MasterUpdate"]);
}

#[test_case(true, "OrderLine 2 is still there"; "a line")]
#[test_case(false, "SeqNum 1 is still there"; "a charge")]
#[tokio::test]
async fn a_200_that_took_nothing_out_is_no_success(line: bool, words: &str) {
    let company = company(&standing()).await;
    company.method("SalesOrderSvc/Update", |body| echo(&body)).await;
    let error = removed(&company, line).await.unwrap_err();
    assert!(matches!(&error, KineticError::NotSaved { words: said, .. } if said == words), "{error}");
}

#[test_case(true; "a line")]
#[test_case(false; "a charge")]
#[tokio::test]
async fn what_is_gone_already_is_as_wanted(line: bool) {
    let company = company(&without()).await;
    company.answers("POST", UPDATE, gone()).await;
    assert_eq!(removed(&company, line).await.unwrap(), 918_273_699);
}

#[tokio::test]
async fn a_lost_answer_is_asked_again_and_what_is_gone_then_is_as_wanted() {
    let company = company(&without()).await;
    let lost = ResponseTemplate::new(504).set_body_raw("<html><title>Away</title>", "text/html");
    company.answers_once("POST", UPDATE, lost).await;
    company.answers("POST", UPDATE, gone()).await;
    assert_eq!(removed(&company, true).await.unwrap(), 918_273_699);
    assert_eq!(company.called().await, ["GetByID", "Update", "Update", "GetByID", "MasterUpdate"]);
}

#[tokio::test]
async fn an_order_that_is_gone_as_a_whole_is_no_success() {
    let company = Company::start().await;
    let now = ResponseTemplate::new(200).set_body_json(json!({ "returnObj": standing() }));
    company.answers_once("GET", "Erp.BO.SalesOrderSvc/GetByID", now).await;
    company.answers("GET", "Erp.BO.SalesOrderSvc/GetByID", gone()).await;
    company.answers("POST", UPDATE, gone()).await;
    assert_eq!(removed(&company, true).await.unwrap_err().class(), Class::NotFound);
}

#[tokio::test]
async fn a_line_that_somebody_changed_is_a_conflict() {
    let company = company(&standing()).await;
    company.answers("POST", UPDATE, stale()).await;
    assert_eq!(removed(&company, true).await.unwrap_err().class(), Class::Conflict);
    assert_eq!(company.called().await, ["GetByID", "Update"]);
}

#[tokio::test]
async fn a_sales_kit_is_left_to_a_person() {
    let company = Company::start().await;
    let mut order = standing();
    order["OrderDtl"][1]["KitFlag"] = "P".into();
    let rows = company.open_rows(&order).await;
    let orders = company.client.sales_orders();
    let line = rows.line(2).unwrap();
    let error = orders.remove_line(rows.order().clone(), line, company.deadline()).await.unwrap_err();
    assert!(error.to_string().contains("line 2 is a sales kit"), "{error}");
    assert!(company.requests().await.is_empty());
}
