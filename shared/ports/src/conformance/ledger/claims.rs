//! Claims: one at a time, lapsing, marking.

use connector_domain::{Clock, OrderId};
use tokio::task::JoinSet;

use super::LedgerSubject;
use crate::audit::AuditEvent;
use crate::conformance::samples::{
    LEASE, MANY, busy, complete, granted, moment, order, progress, row, state,
};
use crate::ledger::{ClaimOutcome, LedgerError};
use crate::order_state::{OrderState, StateName};
use crate::row::{LedgerRow, Progress};

/// Whoever is not granted it is told until when it is busy.
pub async fn of_many_concurrent_claims_one_is_granted(subject: LedgerSubject) {
    let until = subject.clock.now() + LEASE;
    let mut claims = JoinSet::new();
    for _ in 0..MANY {
        let ledger = subject.ledger.clone();
        claims.spawn(async move { ledger.claim(&order(1), LEASE).await.unwrap() });
    }
    let outcomes = claims.join_all().await;
    let granted = outcomes.iter().filter(|outcome| matches!(outcome, ClaimOutcome::Granted(..))).count();
    let told = outcomes.iter().filter(|outcome| matches!(outcome, ClaimOutcome::Busy(end) if *end == until));
    assert_eq!((granted, told.count()), (1, MANY - 1));
}

/// Neither of two orders, nor of two connections.
pub async fn claims_on_different_orders_do_not_meet(subject: LedgerSubject) {
    let mut elsewhere = order(1);
    elsewhere.connection = "other-store".parse().unwrap();
    for key in [order(1), order(2), elsewhere, order(11)] {
        let (claim, before) = granted(subject.ledger.as_ref(), &key).await;
        assert_eq!((claim.key(), before.key), (&key, key.clone()));
    }
}

/// With the moment of the claim as the first that is known of it.
pub async fn claiming_an_unknown_order_creates_it_as_new(subject: LedgerSubject) {
    let now = subject.clock.now();
    let (_claim, before) = granted(subject.ledger.as_ref(), &order(1)).await;
    assert_eq!(before, LedgerRow::new(order(1), now));
    let stored = row(subject.ledger.as_ref(), &order(1)).await;
    assert_eq!(stored, LedgerRow { lease_until: Some(now + LEASE), ..before });
}

/// Nor anything else but lease and mark.
pub async fn claiming_changes_no_state(subject: LedgerSubject) {
    for (number, name) in (1..).zip(StateName::ALL) {
        complete(subject.ledger.as_ref(), &order(number), state(name, subject.clock.now()), progress()).await;
        let before = row(subject.ledger.as_ref(), &order(number)).await;
        subject.clock.advance(LEASE);
        let (_claim, _) = granted(subject.ledger.as_ref(), &order(number)).await;
        let after = row(subject.ledger.as_ref(), &order(number)).await;
        assert_eq!(after, LedgerRow { lease_until: Some(subject.clock.now() + LEASE), ..before });
    }
}

/// A lease that lapsed is still on it, which tells the next that work was cut off.
pub async fn a_granted_row_is_as_it_was_before_the_claim(subject: LedgerSubject) {
    complete(subject.ledger.as_ref(), &order(1), OrderState::Synced, progress()).await;
    let stored = row(subject.ledger.as_ref(), &order(1)).await;
    let (_lapsing, before) = granted(subject.ledger.as_ref(), &order(1)).await;
    assert_eq!(before, stored);
    let lapsed = subject.clock.now() + LEASE;
    subject.clock.advance(2 * LEASE);
    let (_claim, before) = granted(subject.ledger.as_ref(), &order(1)).await;
    assert_eq!(before, LedgerRow { lease_until: Some(lapsed), ..stored });
}

/// The mark is all that may be written without the claim.
pub async fn a_claim_that_finds_the_row_busy_marks_it_and_nothing_else(subject: LedgerSubject) {
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    let before = row(subject.ledger.as_ref(), &order(1)).await;
    subject.clock.advance(LEASE / 2);
    assert_eq!(Some(busy(subject.ledger.as_ref(), &order(1)).await), before.lease_until);
    assert_eq!(row(subject.ledger.as_ref(), &order(1)).await, LedgerRow { again: true, ..before });
    subject.ledger.release(claim).await.unwrap();
}

