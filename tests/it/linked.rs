//! A link whose last step fails: what was recorded stays, and the person is told so.

use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{ConnectionId, Deadline, OrderId, Timestamp};
use connector_ports::{
    AuditEvent, Claim, ClaimOutcome, Ledger, LedgerError, LedgerRow, OrderKey, OrderState, Progress,
    StateName, TrailEntry, WriteBack,
};
use connector_simulators::bigcommerce::dec;
use connector_sync::orders::{Consumer, link};

use crate::basket::{gloves, guest};
use crate::world::{MAIN, World, key};

/// A ledger that goes out of reach when an order is done.
#[derive(Debug)]
struct WithoutWriteBacks<'a>(&'a dyn Ledger);

#[async_trait]
impl Ledger for WithoutWriteBacks<'_> {
    async fn claim(&self, key: &OrderKey, lease: Duration) -> Result<ClaimOutcome, LedgerError> {
        self.0.claim(key, lease).await
    }

    async fn checkpoint(
        &self,
        claim: &Claim,
        progress: &Progress,
        events: Vec<AuditEvent>,
        lease: Duration,
    ) -> Result<(), LedgerError> {
        self.0.checkpoint(claim, progress, events, lease).await
    }

    async fn complete(
        &self,
        claim: Claim,
        state: OrderState,
        progress: Progress,
        events: Vec<AuditEvent>,
    ) -> Result<(), LedgerError> {
        self.0.complete(claim, state, progress, events).await
    }

    async fn release(&self, claim: Claim) -> Result<(), LedgerError> {
        self.0.release(claim).await
    }

    async fn write_back(&self, _: &OrderKey, _: WriteBack) -> Result<(), LedgerError> {
        Err(LedgerError::Unavailable("no answer in time".to_owned()))
    }

    async fn get(&self, key: &OrderKey) -> Result<Option<LedgerRow>, LedgerError> {
        self.0.get(key).await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<OrderKey>, LedgerError> {
        self.0.due(now, limit).await
    }

    async fn list(
        &self,
        connection: &ConnectionId,
        state: Option<StateName>,
        after: Option<OrderId>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        self.0.list(connection, state, after, limit).await
    }

    async fn held(
        &self,
        connection: &ConnectionId,
        reason: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        self.0.held(connection, reason, after, limit).await
    }

    async fn trail(&self, key: &OrderKey) -> Result<Vec<TrailEntry>, LedgerError> {
        self.0.trail(key).await
    }
}

#[tokio::test]
async fn a_link_whose_number_could_not_be_recorded_is_a_link_and_the_waker_does_the_rest() {
    let world = World::new().await;
    let first = world.order(gloves()).await;
    let keyed = world.is_synced(first).await.order_num;
    world.company.edit_order(keyed, |row| row.set("PONum", "BY-PHONE"));
    let order = world.order(guest().line("NEW-77", 1, dec("4.50"))).await;
    let consumer = world.pipeline.consumer();
    let ledger = WithoutWriteBacks(consumer.ledger);
    let deadline = Deadline::after(&world.clock, Duration::from_mins(15));
    let consumer = Consumer { ledger: &ledger, ..consumer };
    let linked = link(&key(MAIN, order), connector_domain::OrderNum(keyed), consumer, deadline).await;
    assert_eq!(linked.unwrap().order_num.0, keyed);
    assert_eq!(world.state(order).await, OrderState::Synced);
    assert!(matches!(world.row(order).await.write_back, WriteBack::Pending { .. }));
    assert_eq!(world.logs.count("WARN", "its number waits for the waker"), 1);

    world.later(Duration::from_mins(31)).await;
    assert_eq!(world.row(order).await.write_back, WriteBack::Done);
    assert_eq!(world.shop.order(order).unwrap()["external_order_id"], keyed.to_string());
    world.ends(&[]).await;
}
