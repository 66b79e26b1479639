//! Customers (§7).

use connector_domain::{CustNum, Email, Text};
use connector_http::Class;
use connector_kinetic::{CustomerFound, KineticError, LookAlike, NewCustomer};
use serde_json::{Value, json};
use test_case::test_case;

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

#[tokio::test]
async fn a_customer_is_found_by_its_number() {
    let company = company(vec![row(4, "", "")]).await;
    let (customers, deadline) = (company.client.customers(), company.deadline());
    assert_eq!(customers.by_cust_num(CustNum(4), deadline).await.unwrap().unwrap().cust_id, "W4");
    let other = customers.by_cust_num(CustNum(5), deadline).await.unwrap();
    assert!(other.is_none(), "what was not asked for is not taken");
    assert_eq!(company.sent().await[0]["query"]["$filter"], "CustNum eq 4");
}

fn contact(of: i32, email: &str, inactive: bool) -> Value {
    json!({ "CustNum": of, "ShipToNum": "", "ConNum": 1, "EMailAddress": email, "Inactive": inactive })
}

/// A company with these contacts, whose customers 4 and 5 exist.
async fn with_contacts(contacts: Vec<Value>) -> Company {
    let company = company(vec![row(4, "", ""), row(5, "", "")]).await;
    company
        .set("CustCntSvc/CustCnts", move |_| json!({ "@odata.count": contacts.len(), "value": contacts }))
        .await;
    company
}

async fn by_contact(company: &Company) -> Vec<CustNum> {
    let email = Email::normalised("ann@example.com").unwrap();
    let found = company.client.customers().by_contact_email(&email, company.deadline()).await.unwrap();
    found.iter().map(|customer: &CustomerFound| customer.cust_num).collect()
}

#[tokio::test]
async fn the_customers_of_a_contact_are_found_each_once() {
    let contacts = vec![
        contact(4, "Ann@Example.com", false),
        contact(4, "ann@example.com ", false),
        contact(5, "ann@example.com", false),
    ];
    let company = with_contacts(contacts).await;
    assert_eq!(by_contact(&company).await, [CustNum(4), CustNum(5)]);
    insta::assert_json_snapshot!(company.sent().await);
}

#[tokio::test]
async fn a_contact_that_is_inactive_or_has_another_address_does_not_count() {
    let company = with_contacts(vec![
        contact(4, "ann@example.com", true),
        contact(4, "joann@example.com", false),
        contact(5, "ann@example.com", false),
    ]);
    assert_eq!(by_contact(&company.await).await, [CustNum(5)]);
}

#[tokio::test]
async fn where_no_contact_has_the_address_no_customer_is_asked_for() {
    let company = with_contacts(Vec::new()).await;
    assert!(by_contact(&company).await.is_empty());
    assert_eq!(company.called().await, ["CustCnts"]);
}

#[tokio::test]
async fn contacts_beyond_a_page_are_read_by_the_number_of_their_customer() {
    let company = company(vec![row(4, "", ""), row(5, "", "")]).await;
    company
        .set("CustCntSvc/CustCnts", |option| {
            if option("$filter").contains("CustNum gt 4") {
                return json!({ "@odata.count": 1, "value": [contact(5, "ann@example.com", false)] });
            }
            json!({ "@odata.count": 101, "value": vec![contact(4, "ann@example.com", false); 100] })
        })
        .await;
    assert_eq!(by_contact(&company).await, [CustNum(4), CustNum(5)]);
    assert_eq!(company.called().await, ["CustCnts", "CustCnts", "Customers"]);
}

