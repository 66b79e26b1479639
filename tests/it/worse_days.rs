//! Days on which two things go wrong at once.

use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{Clock, ConnectionId, Deadline};
use connector_ports::{
    ClaimOutcome, Cursor, DedupId, Digest, Ledger, LinkKind, OrderMessage, OrderState, Origin, Progress,
    State, StateError, StateName,
};
use connector_sandbox::connection::RULES;
use connector_simulators::bigcommerce::Address;
use connector_simulators::{BigCommerceConfig, BigCommerceSim, Fault};
use connector_sync::job::Patience;
use connector_sync::orders::{Consumed, Consumer, consume};
use serde_json::Value;
use test_case::test_case;

use crate::basket::{gloves, line, shopper};
use crate::world::{MAIN, World, id, key};

fn renee() -> Address {
    Address::of("Renée", "Maçon", "renee.macon@example.com")
}

#[tokio::test]
async fn an_address_changed_after_a_lost_answer_is_never_shipped_to_the_old_one() {
    let world = World::new().await;
    world.company.faults().add(Fault::CutAfter.once().on("POST", "/MasterUpdate"));
    let order = world.order(gloves()).await;
    world.shop.update_order(order, |order| order.billing.street_1 = "99 New Street".into());
    world.settle().await;
    for _ in 0..4 {
        world.later(Duration::from_mins(6)).await;
    }
    let view = world.is_synced(order).await;
    assert_eq!(view.header.text("OTSAddress1"), "99 New Street");
    assert!(view.releases.iter().all(|release| release.text("OTSAddress1") == "99 New Street"));
    assert_eq!(world.company.orders().len(), 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_buyer_and_an_address_changed_after_a_kill_are_never_shipped_as_they_were() {
    let world = World::new().await;
    let order = world.shop.place_order(gloves());
    world.shop.drain_hooks().await;
    let begun = async {
        loop {
            let row = world.pipeline.ledger().get(&key(MAIN, order)).await.unwrap();
            if row.is_some_and(|row| row.order_num.is_some()) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        worked = world.pipeline.work_one(Duration::from_mins(15)) => panic!("it was to be killed: {worked:?}"),
        () = begun => {}
    }
    world.shop.update_order(order, |order| {
        order.billing = Address { street_1: "99 New Street".into(), ..renee() };
        order.customer_id = 11;
    });
    for _ in 0..8 {
        world.later(Duration::from_mins(6)).await;
    }
    assert_eq!(world.held(order).await.0, "customer_changed");
    assert!(!world.company.order_by_po(&format!("BC-{order}")).unwrap().can_be_picked());
    world.ends(&[order]).await;
}

#[tokio::test]
async fn a_consumer_killed_between_any_two_steps_leaves_an_order_that_is_completed_once() {
    for kill_after in 1.. {
        let world = World::new().await;
        let basket = gloves().with_line(line("DRL-HSS-8.5", 4)).with_line(line("HB-M8-40-ZN", 100));
        let order = world.shop.place_order(basket);
        world.shop.drain_hooks().await;
        let so_far = async {
            while world.kinetic_calls() < kill_after {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            worked = world.pipeline.work_one(Duration::from_mins(15)) => {
                // It came to its end before it could be killed: every step before was tried.
                worked.unwrap().unwrap();
                assert!(kill_after > 25, "killed between {kill_after} steps");
                world.settle().await;
                return world.ends(&[]).await;
            }
            () = so_far => {}
        }
        let picked =
            world.company.orders().iter().any(connector_simulators::kinetic::OrderView::can_be_picked);
        // Header, three lines, release.
        let saves = world.company.traffic().count("POST", "/MasterUpdate");
        assert!(!picked || saves >= 5, "nothing of it can be picked before it was released");
        for _ in 0..8 {
            world.later(Duration::from_mins(6)).await;
        }
        let view = world.is_synced(order).await;
        assert_eq!(view.lines.len(), 3, "killed after {kill_after} calls");
        world.ends(&[]).await;
    }
}

#[tokio::test]
async fn orders_of_a_connection_that_cannot_be_used_keep_nobody_waiting() {
    let mut world = World::new().await;
    let config = BigCommerceConfig::new().store_hash("xyz789").clock(world.sim_clock());
    let outlet = BigCommerceSim::start(config).await.unwrap();
    world.connect("outlet", &outlet, "broken = 1");
    let now = world.clock.now();
    for order in 9000..9500 {
        let ledger = world.pipeline.ledger();
        let claimed = ledger.claim(&key("outlet", order), Duration::from_mins(1)).await.unwrap();
        let ClaimOutcome::Granted(claim, _) = claimed else { panic!("busy") };
        let state = OrderState::Retrying { attempt: 1, not_before: now, class: "unavailable".into() };
        ledger.complete(claim, state, Progress::default(), vec![]).await.unwrap();
    }
    world.shop.faults().add(Fault::Status { status: 503, body: None }.always());
    let here = world.order(gloves()).await;
    world.shop.faults().clear();
    for _ in 0..3 {
        world.later(Duration::from_mins(1)).await;
    }
    world.is_synced(here).await;
    let told = world.logs.count("ERROR", "are due and cannot be worked on");
    assert!((1..=4).contains(&told), "once a tick, not once an order: {told}");
}

#[tokio::test]
async fn an_order_begun_staged_is_released_though_the_rules_stage_no_more() {
    let world = World::new().await;
    world.company.faults().add(Fault::CutAfter.once().on("POST", "/MasterUpdate").after(1));
    let order = world.order(gloves()).await;
    world.connect_again(&RULES.replace("[kinetic]", "[kinetic]\nstaged = false"));
    for _ in 0..4 {
        world.later(Duration::from_mins(6)).await;
    }
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_cancelled_order_whose_reference_was_overwritten_is_not_taken_for_gone() {
    let world = World::new().await;
    let order = world.order(gloves()).await;
    let view = world.is_synced(order).await;
    world.company.edit_order(view.order_num, |row| row.set("PONum", "CUSTOMERS-OWN-PO"));
    world.shop.update_order(order, |order| order.status_id = 5);
    world.settle().await;
    let (reason, subject, _) = world.held(order).await;
    assert_eq!((reason.as_str(), subject), ("cancelled_after_import", Some(view.order_num.to_string())));
    world.ends(&[order]).await;
}

#[tokio::test]
async fn an_order_that_somebody_keyed_under_our_reference_is_not_completed_by_us() {
    let world = World::new().await;
    let first = world.order(gloves()).await;
    let keyed = world.kinetic(first).await.order_num;
    let next = first + 1;
    world.company.edit_order(keyed, |row| row.set("PONum", format!("BC-{next}")));
    let order = world.order(gloves()).await;
    assert_eq!(order, next);
    assert_eq!(world.held(order).await.0, "read_back_differs");
    assert_eq!(world.company.orders().len(), 1);
    world.ends(&[order]).await;
}

#[tokio::test]
async fn a_voided_order_beside_the_right_one_disturbs_nobody() {
    let world = World::new().await;
    let order = world.order(gloves()).await;
    let other = world.order(gloves()).await;
    let voided = world.kinetic(other).await.order_num;
    world.company.edit_order(voided, |row| {
        row.set("PONum", format!("BC-{order}"));
        row.set("VoidOrder", true);
        row.set("OpenOrder", false);
    });
    world.shop.update_order(order, |order| order.lines[0].quantity = 3);
    world.settle().await;
    let counts =
        world.company.orders_by_po(&format!("BC-{order}")).into_iter().find(|view| !view.void).unwrap();
    assert_eq!(counts.lines[0].selling_quantity, 3.into(), "it follows, and is not several_orders");
    assert_eq!(world.state(order).await, OrderState::Synced);
    world.ends(&[]).await;
}

#[tokio::test]
async fn one_error_after_an_outage_parks_nothing() {
    let world = World::new().await;
    world.company.faults().add(Fault::Status { status: 503, body: None }.always());
    let order = world.order(gloves()).await;
    for _ in 0..40 {
        world.later(Duration::from_mins(31)).await;
    }
    world.company.faults().clear();
    world.company.faults().add(Fault::Status { status: 500, body: None }.times(2));
    world.later(Duration::from_mins(31)).await;
    assert_eq!(world.state(order).await.name(), StateName::Retrying);
    world.later(Duration::from_mins(31)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_number_that_cannot_be_written_disturbs_no_synced_order_and_no_vendor() {
    let world = World::new().await;
    world.shop.faults().add(Fault::Status { status: 403, body: None }.always().on("PUT", "/v2/orders/"));
    let order = world.order(gloves()).await;
    world.shop.faults().add(Fault::Status { status: 500, body: None }.always().on("GET", "/v2/orders/"));
    let before = world.shop.traffic().count("GET", "/v2/orders/");
    for _ in 0..180 {
        world.later(Duration::from_mins(1)).await;
        assert_eq!(world.state(order).await, OrderState::Synced);
    }
    let asked = world.shop.traffic().count("GET", "/v2/orders/") - before;
    assert!(asked <= 60, "{asked} requests in three hours");
}

#[test_case("double blanks"; "a name with two blanks, which vendors words keep as one")]
#[test_case("phone"; "a phone number as its column cut it")]
#[test_case("engraving"; "an engraving")]
#[tokio::test]
async fn a_vendor_that_repeats_it_in_another_form_is_understood(what: &str) {
    let world = World::new().await;
    let mut order = gloves();
    let repeated = match what {
        "double blanks" => {
            order.billing.first_name = "Mary  Ann".into();
            "Mary Ann"
        }
        "phone" => {
            order.billing.phone = "+49 (0) 711 1234567-890".into();
            "+49 (0) 711 1234567-"
        }
        _ => {
            let engraved = |line: &connector_simulators::bigcommerce::NewLine| {
                line.clone().option("Text", "For my Guinevere")
            };
            order.lines = order.lines.iter().map(engraved).collect();
            "For my Guinevere"
        }
    };
    let words = format!("Value {repeated} is not valid.");
    let body = serde_json::json!({"ErrorMessage": words, "ErrorType": "Ice.Common.BusinessObjectException"});
    let fault = Fault::Status { status: 400, body: Some(body.to_string()) };
    world.company.faults().add(fault.once().on("POST", "/MasterUpdate"));
    let order = world.order(order).await;
    let (_, _, words) = world.held(order).await;
    assert!(words.contains("Value […] is not valid."), "{words}");
    assert!(!world.logs.text().contains(repeated));
    world.ends(&[order]).await;
}

/// State that is out of reach.
#[derive(Debug)]
struct Failing;

impl Failing {
    fn error<T>() -> Result<T, StateError> {
        Err(StateError::Unavailable("out of reach".into()))
    }
}

#[async_trait]
impl State for Failing {
    async fn cursor(&self, _: &ConnectionId, _: &str) -> Result<Option<Cursor>, StateError> {
        Self::error()
    }

    async fn advance(
        &self,
        _: &ConnectionId,
        _: &str,
        _: Option<&Cursor>,
        _: Value,
    ) -> Result<Cursor, StateError> {
        Self::error()
    }

    async fn link(&self, _: &ConnectionId, _: LinkKind, _: &str) -> Result<Option<Value>, StateError> {
        Self::error()
    }

    async fn set_link(&self, _: &ConnectionId, _: LinkKind, _: &str, _: Value) -> Result<(), StateError> {
        Self::error()
    }

    async fn fingerprint(&self, _: &ConnectionId, _: &str) -> Result<Option<Digest>, StateError> {
        Self::error()
    }

    async fn set_fingerprint(&self, _: &ConnectionId, _: &str, _: Digest) -> Result<(), StateError> {
        Self::error()
    }
}

#[tokio::test]
async fn an_edit_that_found_the_order_busy_survives_a_failure_of_our_own_state() {
    let world = World::new().await;
    let order = world.order(shopper(11, renee()).with_line(line("GLV-LEA-M", 1))).await;
    world.is_synced(order).await;
    let pipeline = &world.pipeline;
    let claimed = pipeline.ledger().claim(&key(MAIN, order), Duration::from_mins(5)).await.unwrap();
    let ClaimOutcome::Granted(claim, _) = claimed else { panic!("busy") };
    world.shop.update_order(order, |order| order.lines[0].quantity = 7);
    world.settle().await;
    pipeline.ledger().release(claim).await.unwrap();
    assert!(world.row(order).await.again, "the edit's hook found it busy");

    let dedup = DedupId::fresh(pipeline.surroundings().random.as_ref());
    let message = OrderMessage::new(id(MAIN), key(MAIN, order).order, Origin::Wake, dedup);
    let (patience, failing) = (Patience::default(), Failing);
    let consumer = Consumer {
        queue: pipeline.queue(),
        ledger: pipeline.ledger(),
        leases: pipeline.leases(),
        state: &failing,
        directory: pipeline.directory(),
        patience: &patience,
    };
    let deadline = Deadline::after(&world.clock, Duration::from_mins(15));
    assert!(consume(&message, consumer, deadline).await.is_err(), "the message comes back");
    let consumer = Consumer { state: pipeline.state(), ..consumer };
    // It comes back, and so does the tick; whoever is first must not lose the edit.
    consume(&message, consumer, deadline).await.unwrap();
    world.later(Duration::from_hours(1)).await;
    assert_eq!(world.is_synced(order).await.lines[0].selling_quantity, 7.into());
    world.ends(&[]).await;
}

#[tokio::test]
async fn two_consumers_of_one_order_write_it_once() {
    let world = World::new().await;
    let order = world.shop.place_order(gloves().with_line(line("DRL-HSS-8.5", 4)));
    let message = |origin| {
        let dedup = DedupId::fresh(world.pipeline.surroundings().random.as_ref());
        OrderMessage::new(id(MAIN), key(MAIN, order).order, origin, dedup)
    };
    let (first, second) = (message(Origin::Hook), message(Origin::Poll));
    let deadline = Deadline::after(&world.clock, Duration::from_mins(15));
    let consumer = world.pipeline.consumer();
    let (one, other) =
        tokio::join!(consume(&first, consumer, deadline), consume(&second, consumer, deadline));
    let busy = [one.unwrap(), other.unwrap()].iter().filter(|became| **became == Consumed::Busy).count();
    assert_eq!(busy, 1, "one works, the other goes away");
    world.settle().await;
    world.later(Duration::from_mins(1)).await;
    assert_eq!(world.is_synced(order).await.lines.len(), 2);
    assert_eq!(world.company.orders().len(), 1);
    world.ends(&[]).await;
}
