//! The trail: everything that happened, in its order.

use connector_domain::{Clock, OrderNum};

use super::LedgerSubject;
use crate::audit::AuditEvent;
use crate::conformance::samples::{LEASE, complete, granted, moment, order, row, state};
use crate::order_state::{OrderState, StateName};
use crate::row::Progress;

/// At the same moment, with what was before and what is now.
pub async fn a_state_and_its_transition_appear_together(subject: LedgerSubject) {
    let mut from = OrderState::New;
    for name in StateName::ALL.into_iter().skip(1) {
        let to = state(name, moment("2024-03-01T10:05:00Z"));
        subject.clock.advance(LEASE);
        complete(subject.ledger.as_ref(), &order(1), to.clone(), Progress::default()).await;
        let stored = row(subject.ledger.as_ref(), &order(1)).await;
        let last = subject.ledger.trail(&order(1)).await.unwrap().pop().unwrap();
        assert_eq!((&stored.state, stored.changed_at), (&to, last.at));
        assert_eq!(last.event, AuditEvent::Transition { from, to: to.clone() });
        from = to;
    }
}

/// Nor does a claim that was given back.
pub async fn an_unchanged_state_writes_no_transition(subject: LedgerSubject) {
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    subject.ledger.release(claim).await.unwrap();
    assert_eq!(subject.ledger.trail(&order(1)).await, Ok(Vec::new()));
    for _ in 0..2 {
        complete(subject.ledger.as_ref(), &order(1), OrderState::Synced, Progress::default()).await;
        assert_eq!(subject.ledger.trail(&order(1)).await.unwrap().len(), 1);
    }
    // Another attempt is another state, though its name is the same.
    for attempt in [1, 2] {
        let again = OrderState::Retrying {
            attempt,
            not_before: moment("2024-03-01T10:05:00Z"),
            class: "throttled".to_owned(),
        };
        complete(subject.ledger.as_ref(), &order(1), again, Progress::default()).await;
    }
    assert_eq!(subject.ledger.trail(&order(1)).await.unwrap().len(), 3);
}

/// What led to a state stands before it.
pub async fn events_stand_before_the_transition(subject: LedgerSubject) {
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    subject.ledger.complete(claim, OrderState::Synced, Progress::default(), steps(1..=2)).await.unwrap();
    let mut expected = steps(1..=2);
    expected.push(AuditEvent::Transition { from: OrderState::New, to: OrderState::Synced });
    assert_eq!(events(&subject, 1).await, expected);
}

/// With all its particulars.
pub async fn every_kind_of_event_comes_back_as_it_was_written(subject: LedgerSubject) {
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    let text = |text: &str| text.to_owned();
    let kinds = vec![
        AuditEvent::RuleFired { rule: text("sku.alias"), detail: text("\u{d6}L #7 \u{2192} \"OEL/7\"") },
        AuditEvent::SaveIntent { step: text("header") },
        AuditEvent::SaveOutcome {
            step: text("header"),
            outcome: text("saved"),
            order_num: Some(OrderNum(7)),
        },
        AuditEvent::SaveOutcome { step: text("line 1"), outcome: text("two\nlines"), order_num: None },
        AuditEvent::Failed { words: text("HTTP 503") },
    ];
    subject.ledger.checkpoint(&claim, &Progress::default(), kinds.clone(), LEASE).await.unwrap();
    assert_eq!(events(&subject, 1).await, kinds);
}

/// 1, 2, 3 … through checkpoints, completions, crashes and refusals, each order for itself.
pub async fn a_trail_is_numbered_without_gaps_whoever_wrote_it(subject: LedgerSubject) {
    let ledger = subject.ledger.as_ref();
    let (crashed, _) = granted(ledger, &order(1)).await;
    ledger.checkpoint(&crashed, &Progress::default(), steps(1..=3), LEASE).await.unwrap();
    complete(ledger, &order(2), OrderState::Synced, Progress::default()).await;
    subject.clock.advance(LEASE);
    let (claim, _) = granted(ledger, &order(1)).await;
    ledger.checkpoint(&crashed, &Progress::default(), steps(90..=99), LEASE).await.unwrap_err();
    ledger.checkpoint(&claim, &Progress::default(), Vec::new(), LEASE).await.unwrap();
    ledger.checkpoint(&claim, &Progress::default(), steps(4..=4), LEASE).await.unwrap();
    ledger.complete(claim, OrderState::Synced, Progress::default(), steps(5..=6)).await.unwrap();
    for (number, length) in [(1, 7), (2, 1)] {
        let trail = ledger.trail(&order(number)).await.unwrap();
        let numbers: Vec<u64> = trail.iter().map(|entry| entry.number).collect();
        assert_eq!(numbers, (1..=length).collect::<Vec<_>>());
        assert!(trail.is_sorted_by_key(|entry| entry.at));
    }
}

/// A transaction of `DynamoDB` holds a hundred items; an order may have a thousand lines.
pub async fn a_trail_takes_more_events_at_once_than_a_transaction(subject: LedgerSubject) {
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    subject.ledger.checkpoint(&claim, &Progress::default(), steps(1..=250), LEASE).await.unwrap();
    subject.ledger.complete(claim, OrderState::New, Progress::default(), steps(251..=500)).await.unwrap();
    assert_eq!(events(&subject, 1).await, steps(1..=500));
}

/// The intent of a call that may have saved, above all.
pub async fn what_was_checkpointed_before_a_crash_is_there_after_it(subject: LedgerSubject) {
    let (claim, _) = granted(subject.ledger.as_ref(), &order(1)).await;
    let known = Progress { order_num: Some(OrderNum(5001)), ..Progress::default() };
    let written = subject.clock.now();
    subject.ledger.checkpoint(&claim, &known, steps(1..=1), LEASE).await.unwrap();
    drop(claim);
    subject.clock.advance(LEASE);
    let (_claim, found) = granted(subject.ledger.as_ref(), &order(1)).await;
    assert_eq!(found.order_num, Some(OrderNum(5001)));
    assert_eq!(events(&subject, 1).await, steps(1..=1));
    assert_eq!(subject.ledger.trail(&order(1)).await.unwrap().pop().unwrap().at, written);
}

fn steps(numbers: std::ops::RangeInclusive<u32>) -> Vec<AuditEvent> {
    numbers.map(|number| AuditEvent::SaveIntent { step: format!("line {number}") }).collect()
}

async fn events(subject: &LedgerSubject, number: u64) -> Vec<AuditEvent> {
    let trail = subject.ledger.trail(&order(number)).await.unwrap();
    trail.into_iter().map(|entry| entry.event).collect()
}