/// It outlives a checkpoint, too.
pub async fn a_mark_outlives_complete_and_release(subject: LedgerSubject) {
    let ledger = subject.ledger.as_ref();
    for number in [1, 2] {
        let (claim, _) = granted(ledger, &order(number)).await;
        busy(ledger, &order(number)).await;
        ledger.checkpoint(&claim, &progress(), Vec::new(), LEASE).await.unwrap();
        assert!(row(ledger, &order(number)).await.again);
        if number == 1 {
            ledger.complete(claim, OrderState::Synced, Progress::default(), Vec::new()).await.unwrap();
        } else {
            ledger.release(claim).await.unwrap();
        }
        assert!(row(ledger, &order(number)).await.again);
    }
}

/// So that whoever works knows that somebody had come.
pub async fn the_next_granted_claim_clears_the_mark_and_still_shows_it(subject: LedgerSubject) {
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    busy(subject.ledger.as_ref(), &order(1)).await;
    subject.ledger.release(claim).await.unwrap();
    let (_claim, before) = granted(subject.ledger.as_ref(), &order(1)).await;
    assert!(before.again);
    assert!(!row(subject.ledger.as_ref(), &order(1)).await.again);
}

/// Either the other claim is granted, or its mark stands: no event falls between.
pub async fn a_mark_set_beside_a_completion_is_not_lost(subject: LedgerSubject) {
    for number in 1..=u64::try_from(MANY).unwrap() {
        let (claim, _) = granted(subject.ledger.as_ref(), &order(number)).await;
        let ledger = subject.ledger.clone();
        let other = tokio::spawn(async move { ledger.claim(&order(number), LEASE).await.unwrap() });
        subject.ledger.complete(claim, OrderState::Synced, Progress::default(), Vec::new()).await.unwrap();
        let refused = matches!(other.await.unwrap(), ClaimOutcome::Busy(_));
        let stored = row(subject.ledger.as_ref(), &order(number)).await;
        assert_eq!((stored.again, stored.lease_until.is_none()), (refused, refused));
    }
}

/// From the moment it lapses, and with a higher fence.
pub async fn a_lapsed_claim_can_be_granted_anew(subject: LedgerSubject) {
    let (first, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    subject.clock.advance(LEASE);
    let (second, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    assert!(second.fence() > first.fence());
    subject.ledger.release(second).await.unwrap();
    let (third, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    assert!(third.fence() > first.fence() + 1);
}

/// Even if nobody else has come since.
pub async fn a_lapsed_claim_is_refused_and_writes_nothing(subject: LedgerSubject) {
    refused(&subject, async || subject.clock.advance(LEASE)).await;
}

/// Even if the other one is done already.
pub async fn a_superseded_claim_is_refused_and_writes_nothing(subject: LedgerSubject) {
    refused(&subject, async || {
        subject.clock.advance(LEASE);
        let (_theirs, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    })
    .await;
    refused(&subject, async || {
        subject.clock.advance(LEASE);
        complete(subject.ledger.as_ref(), &order(1), OrderState::Synced, Progress::default()).await;
    })
    .await;
}

/// Tries each way to write with a claim that `lose` has made worthless.
async fn refused(subject: &LedgerSubject, lose: impl AsyncFn()) {
    let ledger = subject.ledger.as_ref();
    let events = || vec![AuditEvent::SaveIntent { step: "header".to_owned() }];
    for way in 0..3 {
        subject.clock.advance(LEASE);
        let (claim, _) = granted(ledger, &order(1)).await;
        lose().await;
        let before = (row(ledger, &order(1)).await, ledger.trail(&order(1)).await.unwrap());
        let answer = match way {
            0 => ledger.checkpoint(&claim, &progress(), events(), LEASE).await,
            1 => ledger.complete(claim, OrderState::Cancelled, progress(), events()).await,
            _ => ledger.release(claim).await,
        };
        assert_eq!(answer, Err(LedgerError::Lost(order(1))));
        assert_eq!((row(ledger, &order(1)).await, ledger.trail(&order(1)).await.unwrap()), before);
    }
}

/// To a length of its own, counted from the checkpoint.
pub async fn a_checkpoint_renews_the_lease(subject: LedgerSubject) {
    let start = moment("2024-03-01T12:00:00Z");
    subject.clock.advance_to(start);
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    subject.clock.advance(LEASE / 2);
    subject.ledger.checkpoint(&claim, &Progress::default(), Vec::new(), 3 * LEASE).await.unwrap();
    subject.clock.advance(2 * LEASE);
    assert_eq!(busy(subject.ledger.as_ref(), &order(1)).await, start + LEASE / 2 + 3 * LEASE);
    let complete = subject.ledger.complete(claim, OrderState::Synced, Progress::default(), Vec::new()).await;
    assert_eq!(complete, Ok(()));
    assert_eq!(row(subject.ledger.as_ref(), &order(1)).await.key.order, OrderId(1));
}
