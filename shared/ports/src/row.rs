//! What the ledger keeps of one order. No personal text: addresses and comments are digests.

use std::collections::BTreeMap;

use connector_domain::{CurrencyCode, CustNum, Money, OrderNum, Quantity, Sku, Timestamp};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::message::OrderKey;
use crate::order_state::OrderState;

/// One order's row. State and lease are apart: claiming never changes the state.
///
/// As JSON it is what a tool shows and what one process tells another; a ledger may keep it otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerRow {
    /// Which order.
    pub key: OrderKey,
    /// Where it stands.
    pub state: OrderState,
    /// When it was first claimed.
    pub first_seen: Timestamp,
    /// When its state was last written.
    pub changed_at: Timestamp,
    /// Since when a person is asked about it. Kept while it is tried again, and through further holds; gone when it is settled.
    pub held_since: Option<Timestamp>,
    /// Until when it is claimed. Kept after a crash, so a moment that has passed means that the work was never finished.
    pub lease_until: Option<Timestamp>,
    /// Somebody came while it was claimed: it must be looked at once more.
    pub again: bool,
    /// The Kinetic order.
    pub order_num: Option<OrderNum>,
    /// What we wrote to Kinetic, to tell our own writing from a clerk's.
    pub applied: Option<Applied>,
    /// Digest of the shop's order as last read.
    pub digest: Option<Digest>,
    /// Up to which of the shop's `date_modified` the order was surely seen: the one last read, or a little less if its second was not over.
    pub date_modified: Option<Timestamp>,
    /// The order's lines as last read.
    pub lines: Vec<(Sku, Quantity)>,
    /// The totals of both sides, once they were proven.
    pub totals: Option<Totals>,
    /// Whether the shop bears the Kinetic number.
    pub write_back: WriteBack,
    /// Whether every create that was sent has a known outcome. Apart from the state, so that no later failure can hide it.
    pub settlement: Settlement,
}

impl LedgerRow {
    /// The row of an order seen for the first time at `now`.
    pub const fn new(key: OrderKey, now: Timestamp) -> Self {
        Self {
            key,
            state: OrderState::New,
            first_seen: now,
            changed_at: now,
            held_since: None,
            lease_until: None,
            again: false,
            order_num: None,
            applied: None,
            digest: None,
            date_modified: None,
            lines: Vec::new(),
            totals: None,
            write_back: WriteBack::NotDue,
            settlement: Settlement::Settled,
        }
    }

    /// Whether somebody is at work on it at `now`.
    pub fn is_leased(&self, now: Timestamp) -> bool {
        self.lease_until.is_some_and(|until| now < until)
    }

    /// Since when it is due, if it is due at `now`.
    ///
    /// A row at work is never due. One whose work was cut off is due since its lease lapsed, whatever else there is. A free one is due
    /// since the earliest of these that has come: it was first seen and never decided; its state was last written and it is marked
    /// `again`; its retry or next look; its write-back.
    pub fn due_since(&self, now: Timestamp) -> Option<Timestamp> {
        let due_at = match self.lease_until {
            Some(lapses) => Some(lapses),
            None => self.free_due_at(),
        };
        due_at.filter(|moment| *moment <= now)
    }

    /// Where it stands among the orders of its connection that are held, by what they are held for: `unknown_part#SKU-1#00000000000000000173`.
    /// `None` if it is not held. Of a very long subject only the beginning counts.
    pub fn held_by(&self) -> Option<String> {
        match &self.state {
            OrderState::Held { reason, subject, .. } => {
                let subject: String = subject.as_deref().unwrap_or_default().chars().take(200).collect();
                Some(format!("{reason}#{subject}#{:020}", self.key.order.0))
            }
            OrderState::New
            | OrderState::Waiting { .. }
            | OrderState::Retrying { .. }
            | OrderState::Uncertain { .. }
            | OrderState::Synced
            | OrderState::Cancelled
            | OrderState::Ignored { .. } => None,
        }
    }

    /// When it is due, if it is free and stays as it is.
    fn free_due_at(&self) -> Option<Timestamp> {
        let undecided = matches!(self.state, OrderState::New).then_some(self.first_seen);
        let marked = self.again.then_some(self.changed_at);
        let moments = [undecided, marked, self.state.not_before(), self.write_back.not_before()];
        moments.into_iter().flatten().min()
    }

    /// Enters `state` at `now`, which may be the one it is in. The one definition of what else changes with a state.
    pub fn enter(&mut self, state: OrderState, now: Timestamp) {
        self.changed_at = now;
        self.held_since = match &state {
            OrderState::Held { .. } => self.held_since.or(Some(now)),
            // A try that fails for another reason does not make a person's task younger.
            OrderState::New | OrderState::Retrying { .. } | OrderState::Uncertain { .. } => self.held_since,
            OrderState::Waiting { .. }
            | OrderState::Synced
            | OrderState::Cancelled
            | OrderState::Ignored { .. } => None,
        };
        self.state = state;
    }

