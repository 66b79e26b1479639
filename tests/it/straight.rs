//! The straight path: a signed webhook becomes a Kinetic sales order, once.

use connector_ports::{AuditEvent, OrderState};
use connector_simulators::bigcommerce::{DeliveryMode, NewOrder, OrderEvent, dec};

use crate::basket::{guest, line};
use crate::world::World;

fn basket() -> NewOrder {
    guest()
        .tax_rate(dec("0.0825"))
        .with_line(line("DRL-HSS-8.5", 3))
        .with_line(line("HB-M8-40-ZN", 250))
        .shipping("Flat Rate", dec("8.50"))
}

#[tokio::test]
async fn an_order_becomes_a_sales_order() {
    let world = World::new().await;
    let order = world.order(basket()).await;
    let view = world.is_synced(order).await;
    let lines: Vec<_> =
        view.lines.iter().map(|line| (line.part_num.as_str(), line.selling_quantity)).collect();
    assert_eq!(lines, [("DRL-HSS-8.5", dec("3")), ("HB-M8-40-ZN", dec("250"))]);
    // The bolt is priced per hundred in Kinetic, by the piece in the shop.
    assert_eq!(view.lines[1].doc_unit_price, dec("41.25"));
    let charges: Vec<_> =
        view.charges.iter().map(|charge| (charge.misc_code.as_str(), charge.doc_misc_amt)).collect();
    assert_eq!(charges, [("FRT", dec("8.50"))]);
    let totals = world.row(order).await.totals.unwrap();
    assert_eq!(totals.shop.decimal(), "142.92".parse().unwrap(), "20.40 + 103.13 + 8.50, and 8.25 % of tax");
    assert_eq!(totals.kinetic.decimal(), view.doc_total);
    // 03:30 on April 1st in Greenwich is still March 31st at the plant.
    assert_eq!(format!("{:?}", view.header.get("OrderDate")), "Date(2026-03-31T00:00:00)");
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_hook_that_comes_twice_makes_one_order() {
    let world = World::new().await;
    let order = world.shop.place_order(basket());
    let sent = world.shop.drain_hooks_as(DeliveryMode::Duplicate).await;
    assert!(sent.len() >= 2 && sent.iter().all(|sent| sent.status == Some(200)), "{sent:?}");
    world.settle().await;
    world.is_synced(order).await;
    assert_eq!(world.company.orders().len(), 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_hook_that_comes_again_days_later_makes_no_second_order() {
    let world = World::new().await;
    let order = world.order(basket()).await;
    world.clock.advance(std::time::Duration::from_hours(47));
    let before = world.kinetic_calls();
    // Another event about the same order: nothing in it deduplicates it.
    world.shop.emit(OrderEvent::Updated, order);
    world.settle().await;
    assert_eq!(world.kinetic_calls(), before, "an unchanged order costs no Kinetic call");
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn our_own_write_back_is_an_echo_that_costs_no_kinetic_call() {
    let world = World::new().await;
    let order = world.shop.place_order(basket());
    world.shop.drain_hooks().await;
    world.drain().await;
    let calls = world.kinetic_calls();
    // The number was written into the shop's order, and the shop tells us so.
    let echo = world.shop.drain_hooks().await;
    assert!(echo.iter().any(|sent| sent.scope == "store/order/updated"), "{echo:?}");
    let worked = world.drain().await;
    assert!(!worked.is_empty());
    assert_eq!(world.kinetic_calls(), calls);
    assert_eq!(world.state(order).await, OrderState::Synced);
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn the_trail_tells_what_happened_in_order() {
    let world = World::new().await;
    let order = world.order(basket()).await;
    let trail = world.trail(order).await;
    let numbers: Vec<u64> = trail.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<_>>());
    let mut open = Vec::new();
    for entry in &trail {
        match &entry.event {
            AuditEvent::SaveIntent { step } => open.push(step.clone()),
            AuditEvent::SaveOutcome { step, outcome, .. } => {
                assert_eq!(open.pop().as_ref(), Some(step), "an outcome follows its intent");
                assert_eq!(outcome, "saved");
            }
            AuditEvent::Transition { .. } | AuditEvent::RuleFired { .. } | AuditEvent::Failed { .. } => {}
        }
    }
    assert!(open.is_empty(), "an intent without an outcome: {open:?}");
    let saves = trail.iter().filter(|entry| matches!(entry.event, AuditEvent::SaveIntent { .. })).count();
    assert_eq!(saves, 6, "header, two lines, a charge, recalculate, release");
    let last = AuditEvent::Transition { from: OrderState::New, to: OrderState::Synced };
    assert!(trail.iter().any(|entry| entry.event == last));
    world.ends(&[]).await;
}

#[tokio::test]
async fn orders_that_come_together_are_all_written() {
    let world = World::new().await;
    let orders: Vec<u64> = (0..12).map(|_| world.shop.place_order(basket())).collect();
    world.settle().await;
    for order in &orders {
        world.is_synced(*order).await;
    }
    assert_eq!(world.company.orders().len(), orders.len());
    world.ends(&[]).await;
}

#[tokio::test]
async fn hooks_that_come_out_of_order_and_twice_leave_the_order_as_it_is_last() {
    let world = World::new().await;
    let order = world.shop.place_order(basket());
    world.shop.update_order(order, |order| order.lines[0].quantity = 3);
    world.shop.update_order(order, |order| order.lines[0].quantity = 7);
    let sent = world.shop.drain_hooks_out_of_order().await;
    assert!(sent.len() >= 3 && sent.iter().all(|sent| sent.status == Some(200)), "{sent:?}");
    world.settle().await;
    world.shop.update_order(order, |order| order.lines[0].quantity = 5);
    world.shop.drain_hooks_as(DeliveryMode::Duplicate).await;
    world.settle().await;
    assert_eq!(world.is_synced(order).await.lines[0].selling_quantity, 5.into());
    assert_eq!(world.company.orders().len(), 1);
    world.ends(&[]).await;
}
