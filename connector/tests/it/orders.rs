//! `connector orders …`.

use std::sync::Arc;
use std::time::Duration;

use connector_aws::AwsLedger;
use connector_domain::{OrderId, SeededRandom, Sku};
use connector_http::{Surroundings, SystemClock, Transport, TransportSettings};
use connector_lambda::Account;
use connector_ports::{
    AuditEvent, ClaimOutcome, Connection, DedupId, Ledger as _, OrderKey, OrderMessage, OrderState, Origin,
    Progress, Queue as _, QueueName,
};
use connector_sandbox::{Pipeline, connection};
use connector_simulators::bigcommerce::seed::shelf_line;
use connector_simulators::bigcommerce::{Address, NewOrder, dec};
use connector_simulators::{BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim};

use connector_sync::job::Patience;

use crate::run::Desk;

fn key(order: u64) -> OrderKey {
    OrderKey { connection: "main-store".parse().unwrap(), order: OrderId(order) }
}

pub(crate) fn held(reason: &str, subject: &str) -> OrderState {
    let words = format!("{subject} is not there; create it");
    OrderState::Held { reason: reason.to_owned(), subject: Some(subject.to_owned()), words }
}

/// Records orders as the consumer does.
pub(crate) async fn record(account: &Account, orders: &[(u64, OrderState)]) -> AwsLedger {
    let ledger = AwsLedger::new(&account.clients, account.table.clone(), Arc::new(SystemClock), None);
    for (order, state) in orders {
        let claimed = ledger.claim(&key(*order), Duration::from_mins(1)).await.unwrap();
        let ClaimOutcome::Granted(claim, _) = claimed else { panic!("{claimed:?}") };
        let lines = vec![(Sku("GLV-LEA-M".to_owned()), 2_u32.into())];
        let progress = Progress { lines: Some(lines), ..Progress::default() };
        let events = vec![AuditEvent::Failed { words: "no such part".to_owned() }];
        ledger.complete(claim, state.clone(), progress, events).await.unwrap();
    }
    ledger
}

/// A desk with a connection and four orders.
async fn with_orders() -> (Desk, Account) {
    let (desk, account) = Desk::in_account().await;
    desk.good(&["connection", "put", "connection.toml"]).await;
    let orders = [
        (101, held("unknown_part", "NEW-77")),
        (102, OrderState::Synced),
        (103, held("unknown_country", "DE")),
        (104, held("unknown_part", "NEW-77")),
    ];
    record(&account, &orders).await;
    (desk, account)
}

#[tokio::test]
async fn orders_that_wait_for_a_person_are_listed_by_reason_and_others_if_asked_for() {
    let (desk, _account) = with_orders().await;
    let numbers = |list: &serde_json::Value| -> Vec<u64> {
        list["orders"].as_array().unwrap().iter().map(|order| order["order"].as_u64().unwrap()).collect()
    };
    let list = desk.json(&["orders", "list"]).await;
    assert_eq!(numbers(&list), [103, 101, 104]);
    assert_eq!(list["orders"][1]["reason"], "unknown_part");
    assert_eq!(numbers(&desk.json(&["orders", "list", "--reason", "unknown_part"]).await), [101, 104]);
    assert_eq!(numbers(&desk.json(&["orders", "list", "--all"]).await), [101, 102, 103, 104]);
    assert_eq!(numbers(&desk.json(&["orders", "list", "--state", "synced"]).await), [102]);
    let table = desk.good(&["orders", "list", "--limit", "1"]).await;
    assert!(table.contains("NEW-77 is not there; create it") && table.contains("raise --limit"), "{table}");
    assert!(!table.contains("unknown_country"), "{table}");
    assert!(desk.good(&["orders", "list", "--state", "new"]).await.contains("no order of main-store is new"));
}

#[tokio::test]
async fn a_reason_or_a_state_that_does_not_exist_is_answered_with_those_that_do() {
    let desk = Desk::new();
    let told = desk.bad(&["orders", "list", "--reason", "bad_weather"]).await;
    assert!(told.contains("unknown_part") && told.contains("docs/holds.md"), "{told}");
    let told = desk.bad(&["orders", "list", "--state", "lost"]).await;
    assert!(told.contains("say one of new, waiting"), "{told}");
    let told = desk.bad(&["orders", "replay"]).await;
    assert!(told.contains("--held-for"), "{told}");
}