    /// Takes over what became known.
    pub fn take(&mut self, progress: &Progress) {
        let Progress { order_num, applied, digest, date_modified, lines, totals, write_back, settlement } =
            progress.clone();
        self.order_num = order_num.or(self.order_num);
        self.applied = applied.or_else(|| self.applied.take());
        self.digest = digest.or(self.digest);
        self.date_modified = date_modified.or(self.date_modified);
        self.totals = totals.or_else(|| self.totals.take());
        if let Some(lines) = lines {
            self.lines = lines;
        }
        if let Some(write_back) = write_back {
            self.write_back = write_back;
        }
        if let Some(settlement) = settlement {
            self.settlement = settlement;
        }
    }
}

/// What became known since the last write; `None` leaves the row as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// See [`LedgerRow::order_num`].
    pub order_num: Option<OrderNum>,
    /// See [`LedgerRow::applied`].
    pub applied: Option<Applied>,
    /// See [`LedgerRow::digest`].
    pub digest: Option<Digest>,
    /// See [`LedgerRow::date_modified`].
    pub date_modified: Option<Timestamp>,
    /// See [`LedgerRow::lines`].
    pub lines: Option<Vec<(Sku, Quantity)>>,
    /// See [`LedgerRow::totals`].
    pub totals: Option<Totals>,
    /// See [`LedgerRow::write_back`].
    pub write_back: Option<WriteBack>,
    /// See [`LedgerRow::settlement`].
    pub settlement: Option<Settlement>,
}

/// Whether the outcome of every create is known. Written with the intent, before the call, so that it survives a crash.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "settlement", rename_all = "snake_case", deny_unknown_fields)]
pub enum Settlement {
    /// It is.
    #[default]
    Settled,
    /// A create was sent, or about to be, and its outcome is not known: it may appear late.
    Unsettled {
        /// Which one, as the trail names it: `header`, `line 42`.
        step: String,
        /// Digest of what the shop's order said then; see [`Applied::content`].
        content: Digest,
        /// When it was sent.
        since: Timestamp,
        /// When it was first looked for in vain, a settle time after it was sent.
        looked: Option<Timestamp>,
    },
}

/// What we wrote to one Kinetic order: the middle of the three things that are compared, between what the shop wants now and what
/// Kinetic holds now.
///
/// It is kept as JSON *text*: on the way through a [`serde_json::Value`] a decimal would lose digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applied {
    /// The order.
    pub order_num: OrderNum,
    /// Digest of all that was read of the shop's order to make it: where it is still the same, there is nothing to follow.
    pub content: Digest,
    /// Whose order it is.
    pub cust_num: CustNum,
    /// The header's fields that may follow the shop.
    pub header: BTreeMap<HeaderField, Written>,
    /// The lines.
    pub lines: Vec<AppliedLine>,
    /// The miscellaneous charges.
    pub charges: Vec<AppliedCharge>,
    /// Whether we let the warehouse see it. What was released once is never released again.
    pub released: bool,
    /// How far it got.
    pub stage: Stage,
}

/// How far a Kinetic order of ours got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The first import is not complete: staged, and completed by whoever comes next.
    Begun,
    /// All of it was written and proven.
    Complete,
    /// Keyed by a person and linked: nothing of it is ours to change.
    ByHand,
    /// Closed because the shop cancelled it. If the shop wants it after all, a new one is created.
    Closed,
}

/// A field, or a group of fields, of the header that is compared as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderField {
    /// The one-time ship-to.
    Address,
    /// `OrderComment`.
    Comment,
    /// `ShipViaCode`.
    ShipVia,
    /// `TermsCode`.
    Terms,
    /// `TaxRegionCode`.
    TaxRegion,
}

impl HeaderField {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Address, Self::Comment, Self::ShipVia, Self::Terms, Self::TaxRegion];
}

/// A field as we wrote it, and as Kinetic then held it: the two differ where Kinetic writes it its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Digest of what we wanted.
    pub wanted: Digest,
    /// Digest of what was read back after it; `None` until it was.
    pub held: Option<Digest>,
}

/// One line as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppliedLine {
    /// The shop's line id, which the Kinetic line bears.
    pub reference: String,
    /// `PartNum`.
    pub part_num: String,
    /// `SellingQuantity`.
    pub quantity: Quantity,
    /// `UnitPrice`.
    pub unit_price: Money,
    /// `Discount`.
    pub discount: Money,
}

/// One charge as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppliedCharge {
    /// What it stands for: `shipping`, `tax`.
    pub reference: String,
    /// `MiscCode`.
    pub code: String,
    /// The amount.
    pub amount: Money,
    /// `SeqNum`, once it was read back: by it a charge that a person changed is still known as ours.
    pub seq: Option<i32>,
}

/// The totals of both sides, with tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// The shop's.
    pub shop: Money,
    /// Kinetic's.
    pub kinetic: Money,
    /// The currency of both.
    pub currency: CurrencyCode,
}

/// Whether the shop's order bears the Kinetic number. A flag with retries of its own: its failure never repeats the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "write_back", rename_all = "snake_case", deny_unknown_fields)]
pub enum WriteBack {
    /// There is no number yet.
    #[default]
    NotDue,
    /// It has to be written.
    Pending {
        /// How often it was tried.
        attempt: u32,
        /// When it is tried again.
        not_before: Timestamp,
    },
    /// The shop bears it.
    Done,
}

impl WriteBack {
    /// When it is to be tried, if it is to be tried.
    pub const fn not_before(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { not_before, .. } => Some(*not_before),
            Self::NotDue | Self::Done => None,
        }
    }
}

#[cfg(test)]
mod tests;
