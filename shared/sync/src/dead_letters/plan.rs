//! What a redrive would do, before it does it.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use connector_domain::ConnectionId;

use super::{Examined, Listing, Reason};

/// What a redrive is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Only what is of this connection.
    pub connection: Option<ConnectionId>,
    /// Drop the letters of orders that were settled since, instead of sending them back.
    pub drop_settled: bool,
    /// So many a second at most.
    pub rate: NonZeroU32,
    /// So many letters at most, sent or dropped.
    pub limit: usize,
}

/// What is done with one letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is sent back to its own queue, and deleted then.
    Send,
    /// It is deleted.
    Drop,
    /// It stays.
    Leave,
}

impl Wish {
    /// What is done with a letter.
    pub fn fate(&self, examined: &Examined) -> Fate {
        let wanted = self.connection.is_none() || self.connection.as_ref() == examined.connection();
        if !wanted || examined.reason.would_come_again() {
            Fate::Leave
        } else if self.drop_settled && examined.settled_order().is_some() {
            Fate::Drop
        } else {
            Fate::Send
        }
    }

    /// What a redrive would do with what was listed. Nothing is done.
    pub fn plan(&self, listing: &Listing) -> Plan {
        let mut plan = Plan { behind: listing.behind, ..Plan::default() };
        for examined in &listing.letters {
            let fate = self.fate(examined);
            let full = plan.touched() >= self.limit;
            let counted = match fate {
                Fate::Leave => &mut plan.left,
                Fate::Send | Fate::Drop if full => &mut plan.beyond_the_limit,
                Fate::Send => &mut plan.sent,
                Fate::Drop => &mut plan.dropped,
            };
            count(counted, &examined.reason);
            if fate == Fate::Send && examined.settled_order().is_some() {
                plan.settled_since += 1;
            }
        }
        plan
    }
}

/// How many letters, by the code of their reason.
pub type ByReason = BTreeMap<&'static str, usize>;

/// What a redrive would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// What would be sent back.
    pub sent: ByReason,
    /// What would be dropped.
    pub dropped: ByReason,
    /// What would stay.
    pub left: ByReason,
    /// What would be sent or dropped, were the limit higher.
    pub beyond_the_limit: ByReason,
    /// How many of those to be sent are of orders that were settled since: they could be dropped.
    pub settled_since: usize,
    /// About how many more there are that could not be looked at yet.
    pub behind: usize,
}

impl Plan {
    fn touched(&self) -> usize {
        self.sent.values().chain(self.dropped.values()).sum()
    }
}

pub(super) fn count(counted: &mut ByReason, reason: &Reason) {
    let number = counted.entry(reason.code()).or_default();
    *number = number.saturating_add(1);
}
