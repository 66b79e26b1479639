//! Orders that no webhook told of.

use std::time::Duration;

use connector_domain::{OrderId, Random as _, SeededRandom};
use connector_ports::{ClaimOutcome, Ledger as _, OrderState, Progress};
use connector_sandbox::connection::{HEADER, HEADER_SECRET, RULES};
use connector_simulators::bigcommerce::{DeliveryMode, dec};
use connector_simulators::{BigCommerceConfig, BigCommerceSim, Fault};
use connector_sync::jobs::Figure;
use test_case::test_case;

use crate::basket::gloves;
use crate::world::{MAIN, Plan, World, key};

const FIVE_MINUTES: Duration = Duration::from_mins(5);

pub(crate) fn figure(ran: &connector_sync::jobs::Ran, figure: Figure) -> u64 {
    ran.figures.iter().find(|(name, _)| *name == figure).unwrap().1
}

/// A world whose account has begun, with one order from before it.
pub(crate) async fn begun(plan: Plan) -> World {
    let world = World::with(plan).await;
    world.without_hooks();
    world.shop.place_order(gloves());
    world.clock.advance(FIVE_MINUTES);
    let ran = world.poll().await;
    assert_eq!(ran.sent, 0, "what came before the connector is not imported");
    world.clock.advance(FIVE_MINUTES);
    world
}

#[tokio::test]
async fn after_three_days_without_hooks_all_is_filled_back_and_an_order_of_today_comes_first() {
    let world = begun(Plan::default()).await;
    let missed: Vec<u64> = (0..24)
        .map(|_| {
            world.clock.advance(Duration::from_hours(3));
            world.shop.place_order(gloves())
        })
        .collect();
    world.clock.advance(FIVE_MINUTES);
    let ran = world.poll().await;
    assert_eq!(ran.sent, 4, "one a lane");
    assert!(figure(&ran, Figure::AccountedBehind) > 70 * 3600, "the list was not read to its end");
    assert!(world.polls_now().await, "it goes on at once");

    world.shop.add_hook("store/order/*", &world.address(), &[(HEADER, HEADER_SECRET)]);
    let today = world.shop.place_order(gloves());
    world.shop.drain_hooks().await;
    let first: Vec<u64> =
        world.drain().await.iter().filter_map(|worked| Some(worked.key()?.order.0)).collect();
    assert_eq!(first[..4], missed[..4]);
    assert_eq!(first[4], today, "behind one of each lane, and before twenty of the last days");

    let rest = world.catch_up().await;
    let mut back_filled: Vec<u64> = rest.into_iter().filter(|order| missed.contains(order)).collect();
    back_filled.dedup();
    assert_eq!(back_filled[..20], missed[4..], "the oldest first");
    for order in missed.iter().chain([&today]) {
        world.is_synced(*order).await;
    }
    let report = world.report().await;
    assert_eq!((report.accounted_to, report.settled_to), (Some(OrderId(today)), Some(OrderId(today))));
    assert_eq!(report.open, []);
    assert_eq!(world.company.orders().len(), 25, "the one from before is not imported");
    world.ends(&[]).await;
}

