//! The order in hand: what every step of its way needs to know besides the order itself.

use connector_domain::{Deadline, Timestamp};
use connector_ports::{Applied, LedgerRow, Settlement, Stage};

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

    /// What was applied of the order that counts; one that was closed because the shop cancelled it does not.
    pub(super) fn applied(&self) -> Option<&Applied> {
        self.row.applied.as_ref().filter(|applied| applied.stage != Stage::Closed)
    }

    /// How far the order got into Kinetic, as far as was recorded.
    pub(super) fn history(&self) -> History {
        let row = self.row;
        match row.applied.as_ref().map(|applied| applied.stage) {
            Some(Stage::Complete | Stage::ByHand) => History::Written,
            Some(Stage::Begun) => History::Begun,
            _ if row.settlement != Settlement::Settled => History::Begun,
            None if row.order_num.is_some() => History::Begun,
            Some(Stage::Closed) | None => History::Nothing,
        }
    }
}
