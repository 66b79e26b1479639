//! What the ledger keeps of one order. No personal text: addresses and comments are digests.

use connector_domain::{CurrencyCode, Money, OrderNum, Quantity, Sku, Timestamp};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::message::OrderKey;
use crate::order_state::OrderState;

/// One order's row. State and lease are apart: claiming never changes the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Which order.
    pub key: OrderKey,
    /// Where it stands.
    pub state: OrderState,
    /// When it was first claimed.
    pub first_seen: Timestamp,
    /// When its state was last written.
    pub changed_at: Timestamp,
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
    /// The shop's `date_modified` as last read.
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

    /// When it is due, if it is free and stays as it is.
    fn free_due_at(&self) -> Option<Timestamp> {
        let undecided = matches!(self.state, OrderState::New).then_some(self.first_seen);
        let marked = self.again.then_some(self.changed_at);
        let moments = [undecided, marked, self.state.not_before(), self.write_back.not_before()];
        moments.into_iter().flatten().min()
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

/// What we wrote to one Kinetic order.
///
/// It is kept as JSON *text*: on the way through a [`serde_json::Value`] a decimal would lose digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applied {
    /// The order.
    pub order_num: OrderNum,
    /// Digest of all that was read of the shop's order to make it: where it is still the same, there is nothing to follow.
    pub content: Digest,
    /// Digest of the ship-to.
    pub address: Digest,
    /// Digest of the comment.
    pub comment: Digest,
    /// Digest of customer, shipping method, terms and tax region.
    pub header: Digest,
    /// The lines.
    pub lines: Vec<AppliedLine>,
    /// The miscellaneous charges.
    pub charges: Vec<AppliedCharge>,
    /// Whether we let the warehouse see it. What was released once is never released again.
    pub released: bool,
    /// Whether all of it was written and proven.
    pub complete: bool,
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
mod tests {
    use connector_domain::{ConnectionId, OrderId};
    use test_case::test_case;

    use super::*;

    /// Second `second` of the day that all these rows live on.
    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// First seen at 10, completed as synced at 20.
    fn synced() -> LedgerRow {
        let connection: ConnectionId = "main-store".parse().unwrap();
        let row = LedgerRow::new(OrderKey { connection, order: OrderId(7) }, at(10));
        LedgerRow { state: OrderState::Synced, changed_at: at(20), ..row }
    }

    fn new() -> LedgerRow {
        LedgerRow { state: OrderState::New, ..synced() }
    }

    fn held() -> LedgerRow {
        let held =
            OrderState::Held { reason: "part_missing".to_owned(), subject: None, words: String::new() };
        LedgerRow { state: held, ..synced() }
    }

    fn retrying(second: i64) -> LedgerRow {
        let class = "unavailable".to_owned();
        LedgerRow { state: OrderState::Retrying { attempt: 1, not_before: at(second), class }, ..synced() }
    }

    fn uncertain(second: i64) -> LedgerRow {
        LedgerRow { state: OrderState::Uncertain { since: at(5), not_before: at(second) }, ..synced() }
    }

    fn leased(row: LedgerRow, until: i64) -> LedgerRow {
        LedgerRow { lease_until: Some(at(until)), ..row }
    }

    fn marked(row: LedgerRow) -> LedgerRow {
        LedgerRow { again: true, ..row }
    }

    fn writing_back(row: LedgerRow, second: i64) -> LedgerRow {
        LedgerRow { write_back: WriteBack::Pending { attempt: 1, not_before: at(second) }, ..row }
    }

    #[test_case(&synced(), None; "a synced one is not due")]
    #[test_case(&held(), None; "a held one waits for a person")]
    #[test_case(&new(), Some(10); "an undecided one is due since it was first seen")]
    #[test_case(&marked(synced()), Some(20); "a marked one is due since its state was written")]
    #[test_case(&marked(held()), Some(20); "a marked one is due even if it is held")]
    #[test_case(&retrying(99), Some(99); "a retry is due when its time has come")]
    #[test_case(&retrying(100), Some(100); "a retry is due at the very moment")]
    #[test_case(&retrying(101), None; "a retry is not due before its time")]
    #[test_case(&uncertain(30), Some(30); "a look is due when its time has come, not since the call")]
    #[test_case(&uncertain(101), None; "a look is not due before its time")]
    #[test_case(&marked(retrying(101)), Some(20); "a mark does not wait for a retry")]
    #[test_case(&marked(retrying(15)), Some(15); "of two reasons the earlier counts")]
    #[test_case(&writing_back(synced(), 50), Some(50); "a write back is due when its time has come")]
    #[test_case(&writing_back(synced(), 101), None; "a write back is not due before its time")]
    #[test_case(&writing_back(retrying(60), 50), Some(50); "a write back may be due before a retry")]
    #[test_case(&LedgerRow { write_back: WriteBack::Done, ..synced() }, None; "a finished write back is not due")]
    #[test_case(&leased(new(), 101), None; "one at work is not due, though it is undecided")]
    #[test_case(&leased(marked(writing_back(retrying(15), 16)), 101), None; "one at work is not due for any reason")]
    #[test_case(&leased(synced(), 100), Some(100); "work that was cut off is due at the very end of its lease")]
    #[test_case(&leased(held(), 90), Some(90); "work that was cut off is due whatever its state")]
    #[test_case(&leased(marked(retrying(15)), 90), Some(90); "work that was cut off is due since then, and no longer")]
    fn at_second_100_it_is_due_since(row: &LedgerRow, expected: Option<i64>) {
        assert_eq!(row.due_since(at(100)), expected.map(at));
    }

    #[test]
    fn a_row_takes_what_became_known_and_keeps_the_rest() {
        let mut row = synced();
        row.take(&full());
        let Progress { order_num, applied, digest, date_modified, lines, totals, write_back, settlement } =
            full();
        let expected = LedgerRow {
            order_num,
            applied,
            digest,
            date_modified,
            lines: lines.unwrap(),
            totals,
            write_back: write_back.unwrap(),
            settlement: settlement.unwrap(),
            ..synced()
        };
        assert_eq!(row, expected);
        row.take(&Progress::default());
        assert_eq!(row, expected, "nothing became known");
        let emptied = Progress { lines: Some(Vec::new()), ..Progress::default() };
        row.take(&emptied);
        assert_eq!(row, LedgerRow { lines: Vec::new(), ..expected }, "no lines are not unknown lines");
    }

    fn full() -> Progress {
        Progress {
            order_num: Some(OrderNum(5001)),
            applied: Some(serde_json::from_str(APPLIED).unwrap()),
            digest: Some(Digest::new([7; 32])),
            date_modified: Some(at(8)),
            lines: Some(vec![(Sku("BL-7".to_owned()), Quantity::from(3))]),
            totals: Some(serde_json::from_str(TOTALS).unwrap()),
            write_back: Some(WriteBack::Done),
            settlement: Some(unsettled(None)),
        }
    }

    fn unsettled(looked: Option<Timestamp>) -> Settlement {
        Settlement::Unsettled {
            step: "header".to_owned(),
            content: Digest::new([5; 32]),
            since: at(9),
            looked,
        }
    }

    const APPLIED: &str = concat!(
        r#"{"order_num":5001,"content":"0404040404040404040404040404040404040404040404040404040404040404","#,
        r#""address":"0101010101010101010101010101010101010101010101010101010101010101","#,
        r#""comment":"0202020202020202020202020202020202020202020202020202020202020202","#,
        r#""header":"0303030303030303030303030303030303030303030303030303030303030303","#,
        r#""lines":[{"reference":"42","part_num":"ÖL \"7\"","quantity":3.000,"unit_price":0.12345678901234567890,"discount":-1.50}],"#,
        r#""charges":[{"reference":"shipping","code":"FRT","amount":1234567890123456.12}],"#,
        r#""released":true,"complete":false}"#,
    );
    const TOTALS: &str = r#"{"shop":100.10,"kinetic":100.1000,"currency":"EUR"}"#;

    #[test]
    fn what_was_applied_survives_its_json_text_to_the_last_digit() {
        let applied: Applied = serde_json::from_str(APPLIED).unwrap();
        assert_eq!(serde_json::to_string(&applied).unwrap(), APPLIED);
        let totals: Totals = serde_json::from_str(TOTALS).unwrap();
        assert_eq!(serde_json::to_string(&totals).unwrap(), TOTALS);
    }

    #[test]
    fn what_was_applied_has_no_room_for_more() {
        let more = APPLIED.replacen('{', r#"{"ship_to_name":"x","#, 1);
        assert!(serde_json::from_str::<Applied>(&more).is_err());
    }

    #[test_case(&WriteBack::NotDue, r#"{"write_back":"not_due"}"#)]
    #[test_case(&WriteBack::Pending { attempt: 2, not_before: at(90) }, r#"{"write_back":"pending","attempt":2,"not_before":"1970-01-01T00:01:30Z"}"#)]
    #[test_case(&WriteBack::Done, r#"{"write_back":"done"}"#)]
    fn a_write_back_survives_its_json_text(write_back: &WriteBack, text: &str) {
        assert_eq!(serde_json::to_string(write_back).unwrap(), text);
        assert_eq!(serde_json::from_str::<WriteBack>(text).unwrap(), *write_back);
    }

    #[test_case(&Settlement::Settled)]
    #[test_case(&unsettled(None))]
    #[test_case(&unsettled(Some(at(90))))]
    fn a_settlement_survives_its_json_text(settlement: &Settlement) {
        let text = serde_json::to_string(settlement).unwrap();
        assert_eq!(serde_json::from_str::<Settlement>(&text).unwrap(), *settlement);
    }
}
