//! What is not genuine gets nowhere; what is genuine and old does no harm.

use std::time::Duration;

use connector_sandbox::connection::{RULES, between};
use connector_simulators::bigcommerce::{Delivery, DeliveryMode};
use secrecy::SecretString;
use test_case::test_case;

use crate::basket::gloves;
use crate::world::{MAIN, World, id};

/// A world with one order whose hook nobody delivered, and a delivery for it.
async fn undelivered(mode: DeliveryMode) -> (World, Delivery) {
    let world = World::new().await;
    let order = world.shop.place_order(gloves());
    let delivery = world.shop.delivery("store/order/created", order, mode).unwrap();
    (world, delivery)
}

async fn send(world: &World, delivery: &Delivery) -> u16 {
    world.shop.send(delivery, &world.address()).await.unwrap()
}

async fn nothing_came_of_it(world: &World) {
    assert!(world.drain().await.is_empty(), "something was queued");
    assert_eq!(world.kinetic_calls(), 0);
    assert!(world.company.orders().is_empty());
}

fn flip(delivery: &mut Delivery) {
    let at = delivery.body.len() / 2;
    delivery.body[at] ^= 1;
}

fn not_utf8(delivery: &mut Delivery) {
    delivery.body = vec![0xff, 0xfe, 0x80];
}

fn oversized(delivery: &mut Delivery) {
    delivery.body = vec![b' '; 64 * 1024 + 1];
}

fn enormous(delivery: &mut Delivery) {
    delivery.body = vec![b' '; 1024 * 1024];
}

fn nothing(_: &mut Delivery) {}

#[test_case(DeliveryMode::BadSignature, nothing, 401; "forged")]
#[test_case(DeliveryMode::Unsigned, nothing, 401; "unsigned")]
#[test_case(DeliveryMode::Normal, flip, 401; "a flipped bit")]
#[test_case(DeliveryMode::OnlyCompatibility, flip, 401; "a flipped bit under the compatibility signature alone")]
#[test_case(DeliveryMode::Normal, not_utf8, 401; "not utf 8, and so not what was signed")]
#[test_case(DeliveryMode::Normal, oversized, 413; "oversized")]
#[test_case(DeliveryMode::Normal, enormous, 413; "enormous")]
#[test_case(DeliveryMode::OnlyStandard, nothing, 401; "without the signature that the connection requires")]
#[tokio::test]
async fn it_is_refused_and_nothing_comes_of_it(mode: DeliveryMode, spoil: fn(&mut Delivery), status: u16) {
    let (world, mut delivery) = undelivered(mode).await;
    spoil(&mut delivery);
    assert_eq!(send(&world, &delivery).await, status);
    nothing_came_of_it(&world).await;
}

#[tokio::test]
async fn a_stale_delivery_is_refused() {
    let (world, delivery) = undelivered(DeliveryMode::Normal).await;
    world.clock.advance(Duration::from_secs(301));
    assert_eq!(send(&world, &delivery).await, 401);
    nothing_came_of_it(&world).await;
}

#[tokio::test]
async fn genuine_bytes_that_are_no_text_are_refused_as_malformed() {
    let world = World::new().await;
    let mut delivery =
        world.shop.delivery("store/order/created", world.shop.place_order(gloves()), DeliveryMode::Normal);
    let delivery = delivery.as_mut().unwrap();
    delivery.body = vec![b'{', 0xff, b'}'];
    resign(&world, delivery);
    assert_eq!(send(&world, delivery).await, 400);
    nothing_came_of_it(&world).await;
}

/// Signs the body as it is now, with the compatibility signature alone.
fn resign(world: &World, delivery: &mut Delivery) {
    let signature = world.shop.sign(&delivery.body);
    delivery.headers = vec![("X-BC-Signature".to_owned(), signature)];
}

