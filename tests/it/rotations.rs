//! The two rotations while orders come all the time: no delivery is refused, and at the end only what is new is let in.

use std::time::Duration;

use connector_bigcommerce::HookHeaders;
use connector_domain::Clock as _;
use connector_ports::ShopCredentials;
use connector_sandbox::connection::{HEADER, HEADER_SECRET, RULES, between};
use connector_simulators::bigcommerce::{Delivery, DeliveryMode, OrderEvent};

use crate::basket::gloves;
use crate::world::{MAIN, World, id};

const NEW_HEADER: &str = "new-header-secret-5510";
const NEW_CLIENT: &str = "new-client";
const NEW_SECRET: &str = "new-client-secret-9c41";
const NEW_TOKEN: &str = "new-access-token-77aa";

/// Between two looks at the world.
const STEP: Duration = Duration::from_mins(5);

/// How long the simulated days of a rotation are.
const DAYS: Duration = Duration::from_hours(72);

impl World {
    /// Stores the connection again, after `rotate`.
    fn rotate(&self, rotate: impl FnOnce(&mut ShopCredentials)) {
        let mut connection = between(id(MAIN), &self.shop, &self.company, RULES);
        rotate(&mut connection.credentials.bigcommerce);
        self.pipeline.connect(connection);
    }

    /// Lets the time go by. Each hour an order is placed, every five minutes something is told of one; whatever is delivered is taken. Gives
    /// the orders.
    async fn busy(&self, time: Duration) -> Vec<u64> {
        let over = self.clock.now() + jiff::SignedDuration::try_from(time).unwrap();
        let mut orders = Vec::new();
        for step in 0_usize.. {
            if self.clock.now() >= over {
                break;
            }
            match orders.last() {
                Some(last) if step % 12 != 0 => self.shop.emit(OrderEvent::Updated, *last),
                Some(_) | None => orders.push(self.shop.place_order(gloves())),
            }
            let sent = self.settle().await;
            assert!(!sent.is_empty(), "nobody told of what happened at {}", self.clock.now());
            assert!(sent.iter().all(|sent| sent.status == Some(200)), "at {}: {sent:?}", self.clock.now());
            self.try_audit(&self.door()).await.unwrap();
            self.clock.advance(STEP);
        }
        orders
    }

    /// What the receiver answers to a delivery under the old account's secret with the old header.
    async fn old_delivery(&self, order: u64) -> u16 {
        let mut made = self.made(order);
        for (name, value) in &mut made.headers {
            if name.eq_ignore_ascii_case(HEADER) {
                HEADER_SECRET.clone_into(value);
            }
        }
        self.shop.send(&made, &self.address()).await.unwrap()
    }

    fn made(&self, order: u64) -> Delivery {
        self.shop.delivery("store/order/updated", order, DeliveryMode::Normal).unwrap()
    }

    async fn all_came_once(&self, orders: &[u64]) {
        assert!(orders.len() > 1);
        for order in orders {
            self.is_synced(*order).await;
        }
    }
}

