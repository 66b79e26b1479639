//! A ledger that is elsewhere: its rows are made when they are read, and forgotten.

use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{ConnectionId, CurrencyCode, Money, OrderId, OrderNum, Quantity, Sku, Timestamp};
use connector_ports::{
    AuditEvent, Claim, ClaimOutcome, Ledger, LedgerError, LedgerRow, OrderKey, OrderState, Progress,
    StateName, Totals, TrailEntry, WriteBack,
};

/// Orders 1 to `orders`, each with so many lines. Every `held`th waits for a person, the others are synced.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) orders: u64,
    pub(crate) held: u64,
    pub(crate) lines: u32,
    pub(crate) seen: Timestamp,
    pub(crate) totals: (Money, CurrencyCode),
}

impl Rows {
    fn row(&self, connection: &ConnectionId, order: u64) -> LedgerRow {
        let key = OrderKey { connection: connection.clone(), order: OrderId(order) };
        let mut row = LedgerRow::new(key, self.seen);
        let state = if order.is_multiple_of(self.held) {
            OrderState::Held {
                reason: "unknown_part".to_owned(),
                subject: Some(format!("PART-{order:08}")),
                words: format!(
                    "no part \"PART-{order:08}\" in Kinetic; create the part, or name the right one under [aliases]"
                ),
            }
        } else {
            OrderState::Synced
        };
        row.enter(state, self.seen);
        let (zero, currency) = &self.totals;
        let line = |number| (Sku(format!("SKU-{order:08}-{number:03}")), Quantity::from(1));
        row.take(&Progress {
            order_num: Some(OrderNum(i32::try_from(order).unwrap())),
            date_modified: Some(self.seen),
            lines: Some((0..self.lines).map(line).collect()),
            totals: Some(Totals { shop: *zero, kinetic: *zero, currency: currency.clone() }),
            ..Progress::default()
        });
        row
    }

    fn fits(&self, order: u64, state: Option<StateName>) -> bool {
        let held = order.is_multiple_of(self.held);
        match state {
            None => true,
            Some(StateName::Held) => held,
            Some(StateName::Synced) => !held,
            Some(_) => false,
        }
    }
}

/// Nothing is claimed or written here.
fn unused() -> LedgerError {
    LedgerError::Unavailable("rows are only read".to_owned())
}

#[async_trait]
impl Ledger for Rows {
    async fn claim(&self, _: &OrderKey, _: Duration) -> Result<ClaimOutcome, LedgerError> {
        Err(unused())
    }

    async fn checkpoint(
        &self,
        _: &Claim,
        _: &Progress,
        _: Vec<AuditEvent>,
        _: Duration,
    ) -> Result<(), LedgerError> {
        Err(unused())
    }

    async fn complete(
        &self,
        _: Claim,
        _: OrderState,
        _: Progress,
        _: Vec<AuditEvent>,
    ) -> Result<(), LedgerError> {
        Err(unused())
    }

    async fn release(&self, _: Claim) -> Result<(), LedgerError> {
        Err(unused())
    }

    async fn write_back(&self, _: &OrderKey, _: WriteBack) -> Result<(), LedgerError> {
        Err(unused())
    }

    async fn get(&self, key: &OrderKey) -> Result<Option<LedgerRow>, LedgerError> {
        let is_one = (1..=self.orders).contains(&key.order.0);
        Ok(is_one.then(|| self.row(&key.connection, key.order.0)))
    }

    async fn due(&self, _: Timestamp, _: usize) -> Result<Vec<OrderKey>, LedgerError> {
        Ok(Vec::new())
    }

    async fn list(
        &self,
        connection: &ConnectionId,
        state: Option<StateName>,
        after: Option<OrderId>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        let first = after.map_or(1, |after| after.0 + 1);
        let orders = (first..=self.orders).filter(|order| self.fits(*order, state)).take(limit);
        Ok(orders.map(|order| self.row(connection, order)).collect())
    }

    async fn held(
        &self,
        _: &ConnectionId,
        _: &str,
        _: Option<&str>,
        _: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        Err(unused())
    }

    async fn trail(&self, _: &OrderKey) -> Result<Vec<TrailEntry>, LedgerError> {
        Err(unused())
    }
}
