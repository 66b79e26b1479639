//! Every order number is an order of the ledger, or explained.

use std::time::Duration;

use connector_domain::OrderId;
use connector_ports::OrderState;
use connector_simulators::Fault;
use connector_simulators::bigcommerce::{NewOrder, dec};
use connector_sync::jobs::Figure;
use connector_sync::poll::{Range, Since, Why};

use crate::basket::{gloves, guest};
use crate::poll::{begun, figure};
use crate::world::{MAIN, Plan, World, id};

fn numbered(order: u64) -> NewOrder {
    NewOrder { id: Some(order), ..gloves() }
}

fn range(first: u64, last: u64) -> Range {
    Range { first: OrderId(first), last: OrderId(last) }
}

/// Polls every five minutes for so many hours.
async fn for_hours(world: &World, hours: u64) {
    for _ in 0..hours * 12 {
        world.clock.advance(Duration::from_mins(5));
        world.catch_up().await;
    }
}

#[tokio::test]
async fn archived_orders_and_numbers_that_were_never_given_are_explained() {
    let world = begun(Plan::default()).await;
    for order in [101, 102, 106, 300] {
        world.shop.place_order(numbered(order));
    }
    world.shop.update_order(102, |order| order.is_deleted = true);
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    for order in [101, 106, 300] {
        world.is_synced(order).await;
    }
    let archived = world.state(102).await;
    assert!(matches!(archived, OrderState::Ignored { .. }), "an archived order is on record: {archived}");

    let report = world.report().await;
    assert_eq!(report.begun.unwrap().after, Some(OrderId(100)));
    assert_eq!((report.accounted_to, report.settled_to), (Some(OrderId(102)), Some(OrderId(102))));
    let open: Vec<_> = report.open.iter().map(|open| (open.range, open.why)).collect();
    let gap = |first, last| (range(first, last), Why::Gap);
    assert_eq!(open, [gap(103, 103), gap(104, 104), gap(105, 105), gap(107, 299)]);

    world.shop.traffic().clear();
    world.clock.advance(Duration::from_mins(5));
    let ran = world.poll().await;
    assert_eq!(figure(&ran, Figure::OpenGaps), 3 + 193);
    assert_eq!(world.shop.traffic().count("GET", "/v2/orders/103"), 0, "not asked again within the hour");

    for_hours(&world, 25).await;
    let report = world.report().await;
    assert_eq!((report.accounted_to, report.settled_to), (Some(OrderId(300)), Some(OrderId(300))));
    assert_eq!((report.open, report.explained.count()), (vec![], 196));
    assert_eq!(report.explained.ranges, [range(103, 105), range(107, 299)]);
    assert_eq!(
        world.shop.traffic().count("GET", "/v2/orders/200"),
        0,
        "a long row is not asked for one by one"
    );
    let asked = world.shop.traffic().count("GET", "/v2/orders/103");
    assert!((20..=26).contains(&asked), "once an hour: {asked}");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_number_that_is_late_comes_after_all() {
    let world = begun(Plan::default()).await;
    world.shop.place_order(numbered(103));
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    assert_eq!(world.report().await.accounted_to, Some(OrderId(100)));
    world.shop.place_order(numbered(101));
    world.shop.place_order(NewOrder { is_deleted: true, ..numbered(102) });
    for_hours(&world, 2).await;
    world.is_synced(101).await;
    assert!(matches!(world.state(102).await, OrderState::Ignored { .. }));
    let report = world.report().await;
    assert_eq!((report.accounted_to, report.open), (Some(OrderId(103)), vec![]));
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_number_whose_answer_is_cut_becomes_no_order_that_a_person_looks_for() {
    let world = begun(Plan::default()).await;
    world.shop.place_order(numbered(102));
    world.shop.faults().add(Fault::Garbled.always().on("GET", "/v2/orders/101$"));
    for_hours(&world, 30).await;
    assert!(world.shop.faults().fired() >= 20, "it is asked for once an hour");
    let report = world.report().await;
    assert_eq!(
        (report.accounted_to, report.open.len()),
        (Some(OrderId(100)), 1),
        "nothing is explained by it"
    );
    world.shop.faults().clear();
    for_hours(&world, 2).await;
    let report = world.report().await;
    assert_eq!((report.accounted_to, report.open), (Some(OrderId(102)), vec![]));
    assert_eq!(report.explained.ranges, [range(101, 101)]);
    world.ends(&[]).await;
}

#[tokio::test]
async fn what_is_held_is_accounted_for_and_not_settled() {
    let world = begun(Plan::default()).await;
    let first = world.shop.place_order(gloves());
    let held = world.shop.place_order(guest().line("NO-SUCH-PART", 1, dec("4.00")));
    let last = world.shop.place_order(gloves());
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    let report = world.report().await;
    assert_eq!((report.accounted_to, report.settled_to), (Some(OrderId(last)), Some(OrderId(first))));
    assert_eq!((report.held.len(), report.held_besides), (1, 0));
    assert_eq!((report.held[0].order, report.held[0].reason.as_str()), (OrderId(held), "unknown_part"));
    assert_eq!(report.delivery.missed, 3);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["settled_to"], first);
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    world.ends(&[held]).await;
}

#[tokio::test]
async fn a_reading_that_breaks_off_goes_on_where_it_was() {
    let mut plan = Plan::default();
    plan.shop.page_clamp = Some(2);
    let world = begun(plan).await;
    let orders: Vec<u64> = (0..6).map(|_| world.shop.place_order(gloves())).collect();
    world.clock.advance(Duration::from_mins(5));
    world.shop.faults().add(Fault::Status { status: 403, body: None }.always().on("GET", "/v2/orders$"));
    world.poll_of(MAIN).await.unwrap_err();
    assert_eq!(world.report().await.accounted_to, Some(OrderId(100)));
    world.shop.faults().clear();
    world.clock.advance(Duration::from_mins(35));
    world.catch_up().await;
    for order in &orders {
        world.is_synced(*order).await;
    }
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    assert_eq!(world.report().await.accounted_to.map(|order| order.0), orders.last().copied());
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_store_without_orders_is_counted_from_its_first() {
    let world = World::new().await;
    world.without_hooks();
    world.poll().await;
    assert_eq!(world.report().await.accounted_to, None);
    let first = world.shop.place_order(gloves());
    world.clock.advance(Duration::from_mins(5));
    assert_eq!(world.catch_up().await, [first]);
    assert_eq!(world.report().await.accounted_to, Some(OrderId(first)));
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn orders_from_before_the_connector_are_filled_back_when_somebody_asks() {
    let world = World::new().await;
    world.without_hooks();
    let before: Vec<u64> = (0..10)
        .map(|_| {
            world.clock.advance(Duration::from_hours(1));
            world.shop.place_order(gloves())
        })
        .collect();
    world.clock.advance(Duration::from_mins(5));
    world.poll().await;
    let poller = world.pipeline.jobs().poller();
    let since = world.clock.clone();
    let since = connector_domain::Clock::now(&since) - jiff::SignedDuration::from_mins(3 * 60 + 6);
    poller.back_fill(&id(MAIN), Since::Date(since)).await.unwrap();
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    let report = world.report().await;
    let filled = report.back_fill.unwrap();
    assert_eq!((filled.sent, filled.until), (4, Some(OrderId(before[9]))));
    assert!(filled.done_at.is_some());
    assert_eq!(report.accounted_to, Some(OrderId(before[9])), "it never goes down");
    assert_eq!(world.company.orders().len(), 4);

    poller.back_fill(&id(MAIN), Since::Id(OrderId(before[2]))).await.unwrap();
    for _ in 0..2 {
        world.clock.advance(Duration::from_mins(5));
        world.catch_up().await;
    }
    assert_eq!(poller.back_filled(&id(MAIN)).await.unwrap().unwrap().sent, 4, "what is known stays");
    for order in &before[2..] {
        world.is_synced(*order).await;
    }
    assert_eq!(world.company.orders().len(), 8);
    world.ends(&[]).await;
}
