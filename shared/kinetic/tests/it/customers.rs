//! Customers (§7).

use connector_domain::{CustNum, Email, Text};
use connector_http::Class;
use connector_kinetic::{KineticError, NewCustomer};
use serde_json::{Value, json};

use crate::polite::{added, echo, wrapped};
use crate::support::{Company, json_answer, text};

fn row(cust_num: i32, external_id: &str, email: &str) -> Value {
    json!({
        "CustNum": cust_num, "CustID": format!("W{cust_num}"), "ExternalID": external_id, "EMailAddress": email,
        "CustomerType": "CUS", "Inactive": false, "AllowOTS": true, "TermsCode": "CC", "CurrencyCode": "USD",
        "CreditHold": false
    })
}

async fn company(rows: Vec<Value>) -> Company {
    let company = Company::start().await;
    company.set("CustomerSvc/Customers", move |_| json!({ "@odata.count": rows.len(), "value": rows })).await;
    company
}

#[tokio::test]
async fn a_customer_is_found_by_the_shops_id_exactly() {
    let company = company(vec![row(4, "bc-11", ""), row(5, "BC-11", "")]).await;
    let found = company.client.customers().by_external_id("BC-11", company.deadline()).await.unwrap();
    assert_eq!(found.iter().map(|found| found.cust_num).collect::<Vec<_>>(), [CustNum(5)]);
    insta::assert_json_snapshot!(company.sent().await);
}

#[tokio::test]
async fn a_blank_shop_id_finds_nobody_and_asks_nothing() {
    let company = company(vec![row(4, "", "")]).await;
    assert!(company.client.customers().by_external_id(" ", company.deadline()).await.unwrap().is_empty());
    assert!(company.requests().await.is_empty());
}

#[tokio::test]
async fn a_customer_is_found_by_address_without_case() {
    let company = company(vec![row(4, "", "Ann@Example.com"), row(5, "", "joann@example.com")]).await;
    let email = Email::normalised("ann@example.com").unwrap();
    let found = company.client.customers().by_email(&email, company.deadline()).await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(!format!("{found:?}").to_lowercase().contains("ann@"), "{found:?}");
    assert_eq!(company.sent().await[0]["query"]["$filter"], "EMailAddress eq 'ann@example.com'");
}

#[tokio::test]
async fn a_cust_id_is_taken_in_whatever_case() {
    let company = company(vec![row(4, "", "")]).await;
    let found = company.client.customers().by_cust_id(&text("w4"), company.deadline()).await.unwrap();
    assert_eq!(found.unwrap().cust_num, CustNum(4));
    let found = company.client.customers().by_cust_id(&text("w5"), company.deadline()).await.unwrap();
    assert!(found.is_none());
}

fn new_customer() -> NewCustomer {
    NewCustomer {
        cust_id: text("WB"),
        name: text("Ann O'Neil"),
        address1: text("1 Main St"),
        address2: Text::default(),
        city: text("Austin"),
        state: text("TX"),
        zip: text("78701"),
        country: text("United States"),
        country_num: 1,
        email: text("ann@example.com"),
        phone: text("5125550100"),
        external_id: "BC-11".to_owned(),
        terms: Some(text("CC")),
        currency: None,
        territory: None,
        group: Some(text("WEB")),
        ship_via: None,
        tax_region: Some(text("WEB")),
    }
}

async fn maker() -> Company {
    let company = Company::start().await;
    company
        .method("CustomerSvc/GetNewCustomer", |body| {
            let mut new = row(0, "", "");
            new["RowMod"] = "A".into();
            new["SysRowID"] = "11111111-0000-0000-0000-000000000000".into();
            added(&body, "Customer", new)
        })
        .await;
    company
        .method("CustomerSvc/GetCustomerTerritory", |mut body| {
            body["ds"]["Customer"][0]["TerritoryID"] = "SOUTH".into();
            echo(&body)
        })
        .await;
    company
}

#[tokio::test]
async fn a_customer_is_made_the_way_the_screen_does() {
    let company = maker().await;
    company
        .method("CustomerSvc/Update", |mut body| {
            let row = &mut body["ds"]["Customer"][0];
            row["CustNum"] = 77.into();
            row["RowMod"] = "".into();
            echo(&body)
        })
        .await;
    let made = company.client.customers().create(&new_customer(), company.deadline()).await.unwrap();
    assert_eq!((made.cust_num, made.allow_ots, made.external_id.as_str()), (CustNum(77), true, "BC-11"));
    insta::assert_json_snapshot!(company.sent().await);
}

#[tokio::test]
async fn a_territory_of_our_own_wins() {
    let company = maker().await;
    company.method("CustomerSvc/Update", |body| echo(&body)).await;
    let customer = NewCustomer { territory: Some(text("EAST")), ..new_customer() };
    let _ = company.client.customers().create(&customer, company.deadline()).await;
    assert_eq!(company.sent().await[2]["body"]["ds"]["Customer"][0]["TerritoryID"], "EAST");
}

#[tokio::test]
async fn a_customer_without_a_number_was_not_saved() {
    let company = maker().await;
    company.method("CustomerSvc/Update", |body| wrapped(&body["ds"], json!({}))).await;
    let error = company.client.customers().create(&new_customer(), company.deadline()).await.unwrap_err();
    assert!(matches!(error, KineticError::NotSaved { .. }), "{error}");
}

#[tokio::test]
async fn a_taken_cust_id_is_a_conflict_and_not_sent_again() {
    let company = maker().await;
    let words = r#"{"ErrorMessage":"Taken.","ErrorType":"Ice.Common.DuplicateRecordException"}"#;
    company.answers("POST", "Erp.BO.CustomerSvc/Update", json_answer(409, words)).await;
    let error = company.client.customers().create(&new_customer(), company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Conflict);
    assert_eq!(company.called().await, ["GetNewCustomer", "GetCustomerTerritory", "Update"]);
}
