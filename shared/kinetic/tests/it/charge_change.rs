//! Another amount for a charge that stands (§8.6).

use connector_domain::Money;
use connector_http::Class;
use connector_kinetic::KineticError;
use serde_json::json;

use crate::polite::{standing, stored};
use crate::support::{Company, money, stale};

#[tokio::test]
async fn an_amount_is_changed_and_saved() {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let (order, charge) = (rows.order(), rows.charge(1).unwrap());
    let draft = orders.draft_charge_change(order, charge, money("-3"), company.deadline()).await.unwrap();
    let saved = orders.save(draft, company.deadline()).await.unwrap();
    assert_eq!(saved.line, None);
    insta::assert_json_snapshot!(company.sent().await);
}

#[tokio::test]
async fn an_amount_that_stands_already_asks_nothing_and_nothing_asks_nothing_either() {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    let orders = company.client.sales_orders();
    let (order, charge) = (rows.order(), rows.charge(1).unwrap());
    orders.draft_charge_change(order, charge, money("12.5"), company.deadline()).await.unwrap();
    let error = orders.draft_charge_change(order, charge, Money::ZERO, company.deadline()).await.unwrap_err();
    assert!(error.to_string().contains("the charge FRT of 0"), "{error}");
    assert!(company.requests().await.is_empty());
}

#[tokio::test]
async fn an_amount_that_was_not_saved_is_no_success() {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    company
        .method("SalesOrderSvc/MasterUpdate", |body| {
            let mut answer = stored(&body);
            answer["parameters"]["ds"]["OHOrderMsc"][0]["DocMiscAmt"] = json!(12.5);
            answer
        })
        .await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let (order, charge) = (rows.order(), rows.charge(1).unwrap());
    let draft = orders.draft_charge_change(order, charge, money("9"), company.deadline()).await.unwrap();
    let error = orders.save(draft, company.deadline()).await.unwrap_err();
    let words = "DocMiscAmt became 12.5 instead of 9";
    assert!(matches!(&error, KineticError::NotSaved { words: said, .. } if said == words), "{error}");
}

#[tokio::test]
async fn a_charge_that_somebody_changed_is_a_conflict() {
    let company = Company::start().await;
    let rows = company.open_rows(&standing()).await;
    company.answers("POST", "Erp.BO.SalesOrderSvc/MasterUpdate", stale()).await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let (order, charge) = (rows.order(), rows.charge(1).unwrap());
    let draft = orders.draft_charge_change(order, charge, money("9"), company.deadline()).await.unwrap();
    assert_eq!(orders.save(draft, company.deadline()).await.unwrap_err().class(), Class::Conflict);
}
