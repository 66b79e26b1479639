//! Which proofs a connection asks for: each method required, optional or off.

use connector_simulators::bigcommerce::DeliveryMode;
use test_case::test_case;

use crate::basket::gloves;
use crate::world::{Plan, World};

const ALL_OPTIONAL: &str = "";
const STANDARD_REQUIRED: &str = "standard_webhooks = \"required\"";
const HEADER_REQUIRED: &str = "header_secret = \"required\"";
const SIGNATURE_REQUIRED: &str = "bc_signature = \"required\"";
const SIGNATURE_OFF: &str = "bc_signature = \"off\"";
const HEADER_ALONE: &str = "bc_signature = \"off\"\nstandard_webhooks = \"off\"";

#[test_case(ALL_OPTIONAL, DeliveryMode::Normal, 200; "by default all three pass")]
#[test_case(ALL_OPTIONAL, DeliveryMode::OnlyCompatibility, 200; "by default the compatibility signature suffices")]
#[test_case(ALL_OPTIONAL, DeliveryMode::OnlyStandard, 200; "by default the standard signature suffices")]
#[test_case(ALL_OPTIONAL, DeliveryMode::OnlyCustomHeaders, 200; "by default the secret header suffices")]
#[test_case(ALL_OPTIONAL, DeliveryMode::Unsigned, 401; "by default nothing at all is not enough")]
#[test_case(ALL_OPTIONAL, DeliveryMode::BadSignature, 401; "by default none that is present may fail, though the header is right")]
#[test_case(STANDARD_REQUIRED, DeliveryMode::OnlyStandard, 200; "required and there")]
#[test_case(STANDARD_REQUIRED, DeliveryMode::OnlyCompatibility, 401; "required and missing, though another passes")]
#[test_case(HEADER_REQUIRED, DeliveryMode::OnlyCustomHeaders, 200; "the header required and there")]
#[test_case(HEADER_REQUIRED, DeliveryMode::OnlyStandard, 401; "the header required and missing")]
#[test_case(SIGNATURE_REQUIRED, DeliveryMode::OnlyCompatibility, 200; "the compatibility signature required and there")]
#[test_case(SIGNATURE_REQUIRED, DeliveryMode::OnlyCustomHeaders, 401; "the compatibility signature required and missing")]
#[test_case(SIGNATURE_OFF, DeliveryMode::OnlyCompatibility, 401; "a method that is off proves nothing")]
#[test_case(SIGNATURE_OFF, DeliveryMode::Normal, 200; "a method that is off is not asked")]
#[test_case(HEADER_ALONE, DeliveryMode::BadSignature, 200; "what is off may be wrong")]
#[test_case(HEADER_ALONE, DeliveryMode::OnlyStandard, 401; "only the header counts")]
#[tokio::test]
async fn the_policy_decides(webhooks: &str, mode: DeliveryMode, status: u16) {
    let usual = "bc_signature = \"required\"             # without it, or with a wrong one, a delivery is answered 401";
    let world = World::with(Plan::default().rule(usual, webhooks)).await;
    let order = world.shop.place_order(gloves());
    let delivery = world.shop.delivery("store/order/created", order, mode).unwrap();
    assert_eq!(world.shop.send(&delivery, &world.address()).await.unwrap(), status);
    assert_eq!(world.drain().await.len(), usize::from(status == 200));
    assert_eq!(world.company.orders().len(), usize::from(status == 200));
}