#[tokio::test]
async fn a_genuine_delivery_that_is_replayed_is_answered_200_and_changes_nothing() {
    let world = World::new().await;
    let order = world.order(gloves()).await;
    let mode = DeliveryMode::OnlyCompatibility;
    let delivery = world.shop.delivery("store/order/created", order, mode).unwrap();
    world.clock.advance(Duration::from_hours(24 * 30));
    let before = world.kinetic_calls();
    for _ in 0..3 {
        // The compatibility signature covers no time: it is as good today as it was.
        assert_eq!(send(&world, &delivery).await, 200);
        world.settle().await;
    }
    assert_eq!(world.kinetic_calls(), before);
    assert_eq!(world.company.orders().len(), 1);
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_connection_with_an_empty_secret_lets_nobody_in() {
    let (world, delivery) = undelivered(DeliveryMode::Normal).await;
    let mut connection = between(id(MAIN), &world.shop, &world.company, RULES);
    connection.credentials.bigcommerce.client_secrets = vec![SecretString::from("")];
    world.pipeline.connect(connection);
    assert_eq!(send(&world, &delivery).await, 500, "the shop sends again until it is corrected");
    nothing_came_of_it(&world).await;
    assert_eq!(world.logs.count("ERROR", "webhook secrets of connection main-store"), 1);
}

#[tokio::test]
async fn during_a_change_of_secrets_both_are_good() {
    let (world, delivery) = undelivered(DeliveryMode::Normal).await;
    let mut connection = between(id(MAIN), &world.shop, &world.company, RULES);
    let secrets = &mut connection.credentials.bigcommerce.client_secrets;
    secrets.insert(0, SecretString::from("the-next-client-secret"));
    world.pipeline.connect(connection);
    assert_eq!(send(&world, &delivery).await, 200);
    world.settle().await;
    assert_eq!(world.company.orders().len(), 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_connection_that_does_not_exist_is_not_found() {
    let (world, delivery) = undelivered(DeliveryMode::Normal).await;
    for path in ["webhooks/nobody", "webhooks/NOT%20AN%20ID", "elsewhere"] {
        let elsewhere = world.receiver.base_url.join(path).unwrap();
        assert_eq!(world.shop.send(&delivery, &elsewhere).await.unwrap(), 404, "{path}");
    }
    nothing_came_of_it(&world).await;
}

#[tokio::test]
async fn an_event_that_nobody_asked_for_is_answered_200_and_costs_nothing() {
    let world = World::new().await;
    let mut delivery = world
        .shop
        .delivery("store/order/created", world.shop.place_order(gloves()), DeliveryMode::OnlyCompatibility)
        .unwrap();
    let body = r#"{"scope":"store/cart/lineItem/created","store_id":"1025646","producer":"stores/abc123","hash":"0","created_at":1775000000,"data":{"type":"cart_line_item","id":"x"}}"#;
    delivery.body = body.as_bytes().to_vec();
    resign(&world, &mut delivery);
    assert_eq!(send(&world, &delivery).await, 200);
    nothing_came_of_it(&world).await;
}

#[tokio::test]
async fn a_known_event_that_cannot_be_read_is_acknowledged_and_told() {
    let world = World::new().await;
    let order = world.shop.place_order(gloves());
    let mut delivery =
        world.shop.delivery("store/order/created", order, DeliveryMode::OnlyCompatibility).unwrap();
    let body = r#"{"scope":"store/order/created","store_id":"1025646","producer":"stores/abc123","hash":"0","created_at":1775000000,"data":{"type":"order","identity":250}}"#;
    delivery.body = body.as_bytes().to_vec();
    resign(&world, &mut delivery);
    // A refusal for 48 hours would switch the hook off; a later event brings the order.
    assert_eq!(send(&world, &delivery).await, 200);
    assert_eq!(world.logs.count("ERROR", "could not be read"), 1);
    nothing_came_of_it(&world).await;
}

#[tokio::test]
async fn the_directory_of_connections_prints_no_secret() {
    let world = World::new().await;
    let connected = world.pipeline.directory().get(&id(MAIN)).await.unwrap();
    let shown = format!("{connected:?} {:?}", world.pipeline);
    let (store, company) = (world.shop.config(), world.company.config());
    let secrets = [&store.client_secret, &store.access_token, &company.api_key, &company.password];
    for secret in
        secrets.map(String::as_str).into_iter().chain([connector_sandbox::connection::HEADER_SECRET])
    {
        assert!(!shown.contains(secret), "a secret in {shown}");
    }
}
