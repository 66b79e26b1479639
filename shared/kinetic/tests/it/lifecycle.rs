//! Calculation and release.

use connector_domain::OrderNum;
use connector_http::Class;
use serde_json::json;

use crate::polite::{echo, header, stored};
use crate::support::{Company, json_answer};

#[tokio::test]
async fn an_order_is_calculated_and_released() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let order = orders.set_ready_to_calc(order, company.deadline()).await.unwrap();
    orders.release(order, company.deadline()).await.unwrap();
    insta::assert_json_snapshot!(company.sent().await);
}

#[tokio::test]
async fn a_flag_that_the_calculation_did_not_store_is_saved() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.method("SalesOrderSvc/SetReadyToCalc", |body| echo(&body)).await;
    company.be_polite().await;
    company.client.sales_orders().set_ready_to_calc(order, company.deadline()).await.unwrap();
    assert_eq!(company.called().await, ["SetReadyToCalc", "MasterUpdate"]);
    let row = company.sent().await[1]["body"]["ds"]["OrderHed"][0].clone();
    assert_eq!((&row["ReadyToCalc"], &row["RowMod"]), (&json!(true), &json!("U")));
}

#[tokio::test]
async fn a_release_whose_flags_did_not_stay_is_no_success() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company
        .method("SalesOrderSvc/MasterUpdate", |body| {
            let mut answer = stored(&body);
            answer["parameters"]["ds"]["OrderHed"][0]["OrderHeld"] = true.into();
            answer
        })
        .await;
    let error = company.client.sales_orders().release(order, company.deadline()).await.unwrap_err();
    assert!(error.to_string().contains("flags did not stay"), "{error}");
}

#[tokio::test]
async fn an_order_that_somebody_changed_is_a_conflict() {
    let company = Company::start().await;
    let order = company.open_order().await;
    let words = r#"{"ErrorMessage":"Row has been modified by another user and couldn't be updated.","ErrorType":"Ice.Common.BusinessObjectException"}"#;
    company.answers("POST", "Erp.BO.SalesOrderSvc/MasterUpdate", json_answer(400, words)).await;
    let error = company.client.sales_orders().release(order, company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Conflict);
    assert_eq!(company.requests().await.len(), 1);
}

#[tokio::test]
async fn an_order_is_opened_by_its_number_or_is_none() {
    let company = Company::start().await;
    let not_found =
        r#"{"ErrorMessage":"Record not found.","ErrorType":"Ice.Common.RecordNotFoundException"}"#;
    company.answers("GET", "Erp.BO.SalesOrderSvc/GetByID", json_answer(404, not_found)).await;
    let found = company.client.sales_orders().open(OrderNum(7), company.deadline()).await.unwrap();
    assert!(found.is_none());
    let request = &company.requests().await[0];
    assert_eq!(request.url.query(), Some("orderNum=7"));
}

#[tokio::test]
async fn another_order_than_asked_for_is_unreadable() {
    let company = Company::start().await;
    let answer = json!({ "returnObj": { "OrderHed": [header()] } }).to_string();
    company.answers("GET", "Erp.BO.SalesOrderSvc/GetByID", json_answer(200, answer)).await;
    let error = company.client.sales_orders().open(OrderNum(7), company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreadable);
}
