//! What counts as saved (§8.4 step 5, §11.2).

use connector_http::Class;
use connector_kinetic::KineticError;
use serde_json::{Value, json};
use test_case::test_case;

use crate::polite::{stored, wrapped};
use crate::support::{Company, new_header, new_line};

fn asked(body: &Value) -> Value {
    wrapped(
        &body["ds"],
        json!({ "lContinue": false, "cResponseMsg": "Over its limit. Continue?", "cCreditShipAction": "STOP" }),
    )
}

fn without_number(body: &Value) -> Value {
    let mut answer = stored(body);
    answer["parameters"]["ds"]["OrderHed"][0]["OrderNum"] = 0.into();
    answer
}

fn still_pending(body: &Value) -> Value {
    wrapped(&body["ds"], json!({ "lContinue": true }))
}

#[test_case(asked, "Over its limit. Continue? STOP"; "it asked")]
#[test_case(without_number, "the order came back without a number"; "no number was born")]
#[test_case(still_pending, "the row came back as not stored (RowMod A)"; "the row is still pending")]
#[tokio::test]
async fn a_200_that_did_not_save_is_no_success(answer: fn(&Value) -> Value, words: &str) {
    let company = Company::start().await;
    company.method("SalesOrderSvc/MasterUpdate", move |body| answer(&body)).await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_header(&new_header(), company.deadline()).await.unwrap();
    let error = orders.save(draft, company.deadline()).await.unwrap_err();
    assert!(matches!(&error, KineticError::NotSaved { words: said, .. } if said == words), "{error}");
    assert_eq!(error.class(), Class::Rejected);
}

#[tokio::test]
async fn a_saved_row_that_does_not_come_back_may_have_been_saved() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company
        .method("SalesOrderSvc/MasterUpdate", |mut body| {
            body["ds"]["OrderDtl"] = json!([]);
            wrapped(&body["ds"], json!({ "lContinue": true }))
        })
        .await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_line(&order, &new_line(), company.deadline()).await.unwrap();
    let error = orders.save(draft, company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreadable, "{error}");
}

#[tokio::test]
async fn a_row_whose_id_changed_when_stored_is_known_by_what_it_bears() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company
        .method("SalesOrderSvc/MasterUpdate", |body| {
            let mut answer = stored(&body);
            let rows = &mut answer["parameters"]["ds"]["OrderDtl"];
            rows[0]["SysRowID"] = "99999999-0000-0000-0000-000000000000".into();
            rows[0]["OrderLine"] = 7.into();
            let mut other = rows[0].clone();
            other["POLine"] = "12".into();
            other["OrderLine"] = 8.into();
            rows.as_array_mut().unwrap().push(other);
            answer
        })
        .await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_line(&order, &new_line(), company.deadline()).await.unwrap();
    assert_eq!(orders.save(draft, company.deadline()).await.unwrap().line, Some(7));
}

#[tokio::test]
async fn a_remark_beside_a_save_is_kept() {
    let company = Company::start().await;
    company
        .method("SalesOrderSvc/MasterUpdate", |body| {
            let mut answer = stored(&body);
            answer["parameters"]["cAgingMessage"] = "Invoices of ann@example.com are old.".into();
            answer
        })
        .await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_header(&new_header(), company.deadline()).await.unwrap();
    let saved = orders.save(draft, company.deadline()).await.unwrap();
    assert_eq!(saved.warnings, ["Invoices of [address] are old."]);
}
