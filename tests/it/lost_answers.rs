//! Answers that were lost on the way: found by the reference, never sent again blindly.

use std::time::Duration;

use connector_ports::{Settlement, StateName};
use connector_simulators::Fault;
use connector_simulators::bigcommerce::{Address, NewOrder, dec};
use test_case::test_case;

use crate::basket::{guest, line, shopper};
use crate::world::World;

fn basket() -> NewOrder {
    guest()
        .with_line(line("GLV-LEA-M", 1))
        .with_line(line("DRL-HSS-8.5", 4))
        .shipping("Flat Rate", dec("8.50"))
}

/// Saves of the order: header, two lines, a charge, and the flags at the end.
#[test_case(Fault::CutAfter, 0; "header saved and the answer cut")]
#[test_case(Fault::CutAfter, 1; "first line saved and the answer cut")]
#[test_case(Fault::CutAfter, 2; "second line saved and the answer cut")]
#[test_case(Fault::CutAfter, 3; "charge saved and the answer cut")]
#[test_case(Fault::Garbled, 0; "header saved and the answer garbled")]
#[test_case(Fault::Garbled, 2; "line saved and the answer garbled")]
#[test_case(Fault::CutBefore, 0; "header not saved and the connection cut")]
#[test_case(Fault::CutBefore, 1; "line not saved and the connection cut")]
#[test_case(Fault::Status { status: 502, body: None }, 1; "line not saved and a gateway answers")]
#[test_case(Fault::CutAfter, 4; "a flag saved and the answer cut")]
#[test_case(Fault::CutBefore, 4; "a flag not saved and the connection cut")]
#[tokio::test]
async fn a_lost_answer_makes_no_second_order_line_or_charge(fault: Fault, saves_before: u32) {
    let world = World::new().await;
    world.company.faults().add(fault.once().on("POST", "/MasterUpdate").after(saves_before));
    let order = world.order(basket()).await;
    for _ in 0..6 {
        world.later(Duration::from_mins(6)).await;
    }
    let view = world.is_synced(order).await;
    assert_eq!((view.lines.len(), view.charges.len()), (2, 1));
    assert_eq!(world.company.orders().len(), 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_create_that_is_not_found_is_looked_for_twice_a_settle_time_apart_before_it_is_made_again() {
    let world = World::new().await;
    world.company.faults().add(Fault::CutBefore.once().on("POST", "/MasterUpdate"));
    let order = world.order(basket()).await;
    assert_eq!(world.state(order).await.name(), StateName::Uncertain);
    let saves = || world.company.traffic().count("POST", "/MasterUpdate");
    assert_eq!(saves(), 1);
    // Every other event in between changes nothing.
    world.shop.emit(connector_simulators::bigcommerce::OrderEvent::Updated, order);
    world.settle().await;
    assert_eq!(saves(), 1);
    world.later(Duration::from_secs(301)).await;
    assert_eq!((world.state(order).await.name(), saves()), (StateName::Uncertain, 1), "the first clean look");
    world.later(Duration::from_secs(301)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_outage_after_a_lost_answer_does_not_make_it_forget() {
    let world = World::new().await;
    world.company.faults().add(Fault::CutBefore.once().on("POST", "/MasterUpdate"));
    let order = world.order(basket()).await;
    // At the first look the company is down: a failure of another kind, on top of the unknown outcome.
    world.company.faults().add(Fault::Status { status: 503, body: None }.always());
    world.later(Duration::from_secs(301)).await;
    assert_eq!(world.state(order).await.name(), StateName::Retrying);
    let settlement = world.row(order).await.settlement;
    assert!(matches!(settlement, Settlement::Unsettled { looked: None, .. }), "{settlement:?}");
    world.company.faults().clear();
    world.later(Duration::from_mins(31)).await;
    assert_eq!(world.company.traffic().count("POST", "/MasterUpdate"), 1, "one clean look is not enough");
    world.later(Duration::from_mins(6)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[test_case(Fault::CutAfter, [1, 1, 1]; "customer saved and the answer cut")]
#[test_case(Fault::CutBefore, [1, 1, 2]; "customer not saved and the connection cut")]
#[tokio::test]
async fn a_lost_answer_makes_no_second_customer(fault: Fault, saves: [usize; 3]) {
    let world = World::new().await;
    let before = world.company.customers().len();
    world.company.faults().add(fault.once().on("POST", "CustomerSvc/Update"));
    let joaquin = Address::of("Joaquín ☕", "Ibáñez", "joaquin@cafe-ibanez.example.com");
    let order = shopper(12, joaquin).with_line(line("GLV-LEA-M", 1));
    let order = world.order(order).await;
    for saves in saves {
        assert_eq!(
            world.company.traffic().count("POST", "CustomerSvc/Update"),
            saves,
            "made again only after two looks"
        );
        world.later(Duration::from_mins(6)).await;
    }
    world.is_synced(order).await;
    assert_eq!(world.company.customers().len(), before + 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_order_refunded_after_a_lost_answer_is_held_and_not_forgotten() {
    let world = World::new().await;
    world.company.faults().add(Fault::CutAfter.once().on("POST", "/MasterUpdate"));
    let order = world.order(basket()).await;
    assert_eq!(world.state(order).await.name(), StateName::Uncertain);
    world.shop.update_order(order, |order| order.status_id = 4);
    world.settle().await;
    let (reason, _, words) = world.held(order).await;
    assert_eq!(reason, "status_needs_person");
    assert!(words.contains("while it was being written"), "{words}");
    assert_eq!(world.company.orders().len(), 1, "the header stands there, and somebody is told");
    world.ends(&[order]).await;
}

#[tokio::test]
async fn an_order_cancelled_after_a_lost_answer_is_found_before_it_counts_as_cancelled() {
    let world = World::new().await;
    world.company.faults().add(Fault::CutAfter.once().on("POST", "/MasterUpdate"));
    let stands = world.order(basket()).await;
    world.company.faults().add(Fault::CutBefore.once().on("POST", "/MasterUpdate"));
    let does_not = world.order(basket()).await;
    for order in [stands, does_not] {
        world.shop.update_order(order, |order| order.status_id = 5);
    }
    world.settle().await;
    assert_eq!(world.state(stands).await.name(), StateName::Cancelled, "it was found, and closed");
    assert!(world.company.order_by_po(&format!("BC-{stands}")).unwrap().void);
    assert_eq!(world.state(does_not).await.name(), StateName::Uncertain, "it may still appear");
    for _ in 0..2 {
        world.later(Duration::from_secs(301)).await;
    }
    assert_eq!(world.state(does_not).await.name(), StateName::Cancelled);
    world.ends(&[]).await;
}
