//! The order in hand: what every step of its way needs to know besides the order itself.

use connector_domain::{Deadline, Timestamp};
use connector_ports::{LedgerRow, Settlement};

use super::consume::Consumer;
use super::decide::History;
use crate::connected::Connected;

/// One claimed order: its row as it was before the claim, its connection, and how long there is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InHand<'a> {
    pub(crate) row: &'a LedgerRow,
    pub(crate) connected: &'a Connected,
    pub(crate) consumer: Consumer<'a>,
    pub(crate) deadline: Deadline,
}

impl InHand<'_> {
    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        self.consumer.directory.surroundings().clock.now()
    }

    /// How far the order got into Kinetic, as far as was recorded.
    pub(super) fn history(&self) -> History {
        let row = self.row;
        match &row.applied {
            Some(applied) if applied.complete => History::Written,
            Some(_) => History::Begun,
            None if row.order_num.is_some() || row.settlement != Settlement::Settled => History::Begun,
            None => History::Nothing,
        }
    }
}
