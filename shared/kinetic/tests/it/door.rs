//! What every request carries (§1, §2.1).

use crate::support::{Company, KEY, new_header, new_line};

#[tokio::test]
async fn a_request_has_key_identity_and_call_settings() {
    let company = Company::with(|settings| settings.plant = Some("MfgSys".to_owned())).await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    orders.draft_header(&new_header(), company.deadline()).await.unwrap();
    let requests = company.requests().await;
    let headers = &requests[0].headers;
    assert_eq!(requests[0].url.path(), "/Live/api/v2/odata/EPIC06/Erp.BO.SalesOrderSvc/GetNewOrderHed");
    assert_eq!(requests[0].url.query(), None, "a key in a query would stand in logs");
    assert_eq!(headers["x-api-key"], KEY);
    assert_eq!(headers["authorization"], "Basic SU5URUc6dGhlLXBhc3Mtd29yZA==");
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["content-type"], "application/json");
    let settings: serde_json::Value = serde_json::from_slice(headers["callsettings"].as_bytes()).unwrap();
    let expected = serde_json::json!({
        "Company": "EPIC06", "Plant": "MfgSys", "Language": "en-us", "FormatCulture": "en-US"
    });
    assert_eq!(settings, expected);
}

#[tokio::test]
async fn a_newer_release_is_sent_its_own_parameters() {
    let company =
        Company::with(|settings| settings.profile = connector_kinetic::MethodProfiles::part_saleable()).await;
    let order = company.open_order().await;
    company.be_polite().await;
    company.client.sales_orders().draft_line(&order, &new_line(), company.deadline()).await.unwrap();
    let sent = company.sent().await;
    let part =
        sent.iter().find(|sent| sent["call"].as_str().unwrap().ends_with("ChangePartNumMaster")).unwrap();
    assert_eq!(part["body"]["checkPartSaleable"], true);
    assert_eq!(part["body"].as_object().unwrap().len(), 14);
}
