//! What Kinetic holds is compared with the ledger at a slower cadence.

use std::time::Duration;

use connector_domain::{CurrencyCode, Money, OrderId, OrderNum};
use connector_ports::{ClaimOutcome, Ledger as _, OrderState, Progress, Totals};
use connector_simulators::Fault;
use connector_simulators::bigcommerce::dec;
use connector_sync::jobs::Figure;
use connector_sync::poll::{ProofReport, Wrong};

use crate::basket::gloves;
use crate::poll::{begun, figure};
use crate::world::{MAIN, Plan, World, key};

const A_DAY: Duration = Duration::from_hours(25);

/// The words of an error that a person has to act on.
const TOLD: &str = "of main-store: ";

/// A world whose poller has begun, with hooks.
async fn polled(plan: Plan) -> World {
    let world = World::with(plan).await;
    world.poll().await;
    world
}

/// A day later: how many mismatches the poller finds that nobody knew.
async fn next_day(world: &World) -> u64 {
    // What was read in the second of its last change is read once more before.
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    world.clock.advance(A_DAY);
    world.company.traffic().clear();
    figure(&world.poll().await, Figure::ProofMismatches)
}

async fn proof(world: &World) -> ProofReport {
    world.report().await.proof.unwrap()
}

fn looks(world: &World) -> usize {
    world.company.traffic().matching("GET", "/Erp.BO.SalesOrderSvc/SalesOrders").len()
}

/// What is wrong, by order.
async fn wrong(world: &World) -> Vec<(u64, Wrong)> {
    proof(world).await.mismatches.into_iter().map(|known| (known.order.0, known.wrong)).collect()
}

/// Rows that say they are in Kinetic, which has none of them.
async fn only_in_the_ledger(world: &World, orders: std::ops::RangeInclusive<u64>) {
    let ledger = world.pipeline.ledger();
    for order in orders {
        let claimed = ledger.claim(&key(MAIN, order), Duration::from_mins(5)).await.unwrap();
        let ClaimOutcome::Granted(claim, _) = claimed else { panic!("busy") };
        let totals = Totals { shop: Money::ZERO, kinetic: Money::ZERO, currency: CurrencyCode::none() };
        let progress = Progress { order_num: Some(OrderNum(7)), totals: Some(totals), ..Progress::default() };
        ledger.complete(claim, OrderState::Synced, progress, vec![]).await.unwrap();
    }
}

