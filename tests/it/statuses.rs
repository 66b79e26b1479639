//! What each status of the shop leads to.

use connector_ports::{OrderState, StateName};
use connector_simulators::bigcommerce::{NewOrder, OrderEvent, dec};
use connector_simulators::kinetic::Part;
use test_case::test_case;

use crate::basket::gloves;
use crate::world::{Plan, World};

fn in_status(status: u8) -> NewOrder {
    gloves().status(status)
}

#[test_case(0, StateName::Waiting; "incomplete")]
#[test_case(1, StateName::Waiting; "pending")]
#[test_case(2, StateName::Held; "shipped")]
#[test_case(3, StateName::Held; "partially shipped")]
#[test_case(4, StateName::Ignored; "refunded")]
#[test_case(5, StateName::Cancelled; "cancelled")]
#[test_case(6, StateName::Cancelled; "declined")]
#[test_case(7, StateName::Waiting; "awaiting payment")]
#[test_case(8, StateName::Synced; "awaiting pickup")]
#[test_case(9, StateName::Synced; "awaiting shipment")]
#[test_case(10, StateName::Held; "completed")]
#[test_case(11, StateName::Synced; "awaiting fulfillment")]
#[test_case(12, StateName::Waiting; "manual verification required")]
#[test_case(13, StateName::Held; "disputed")]
#[test_case(14, StateName::Held; "partially refunded")]
#[tokio::test]
async fn a_status_leads_to_its_state(status: u8, state: StateName) {
    let world = World::new().await;
    let order = world.order(in_status(status)).await;
    assert_eq!(world.state(order).await.name(), state);
    assert_eq!(world.company.orders().len(), usize::from(state == StateName::Synced));
    let held = if state == StateName::Held { vec![order] } else { vec![] };
    world.ends(&held).await;
}

#[tokio::test]
async fn an_order_that_waits_is_written_when_it_is_paid() {
    let world = World::new().await;
    let order = world.order(in_status(7)).await;
    assert_eq!(world.state(order).await, OrderState::Waiting { rule: "status.awaiting_payment".to_owned() });
    world.shop.update_order(order, |order| order.status_id = 11);
    world.settle().await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn the_rules_decide_what_a_status_means() {
    let world = World::with(
        Plan::default().rule("[guests]", "[statuses]\nawaiting_payment = \"import\"\n\n[guests]"),
    )
    .await;
    let order = world.order(in_status(7)).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_imported_order_that_goes_on_in_the_shop_stays_as_it_is() {
    let world = World::new().await;
    let order = world.order(in_status(11)).await;
    for status in [9, 8, 7, 1, 12, 11] {
        world.shop.update_order(order, |order| order.status_id = status);
        world.settle().await;
        assert_eq!(world.state(order).await, OrderState::Synced, "status {status}");
    }
    assert_eq!(world.company.orders().len(), 1);
    world.ends(&[]).await;
}

#[tokio::test]
async fn what_changes_around_an_imported_order_does_not_disturb_it() {
    let world = World::new().await;
    world.company.add_part(&Part::new("SEASONAL", "Sold once", dec("5")));
    let order = world.order(gloves().line("SEASONAL", 1, dec("5.00"))).await;
    world.is_synced(order).await;
    let calls = world.kinetic_calls();
    // The codes are others now, and the part would not be found any more.
    let rules = connector_sandbox::connection::RULES
        .replace("default = \"UPSG\"", "default = \"WILL\"")
        .replace("\"Flat Rate\" = \"UPSG\", ", "")
        .replace("[guests]", "[aliases]\n\"SEASONAL\" = \"GONE\"\n\n[guests]");
    world.connect_again(&rules);
    world.shop.update_order(order, |order| order.status_id = 9);
    world.settle().await;
    assert_eq!(world.state(order).await, OrderState::Synced);
    assert_eq!(world.kinetic_calls(), calls, "what went into Kinetic has not changed in the shop");
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_cancelled_order_that_stirs_again_costs_no_kinetic_call() {
    let world = World::new().await;
    let order = world.order(in_status(5)).await;
    assert_eq!(world.state(order).await, OrderState::Cancelled);
    let calls = world.kinetic_calls();
    world.shop.emit(OrderEvent::Updated, order);
    world.settle().await;
    assert_eq!(world.kinetic_calls(), calls);
    // It comes back to life: that is no echo.
    world.shop.update_order(order, |order| order.status_id = 11);
    world.settle().await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}
