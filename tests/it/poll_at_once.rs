//! The poller beside others: another poller, a death in between, and orders that change while they are read.

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use connector_domain::Clock as _;
use connector_ports::{Cursor, State as _, StateName};
use connector_sandbox::connection::RULES;
use connector_simulators::bigcommerce::NewOrder;
use connector_simulators::{BigCommerceConfig, BigCommerceSim, Pause};

use crate::basket::gloves;
use crate::poll::begun;
use crate::world::{MAIN, Plan, World, id, key};

async fn cursor(world: &World) -> Cursor {
    world.pipeline.state().cursor(&id(MAIN), "poll").await.unwrap().unwrap()
}

#[tokio::test]
async fn of_two_pollers_at_once_one_sends() {
    let world = begun(Plan::default()).await;
    let orders: Vec<u64> = (0..4).map(|_| world.shop.place_order(gloves())).collect();
    world.clock.advance(Duration::from_mins(5));
    let before = cursor(&world).await.version;
    let (one, other) = tokio::join!(world.poll(), world.poll());
    assert_eq!(one.sent + other.sent, 4);
    assert!(one.sent == 0 || other.sent == 0, "the second stopped before it sent anything");
    assert!(cursor(&world).await.version > before);
    world.settle().await;
    for order in &orders {
        world.is_synced(*order).await;
    }
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_poller_that_dies_before_it_writes_down_where_it_is_loses_and_repeats_nothing() {
    let world = begun(Plan::default()).await;
    let orders: Vec<u64> = (0..3).map(|_| world.shop.place_order(gloves())).collect();
    world.clock.advance(Duration::from_mins(5));
    let before = cursor(&world).await.document;
    assert_eq!(world.poll().await.sent, 3);
    // As if it had been killed after the last order was sent, and before the place was written.
    let after = cursor(&world).await;
    world.pipeline.state().advance(&id(MAIN), "poll", Some(&after), before).await.unwrap();
    assert_eq!(world.poll().await.sent, 3, "nobody has worked on them, so they are sent again");
    world.settle().await;
    for order in &orders {
        world.is_synced(*order).await;
    }
    assert_eq!(world.company.orders().len(), 3, "twice sent, once imported");
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    assert_eq!(world.report().await.open, []);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_place_that_cannot_be_read_is_told_of_and_not_begun_anew() {
    let world = begun(Plan::default()).await;
    let was = cursor(&world).await;
    let strange = serde_json::json!({ "written_by": "another version" });
    let now = world.pipeline.state().advance(&id(MAIN), "poll", Some(&was), strange.clone()).await.unwrap();
    let calls = world.shop.traffic().calls().len();
    assert!(world.polls_now().await, "no other job stops for it");
    let error = world.poll_of(MAIN).await.unwrap_err().to_string();
    assert!(error.contains("the cursor poll cannot be read"), "{error}");
    assert_eq!(cursor(&world).await.document, strange, "it stays for a person to look at");
    assert_eq!(world.shop.traffic().calls().len(), calls);
    world.pipeline.state().advance(&id(MAIN), "poll", Some(&now), was.document).await.unwrap();
    world.catch_up().await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_connection_that_cannot_be_used_is_put_off_and_its_account_stays() {
    let world = begun(Plan::default()).await;
    let order = world.shop.place_order(gloves());
    world.clock.advance(Duration::from_mins(5));
    world.connect_again("orders = 1");
    world.poll_of(MAIN).await.unwrap_err();
    assert!(!world.polls_now().await);
    world.connect_again(RULES);
    world.clock.advance(Duration::from_mins(5));
    assert_eq!(world.catch_up().await, [order]);
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    world.ends(&[]).await;
}

/// A checkout that was begun: it is recorded as waiting, without a call to Kinetic.
fn checkout() -> NewOrder {
    NewOrder { status_id: 0, ..gloves() }
}

#[tokio::test]
async fn none_of_four_hundred_orders_of_one_second_is_skipped_while_they_change() {
    let mut world = World::new().await;
    let store: Arc<OnceLock<Weak<BigCommerceSim>>> = Arc::default();
    let (changes, clock) = (store.clone(), world.clock.clone());
    let turn = std::sync::atomic::AtomicU64::new(0);
    let pause = Pause::new(move || {
        // Between any two requests some orders change, before and behind the place of the reading.
        if let Some(store) = changes.get().and_then(Weak::upgrade) {
            let turn = turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            clock.advance(Duration::from_millis(300));
            if turn < 300 {
                for order in [turn % 400, (turn * 7) % 400, 399 - turn % 400] {
                    store.update_order(101 + order, |order| order.handling += rust_decimal::Decimal::ONE);
                }
            }
        }
        Box::pin(std::future::ready(()))
    });
    let config = BigCommerceConfig { store_id: 2, page_clamp: Some(50), pause, ..BigCommerceConfig::new() };
    let shop = BigCommerceSim::start(config.store_hash("xyz789").clock(world.sim_clock())).await.unwrap();
    let shop = Arc::new(shop);
    let rules = RULES.replace("\"BC-\"", "\"OUT-\"").replace("writers = 4", "writers = 16");
    let rules = rules.replace("[shoppers]", "[shoppers]\ncust_id_prefix = \"O\"");
    world.connect("outlet", &shop, &format!("{rules}\n[poll]\nin_flight_per_lane = 10\n"));
    for hook in shop.hooks() {
        shop.switch_off_hook(hook["id"].as_u64().unwrap());
    }
    shop.place_order(checkout());
    world.poll_of("outlet").await.unwrap();
    world.clock.advance(Duration::from_mins(1));
    let orders: Vec<u64> = (0..400).map(|_| shop.place_order(checkout())).collect();
    world.clock.advance(Duration::from_mins(5));
    store.set(Arc::downgrade(&shop)).unwrap();

    let poller = world.pipeline.jobs().poller();
    for _ in 0..4 {
        while poller.is_due(&id("outlet")).await.unwrap() {
            world.poll_of("outlet").await.unwrap();
            world.drain().await;
        }
        world.clock.advance(Duration::from_mins(5));
    }
    for order in &orders {
        let row = world.row_of("outlet", *order).await;
        assert_eq!(row.state.name(), StateName::Waiting);
        let shown = shop.order(*order).unwrap()["date_modified"].as_str().unwrap().to_owned();
        let shown = jiff::fmt::rfc2822::parse(&shown).unwrap().timestamp();
        assert_eq!(row.date_modified, Some(shown), "order {order} was read after its last change");
    }
    let report = poller.report(&id("outlet")).await.unwrap();
    assert_eq!(report.accounted_to.map(|order| order.0), orders.last().copied());
    assert!(report.read_to.unwrap() > world.clock.now() - jiff::SignedDuration::from_mins(11));
    let never = world.pipeline.ledger();
    assert!(connector_ports::Ledger::get(never, &key("outlet", 100)).await.unwrap().is_none(), "from before");
    world.ends(&[]).await;
}