#[tokio::test]
async fn the_header_is_rotated_and_no_delivery_is_refused() {
    let world = World::new().await;
    let mut orders = world.busy(Duration::from_hours(2)).await;
    let began = world.clock.now();
    world.rotate(|shop| shop.rotate_header(NEW_HEADER.into(), began).unwrap());
    let new = HookHeaders::of(HEADER, NEW_HEADER.into());
    orders.extend(world.busy(Duration::from_mins(15)).await);
    assert!(world.hooks().await.iter().all(|hook| !hook.headers.are(&new)), "a receiver may not know it yet");
    orders.extend(world.busy(Duration::from_mins(10)).await);
    assert!(world.hooks().await.iter().all(|hook| hook.headers.are(&new)));
    assert_eq!(world.logs.count("WARN", "brought other headers"), 2);

    orders.extend(world.busy(DAYS).await);
    assert!(world.hooks().await.iter().all(|hook| hook.headers.are(&new)));
    assert_eq!(world.old_delivery(orders[0]).await, 401);
    assert_eq!(world.shop.send(&world.made(orders[0]), &world.address()).await.unwrap(), 200);
    world.settle().await;
    world.all_came_once(&orders).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn the_api_account_is_rotated_and_no_delivery_is_refused() {
    let world = World::new().await;
    let old_client = world.shop.config().client_id.clone();
    let owners = |world: &World| -> Vec<String> {
        let hooks = world.shop.hooks().into_iter();
        hooks.map(|hook| hook["client_id"].as_str().unwrap().to_owned()).collect()
    };
    let mut orders = world.busy(Duration::from_hours(2)).await;
    world.shop.add_account(NEW_CLIENT, NEW_SECRET, NEW_TOKEN);
    let began = world.clock.now();
    world.rotate(|shop| shop.rotate_account(NEW_TOKEN.into(), NEW_SECRET.into(), began).unwrap());
    orders.extend(world.busy(Duration::from_mins(15)).await);
    assert_eq!(owners(&world), [old_client.as_str(); 2], "a receiver may not know the new secret yet");
    orders.extend(world.busy(Duration::from_mins(10)).await);
    let both = owners(&world);
    assert!(both.contains(&old_client) && both.iter().any(|owner| owner == NEW_CLIENT), "{both:?}");
    orders.extend(world.busy(Duration::from_mins(30)).await);
    assert_eq!(owners(&world), [NEW_CLIENT; 6], "the old hook went");
    assert_eq!(world.logs.count("WARN", "2 hooks of the one before were deleted"), 1);

    orders.extend(world.busy(DAYS).await);
    assert_eq!(owners(&world), [NEW_CLIENT; 6]);
    assert_eq!(world.old_delivery(orders[0]).await, 401);
    assert!(world.shop.remove_account(&old_client));
    orders.push(world.a_webhook_brings_an_order().await);
    world.all_came_once(&orders).await;
    assert_eq!(world.logs.count("ERROR", ""), 0);
    world.ends(&[]).await;
}

#[tokio::test]
async fn what_was_replaced_is_taken_for_49_hours_and_no_longer() {
    let world = World::new().await;
    let order = world.a_webhook_brings_an_order().await;
    world.shop.add_account(NEW_CLIENT, NEW_SECRET, NEW_TOKEN);
    let began = world.clock.now();
    world.rotate(|shop| {
        shop.rotate_header(NEW_HEADER.into(), began).unwrap();
        shop.rotate_account(NEW_TOKEN.into(), NEW_SECRET.into(), began).unwrap();
    });
    assert_eq!(world.old_delivery(order).await, 200);
    world.clock.advance(Duration::from_hours(49) - Duration::from_secs(1));
    assert_eq!(world.old_delivery(order).await, 200);
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(world.old_delivery(order).await, 401);
    world.settle().await;
    world.ends(&[]).await;
}

/// The seconds before each retry of the store (`docs/facts/bigcommerce.md` §2.4).
const RETRIES: [u64; 11] = [60, 180, 300, 600, 900, 1800, 3600, 7200, 21_600, 50_400, 86_400];

#[tokio::test]
async fn a_delivery_from_just_before_a_rotation_is_let_in_at_its_last_try() {
    let world = World::new().await;
    let order = world.shop.place_order(gloves());
    world.shop.add_account(NEW_CLIENT, NEW_SECRET, NEW_TOKEN);
    let began = world.clock.now();
    let both = |shop: &mut ShopCredentials| {
        shop.rotate_header(NEW_HEADER.into(), began).unwrap();
        shop.rotate_account(NEW_TOKEN.into(), NEW_SECRET.into(), began).unwrap();
    };
    // While its rules are wrong nothing is taken.
    let mut broken = between(id(MAIN), &world.shop, &world.company, "no rules");
    both(&mut broken.credentials.bigcommerce);
    world.pipeline.connect(broken);
    for wait in RETRIES {
        let sent = world.shop.drain_hooks().await;
        assert!(!sent.is_empty() && sent.iter().all(|sent| sent.status == Some(500)), "{sent:?}");
        world.clock.advance(Duration::from_secs(wait));
    }
    world.rotate(both);
    let sent = world.settle().await;
    assert!(!sent.is_empty() && sent.iter().all(|sent| sent.status == Some(200)), "{sent:?}");
    assert!(world.clock.now().duration_since(began) > jiff::SignedDuration::from_hours(48));
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_old_account_that_is_gone_already_is_told_once_and_the_new_ones_hooks_are_set_up() {
    let world = World::new().await;
    world.a_webhook_brings_an_order().await;
    world.shop.add_account(NEW_CLIENT, NEW_SECRET, NEW_TOKEN);
    let began = world.clock.now();
    world.rotate(|shop| shop.rotate_account(NEW_TOKEN.into(), NEW_SECRET.into(), began).unwrap());
    assert!(world.shop.remove_account(&world.shop.config().client_id.clone()));
    for _ in 0..60 {
        world.try_audit(&world.door()).await.unwrap();
        world.clock.advance(STEP);
    }
    assert_eq!(world.hooks().await.len(), 6);
    world.a_webhook_brings_an_order().await;
    assert_eq!(world.logs.count("WARN", "is gone, and its hooks with it"), 1);
    assert_eq!(world.logs.count("ERROR", ""), 0);
    world.ends(&[]).await;
}
