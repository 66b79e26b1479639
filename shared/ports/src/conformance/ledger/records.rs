//! Rows: what is written is what is read.

use connector_domain::{Clock, OrderId, OrderNum, Sku, Timestamp};

use super::LedgerSubject;
use crate::conformance::samples::{
    LEASE, complete, connection, granted, moment, order, progress, row, state,
};
use crate::ledger::{Ledger, LedgerError};
use crate::message::OrderKey;
use crate::order_state::{OrderState, StateName};
use crate::row::{AppliedLine, LedgerRow, Progress, WriteBack};

/// Every field of it, to the last digit.
pub async fn a_row_comes_back_as_it_was_written(subject: LedgerSubject) {
    let (claim, before) = granted(subject.ledger.as_ref(), &order(1)).await;
    subject.clock.advance(LEASE / 4);
    subject.ledger.checkpoint(&claim, &progress(), Vec::new(), LEASE).await.unwrap();
    let until = Some(subject.clock.now() + LEASE);
    let mut expected = LedgerRow { lease_until: until, ..before };
    expected.take(&progress());
    let stored = row(subject.ledger.as_ref(), &order(1)).await;
    assert_eq!(stored, expected);
    // Equal decimals may differ in their digits, and a line must keep those it was written with.
    let digits = |row: &LedgerRow| serde_json::to_string(&(&row.applied, &row.lines, &row.totals)).unwrap();
    assert_eq!(digits(&stored), digits(&expected));
}

/// Every line of it: an item of DynamoDB holds 400 KB.
pub async fn an_order_of_two_thousand_lines_comes_back_whole(subject: LedgerSubject) {
    let mut long = progress();
    let (lines, applied) = (long.lines.as_mut().unwrap(), long.applied.as_mut().unwrap());
    let (quantity, line) = (lines.first().unwrap().1, applied.lines.first().unwrap().clone());
    for number in 0..2_000 {
        lines.push((Sku(format!("SKU-{}", number * 7_919)), quantity));
        applied.lines.push(AppliedLine { reference: (100_000 + number * 31).to_string(), ..line.clone() });
    }
    complete(subject.ledger.as_ref(), &order(1), OrderState::Synced, long.clone()).await;
    let stored = row(subject.ledger.as_ref(), &order(1)).await;
    assert_eq!((Some(stored.lines), stored.applied), (long.lines, long.applied));
}

/// With all its particulars.
pub async fn a_row_keeps_every_state_as_it_was_written(subject: LedgerSubject) {
    for (number, name) in (1..).zip(StateName::ALL) {
        let state = state(name, moment("2024-03-01T10:05:00.123456789Z"));
        complete(subject.ledger.as_ref(), &order(number), state.clone(), Progress::default()).await;
        assert_eq!(row(subject.ledger.as_ref(), &order(number)).await.state, state);
    }
}

/// Whether it is a checkpoint or a completion that does not name it.
pub async fn what_progress_does_not_name_stays(subject: LedgerSubject) {
    complete(subject.ledger.as_ref(), &order(1), OrderState::Synced, progress()).await;
    let (claim, before) = granted(subject.ledger.as_ref(), &order(1)).await;
    let one = Progress { order_num: Some(OrderNum(7)), ..Progress::default() };
    subject.ledger.checkpoint(&claim, &one, Vec::new(), LEASE).await.unwrap();
    subject.ledger.complete(claim, OrderState::Synced, Progress::default(), Vec::new()).await.unwrap();
    let after = row(subject.ledger.as_ref(), &order(1)).await;
    assert_eq!(after, LedgerRow { order_num: Some(OrderNum(7)), ..before });
}

/// A claim that was released leaves no trace but its fence.
pub async fn releasing_changes_nothing_but_the_lease(subject: LedgerSubject) {
    complete(subject.ledger.as_ref(), &order(1), OrderState::Synced, progress()).await;
    let (claim, before) = granted(subject.ledger.as_ref(), &order(1)).await;
    let trail = subject.ledger.trail(&order(1)).await.unwrap();
    subject.clock.advance(LEASE / 2);
    subject.ledger.release(claim).await.unwrap();
    assert_eq!(row(subject.ledger.as_ref(), &order(1)).await, before);
    assert_eq!(subject.ledger.trail(&order(1)).await.unwrap(), trail);
}

/// Also if it is the same state again; and it is free then.
pub async fn a_completed_row_says_when_its_state_was_written(subject: LedgerSubject) {
    let first_seen = subject.clock.now();
    for _ in 0..2 {
        subject.clock.advance(LEASE);
        let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
        subject.clock.advance(LEASE / 2);
        subject.ledger.complete(claim, OrderState::Synced, Progress::default(), Vec::new()).await.unwrap();
        let stored = row(subject.ledger.as_ref(), &order(1)).await;
        assert_eq!((stored.changed_at, stored.lease_until), (subject.clock.now(), None));
        assert_eq!(stored.first_seen, first_seen + LEASE);
    }
}

/// From the first hold until it is settled, whatever it is held for and however often it is tried in between.
pub async fn a_row_says_since_when_a_person_is_asked_about_it(subject: LedgerSubject) {
    let first = subject.clock.now() + LEASE;
    let ledger = subject.ledger.as_ref();
    let names = [StateName::Held, StateName::Retrying, StateName::Uncertain, StateName::Held];
    for (minute, name) in (1..).zip(names) {
        subject.clock.advance(LEASE);
        complete(ledger, &order(1), state(name, subject.clock.now()), Progress::default()).await;
        let stored = row(ledger, &order(1)).await;
        assert_eq!((stored.held_since, stored.changed_at), (Some(first), first + LEASE * (minute - 1)));
    }
    complete(ledger, &order(1), OrderState::Synced, Progress::default()).await;
    assert_eq!(row(ledger, &order(1)).await.held_since, None);
}

