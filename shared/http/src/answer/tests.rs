use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::*;

fn answer(body: &'static str) -> Answer {
    Answer {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: Bytes::from_static(body.as_bytes()),
        vendor: "BigCommerce",
        call: "GET /v3/customers",
        attempts: 1,
        refusal: None,
    }
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its shape matters")]
struct Customers {
    data: Vec<Customer>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only its shape matters")]
struct Customer {
    id: u64,
    kind: Kind,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Guest,
    Known,
}

fn words(body: &'static str) -> String {
    let error = answer(body).json::<Customers>().unwrap_err();
    assert_eq!(error.class, Class::Unreadable);
    error.words
}

#[test]
fn a_wrong_type_names_the_path_and_not_the_value() {
    assert_eq!(words(r#"{"data":[{"id":"Ann Lee","kind":"guest"}]}"#), "data[0].id: expected u64");
}

#[test]
fn a_value_that_talks_like_serde_is_still_not_shown() {
    let words = words(r#"{"data":[{"id":"Ann, expected Lee at line 4","kind":"guest"}]}"#);
    assert!(!words.contains("Ann") && !words.contains("Lee"), "{words}");
}

#[test]
fn an_unknown_variant_names_the_known_ones_only() {
    let words = words(r#"{"data":[{"id":1,"kind":"Ann Lee"}]}"#);
    assert!(
        words.starts_with("data[0].kind: expected") && words.contains("guest") && !words.contains("Ann"),
        "{words}"
    );
}

#[test]
fn a_missing_field_is_named() {
    assert_eq!(words(r#"{"data":[{"id":1}]}"#), "data[0]: missing field `kind`");
}

#[test]
fn text_that_is_not_json_is_said_to_be_none() {
    assert!(words("<html>Ann</html>").starts_with("the body: is not JSON"));
    assert!(words(r#"{"data":[{"id":1,"#).contains("ends early"));
    assert!(words(r#"{"data":[]} trailing"#).contains("is not JSON"));
    assert_eq!(words(""), "the body is empty");
}

#[test]
fn raw_columns_come_out_as_they_came_in() {
    let row: BTreeMap<String, Box<RawValue>> =
        answer(r#"{"DocUnitPrice":1.10000,"Big":12345678901234567890123}"#).json().unwrap();
    assert_eq!(row["DocUnitPrice"].get(), "1.10000");
    assert_eq!(row["Big"].get(), "12345678901234567890123");
}

#[test]
fn only_not_found_becomes_absence() {
    let error = |class| CallError { class, ..answer("").unreadable("") };
    assert!(absent(Err(error(Class::NotFound))).unwrap().is_none());
    assert_eq!(absent(Err(error(Class::Forbidden))).unwrap_err().class, Class::Forbidden);
    assert!(absent(Ok(answer("{}"))).unwrap().is_some());
}

#[test]
fn debug_shows_no_body() {
    assert!(!format!("{:?}", answer("Ann Lee")).contains("Ann"));
}
