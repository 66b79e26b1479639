//! What a person can do: replay, link what was keyed by hand, create the missing part.

use std::ops::ControlFlow;
use std::time::Duration;

use connector_domain::{Deadline, OrderNum};
use connector_ports::{Ledger as _, OrderState, StateName};
use connector_simulators::bigcommerce::{OrderEvent, dec};
use connector_simulators::kinetic::Part;
use connector_sync::hold::HoldReason;
use connector_sync::orders::{LinkError, Linked, link};
use connector_sync::replay::{Replayed, Selection, plan, send};

use crate::basket::{gloves, guest, line};
use crate::world::{MAIN, Plan, World, id, key};

async fn linked(world: &World, order: u64, order_num: i32) -> Result<Linked, LinkError> {
    let deadline = Deadline::after(&world.clock, Duration::from_mins(15));
    link(&key(MAIN, order), OrderNum(order_num), world.pipeline.consumer(), deadline).await
}

async fn replayed(world: &World, selection: &Selection, stop_after: usize) -> (usize, Replayed) {
    let chosen = plan(world.pipeline.ledger(), selection).await.unwrap();
    let mut heard = 0;
    let sent = send(&chosen, world.pipeline.queue(), world.pipeline.directory(), |sent, of| {
        assert_eq!((sent, of), (heard + 1, chosen.orders.len()));
        heard = sent;
        if sent == stop_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let sent = sent.await.unwrap();
    world.settle().await;
    (chosen.orders.len(), sent)
}

#[tokio::test]
async fn orders_that_are_held_for_a_missing_part_go_on_when_it_appears() {
    let world = World::new().await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(world.order(guest().line("NEW-77", 2, dec("4.50"))).await);
    }
    let other = world.order(guest().line("NEW-78", 2, dec("4.50"))).await;
    let since = world.row(held[0]).await.held_since;
    world.later(Duration::from_mins(6)).await;
    assert_eq!(world.held(held[0]).await.0, "unknown_part");
    let asked = world.kinetic_calls();
    world.later(Duration::from_mins(1)).await;
    assert_eq!(world.kinetic_calls(), asked, "it is asked every five minutes, not every one");
    world.later(Duration::from_mins(5)).await;
    assert_eq!(world.kinetic_calls(), asked + 1, "one question for all of them");
    assert_eq!(world.row(held[0]).await.held_since, since);

    world.company.add_part(&Part::new("NEW-77", "There now", dec("4.50")));
    world.later(Duration::from_mins(6)).await;
    for order in held {
        world.is_synced(order).await;
    }
    assert_eq!(world.held(other).await.1.as_deref(), Some("NEW-78"));
    world.ends(&[other]).await;
}

#[tokio::test]
async fn all_orders_held_for_one_reason_are_replayed_after_a_plan_that_says_what_it_costs() {
    // The rules know no Germany yet.
    let world = World::with(Plan::default().rule("DE = 4", "")).await;
    let germany = |mut order: connector_simulators::bigcommerce::NewOrder| {
        order.billing.country_iso2 = "DE".into();
        order
    };
    let basket = || gloves().with_line(line("DRL-HSS-8.5", 4));
    let mut orders = Vec::new();
    for _ in 0..4 {
        orders.push(world.order(germany(basket())).await);
    }
    let missing = world.order(guest().line("NEW-77", 2, dec("4.50"))).await;
    let selection = Selection::HeldFor { connection: id(MAIN), reason: HoldReason::UnknownCountry };
    let chosen = plan(world.pipeline.ledger(), &selection).await.unwrap();
    assert_eq!(chosen.orders.iter().map(|order| order.key.order.0).collect::<Vec<_>>(), orders);

    world.connect_again(connector_sandbox::connection::RULES);
    let (shop, kinetic) = (world.shop.traffic().calls().len(), world.kinetic_calls());
    let (chosen_now, sent) = replayed(&world, &selection, 2).await;
    assert_eq!((chosen_now, sent), (4, Replayed { sent: 2, cancelled: true }), "stopped after the second");
    let (chosen_now, sent) = replayed(&world, &selection, usize::MAX).await;
    assert_eq!((chosen_now, sent), (2, Replayed { sent: 2, cancelled: false }), "the rest");
    for order in orders {
        world.is_synced(order).await;
    }
    let cost = (world.shop.traffic().calls().len() - shop, world.kinetic_calls() - kinetic);
    assert!(cost.0 <= chosen.calls.shop && cost.1 <= chosen.calls.kinetic, "{cost:?} of {:?}", chosen.calls);
    assert!(
        cost.1 * 3 / 2 > chosen.calls.kinetic,
        "and the plan does not cry wolf: {cost:?} of {:?}",
        chosen.calls
    );
    world.ends(&[missing]).await;
}

#[tokio::test]
async fn all_that_failed_since_a_time_are_replayed_and_nothing_older() {
    let world = World::new().await;
    let old = world.order(guest().line("NEW-77", 1, dec("4.50"))).await;
    world.clock.advance(Duration::from_hours(1));
    let since = connector_domain::Clock::now(&world.clock);
    let held = world.order(guest().line("NEW-78", 1, dec("4.50"))).await;
    world.company.faults().add(connector_simulators::Fault::Status { status: 503, body: None }.always());
    let retrying = world.order(gloves()).await;
    world.company.faults().clear();
    for sku in ["NEW-77", "NEW-78"] {
        world.company.add_part(&Part::new(sku, "There now", dec("4.50")));
    }
    let selection = Selection::FailedSince { connection: id(MAIN), since };
    let (chosen, _) = replayed(&world, &selection, usize::MAX).await;
    assert_eq!(chosen, 2);
    for order in [held, retrying] {
        world.is_synced(order).await;
    }
    assert_eq!(world.state(old).await.name(), StateName::Held);
    let one = Selection::One(key(MAIN, old));
    replayed(&world, &one, usize::MAX).await;
    world.is_synced(old).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_replay_of_a_synced_order_changes_nothing() {
    let world = World::new().await;
    let order = world.order(gloves()).await;
    let saves = world.company.traffic().count("POST", "Svc/");
    replayed(&world, &Selection::One(key(MAIN, order)), usize::MAX).await;
    assert_eq!(world.company.traffic().count("POST", "Svc/"), saves);
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_keyed_by_hand_is_linked_and_never_touched() {
    let world = World::new().await;
    let first = world.order(gloves()).await;
    let keyed = world.is_synced(first).await.order_num;
    world.company.edit_order(keyed, |row| row.set("PONum", "BY-PHONE"));
    let order = world.order(guest().line("NEW-77", 1, dec("4.50"))).await;
    assert_eq!(world.held(order).await.0, "unknown_part");

    let linked = linked(&world, order, keyed).await.unwrap();
    assert!(!linked.follows && linked.shop != linked.kinetic, "{linked:?}");
    assert_eq!(world.state(order).await, OrderState::Synced);
    let number = keyed.to_string();
    assert_eq!(world.shop.order(order).unwrap()["external_order_id"], number);
    assert!(world.rules_of(order).await.iter().any(|(rule, _)| rule == "linked"));

    // An event and a replay change nothing; an edit and a cancellation are held.
    let saves = world.company.traffic().count("POST", "Svc/");
    world.shop.emit(OrderEvent::Updated, order);
    world.settle().await;
    replayed(&world, &Selection::One(key(MAIN, order)), usize::MAX).await;
    assert_eq!(world.state(order).await, OrderState::Synced);
    world.shop.update_order(order, |order| order.lines[0].quantity = 3);
    world.settle().await;
    assert_eq!(world.held(order).await.0, "edited_after_import");
    world.shop.update_order(order, |order| order.status_id = 5);
    world.settle().await;
    assert_eq!(world.held(order).await.0, "cancelled_after_import");
    assert_eq!(world.company.traffic().count("POST", "Svc/"), saves, "and nothing was ever written");
    world.ends(&[order]).await;
}

#[tokio::test]
async fn a_held_edit_that_was_made_by_hand_is_settled_by_linking_the_order_to_its_own_number() {
    let world = World::new().await;
    let order = world.order(gloves().with_line(line("DRL-HSS-8.5", 4))).await;
    let number = world.is_synced(order).await.order_num;
    world.company.ship(number, 2, dec("1"));
    world.shop.update_order(order, |order| order.lines[0].quantity = 7);
    world.settle().await;
    assert_eq!(world.held(order).await.0, "edited_after_shipment");
    world.company.edit_line(number, 1, |row| row.set("SellingQuantity", 7));
    let linked = linked(&world, order, number).await.unwrap();
    assert!(linked.follows && linked.shop == linked.kinetic, "{linked:?}");
    world.shop.emit(OrderEvent::Updated, order);
    world.settle().await;
    assert_eq!(world.state(order).await, OrderState::Synced);
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_is_not_linked_to_what_cannot_be_right() {
    let world = World::new().await;
    let (order, other) = (world.order(gloves()).await, world.order(gloves()).await);
    let others = world.is_synced(other).await.order_num;
    let own = world.is_synced(order).await.order_num;
    assert!(matches!(linked(&world, order, 7).await, Err(LinkError::NotInKinetic(OrderNum(7)))));
    assert!(matches!(linked(&world, order, others).await, Err(LinkError::Others { .. })));
    assert!(matches!(linked(&world, 9_999, own).await, Err(LinkError::NotInShop(_))));
    world.company.void_order(own);
    assert!(matches!(linked(&world, order, own).await, Err(LinkError::Voided(_))));
    let claimed = world.pipeline.ledger().claim(&key(MAIN, other), Duration::from_mins(1)).await.unwrap();
    assert!(matches!(linked(&world, other, others).await, Err(LinkError::Busy(_))));
    drop(claimed);
    world.later(Duration::from_mins(2)).await;
    world.is_synced(other).await;
    world.ends(&[]).await;
}
