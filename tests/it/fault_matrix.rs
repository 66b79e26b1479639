//! Every saving call × every fault: one order, complete, no orphan customer, and the trail explains it.

use std::time::Duration;

use connector_ports::{AuditEvent, OrderState};
use connector_simulators::bigcommerce::{Address, NewOrder, OrderEvent, dec};
use connector_simulators::{Fault, KineticSim};
use jiff::SignedDuration;
use test_case::test_case;

use crate::basket::{line, shopper};
use crate::world::World;

/// The saving calls of a first import, in their order: which requests, and how many of them pass before the one that is struck.
const SAVES: [(&str, &str, u32); 6] = [
    ("customer", "CustomerSvc/Update$", 0),
    ("header", "/MasterUpdate", 0),
    ("line", "/MasterUpdate", 1),
    ("charge", "/MasterUpdate", 2),
    ("recalculate", "/SetReadyToCalc", 0),
    ("release", "/MasterUpdate", 3),
];

/// A shopper whom Kinetic does not know, so that the customer is a save too.
fn basket() -> NewOrder {
    shopper(11, Address::of("Zoe", "Quill", "zoe.quill@example.com"))
        .with_line(line("GLV-LEA-M", 2))
        .shipping("Flat Rate", dec("8.50"))
}

#[test_case(|| Fault::CutBefore; "lost before it was done")]
#[test_case(|| Fault::CutAfter; "done and the answer lost")]
#[test_case(|| Fault::CommitLate(SignedDuration::from_mins(3)); "the answer lost and done three minutes later")]
#[test_case(|| Fault::CommitLate(SignedDuration::from_secs(1)); "the answer lost and done a second later")]
#[test_case(|| Fault::Garbled; "done and the answer garbled")]
#[test_case(|| Fault::Status { status: 500, body: None }; "internal error")]
#[test_case(|| Fault::Status { status: 502, body: None }; "bad gateway")]
#[test_case(|| Fault::Status { status: 503, body: None }; "unavailable")]
#[test_case(|| Fault::Status { status: 504, body: None }; "gateway timed out")]
#[test_case(|| Fault::Throttle { headers: false }; "throttled")]
#[test_case(KineticSim::no_licence; "no licence")]
#[test_case(|| Fault::Modified; "modified by another user")]
#[tokio::test]
async fn a_fault_at_any_saving_call_leaves_one_complete_order_and_one_customer(fault: fn() -> Fault) {
    for (save, path, passing) in SAVES {
        let world = World::new().await;
        let customers = world.company.customers().len();
        world.company.faults().add(fault().once().on("POST", path).after(passing));
        let order = world.order(basket()).await;
        for minute in 0..40 {
            if !matches!(world.state(order).await, OrderState::Synced) {
                let picked = world
                    .company
                    .orders()
                    .iter()
                    .any(connector_simulators::kinetic::OrderView::can_be_picked);
                assert!(
                    !picked || save == "release",
                    "{save}: nothing can be picked before it is whole ({minute})"
                );
            }
            world.later(Duration::from_mins(1)).await;
        }
        assert_eq!(world.company.faults().fired(), 1, "{save}");
        let view = world.is_synced(order).await;
        assert_eq!((view.lines.len(), view.charges.len()), (1, 1), "{save}");
        assert_eq!(world.company.orders().len(), 1, "{save}: one order");
        assert_eq!(world.company.customers().len(), customers + 1, "{save}: one customer");
        assert_eq!(world.company.late_commits(), 0);
        explained(&world, order, save).await;
        world.ends(&[]).await;
    }
}

/// Each intent has its outcome, and whatever kept the order from being synced at once is told.
async fn explained(world: &World, order: u64, save: &str) {
    let trail = world.trail(order).await;
    let (mut intents, mut outcomes, mut put_off, mut told) = (0, 0, 0, 0);
    for entry in &trail {
        match &entry.event {
            AuditEvent::SaveIntent { .. } => intents += 1,
            AuditEvent::SaveOutcome { .. } => outcomes += 1,
            AuditEvent::Transition { to, .. } => {
                put_off += usize::from(!matches!(to, OrderState::Synced));
            }
            AuditEvent::Failed { .. } => told += 1,
            AuditEvent::RuleFired { .. } => {}
        }
    }
    assert_eq!(intents, outcomes, "{save}: {trail:#?}");
    assert!(told >= put_off, "{save}: {put_off} times put off, {told} times told: {trail:#?}");
}

#[test_case(0; "header")]
#[test_case(1; "line")]
#[test_case(2; "charge")]
#[test_case(3; "release")]
#[tokio::test]
async fn a_save_that_answers_200_and_did_not_save_is_held_and_goes_on_when_it_does(passing: u32) {
    let world = World::new().await;
    let asks = Fault::NotSaved { question: "Is the credit limit all right?".to_owned() };
    world.company.faults().add(asks.once().on("POST", "/MasterUpdate").after(passing));
    let order = world.order(basket()).await;
    assert_eq!(world.held(order).await.0, "not_saved");
    assert!(world.company.orders().iter().all(|view| !view.can_be_picked()));
    world.shop.emit(OrderEvent::Updated, order);
    world.settle().await;
    world.is_synced(order).await;
    assert_eq!(world.company.orders().len(), 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn tax_is_calculated_once_and_once_more_at_most_by_the_release() {
    let world = World::new().await;
    let order =
        world.order(basket().with_line(line("DRL-HSS-8.5", 4)).with_line(line("HB-M8-40-ZN", 100))).await;
    world.is_synced(order).await;
    assert_eq!(world.company.traffic().count("POST", "/SetReadyToCalc"), 1);
    assert!(world.company.taxings() <= 2, "{} calculations", world.company.taxings());
    world.ends(&[]).await;
}