#[tokio::test]
async fn one_order_is_shown_with_everything_that_happened_to_it() {
    let (desk, _account) = with_orders().await;
    let shown = desk.good(&["orders", "show", "101"]).await;
    for part in
        ["main-store/101", "held (unknown_part)", "2 × GLV-LEA-M", "failed: no such part", "new → held"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let shown = desk.json(&["orders", "show", "101"]).await;
    assert_eq!(shown["state"]["reason"], "unknown_part");
    assert_eq!(shown["lines"][0][1].to_string(), "2");
    assert_eq!(shown["trail"].as_array().unwrap().len(), 2);
    let told = desk.bad(&["orders", "show", "999"]).await;
    assert!(told.contains("never heard of order 999"), "{told}");
}

#[tokio::test]
async fn a_replay_of_many_is_counted_first_and_sent_when_it_is_wanted() {
    let (desk, account) = with_orders().await;
    let inbox = account.inbox(QueueName::Orders);
    let plan = desk.json(&["orders", "replay", "--held-for", "unknown_part"]).await;
    assert_eq!((plan["orders"].as_array().unwrap().len(), &plan["sent"]), (2, &0.into()));
    assert!(plan["calls_to_kinetic"].as_u64().unwrap() > 40, "{plan}");
    let told = desk.good(&["orders", "replay", "--held-for", "unknown_part", "--yes"]).await;
    assert!(told.contains("✓ sent 2"), "{told}");
    let told = desk.good(&["orders", "replay", "102"]).await;
    assert!(told.contains("✓ sent 1"), "one order is sent at once: {told}");
    let mut sent = Vec::new();
    while let Some(received) = inbox.receive().await.unwrap() {
        let message = OrderMessage::from_body(&received.body, received.dedup.clone()).unwrap();
        assert_eq!(message.origin, Origin::Replay);
        sent.push(message.order.0);
        inbox.delete(&received.receipt).await.unwrap();
    }
    sent.sort_unstable();
    assert_eq!(sent, [101, 102, 104]);
    assert!(desk.bad(&["orders", "replay", "999"]).await.contains("never heard of order main-store/999"));
}

#[tokio::test]
async fn an_order_that_was_keyed_by_hand_is_linked_and_one_that_does_not_exist_is_not() {
    let (desk, account) = Desk::in_account().await;
    let shop = BigCommerceSim::start(BigCommerceConfig::new()).await.unwrap();
    let company = KineticSim::start(KineticConfig::new()).await.unwrap();
    let connection = connection::between(key(1).connection, &shop, &company, connection::RULES);
    account.connect(&connection).await.unwrap();
    let keyed = keyed_by_hand(connection, &shop, &company).await;
    let order = shop.place_order(guest().with_line(shelf_line("GLV-LEA-M", 2).unwrap()));
    let ledger = record(&account, &[(order, held("unknown_part", "NEW-77"))]).await;
    let order_text = order.to_string();

    let told = desk.bad(&["orders", "link", &order_text, "7"]).await;
    assert!(told.contains("Kinetic has no order 7"), "{told}");
    let told = desk.good(&["orders", "link", &order_text, &keyed.to_string()]).await;
    assert!(told.contains("linked; it was keyed by hand") && told.contains("the totals differ"), "{told}");
    let row = ledger.get(&key(order)).await.unwrap().unwrap();
    assert_eq!((row.state, row.order_num.map(|number| number.0)), (OrderState::Synced, Some(keyed)));
    assert_eq!(shop.order(order).unwrap()["external_order_id"], keyed.to_string());
}

fn guest() -> NewOrder {
    NewOrder::guest(Address::of("Ada", "Lane", "ada.lane@example.com")).tax_rate(dec("0.0825"))
}

/// An order in Kinetic that bears no reference of ours.
async fn keyed_by_hand(connection: Connection, shop: &BigCommerceSim, company: &KineticSim) -> i32 {
    let surroundings = Surroundings { clock: Arc::new(SystemClock), random: Arc::new(SeededRandom::new(7)) };
    let transport = Transport::new(&TransportSettings::default()).unwrap();
    let pipeline = Pipeline::new(surroundings, transport, Patience::default());
    pipeline.connect(connection);
    let other = shop.place_order(guest().with_line(shelf_line("GLV-LEA-M", 1).unwrap()));
    let dedup = DedupId::fresh(&SeededRandom::new(8));
    let message = OrderMessage::new(key(1).connection, OrderId(other), Origin::Poll, dedup);
    pipeline.queue().send_order(&message, 1).await.unwrap();
    pipeline.drain().await;
    let number = company.orders().first().unwrap().order_num;
    assert!(company.edit_order(number, |row| row.set("PONum", "BY-PHONE")));
    number
}
