//! What is due, and since when.

use std::time::Duration;

use connector_domain::{Clock, OrderId, Timestamp};

use super::LedgerSubject;
use crate::conformance::samples::{BLINK, LEASE, almost, busy, complete, connection, granted, order, state};
use crate::message::OrderKey;
use crate::order_state::{OrderState, StateName};
use crate::row::{Progress, WriteBack};

const SOON: Duration = Duration::from_mins(10);

/// Whatever else would make it due.
pub async fn a_row_at_work_is_never_due(subject: LedgerSubject) {
    let failed = Progress { write_back: Some(pending(subject.clock.now())), ..Progress::default() };
    let overdue = state(StateName::Retrying, subject.clock.now());
    complete(subject.ledger.as_ref(), &order(1), overdue, failed).await;
    assert_eq!(due(&subject).await, [1]);
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    busy(subject.ledger.as_ref(), &order(1)).await;
    assert_eq!(due(&subject).await, [0; 0]);
    subject.ledger.release(claim).await.unwrap();
    assert_eq!(due(&subject).await, [1]);
}

/// Whatever state it was in: nobody knows what the one who is gone has done.
pub async fn work_that_was_cut_off_is_due_when_its_lease_has_lapsed(subject: LedgerSubject) {
    for (number, name) in (1..).zip(StateName::ALL) {
        let ledger = subject.ledger.as_ref();
        complete(ledger, &order(number), state(name, Timestamp::MAX), Progress::default()).await;
        granted(ledger, &order(number)).await;
    }
    assert_eq!(due(&subject).await, [0; 0]);
    subject.clock.advance(LEASE);
    assert_eq!(due(&subject).await.len(), StateName::ALL.len());
}

/// A claim that was released without a decision leaves the order to the waker.
pub async fn a_row_that_was_given_back_undecided_is_due(subject: LedgerSubject) {
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    assert_eq!(due(&subject).await, [0; 0]);
    subject.ledger.release(claim).await.unwrap();
    assert_eq!(due(&subject).await, [1]);
}

/// At that very moment, and not before.
pub async fn a_retry_and_a_look_are_due_when_their_time_has_come(subject: LedgerSubject) {
    let soon = subject.clock.now() + SOON;
    complete(subject.ledger.as_ref(), &order(1), state(StateName::Retrying, soon), Progress::default()).await;
    complete(subject.ledger.as_ref(), &order(2), state(StateName::Uncertain, soon), Progress::default())
        .await;
    subject.clock.advance(almost(SOON));
    assert_eq!(due(&subject).await, [0; 0]);
    subject.clock.advance(BLINK);
    assert_eq!(due(&subject).await, [1, 2]);
}

/// However long it lies.
pub async fn a_state_that_only_an_event_can_move_is_not_due(subject: LedgerSubject) {
    let still = StateName::ALL.into_iter().filter(|name| match name {
        StateName::Waiting
        | StateName::Synced
        | StateName::Cancelled
        | StateName::Held
        | StateName::Ignored => true,
        StateName::New | StateName::Retrying | StateName::Uncertain => false,
    });
    for (number, name) in (1..).zip(still) {
        let done = Progress { write_back: Some(WriteBack::Done), ..Progress::default() };
        complete(subject.ledger.as_ref(), &order(number), state(name, Timestamp::UNIX_EPOCH), done).await;
    }
    subject.clock.advance(Duration::from_hours(24 * 365));
    assert_eq!(due(&subject).await, [0; 0]);
}

/// At once, in whatever state it was left.
pub async fn a_marked_row_is_due_when_it_is_free(subject: LedgerSubject) {
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    busy(subject.ledger.as_ref(), &order(1)).await;
    subject.ledger.complete(claim, OrderState::Synced, Progress::default(), Vec::new()).await.unwrap();
    assert_eq!(due(&subject).await, [1]);
    complete(subject.ledger.as_ref(), &order(1), OrderState::Synced, Progress::default()).await;
    assert_eq!(due(&subject).await, [0; 0]);
}

/// Whether it was recorded with the order or beside it.
pub async fn a_failed_write_back_is_due_when_its_time_has_come(subject: LedgerSubject) {
    let soon = subject.clock.now() + SOON;
    let failed = Progress { write_back: Some(pending(soon)), ..Progress::default() };
    complete(subject.ledger.as_ref(), &order(1), OrderState::Synced, failed).await;
    complete(subject.ledger.as_ref(), &order(2), OrderState::Synced, Progress::default()).await;
    subject.ledger.write_back(&order(2), pending(soon)).await.unwrap();
    assert_eq!(due(&subject).await, [0; 0]);
    subject.clock.advance(SOON);
    assert_eq!(due(&subject).await, [1, 2]);
    subject.ledger.write_back(&order(1), WriteBack::Done).await.unwrap();
    assert_eq!(due(&subject).await, [2]);
}

/// A row that is due for two reasons counts from the earlier one, and comes once.
pub async fn the_longest_due_comes_first_of_all_connections(subject: LedgerSubject) {
    let start = subject.clock.now();
    for (id, number, minutes) in [("b-store", 1, 3), ("a-store", 2, 2), ("a-store", 3, 4), ("c-store", 4, 1)]
    {
        let key = OrderKey { connection: connection(id), order: OrderId(number) };
        let at = start + Duration::from_mins(minutes);
        complete(subject.ledger.as_ref(), &key, state(StateName::Retrying, at), Progress::default()).await;
        let other = if number == 3 { start + Duration::from_secs(30) } else { start + SOON };
        subject.ledger.write_back(&key, pending(other)).await.unwrap();
    }
    subject.clock.advance(SOON);
    assert_eq!(due(&subject).await, [3, 4, 2, 1]);
    for key in subject.ledger.due(subject.clock.now(), 10).await.unwrap() {
        let row = subject.ledger.get(&key).await.unwrap().unwrap();
        assert!(row.due_since(subject.clock.now()).is_some());
    }
}

/// With those that have waited longest; the rest is due next time.
pub async fn what_is_due_ends_at_the_limit(subject: LedgerSubject) {
    for number in 1..=5 {
        let at = subject.clock.now() + Duration::from_secs(number);
        complete(
            subject.ledger.as_ref(),
            &order(number),
            state(StateName::Retrying, at),
            Progress::default(),
        )
        .await;
    }
    subject.clock.advance(SOON);
    let first = subject.ledger.due(subject.clock.now(), 3).await.unwrap();
    assert_eq!(first, [order(1), order(2), order(3)]);
    assert_eq!(subject.ledger.due(subject.clock.now(), 0).await, Ok(Vec::new()));
}

const fn pending(not_before: Timestamp) -> WriteBack {
    WriteBack::Pending { attempt: 1, not_before }
}

async fn due(subject: &LedgerSubject) -> Vec<u64> {
    let keys = subject.ledger.due(subject.clock.now(), 100).await.unwrap();
    keys.iter().map(|key| key.order.0).collect()
}
