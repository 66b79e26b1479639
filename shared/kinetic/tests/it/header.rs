//! A new header (§8.4, steps 1 to 5).

use connector_domain::{ExternalRef, OrderId, OrderNum};
use connector_kinetic::{Anchor, KineticError};
use serde_json::json;

use crate::polite::wrapped;
use crate::support::{Company, new_header};

#[tokio::test]
async fn a_header_is_drafted_staged_with_its_address_and_saved() {
    let company = Company::start().await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_header(&new_header(), company.deadline()).await.unwrap();
    assert!(draft.warnings().is_empty());
    let saved = orders.save(draft, company.deadline()).await.unwrap();
    assert_eq!((saved.order_num, saved.order.cust_num().0, saved.line), (OrderNum(100_045), 42, None));
    insta::assert_json_snapshot!(company.sent().await);
}

#[tokio::test]
async fn without_a_one_time_ship_to_the_method_for_it_is_not_called() {
    let company = Company::start().await;
    company.be_polite().await;
    let new = connector_kinetic::NewHeader {
        one_time: None,
        staged: false,
        anchor: Anchor::ECCOrderNum,
        ..new_header()
    };
    let orders = company.client.sales_orders();
    let draft = orders.draft_header(&new, company.deadline()).await.unwrap();
    orders.save(draft, company.deadline()).await.unwrap();
    assert_eq!(company.called().await, ["GetNewOrderHed", "ChangeOrderHedCustomerCustID", "MasterUpdate"]);
    let row = company.sent().await[2]["body"]["ds"]["OrderHed"][0].clone();
    assert_eq!(row["ECCOrderNum"], "BC-100123");
    assert_eq!(row["PONum"], "", "the customer's own number stays free");
    assert_eq!(row["ReadyToFulfill"], true, "an order that is not staged keeps the site's default");
}

#[tokio::test]
async fn a_tax_region_goes_to_the_order_and_to_its_one_time_ship_to() {
    let company = Company::start().await;
    company.be_polite().await;
    let region = connector_domain::Text::exact("EXMT");
    let new = connector_kinetic::NewHeader { tax_region: region, ..new_header() };
    company.client.sales_orders().draft_header(&new, company.deadline()).await.unwrap();
    let row = company.sent().await[2]["body"]["ds"]["OrderHed"][0].clone();
    assert_eq!((&row["TaxRegionCode"], &row["OTSTaxRegionCode"]), (&json!("EXMT"), &json!("EXMT")));
}

#[tokio::test]
async fn a_credit_message_is_a_warning() {
    let company = Company::start().await;
    company
        .method("SalesOrderSvc/ChangeOrderHedCustomerCustID", |mut body| {
            body["ds"]["OrderHed"][0]["CustNum"] = 42.into();
            wrapped(&body["ds"], json!({ "creditLimitMessage": "Over its limit.", "agingMessage": " " }))
        })
        .await;
    company.be_polite().await;
    let draft = company.client.sales_orders().draft_header(&new_header(), company.deadline()).await.unwrap();
    assert_eq!(draft.warnings(), ["Over its limit."]);
}

#[tokio::test]
async fn a_customer_that_was_not_taken_stops_the_draft() {
    let company = Company::start().await;
    company.method("SalesOrderSvc/ChangeOrderHedCustomerCustID", |body| crate::polite::echo(&body)).await;
    company.be_polite().await;
    let error =
        company.client.sales_orders().draft_header(&new_header(), company.deadline()).await.unwrap_err();
    assert!(matches!(error, KineticError::NotSaved { .. }), "{error}");
}

#[tokio::test]
async fn a_reference_that_its_column_cannot_hold_asks_nothing() {
    let company = Company::start().await;
    let external_ref = ExternalRef::of("a-prefix-far-too-long-for-it-", OrderId(173_331));
    let new = connector_kinetic::NewHeader { external_ref, anchor: Anchor::UserChar1, ..new_header() };
    let error = company.client.sales_orders().draft_header(&new, company.deadline()).await.unwrap_err();
    assert!(error.to_string().contains("longer than UserChar1 holds (30)"), "{error}");
    assert!(company.requests().await.is_empty());
}
