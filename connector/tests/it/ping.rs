//! `connector ping`, against both simulators.

use std::collections::BTreeSet;

use connector_sandbox::connection::{HEADER, HEADER_SECRET, RULES};
use connector_simulators::kinetic::Described;
use connector_simulators::{BigCommerceConfig, KineticConfig};
use serde_json::Value;

use crate::run::lost_store;
use crate::vendors::Vendors;

/// The checks by name, after a ping that ends with `code`.
async fn ping(vendors: &Vendors, code: i32) -> Vec<Value> {
    pinged(vendors, &[], code).await
}

/// The same with more arguments.
async fn pinged(vendors: &Vendors, arguments: &[&str], code: i32) -> Vec<Value> {
    let ran = vendors.desk.run(&[&["ping", "--json"], arguments].concat()).await;
    assert_eq!(ran.code, code, "{ran:?}");
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["good"], code == 0);
    told["checks"].as_array().unwrap().clone()
}

fn check<'a>(checks: &'a [Value], system: &str, name: &str) -> &'a Value {
    let found = checks.iter().find(|check| check["system"] == system && check["check"] == name);
    found.unwrap_or_else(|| panic!("no {system} {name} in {checks:#?}"))
}

fn failed(checks: &[Value]) -> Vec<&str> {
    let failed = checks.iter().filter(|check| check["result"] == "failed");
    failed.map(|check| check["check"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_connection_that_works_passes_and_what_is_not_known_is_said() {
    let vendors = Vendors::start().await;
    let checks = ping(&vendors, 0).await;
    for (system, names) in [
        ("connection", &["apart from other connections", "can be used"][..]),
        (
            "BigCommerce",
            &["reachable", "access token", "clocks", "may read orders", "may read customers", "store"],
        ),
        (
            "Kinetic",
            &["reachable", "API key", "login", "company", "site", "method parameters", "house account"],
        ),
        ("Kinetic", &["misc codes", "terms", "ship-vias", "tax regions", "countries"]),
    ] {
        for name in names {
            assert_eq!(check(&checks, system, name)["result"], "passed", "{system} {name}");
        }
    }
    assert_eq!(check(&checks, "Kinetic", "clocks")["result"], "not_checked");
    assert_eq!(check(&checks, "BigCommerce", "hooks")["result"], "noted");
    assert_eq!(check(&checks, "Kinetic", "misc codes")["words"], "FEE, FRT, HAND, WRAP");
    let table = vendors.desk.good(&["ping", "-c", "main-store"]).await;
    assert!(
        table.contains("19 methods take what we send") && table.contains("nothing that was checked is wrong"),
        "{table}"
    );
    assert_eq!(vendors.company.traffic().count("POST", ""), 0, "nothing was written");
}

#[tokio::test]
async fn each_wrong_rule_fails_with_the_setting_to_correct() {
    let vendors = Vendors::start().await;
    let rules = RULES
        .replace("shipping = \"FRT\"", "shipping = \"FRTX\"")
        .replace("\"Bank Deposit\" = \"N30\"", "\"Bank Deposit\" = \"N99\"")
        .replace("default = \"UPSG\"", "default = \"PIGN\"")
        .replace("tax_region = \"WEB\"", "tax_region = \"MOON\"")
        .replace("DE = 4", "DE = 49")
        .replace("cust_id = \"WEBGUEST\"", "cust_id = \"SLOWPAY\"")
        .replace("plant = \"MfgSys\"", "plant = \"MfgSys\"\ncheck_part_saleable = true");
    vendors.ruled_by(&rules).await;
    let checks = ping(&vendors, 1).await;
    for (name, words, todo) in [
        ("misc codes", "FRTX (charges.shipping)", "correct the rules"),
        ("terms", "N99 (terms.map \"bank deposit\")", "correct the rules"),
        ("ship-vias", "PIGN (ship_via.default)", "correct the rules"),
        ("tax regions", "MOON (shoppers.tax_region)", "correct the rules"),
        ("countries", "49 (countries.DE)", "correct the rules"),
        ("house account", "does not allow one-time ship-tos", "correct the customer"),
        ("method parameters", "does not take checkPartSaleable", "check_part_saleable = false"),
    ] {
        let found = check(&checks, "Kinetic", name);
        let told = (found["words"].as_str().unwrap(), found["todo"].as_str().unwrap());
        assert!(found["result"] == "failed" && told.0.contains(words) && told.1.contains(todo), "{found}");
    }
    assert_eq!(failed(&checks).len(), 7, "{checks:#?}");
    vendors.ruled_by(&RULES.replace("plant = \"MfgSys\"", "plant = \"MOON\"")).await;
    let checks = ping(&vendors, 1).await;
    assert_eq!(failed(&checks), ["site"]);
    assert_eq!(check(&checks, "Kinetic", "everything else")["result"], "not_checked");
}

#[tokio::test]
async fn a_wrong_password_a_wrong_key_and_a_missing_permission_are_told_apart() {
    let vendors = Vendors::start().await;
    vendors.company.set_password("another");
    assert_eq!(failed(&ping(&vendors, 1).await), ["login"]);
    let vendors = Vendors::start().await;
    vendors.company.set_api_key("another");
    let checks = ping(&vendors, 1).await;
    assert_eq!(failed(&checks), ["API key"]);
    assert!(check(&checks, "Kinetic", "API key")["todo"].as_str().unwrap().contains("kinetic.api_key"));
    let denied = BTreeSet::from(["Erp.BO.MiscChrg.GetRows".to_owned()]);
    let company = KineticConfig { denied, description: Described::Nowhere, ..KineticConfig::new() };
    let vendors = Vendors::with(BigCommerceConfig::new(), company).await;
    let checks = ping(&vendors, 1).await;
    assert_eq!(failed(&checks), ["misc codes"]);
    assert!(check(&checks, "Kinetic", "misc codes")["todo"].as_str().unwrap().contains("access scope"));
    assert_eq!(
        check(&checks, "Kinetic", "method parameters")["result"],
        "not_checked",
        "the swagger is hidden"
    );
}

#[tokio::test]
async fn a_newer_release_is_recognised_by_its_swagger() {
    let company =
        KineticConfig { check_part_saleable: true, description: Described::OpenApi, ..KineticConfig::new() };
    let vendors = Vendors::with(BigCommerceConfig::new(), company).await;
    let checks = ping(&vendors, 1).await;
    assert_eq!(failed(&checks), ["method parameters"]);
    let todo = check(&checks, "Kinetic", "method parameters")["todo"].as_str().unwrap().to_owned();
    assert!(todo.contains("check_part_saleable = true"), "{todo}");
}

#[tokio::test]
async fn hooks_that_lead_to_another_address_are_told_once_the_address_is_said() {
    let vendors = Vendors::start().await;
    vendors.desk.good(&["hooks", "register", "--url", "http://127.0.0.1:9/"]).await;
    let checks = ping(&vendors, 0).await;
    let address = check(&checks, "BigCommerce", "hooks' address");
    assert_eq!(address["result"], "not_checked");
    let words = address["words"].as_str().unwrap();
    assert!(words.contains("http://127.0.0.1:9/webhooks/main-store") && words.contains("--url"), "{words}");

    // The audit registers one more, which must have an address of its own.
    let exceptions = "http://127.0.0.1:9/webhooks/main-store/exceptions".parse().unwrap();
    vendors.shop.add_hook("store/hook/deliveryException", &exceptions, &[(HEADER, HEADER_SECRET)]);
    let checks = pinged(&vendors, &["--url", "http://127.0.0.1:9/webhooks/"], 0).await;
    assert_eq!(check(&checks, "BigCommerce", "hooks' address")["result"], "passed");

    let checks = pinged(&vendors, &["--url", "http://127.0.0.1:8/webhooks/"], 1).await;
    assert_eq!(failed(&checks), ["hooks' address"]);
    let words = check(&checks, "BigCommerce", "hooks' address")["words"].as_str().unwrap().to_owned();
    assert_eq!(words, "http://127.0.0.1:9/webhooks/main-store, not http://127.0.0.1:8/webhooks/main-store");
}

#[tokio::test]
async fn a_neighbour_whose_secrets_are_lost_is_compared_all_the_same() {
    let vendors = Vendors::start().await;
    lost_store(&vendors.desk).await;
    let checks = pinged(&vendors, &["-c", "main-store"], 0).await;
    let apart = check(&checks, "connection", "apart from other connections");
    assert_eq!(apart["result"], "passed", "{apart}");
}

/// The rules of the sandbox with a catalogue.
fn with_catalogue(stock: &str) -> String {
    format!("{RULES}\n[catalogue]\npublish = true\n[stock]\npublish = true\n{stock}")
}

#[tokio::test]
async fn what_the_catalogue_needs_is_checked_where_it_is_switched_on() {
    let vendors = Vendors::start().await;
    assert_eq!(check(&ping(&vendors, 0).await, "connection", "catalogue")["result"], "not_checked");
    let good = "warehouses = { MAIN = 1 }\nformula = \"demand\"\nbaq = \"MLC-PartWhse\"";
    vendors.ruled_by(&with_catalogue(good)).await;
    let checks = ping(&vendors, 0).await;
    for (system, name) in [
        ("BigCommerce", "may read products"),
        ("BigCommerce", "locations"),
        ("Kinetic", "may read parts"),
        ("Kinetic", "query of stock"),
    ] {
        assert_eq!(check(&checks, system, name)["result"], "passed", "{system} {name}");
    }
    let bad = "warehouses = { MAIN = 1, EAST = 9 }\nformula = \"demand\"\nbaq = \"NOBODY-MADE-IT\"";
    vendors.ruled_by(&with_catalogue(bad)).await;
    let checks = ping(&vendors, 1).await;
    assert_eq!(failed(&checks), ["locations", "query of stock"]);
    let words = check(&checks, "BigCommerce", "locations")["words"].as_str().unwrap();
    assert!(words.contains("there is no location 9, which EAST is sold from"), "{words}");
    assert_eq!(vendors.shop.traffic().count("PUT", ""), 0, "nothing was written");
}
