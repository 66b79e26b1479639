//! Orders, states and facts to try the ports with.

use std::time::Duration;

use connector_domain::{
    ConnectionId, CurrencyCode, CustNum, Money, OrderId, OrderNum, Quantity, Sku, Timestamp,
};

use crate::digest::Digest;
use crate::ledger::{Claim, ClaimOutcome, Ledger};
use crate::message::OrderKey;
use crate::order_state::{OrderState, StateName};
use crate::row::{
    Applied, AppliedCharge, AppliedLine, HeaderField, LedgerRow, Progress, Settlement, Stage, Totals,
    WriteBack, Written,
};

/// How long the suites claim and lease.
pub(super) const LEASE: Duration = Duration::from_mins(1);

/// How many try at once where the suites try many.
pub(super) const MANY: usize = 32;

/// The shortest time that makes a difference.
pub(super) const BLINK: Duration = Duration::from_millis(1);

/// `duration` but for a [`BLINK`].
pub(super) const fn almost(duration: Duration) -> Duration {
    duration.saturating_sub(BLINK)
}

pub(super) fn connection(id: &str) -> ConnectionId {
    id.parse().expect("a connection id")
}

pub(super) fn order(number: u64) -> OrderKey {
    OrderKey { connection: connection("main-store"), order: OrderId(number) }
}

pub(super) fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// The claim on `key`, which must be free.
pub(super) async fn granted(ledger: &dyn Ledger, key: &OrderKey) -> (Claim, LedgerRow) {
    match ledger.claim(key, LEASE).await.expect("the ledger answers") {
        ClaimOutcome::Granted(claim, row) => (claim, row),
        ClaimOutcome::Busy(until) => panic!("{key} should be free, but is busy until {until}"),
    }
}

/// Until when `key` is busy, which it must be.
pub(super) async fn busy(ledger: &dyn Ledger, key: &OrderKey) -> Timestamp {
    match ledger.claim(key, LEASE).await.expect("the ledger answers") {
        ClaimOutcome::Granted(..) => panic!("{key} should be busy, but was granted"),
        ClaimOutcome::Busy(until) => until,
    }
}

/// The row of `key`, which must be there.
pub(super) async fn row(ledger: &dyn Ledger, key: &OrderKey) -> LedgerRow {
    ledger.get(key).await.expect("the ledger answers").expect("the row is there")
}

/// Claims `key` and completes it as `state`.
pub(super) async fn complete(ledger: &dyn Ledger, key: &OrderKey, state: OrderState, progress: Progress) {
    let (claim, _) = granted(ledger, key).await;
    ledger.complete(claim, state, progress, Vec::new()).await.expect("the claim is good");
}

/// One state of each name, with everything that can stand in it. `at` is when it wants to be looked at, if it does.
pub(super) fn state(name: StateName, at: Timestamp) -> OrderState {
    match name {
        StateName::New => OrderState::New,
        StateName::Waiting => {
            OrderState::Waiting { rule: "status 7 \u{2013} \"Awaiting Payment\"".to_owned() }
        }
        StateName::Retrying => {
            OrderState::Retrying { attempt: 3, not_before: at, class: "unavailable".to_owned() }
        }
        StateName::Uncertain => OrderState::Uncertain { since: Timestamp::UNIX_EPOCH, not_before: at },
        StateName::Synced => OrderState::Synced,
        StateName::Cancelled => OrderState::Cancelled,
        StateName::Held => OrderState::Held {
            reason: "part_missing".to_owned(),
            subject: Some("SKU #7/blau".to_owned()),
            words: "no part SKU #7/blau;\ncreate it, or add an alias".to_owned(),
        },
        StateName::Ignored => OrderState::Ignored { rule: "channel".to_owned() },
    }
}

/// Progress in every field. No field is left out, so that a new one has to be tried too.
pub(super) fn progress() -> Progress {
    Progress {
        order_num: Some(OrderNum(5001)),
        applied: Some(applied()),
        digest: Some(Digest::new([7; 32])),
        date_modified: Some(moment("2024-03-01T10:00:00Z")),
        lines: Some(vec![
            (Sku("BL-7".to_owned()), quantity("3")),
            (Sku("\u{d6}L 5W-30".to_owned()), quantity("0.125")),
        ]),
        totals: Some(Totals {
            shop: money("1234567890.12"),
            kinetic: money("1234567890.1200"),
            currency: euro(),
        }),
        write_back: Some(WriteBack::Pending {
            attempt: 2,
            not_before: moment("2024-03-01T10:05:00.123456789Z"),
        }),
        settlement: Some(Settlement::Unsettled {
            content: Digest::new([5; 32]),
            step: "line 42".to_owned(),
            since: moment("2024-03-01T10:00:01Z"),
            looked: Some(moment("2024-03-01T10:02:01Z")),
        }),
    }
}

fn applied() -> Applied {
    let line = AppliedLine {
        reference: "42".to_owned(),
        part_num: "BL-7".to_owned(),
        quantity: quantity("3"),
        unit_price: money("0.12345678901234567"),
        discount: money("-1.50"),
    };
    let charge = AppliedCharge {
        reference: "shipping".to_owned(),
        code: "FRT".to_owned(),
        amount: money("12.50"),
        seq: Some(3),
    };
    let written = |field: HeaderField| {
        let held = (field != HeaderField::Comment).then_some(Digest::new([2; 32]));
        (field, Written { wanted: Digest::new([1; 32]), held })
    };
    Applied {
        order_num: OrderNum(5001),
        content: Digest::new([4; 32]),
        cust_num: CustNum(42),
        header: HeaderField::ALL.into_iter().map(written).collect(),
        lines: vec![line],
        charges: vec![charge],
        released: true,
        stage: Stage::Begun,
    }
}

fn euro() -> CurrencyCode {
    CurrencyCode::try_from("EUR".to_owned()).expect("a currency")
}

fn money(text: &str) -> Money {
    serde_json::from_str(text).expect("an amount")
}

fn quantity(text: &str) -> Quantity {
    serde_json::from_str(text).expect("a quantity")
}
