//! The audit of hooks over months, on blocked domains, and beside the hooks of others.

use std::time::Duration;

use connector_bigcommerce::HookId;
use connector_sandbox::connection::{HEADER, HEADER_SECRET, RULES, between};
use connector_simulators::BigCommerceConfig;
use connector_simulators::bigcommerce::{OrderEvent, Sent};
use connector_sync::hooks::{EXCEPTIONS, Mode, audit};

use crate::basket::gloves;
use crate::hooks::{AN_HOUR, FIVE_MINUTES, NOW};
use crate::world::{MAIN, Plan, World, id};

const A_DAY: Duration = Duration::from_hours(24);

/// A quiet store: nothing happens for `days`, and each day its hooks are looked at. How many were mended, and on how many days one was off
/// before it was looked at.
async fn quiet(world: &World, days: u32) -> (u64, usize) {
    let (mut mended, mut off) = (0, 0);
    for _ in 0..days {
        world.clock.advance(A_DAY);
        off += usize::from(world.shop.hooks().iter().any(|hook| hook["is_active"] == false));
        mended += world.audit_after(NOW, &world.door()).await.unwrap().0;
        assert!(world.hooks().await.iter().all(|hook| hook.is_active));
    }
    (mended, off)
}

#[tokio::test]
async fn a_hook_that_hears_of_nothing_is_touched_before_the_store_switches_it_off() {
    let world = World::new().await;
    assert_eq!(quiet(&world, 130).await, (0, 0));
    assert_eq!(world.shop.traffic().count("PUT", "/v3/hooks"), 4, "two hooks, after 60 days each");
    assert_eq!(world.logs.count("INFO", "was told again that it is wanted"), 4);
    world.a_webhook_brings_an_order().await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn where_a_touch_does_not_help_the_hook_is_found_switched_off_and_switched_on() {
    let shop = BigCommerceConfig { put_resets_idle: false, ..BigCommerceConfig::new() };
    let world = World::with(Plan { shop, ..Plan::default() }).await;
    assert_eq!(quiet(&world, 100).await, (2, 1));
    assert_eq!(world.logs.count("WARN", "was switched off by the store: it was switched on"), 2);
    world.a_webhook_brings_an_order().await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_domain_that_the_store_blocked_is_told_once_with_what_the_store_says() {
    let world = World::new().await;
    // Under a mistyped client secret our own trial passes, and what the store signs is refused.
    let mut mistyped = between(id(MAIN), &world.shop, &world.company, RULES);
    mistyped.credentials.bigcommerce.client_secrets = vec!["mistyped-secret-8842".into()];
    world.pipeline.connect(mistyped);
    let order = world.shop.place_order(gloves());
    for _ in 0..110 {
        world.shop.emit(OrderEvent::Updated, order);
    }
    world.shop.drain_hooks().await;
    let blocked = "the store delivers nothing to 127.0.0.1 for 180 more seconds";
    assert_eq!(world.audit_after(NOW, &world.door()).await, Some((0, 0, 1)));
    assert_eq!(world.logs.count("ERROR", blocked), 1);
    assert_eq!(world.logs.count("ERROR", "100 times: HTTP status 401"), 1);
    assert_eq!(world.audit_after(FIVE_MINUTES, &world.door()).await, Some((0, 0, 0)));
    assert_eq!(world.logs.count("INFO", "no problem any more: blocked 127.0.0.1"), 1);

    world.connect_again(RULES);
    for _ in 0..4 {
        world.later(Duration::from_mins(10)).await;
    }
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn hooks_of_another_account_are_not_seen_and_the_report_says_so() {
    let world = World::new().await;
    world.shop.add_account("other-client", "other-client-secret-77", "other-access-token-77");
    let theirs = [(HEADER, HEADER_SECRET)];
    let other = world.shop.add_hook_of("other-client", "store/order/created", &world.address(), &theirs);
    let connected = world.connected().await;
    let told = audit(world.pipeline.directory(), &connected, &world.door(), Mode::Look, world.soon()).await;
    let told = told.unwrap();
    assert!(told.is_good() && told.found.iter().all(|found| Some(found.hook) != other.map(HookId)));
    assert!(told.unseen.contains("hooks of another API account are not listed"), "{}", told.unseen);
    assert_eq!(world.audit_after(AN_HOUR, &world.door()).await, Some((0, 0, 0)));

    let order = world.shop.place_order(gloves());
    let mut sent = world.shop.drain_hooks().await;
    let refused = sent.extract_if(.., |sent| Some(sent.hook_id) == other).map(|sent| sent.status);
    assert_eq!(refused.collect::<Vec<_>>(), [Some(401)], "another secret signed it");
    assert!(!sent.is_empty() && sent.iter().all(|sent| sent.status == Some(200)), "{sent:?}");
    world.shop.remove_account("other-client");
    world.later(Duration::from_mins(2)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_delivery_that_the_store_could_not_make_is_told_long_before_the_hook_is_switched_off() {
    let world = World::new().await;
    let orders = world.hooks().await.pop().unwrap();
    assert!(world.shop.set_hook_headers(orders.id.0, &[(HEADER, "somebody-elses-secret")]));
    let order = world.shop.place_order(gloves());
    let told = |sent: &[Sent]| {
        let told: Vec<_> = sent.iter().map(|sent| (sent.scope.clone(), sent.status)).collect();
        told.into_iter().filter(|(scope, _)| scope == EXCEPTIONS).collect::<Vec<_>>()
    };
    let mut sent = world.shop.drain_hooks().await;
    sent.extend(world.shop.drain_hooks().await);
    assert!(sent.iter().any(|sent| sent.order_id == order && sent.status == Some(401)), "{sent:?}");
    assert_eq!(told(&sent), [(EXCEPTIONS.to_owned(), Some(200))]);
    assert!(world.pipeline.queue().is_empty(), "it is about no order");
    assert_eq!(
        (world.logs.count("WARN", "tries again"), world.logs.count("ERROR", "")),
        (1, 0),
        "it calls nobody"
    );

    // Two days later the store has tried for the last time, unless somebody has mended the hook.
    for _ in 0..12 {
        world.clock.advance(Duration::from_hours(24));
        world.shop.drain_hooks().await;
        world.shop.drain_hooks().await;
    }
    assert_eq!(world.logs.count("ERROR", "has given up hook"), 1);
    assert!(world.audit_after(NOW, &world.door()).await.unwrap().0 > 0);
    world.a_webhook_brings_an_order().await;
}
