use test_case::test_case;

use super::*;
use crate::webhook::testing::verified;

fn parse(body: &str) -> Result<Option<ProductChanged>, ParseError> {
    ProductChanged::parse(&verified(body.as_bytes()), "abc123")
}

fn body(scope: &str, data: &str) -> String {
    format!(
        r#"{{"scope":"{scope}","producer":"stores/abc123","hash":"h","created_at":1775000000,"data":{data}}}"#
    )
}

#[test_case("store/product/updated", r#"{"type":"product","id":118}"#, Some((118, false)); "a product")]
#[test_case("store/product/updated", r#"{"type":"product","id":"118"}"#, Some((118, false)); "its number as a string")]
#[test_case("store/product/inventory/updated", r#"{"type":"product","id":118,"inventory":{"product_id":118,"method":"absolute","value":9}}"#, Some((118, true)); "the stock of a product")]
#[test_case("store/sku/inventory/updated", r#"{"type":"sku","id":40,"inventory":{"product_id":118,"method":"absolute","value":9,"variant_id":93}}"#, Some((118, true)); "the stock of a variant")]
#[test_case("store/product/created", r#"{"type":"product","id":118}"#, None; "a new product")]
#[test_case("store/product/inventory/order/updated", r#"{"type":"product","id":118}"#, None; "stock that an order took")]
#[test_case("store/order/updated", r#"{"type":"order","id":118}"#, None; "an order")]
fn the_product_is_read_where_the_scope_has_it(scope: &str, data: &str, read: Option<(u64, bool)>) {
    let changed = parse(&body(scope, data)).unwrap();
    assert_eq!(changed.map(|changed| (changed.product.0, changed.stock)), read);
}

#[test_case("store/product/updated", "null"; "no data")]
#[test_case("store/product/updated", r#"{"id":0}"#; "zero")]
#[test_case("store/product/updated", "[118]"; "a list")]
#[test_case("store/sku/inventory/updated", r#"{"type":"sku","id":40}"#; "a variant without its product")]
fn what_cannot_be_read_is_acknowledged_and_named(scope: &str, data: &str) {
    let error = parse(&body(scope, data)).unwrap_err();
    assert_eq!(error.status(), 200);
    assert!(matches!(error, ParseError::Unreadable { scope: named, .. } if named == scope));
}

#[test]
fn another_stores_is_refused_and_nobodys_is_not_read() {
    let ours = body("store/product/updated", r#"{"id":118}"#);
    assert_eq!(parse(&ours.replace("stores/abc123", "stores/abc1234")), Err(ParseError::ForeignStore));
    let nobodys = ours.replace("producer", "product");
    assert!(matches!(parse(&nobodys), Err(ParseError::Unreadable { .. })));
    assert_eq!(parse("no"), Err(ParseError::NotJson));
}
