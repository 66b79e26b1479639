//! A new charge (§8.4, step 11).

use connector_domain::Money;
use connector_kinetic::NewCharge;

use crate::polite::echo;
use crate::support::{Company, money, new_charge};

#[tokio::test]
async fn a_charge_gets_its_code_then_our_words_and_amount() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_charge(&order, &new_charge(), company.deadline()).await.unwrap();
    let saved = orders.save(draft, company.deadline()).await.unwrap();
    assert_eq!(saved.line, None);
    insta::assert_json_snapshot!(company.sent().await);
}

#[tokio::test]
async fn a_discount_of_the_whole_order_is_a_negative_charge() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.be_polite().await;
    let charge = NewCharge { amount: money("-5.00"), ..new_charge() };
    company.client.sales_orders().draft_charge(&order, &charge, company.deadline()).await.unwrap();
    let row = company.sent().await[2]["body"]["ds"]["OHOrderMsc"][0].clone();
    for column in ["MiscAmt", "DocMiscAmt", "DspMiscAmt", "DocDspMiscAmt"] {
        assert_eq!(row[column], -5.0, "{column}");
    }
}

#[tokio::test]
async fn a_charge_of_nothing_asks_nothing() {
    let company = Company::start().await;
    let order = company.open_order().await;
    let charge = NewCharge { amount: Money::ZERO, ..new_charge() };
    let error =
        company.client.sales_orders().draft_charge(&order, &charge, company.deadline()).await.unwrap_err();
    assert!(error.to_string().contains("the charge FRT of 0"), "{error}");
    assert!(company.requests().await.is_empty());
}

#[tokio::test]
async fn an_amount_that_did_not_stay_is_stopped() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company
        .method("SalesOrderSvc/ChangeMiscAmount", |mut body| {
            body["ds"]["OHOrderMsc"][0]["DocMiscAmt"] = 9.into();
            echo(&body)
        })
        .await;
    company.be_polite().await;
    let error = company
        .client
        .sales_orders()
        .draft_charge(&order, &new_charge(), company.deadline())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("DocMiscAmt became 9 instead of 12.5"), "{error}");
}