#[tokio::test]
async fn where_all_is_well_nothing_is_told_and_twenty_orders_are_one_call() {
    let world = polled(Plan::default()).await;
    for _ in 0..23 {
        world.order(gloves()).await;
    }
    assert_eq!(proof(&world).await.begun, None);
    assert_eq!(next_day(&world).await, 0);
    assert_eq!(looks(&world), 2);
    let sent = world.company.traffic().matching("GET", "/Erp.BO.SalesOrderSvc/SalesOrders");
    assert!(sent.iter().all(|call| !format!("{call:?}").contains("expand")), "flat");
    let report = proof(&world).await;
    assert!(report.ended.is_some() && report.begun.is_some());
    assert_eq!((report.checked, report.mismatches.len(), report.besides), (23, 0, 0));
    assert_eq!(world.logs.count("ERROR", TOLD), 0);

    world.clock.advance(Duration::from_mins(5));
    world.company.traffic().clear();
    world.poll().await;
    assert_eq!(world.kinetic_calls(), 0, "not again before its time");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_second_order_under_the_same_reference_is_found() {
    let world = polled(Plan::default()).await;
    let (order, other) = (world.order(gloves()).await, world.order(gloves()).await);
    let (own, second) = (world.is_synced(order).await, world.is_synced(other).await);
    // The other one is done with in the shop, and a clerk makes a double of the first out of it.
    world.shop.update_order(other, |order| order.status_id = 5);
    world.settle().await;
    assert_eq!(world.state(other).await, OrderState::Cancelled);
    assert_eq!(next_day(&world).await, 0);
    assert!(world.company.edit_order(second.order_num, |row| row.set("PONum", format!("BC-{order}"))));
    assert_eq!(next_day(&world).await, 0, "a void one does not count");
    assert!(world.company.reopen_order(second.order_num));
    assert_eq!(next_day(&world).await, 1);
    let order_nums = vec![OrderNum(own.order_num), OrderNum(second.order_num)];
    assert_eq!(wrong(&world).await, [(order, Wrong::Several { order_nums })]);
    assert_eq!(world.logs.count("ERROR", TOLD), 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_that_was_voided_in_kinetic_is_found() {
    let world = polled(Plan::default()).await;
    let order = world.order(gloves()).await;
    let order_num = world.is_synced(order).await.order_num;
    assert!(world.company.void_order(order_num));
    assert_eq!(next_day(&world).await, 1);
    assert_eq!(wrong(&world).await, [(order, Wrong::Void { order_num: OrderNum(order_num) })]);
    assert_eq!(world.logs.count("ERROR", "was voided, and the shop's was not cancelled"), 1);

    world.shop.update_order(order, |order| order.status_id = 5);
    world.settle().await;
    assert_eq!(next_day(&world).await, 0);
    assert_eq!(wrong(&world).await, [], "it is cancelled in the shop as well");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_total_that_a_clerk_changed_is_told_once_and_kept_until_it_is_put_right() {
    let world = polled(Plan::default()).await;
    let order = world.order(gloves()).await;
    let view = world.is_synced(order).await;
    let proven = view.lines[0].doc_unit_price;
    let price = |price| world.company.edit_line(view.order_num, 1, |row| row.set("DocUnitPrice", price));
    assert!(price(dec("1.00")));
    assert_eq!(next_day(&world).await, 1);
    let since = proof(&world).await.mismatches[0].since;
    assert_eq!(world.logs.count("ERROR", "was changed by somebody since it was proven"), 1);

    assert_eq!(next_day(&world).await, 0);
    let known = proof(&world).await.mismatches;
    assert!(matches!(known[0].wrong, Wrong::Total { .. }), "{known:?}");
    assert_eq!((known.len(), known[0].order, known[0].since), (1, OrderId(order), since));
    assert_eq!(world.logs.count("ERROR", TOLD), 1, "not told again");

    assert!(price(proven));
    assert_eq!(next_day(&world).await, 0);
    assert_eq!(wrong(&world).await, []);
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_that_is_being_worked_on_is_left_for_the_next_round() {
    let world = polled(Plan::default()).await;
    let order = world.order(gloves()).await;
    let order_num = world.is_synced(order).await.order_num;
    assert!(world.company.void_order(order_num));
    world.clock.advance(A_DAY);
    let claimed = world.pipeline.ledger().claim(&key(MAIN, order), Duration::from_mins(5)).await.unwrap();
    let ClaimOutcome::Granted(claim, _) = claimed else { panic!("busy") };
    assert_eq!(figure(&world.poll().await, Figure::ProofMismatches), 0);
    world.pipeline.ledger().release(claim).await.unwrap();
    assert_eq!(next_day(&world).await, 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_round_is_bounded_and_goes_on_where_it_stopped() {
    let world = polled(Plan::default()).await;
    only_in_the_ledger(&world, 1..=521).await;
    assert_eq!(next_day(&world).await, 500);
    let report = proof(&world).await;
    assert_eq!((looks(&world), report.checked, report.ended), (25, 500, None));
    assert_eq!((report.mismatches.len(), report.besides), (200, 300), "the list is bounded");
    assert_eq!(world.logs.count("ERROR", "no order in Kinetic bears its reference any more"), 200);
    assert_eq!(world.logs.count("ERROR", "than are listed"), 1);

    world.clock.advance(Duration::from_mins(5));
    world.company.traffic().clear();
    assert_eq!(figure(&world.poll().await, Figure::ProofMismatches), 21);
    let report = proof(&world).await;
    assert_eq!((looks(&world), report.checked, report.besides), (2, 521, 321));
    assert!(report.ended.is_some());
    assert_eq!(world.logs.count("ERROR", "than are listed"), 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_round_that_kinetic_breaks_off_goes_on_an_hour_later_where_it_was() {
    let world = polled(Plan::default()).await;
    only_in_the_ledger(&world, 1..=50).await;
    let refused = Fault::Status { status: 403, body: None };
    world.company.faults().add(refused.always().on("GET", "/SalesOrders").after(1));
    assert_eq!(next_day(&world).await, 20);
    assert_eq!(proof(&world).await.checked, 20);
    world.company.faults().clear();
    world.company.traffic().clear();
    world.clock.advance(Duration::from_mins(30));
    world.poll().await;
    assert_eq!(looks(&world), 0, "there is no hurry");
    world.clock.advance(Duration::from_mins(31));
    assert_eq!(figure(&world.poll().await, Figure::ProofMismatches), 30);
    assert_eq!((looks(&world), proof(&world).await.checked), (2, 50));
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_poller_without_time_compares_nothing_more() {
    // A minute must be left for each step: two calls of the store, and then two of Kinetic.
    let world = polled(Plan { latency: Duration::from_secs(18), ..Plan::default() }).await;
    only_in_the_ledger(&world, 1..=100).await;
    next_day(&world).await;
    let report = proof(&world).await;
    assert!((1..100).contains(&report.checked) && report.checked % 20 == 0, "whole batches: {report:?}");
    assert_eq!(report.ended, None);
    let before = report.checked;
    world.clock.advance(Duration::from_mins(5));
    world.poll().await;
    assert!(proof(&world).await.checked > before, "it goes on with the next run");
    world.ends(&[]).await;
}

#[tokio::test]
async fn while_kinetic_is_down_the_pollers_own_work_is_done() {
    let world = begun(Plan::default()).await;
    let first = world.shop.place_order(gloves());
    world.clock.advance(Duration::from_mins(5));
    world.catch_up().await;
    world.is_synced(first).await;
    world.clock.advance(A_DAY);
    let missed = world.shop.place_order(gloves());
    world.clock.advance(Duration::from_mins(5));
    world.company.faults().add(Fault::Status { status: 401, body: None }.always());
    let ran = world.poll().await;
    assert_eq!((figure(&ran, Figure::OrdersMissed), figure(&ran, Figure::ProofMismatches)), (1, 0));
    assert!(ran.sent > 0);
    let report = proof(&world).await;
    assert!(report.begun.is_some() && report.ended.is_none());
    assert_eq!(
        world.logs.count("ERROR", "Kinetic of main-store is out of order"),
        1,
        "orders wait for it too"
    );

    world.company.faults().clear();
    world.later(Duration::from_hours(1)).await;
    world.catch_up().await;
    world.later(Duration::from_hours(1)).await;
    world.catch_up().await;
    world.is_synced(missed).await;
    assert!(proof(&world).await.ended.is_some());
    world.ends(&[]).await;
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let plan = Plan::default();
    let rules = format!("{}\n[poll]\nproof_hours = 0\n", plan.rules);
    let world = polled(Plan { rules, ..plan }).await;
    let order = world.order(gloves()).await;
    let order_num = world.is_synced(order).await.order_num;
    assert!(world.company.void_order(order_num));
    assert_eq!(next_day(&world).await, 0);
    assert_eq!(world.kinetic_calls(), 0);
    assert_eq!(world.report().await.proof, None);
    world.ends(&[]).await;
}