#[tokio::test]
async fn a_site_that_ignores_the_key_is_not_read_in_circles() {
    let company = Company::start().await;
    company
        .set(
            "CustCntSvc/CustCnts",
            |_| json!({ "@odata.count": 9, "value": [contact(4, "", false), contact(5, "", false)] }),
        )
        .await;
    let email = Email::normalised("ann@example.com").unwrap();
    let error = company.client.customers().by_contact_email(&email, company.deadline()).await.unwrap_err();
    assert!(error.to_string().contains("a key came twice"), "{error}");
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

/// Nobody looks like the new customer.
async fn nobody_alike(company: &Company) {
    alike(company, json!([])).await;
}

async fn alike(company: &Company, rows: Value) {
    company
        .method("CustomerSvc/CheckDupCustomer", move |_| {
            json!({ "returnObj": { "CustomerList": rows, "ExtensionTables": [] }, "parameters": {} })
        })
        .await;
}

/// Draft and save.
async fn make(company: &Company, customer: &NewCustomer) -> Result<CustomerFound, KineticError> {
    let customers = company.client.customers();
    let draft = customers.draft(customer, company.deadline()).await?;
    customers.save(draft, company.deadline()).await
}

#[tokio::test]
async fn a_customer_is_made_the_way_the_screen_does() {
    let company = maker().await;
    nobody_alike(&company).await;
    company
        .method("CustomerSvc/Update", |mut body| {
            let row = &mut body["ds"]["Customer"][0];
            row["CustNum"] = 77.into();
            row["RowMod"] = "".into();
            echo(&body)
        })
        .await;
    let made = make(&company, &new_customer()).await.unwrap();
    assert_eq!((made.cust_num, made.allow_ots, made.external_id.as_str()), (CustNum(77), true, "BC-11"));
    insta::assert_json_snapshot!(company.sent().await);
}

#[tokio::test]
async fn a_territory_of_our_own_wins() {
    let company = maker().await;
    nobody_alike(&company).await;
    company.method("CustomerSvc/Update", |body| echo(&body)).await;
    let customer = NewCustomer { territory: Some(text("EAST")), ..new_customer() };
    let _ = make(&company, &customer).await;
    assert_eq!(company.sent().await[3]["body"]["ds"]["Customer"][0]["TerritoryID"], "EAST");
}

#[tokio::test]
async fn a_customer_without_a_number_was_not_saved() {
    let company = maker().await;
    nobody_alike(&company).await;
    company.method("CustomerSvc/Update", |body| wrapped(&body["ds"], json!({}))).await;
    let error = make(&company, &new_customer()).await.unwrap_err();
    assert!(matches!(error, KineticError::NotSaved { .. }), "{error}");
}

#[tokio::test]
async fn a_taken_cust_id_is_a_conflict_and_not_sent_again() {
    let company = maker().await;
    nobody_alike(&company).await;
    let words = r#"{"ErrorMessage":"Taken.","ErrorType":"Ice.Common.DuplicateRecordException"}"#;
    company.answers("POST", "Erp.BO.CustomerSvc/Update", json_answer(409, words)).await;
    let error = make(&company, &new_customer()).await.unwrap_err();
    assert_eq!(error.class(), Class::Conflict);
    assert_eq!(
        company.called().await,
        ["GetNewCustomer", "GetCustomerTerritory", "CheckDupCustomer", "Update"]
    );
}

#[tokio::test]
async fn look_alikes_are_told_before_anything_is_saved() {
    let company = maker().await;
    alike(&company, json!([{ "CustNum": 9, "CustID": "ONEIL", "Name": "Ann O'Neil", "Zip": "78701" }])).await;
    let draft = company.client.customers().draft(&new_customer(), company.deadline()).await.unwrap();
    let expected = LookAlike { cust_num: CustNum(9), cust_id: "ONEIL".to_owned() };
    assert_eq!(draft.look_alikes(), [expected]);
    assert!(!format!("{draft:?}").contains("Ann"), "{draft:?}");
    assert_eq!(company.called().await, ["GetNewCustomer", "GetCustomerTerritory", "CheckDupCustomer"]);
}

#[test_case(r#"{"parameters":{}}"#, "returnObj"; "without a value")]
#[test_case(r#"{"returnObj":true,"parameters":{}}"#, "returnObj"; "a value of another kind")]
#[test_case(r#"{"returnObj":{"CustomerList":[{"CustNum":9}]}}"#, "returnObj.CustomerList.CustID"; "a row without id")]
#[tokio::test]
async fn look_alikes_that_cannot_be_read_are_not_taken_for_none(answer: &str, expected: &str) {
    let company = maker().await;
    let answer = json_answer(200, answer);
    company.answers("POST", "Erp.BO.CustomerSvc/CheckDupCustomer", answer).await;
    let error = company.client.customers().draft(&new_customer(), company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreadable);
    assert!(error.to_string().contains(expected), "{error}");
}
