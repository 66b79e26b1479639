use serde_json::json;
use test_case::test_case;

use super::*;
use crate::catalogue::plan::tests::rules;

const SIMPLE: ShopPlace = ShopPlace { product: 118, variant: 93, simple: true };
const VARIANT: ShopPlace = ShopPlace { product: 118, variant: 94, simple: false };

fn record(fields: &[(&str, &str)]) -> Shelved {
    let fields = fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
    Shelved { fields, ..Shelved::default() }
}

fn product() -> Product {
    let variant =
        |id: u64, price| json!({"id": id, "product_id": 118, "sku": "HB", "price": price, "upc": "1"});
    serde_json::from_value(json!({
        "id": 118, "name": "Bolt", "sku": "HB", "price": 1.5, "weight": 2, "upc": "1", "is_visible": true,
        "inventory_tracking": "product", "availability": "available",
        "variants": [variant(93, json!(null)), variant(94, json!(1.99)), variant(95, json!(null))],
    }))
    .unwrap()
}

fn compared(record: &Shelved, place: ShopPlace, owned: &str) -> Vec<(String, Option<String>, String)> {
    let differs = compare(record, place, &product(), &rules(owned)).unwrap();
    let told = |one: Differs| (one.field.as_str().to_owned(), one.shows, one.should.shown());
    differs.into_iter().map(told).collect()
}

#[test]
fn what_is_as_it_was_published_does_not_differ_however_it_is_written() {
    let published = [("name", "Bolt"), ("price", "1.5"), ("weight", "2"), ("upc", "1"), ("visible", "true")];
    assert_eq!(compared(&record(&published), SIMPLE, ""), []);
}

#[test]
fn only_what_was_published_and_is_owned_is_compared() {
    let published = record(&[("name", "Nut"), ("price", "1.25"), ("stock/1", "7"), ("sale_price", "1")]);
    let price = ("price".to_owned(), Some("1.5".to_owned()), "1.25".to_owned());
    assert_eq!(compared(&published, SIMPLE, "owned = [\"price\", \"upc\"]"), [price]);
}

#[test_case("false", true; "what Kinetic hides is not shown")]
#[test_case("true", false; "what a person hides or shows is theirs")]
fn whether_it_is_seen_differs_only_where_kinetic_hides_it(published: &str, differs: bool) {
    assert_eq!(!compared(&record(&[("visible", published)]), SIMPLE, "").is_empty(), differs);
}

#[test]
fn a_variant_has_a_price_of_its_own_and_one_without_it_differs() {
    let published = record(&[("price", "1.99"), ("upc", "1"), ("name", "no"), ("visible", "false")]);
    assert_eq!(compared(&published, VARIANT, ""), []);
    let without = ShopPlace { variant: 95, ..VARIANT };
    assert_eq!(compared(&published, without, ""), [("price".to_owned(), None, "1.99".to_owned())]);
    let gone = ShopPlace { variant: 96, ..VARIANT };
    assert_eq!(compare(&published, gone, &product(), &rules("")), None);
}

#[test_case(&[("stock/1", "7"), ("stock/2", "0")], false; "as published, and none where nothing ever was")]
#[test_case(&[("stock/1", "8")], true; "an order took one")]
#[test_case(&[("stock/2", "1")], true; "a place that is not told of")]
#[test_case(&[("price", "8")], false; "never published")]
fn stock_differs_at_any_location(fields: &[(&str, &str)], differs: bool) {
    let item: Item = serde_json::from_value(json!({
        "identity": {"sku": "HB", "variant_id": 93, "product_id": 118},
        "locations": [{"location_id": 1, "available_to_sell": 5, "total_inventory_onhand": 7}],
    }))
    .unwrap();
    assert_eq!(stock_differs(&record(fields), &item), differs);
}