#[test_case(1)]
#[test_case(2)]
#[test_case(3)]
#[tokio::test]
async fn whatever_deliveries_are_lost_the_account_is_complete(seed: u64) {
    let world = begun(Plan::default()).await;
    let (dice, address) = (SeededRandom::new(seed), world.address());
    let mut orders: Vec<u64> = Vec::new();
    for _ in 0..40 {
        let (scope, order) = if orders.is_empty() || dice.next_u64() % 3 > 0 {
            orders.push(world.shop.place_order(gloves()));
            ("store/order/created", orders[orders.len() - 1])
        } else {
            let order = orders[usize::try_from(dice.next_u64() % 1000).unwrap() % orders.len()];
            world.shop.update_order(order, |order| order.lines[0].quantity += 1);
            ("store/order/updated", order)
        };
        if dice.next_u64() % 2 == 0 {
            let delivery = world.shop.delivery(scope, order, DeliveryMode::Normal).unwrap();
            world.shop.send(&delivery, &address).await.unwrap();
            world.settle().await;
        }
        world.clock.advance(Duration::from_secs(dice.next_u64() % 200));
        world.catch_up().await;
    }
    for _ in 0..4 {
        world.clock.advance(FIVE_MINUTES);
        world.catch_up().await;
    }
    for order in &orders {
        let view = world.is_synced(*order).await;
        let wanted = world.shop.order_spec(*order).unwrap().lines[0].quantity;
        assert_eq!(view.lines[0].selling_quantity, wanted.into(), "order {order} has followed its last edit");
    }
    assert_eq!(world.report().await.settled_to, orders.last().copied().map(OrderId));
    world.clock.advance(FIVE_MINUTES);
    assert_eq!(world.poll().await.sent, 0, "and then it is quiet");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_poll_that_finds_nothing_is_two_calls_whatever_the_ledger_holds() {
    let world = World::new().await;
    world.without_hooks();
    for order in 1..=100_000 {
        let claimed = world.pipeline.ledger().claim(&key(MAIN, order), FIVE_MINUTES).await.unwrap();
        let ClaimOutcome::Granted(claim, _) = claimed else { panic!("busy") };
        world
            .pipeline
            .ledger()
            .complete(claim, OrderState::Synced, Progress::default(), vec![])
            .await
            .unwrap();
    }
    world.shop.place_order(connector_simulators::bigcommerce::NewOrder { id: Some(100_000), ..gloves() });
    world.clock.advance(Duration::from_hours(1));
    world.poll().await;
    assert_eq!(world.shop.traffic().calls().len(), 1, "to begin is one call");
    for _ in 0..3 {
        world.clock.advance(FIVE_MINUTES);
        world.shop.traffic().clear();
        let ran = world.poll().await;
        assert_eq!((ran.sent, figure(&ran, Figure::AccountedBehind)), (0, 0));
        assert_eq!(world.shop.traffic().calls().len(), 2);
    }
    assert!(!world.polls_now().await);
    world.shop.traffic().clear();
    world.poll().await;
    assert!(world.shop.traffic().calls().is_empty(), "before its time it does nothing");
    assert_eq!(world.kinetic_calls(), 0);
    world.ends(&[]).await;
}

#[tokio::test]
async fn our_own_write_back_is_no_news() {
    let world = World::with(Plan { latency: Duration::from_secs(1), ..Plan::default() }).await;
    world.poll().await;
    let order = world.order(gloves()).await;
    let modified = world.shop.order(order).unwrap()["date_modified"].clone();
    assert_ne!(modified, world.shop.order(order).unwrap()["date_created"], "the write-back has changed it");
    assert!(world.row(order).await.date_modified.is_some());
    let kinetic = world.kinetic_calls();
    for looked_at in [1, 0, 0] {
        world.clock.advance(FIVE_MINUTES);
        let ran = world.poll().await;
        // It was read in the second of the write-back, so once more.
        assert_eq!((ran.sent, figure(&ran, Figure::OrdersStale)), (looked_at, 0));
        world.settle().await;
    }
    assert_eq!(world.kinetic_calls(), kinetic);
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_that_the_poller_brought_is_looked_at_once_more_for_its_echo_and_then_no_more() {
    let world = begun(Plan { latency: Duration::from_secs(1), ..Plan::default() }).await;
    let order = world.shop.place_order(gloves());
    world.clock.advance(FIVE_MINUTES);
    assert_eq!(world.catch_up().await, [order]);
    let kinetic = world.kinetic_calls();
    world.clock.advance(FIVE_MINUTES);
    assert_eq!(world.catch_up().await, [order], "no hook brought the echo");
    for _ in 0..3 {
        world.clock.advance(FIVE_MINUTES);
        assert_eq!(world.poll().await.sent, 0);
    }
    assert_eq!(world.kinetic_calls(), kinetic, "and the echo asked nothing of Kinetic");
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_whose_webhook_may_be_under_way_is_left_to_it() {
    let world = begun(Plan::default()).await;
    let order = world.shop.place_order(gloves());
    world.clock.advance(Duration::from_secs(119));
    assert_eq!(world.poll().await.sent, 0);
    assert!(world.report().await.accounted_to < Some(OrderId(order)));
    world.clock.advance(FIVE_MINUTES);
    assert_eq!(world.catch_up().await, [order]);
    let report = world.report().await;
    assert_eq!((report.delivery.missed, report.delivery.known), (1, 0));
    world.clock.advance(FIVE_MINUTES);
    world.catch_up().await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_connection_whose_store_refuses_does_not_slow_another() {
    let mut world = begun(Plan::default()).await;
    let config = BigCommerceConfig { store_id: 2, ..BigCommerceConfig::new().store_hash("xyz789") };
    let outlet = BigCommerceSim::start(config.clock(world.sim_clock())).await.unwrap();
    let rules =
        RULES.replace("\"BC-\"", "\"OUT-\"").replace("[shoppers]", "[shoppers]\ncust_id_prefix = \"O\"");
    world.connect("outlet", &outlet, &rules);
    outlet.faults().add(Fault::Status { status: 401, body: None }.always().on("GET", "/v2/orders"));
    let order = world.shop.place_order(gloves());
    world.clock.advance(FIVE_MINUTES);
    world.poll_of("outlet").await.unwrap_err();
    assert_eq!(world.poll_of("outlet").await.unwrap().sent, 0, "it is out of order, and not asked");
    assert_eq!(outlet.traffic().calls().len(), 1);
    assert_eq!(world.catch_up().await, [order]);
    world.is_synced(order).await;

    outlet.faults().clear();
    world.clock.advance(FIVE_MINUTES);
    world.poll_of("outlet").await.unwrap();
    assert_eq!(outlet.traffic().calls().len(), 2, "it has begun");
    world.catch_up().await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_edit_in_the_second_of_the_last_reading_is_found_although_no_webhook_tells_of_it() {
    let world = World::new().await;
    world.poll().await;
    let order = world.order(gloves()).await;
    // The store tells whole seconds: after this edit it says the same of the order as before.
    world.shop.lose_deliveries(|_, _| true);
    let before = world.shop.order(order).unwrap()["date_modified"].clone();
    world.shop.update_order(order, |order| order.lines[0].quantity = 7);
    assert_eq!(world.shop.order(order).unwrap()["date_modified"], before);
    world.shop.drain_hooks().await;
    world.shop.lose_no_deliveries();
    world.clock.advance(FIVE_MINUTES);
    let ran = world.poll().await;
    assert_eq!(
        (ran.sent, figure(&ran, Figure::OrdersStale)),
        (1, 0),
        "it is looked at once more, and is no news"
    );
    world.settle().await;
    assert_eq!(world.is_synced(order).await.lines[0].selling_quantity, dec("7"));
    world.clock.advance(FIVE_MINUTES);
    world.poll().await;
    world.settle().await;
    world.clock.advance(FIVE_MINUTES);
    assert_eq!(world.poll().await.sent, 0, "and then it is sure");
    world.ends(&[]).await;
}
