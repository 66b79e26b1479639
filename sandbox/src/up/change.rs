//! An order that has come into another state, told in a line.

use std::collections::HashMap;
use std::fmt;

use connector_domain::{OrderId, OrderNum, Timestamp};
use connector_ports::{LedgerRow, OrderState, StateName};
use serde::Serialize;

/// What the ledger says of an order, in the fields of `docs/LOGGING.md`. Nothing personal stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// When its state was written.
    pub changed_at: Timestamp,
    /// The store's number.
    pub order: OrderId,
    /// Where it stands.
    pub state: StateName,
    /// Why it is not synced.
    pub reason: Option<String>,
    /// What a person has to do.
    pub words: Option<String>,
    /// Kinetic's number.
    pub kinetic_order: Option<OrderNum>,
    #[serde(skip)]
    shown: String,
}

impl Change {
    /// As the row stands.
    pub(super) fn of(row: &LedgerRow) -> Self {
        let (reason, words) = why(&row.state);
        Self {
            changed_at: row.changed_at,
            order: row.key.order,
            state: row.state.name(),
            reason,
            words,
            kinetic_order: row.order_num,
            shown: row.state.to_string(),
        }
    }
}

/// `order 104: synced as Kinetic order 100049`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "order {}: {}", self.order, self.shown)?;
        match self.kinetic_order {
            Some(number) if self.state == StateName::Synced => write!(f, " as Kinetic order {number}")?,
            Some(number) => write!(f, ", Kinetic order {number}")?,
            None => {}
        }
        match &self.words {
            Some(words) => write!(f, ": {words}"),
            None => Ok(()),
        }
    }
}

/// Reason and words of a state.
fn why(state: &OrderState) -> (Option<String>, Option<String>) {
    match state {
        OrderState::Held { reason, words, .. } => (Some(reason.clone()), Some(words.clone())),
        OrderState::Waiting { rule } | OrderState::Ignored { rule } => (Some(rule.clone()), None),
        OrderState::Retrying { class, .. } => (Some(class.clone()), None),
        OrderState::New | OrderState::Uncertain { .. } | OrderState::Synced | OrderState::Cancelled => {
            (None, None)
        }
    }
}

/// What was told last of each order.
#[derive(Debug, Default)]
pub(super) struct Changes(HashMap<OrderId, OrderState>);

impl Changes {
    /// The change to tell, unless the order stands where it stood.
    pub(super) fn seen(&mut self, row: &LedgerRow) -> Option<Change> {
        let before = self.0.insert(row.key.order, row.state.clone());
        (before.as_ref() != Some(&row.state)).then(|| Change::of(row))
    }
}

#[cfg(test)]
mod tests {
    use connector_ports::OrderKey;

    use super::*;

    fn row(state: OrderState) -> LedgerRow {
        let key = OrderKey { connection: "sandbox".parse().unwrap(), order: OrderId(104) };
        LedgerRow { state, ..LedgerRow::new(key, Timestamp::UNIX_EPOCH) }
    }

    #[test]
    fn a_state_is_told_once_until_another_comes() {
        let mut changes = Changes::default();
        let held = OrderState::Held {
            reason: "unknown_part".to_owned(),
            subject: None,
            words: "create the part".to_owned(),
        };
        let told = changes.seen(&row(held.clone())).unwrap();
        assert_eq!(told.to_string(), "order 104: held (unknown_part): create the part");
        assert_eq!(changes.seen(&row(held)), None);
        let synced = LedgerRow { order_num: Some(OrderNum(100_049)), ..row(OrderState::Synced) };
        let told = changes.seen(&synced).unwrap();
        assert_eq!(told.to_string(), "order 104: synced as Kinetic order 100049");
        assert_eq!(
            serde_json::to_string(&told).unwrap(),
            r#"{"changed_at":"1970-01-01T00:00:00Z","order":104,"state":"synced","reason":null,"words":null,"kinetic_order":100049}"#
        );
    }
}
