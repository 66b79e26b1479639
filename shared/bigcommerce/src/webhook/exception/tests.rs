use test_case::test_case;

use super::*;
use crate::webhook::testing::verified;

#[test_case("90001", Failing::WillRetry)]
#[test_case("90002", Failing::GivenUp)]
#[test_case("\"90003\"", Failing::DomainBlocked; "as text, as ids sometimes are")]
#[test_case("90004", Failing::Other(90004); "another code")]
fn a_failing_hook_is_told_by_its_code(code: &str, failing: Failing) {
    let body = format!(
        r#"{{"scope":"store/hook/deliveryException","producer":"stores/abc123","hash":"h","created_at":1775000000,
            "data":{{"type":"webhook","id":20172527,"error_code":{code},"message":"some words"}}}}"#
    );
    let told = DeliveryException::of(&verified(body.as_bytes()));
    assert_eq!(told, Some(DeliveryException { hook: Some(HookId(20_172_527)), failing }));
}

#[test_case(r#"{"scope":"store/order/created","data":{"type":"order","id":250,"error_code":90001}}"#; "another scope")]
#[test_case(r#"{"scope":"store/hook/deliveryException","data":{"id":1}}"#; "no code")]
#[test_case(r#"{"scope":"store/hook/deliveryException"}"#; "no data")]
fn what_tells_of_no_failing_hook_is_none(body: &str) {
    assert_eq!(DeliveryException::of(&verified(body.as_bytes())), None);
}