/// It goes beside whoever is at work on the order.
pub async fn a_write_back_needs_no_claim_and_leaves_one_alone(subject: LedgerSubject) {
    complete(subject.ledger.as_ref(), &order(1), OrderState::Synced, progress()).await;
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    let before = row(subject.ledger.as_ref(), &order(1)).await;
    subject.ledger.write_back(&order(1), WriteBack::Done).await.unwrap();
    assert_eq!(
        row(subject.ledger.as_ref(), &order(1)).await,
        LedgerRow { write_back: WriteBack::Done, ..before }
    );
    assert_eq!(subject.ledger.release(claim).await, Ok(()));
    assert_eq!(row(subject.ledger.as_ref(), &order(1)).await.write_back, WriteBack::Done);
}

/// And creates no row.
pub async fn a_write_back_of_an_unknown_order_is_refused(subject: LedgerSubject) {
    let answer = subject.ledger.write_back(&order(1), WriteBack::Done).await;
    assert_eq!(answer, Err(LedgerError::Unknown(order(1))));
    assert_eq!(subject.ledger.get(&order(1)).await, Ok(None));
}

/// To look is not to create.
pub async fn an_unknown_order_has_no_row_and_no_trail(subject: LedgerSubject) {
    assert_eq!(subject.ledger.get(&order(1)).await, Ok(None));
    assert_eq!(subject.ledger.trail(&order(1)).await, Ok(Vec::new()));
    assert_eq!(subject.ledger.due(Timestamp::MAX, 10).await, Ok(Vec::new()));
}

/// Ids are numbers: 9 comes before 10, and the largest there is comes last.
pub async fn rows_are_listed_by_order_id_beginning_after_one(subject: LedgerSubject) {
    for number in [10, 9, 1_000_000, 2, u64::MAX, 0] {
        granted(subject.ledger.as_ref(), &order(number)).await;
    }
    let ledger = subject.ledger.as_ref();
    assert_eq!(listed(ledger, None, None, 10).await, [0, 2, 9, 10, 1_000_000, u64::MAX]);
    assert_eq!(listed(ledger, None, None, 2).await, [0, 2]);
    assert_eq!(listed(ledger, None, Some(2), 2).await, [9, 10]);
    assert_eq!(listed(ledger, None, Some(5), 10).await, [9, 10, 1_000_000, u64::MAX]);
    assert_eq!(listed(ledger, None, Some(u64::MAX), 10).await, [0; 0]);
}

/// The limit counts rows of that state, not rows looked at.
pub async fn rows_are_listed_by_state(subject: LedgerSubject) {
    for (number, name) in (1..).zip(StateName::ALL.into_iter().chain(StateName::ALL)) {
        complete(
            subject.ledger.as_ref(),
            &order(number),
            state(name, subject.clock.now()),
            Progress::default(),
        )
        .await;
    }
    for (first, name) in (1..).zip(StateName::ALL) {
        let ledger = subject.ledger.as_ref();
        assert_eq!(listed(ledger, Some(name), None, 10).await, [first, first + 8], "{name}");
        assert_eq!(listed(ledger, Some(name), None, 1).await, [first], "{name}");
        assert_eq!(listed(ledger, Some(name), Some(first), 1).await, [first + 8], "{name}");
    }
}

/// Whoever reads on takes a short page for the last, so a full list must come out of it, whatever moves on meanwhile.
pub async fn a_page_shorter_than_its_limit_is_the_last(subject: LedgerSubject) {
    let ledger = subject.ledger.as_ref();
    let held = state(StateName::Held, subject.clock.now());
    for number in 1..=7 {
        complete(ledger, &order(number), held.clone(), Progress::default()).await;
    }
    complete(ledger, &order(2), OrderState::Synced, Progress::default()).await;
    complete(ledger, &order(5), OrderState::Synced, Progress::default()).await;
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = listed(ledger, Some(StateName::Held), after, 2).await;
        after = page.last().copied();
        let ended = page.len() < 2;
        pages.push(page);
        if ended {
            break;
        }
    }
    assert_eq!(pages, [vec![1, 3], vec![4, 6], vec![7]]);
}

/// Not that of a neighbour in the alphabet either.
pub async fn a_list_shows_only_its_own_connection(subject: LedgerSubject) {
    for id in ["main", "main-store", "main-store2", "n"] {
        granted(subject.ledger.as_ref(), &OrderKey { connection: connection(id), order: order_number(id) })
            .await;
    }
    assert_eq!(listed(subject.ledger.as_ref(), None, None, 10).await, [order_number("main-store").0]);
}

fn order_number(id: &str) -> OrderId {
    OrderId(u64::try_from(id.len()).unwrap())
}

async fn listed(ledger: &dyn Ledger, name: Option<StateName>, after: Option<u64>, limit: usize) -> Vec<u64> {
    let rows = ledger.list(&connection("main-store"), name, after.map(OrderId), limit).await.unwrap();
    rows.iter().map(|row| row.key.order.0).collect()
}
