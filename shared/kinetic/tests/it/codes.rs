//! Codes that must exist, and what a site says of its methods (§1.10, §1.13).

use std::collections::BTreeSet;

use connector_http::Class;
use connector_kinetic::{CodeTable, Method};
use serde_json::{Value, json};
use test_case::test_case;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::support::Company;

fn codes(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

async fn missing(company: &Company, table: CodeTable, asked: &[&str]) -> BTreeSet<String> {
    company.client.codes().missing(table, &codes(asked), company.deadline()).await.unwrap()
}

#[tokio::test]
async fn the_codes_that_a_company_lacks_are_named_and_case_is_no_difference() {
    let company = Company::start().await;
    company
        .set("MiscChrgSvc/MiscChrgs", |option| {
            assert_eq!(option("$filter"), "MiscCode eq 'FRT' or MiscCode eq 'HAND' or MiscCode eq 'hat'");
            assert_eq!(option("$select"), "MiscCode");
            json!({ "@odata.count": 2, "value": [{ "MiscCode": "FRT " }, { "MiscCode": "HAT" }] })
        })
        .await;
    assert_eq!(missing(&company, CodeTable::MiscCharges, &["FRT", "HAND", "hat"]).await, codes(&["HAND"]));
}

#[tokio::test]
async fn a_country_is_a_number_and_a_site_has_a_column_of_its_own_spelling() {
    let company = Company::start().await;
    company
        .set("CountrySvc/Countries", |option| {
            assert_eq!(option("$filter"), "CountryNum eq 1 or CountryNum eq 4");
            json!({ "@odata.count": 1, "value": [{ "CountryNum": 4 }] })
        })
        .await;
    company
        .set("PlantSvc/Plants", |option| {
            assert_eq!(option("$filter"), "Plant1 eq 'MfgSys'");
            json!({ "@odata.count": 1, "value": [{ "Plant1": "MfgSys" }] })
        })
        .await;
    assert_eq!(missing(&company, CodeTable::Countries, &["1", "4", "DE"]).await, codes(&["1", "DE"]));
    assert!(missing(&company, CodeTable::Plants, &["MfgSys"]).await.is_empty());
    assert!(missing(&company, CodeTable::Terms, &[]).await.is_empty(), "and nobody was asked");
}

fn swagger_2() -> Value {
    json!({
        "swagger": "2.0",
        "paths": { "/SetReadyToCalc": { "post": {
            "parameters": [{ "in": "header", "name": "x-api-key" },
                { "in": "body", "name": "body", "schema": { "$ref": "#/definitions/SetReadyToCalc_input" } }] } } },
        "definitions": { "SetReadyToCalc_input": { "properties": { "ds": {}, "ipOrderNum": {} } } }
    })
}

fn open_api_3() -> Value {
    json!({
        "openapi": "3.0.1",
        "paths": { "/Erp.BO.SalesOrderSvc/SetReadyToCalc": { "post": { "requestBody": { "content": {
            "application/json": { "schema": { "type": "object", "properties": { "ds": {}, "ipOrderNum": {} } } } } } } } }
    })
}

async fn describing(company: &Company, document: Value) {
    Mock::given(method("GET"))
        .and(path("/Live/api/swagger/v2/methods/Erp.BO.SalesOrderSvc.json"))
        .respond_with(ResponseTemplate::new(200).set_body_json(document))
        .mount(&company.server)
        .await;
}

#[test_case(swagger_2(); "swagger 2")]
#[test_case(open_api_3(); "openapi 3")]
#[tokio::test]
async fn the_parameters_of_a_method_are_read_in_both_forms(document: Value) {
    let company = Company::start().await;
    describing(&company, document).await;
    let deadline = company.deadline();
    let described =
        company.client.description().of_the_service(Method::SetReadyToCalc, deadline).await.unwrap();
    let parameters = described.parameters(Method::SetReadyToCalc).unwrap();
    assert_eq!(parameters, codes(&["ds", "ipOrderNum"]));
    let sent = company.client.parameters(Method::SetReadyToCalc);
    assert!(parameters.iter().map(String::as_str).eq(sent), "as the profile has them");
    let unknown = described.parameters(Method::MasterUpdate).unwrap_err();
    assert!(unknown.to_string().contains("paths./MasterUpdate: is not there"), "{unknown}");
}

#[tokio::test]
async fn a_description_in_another_form_is_unreadable_and_a_reference_to_itself_ends() {
    let company = Company::start().await;
    let mut circle = swagger_2();
    circle["definitions"]["SetReadyToCalc_input"] = json!({ "$ref": "#/definitions/SetReadyToCalc_input" });
    describing(&company, circle).await;
    let deadline = company.deadline();
    let described =
        company.client.description().of_the_service(Method::SetReadyToCalc, deadline).await.unwrap();
    let error = described.parameters(Method::SetReadyToCalc).unwrap_err();
    assert_eq!(error.class(), Class::Unreadable);
    assert!(error.to_string().contains("names no parameters"), "{error}");
}
