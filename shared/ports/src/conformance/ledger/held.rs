//! What is held, by reason.

use super::LedgerSubject;
use crate::conformance::samples::{complete, connection, order};
use crate::ledger::Ledger;
use crate::message::OrderKey;
use crate::order_state::OrderState;
use crate::row::{LedgerRow, Progress};

const PART: &str = "unknown_part";
const PRICE: &str = "unknown_part_price";

fn held(reason: &str, subject: Option<&str>) -> OrderState {
    OrderState::Held {
        reason: reason.to_owned(),
        subject: subject.map(str::to_owned),
        words: "words".to_owned(),
    }
}

async fn hold(ledger: &dyn Ledger, number: u64, reason: &str, subject: Option<&str>) {
    complete(ledger, &order(number), held(reason, subject), Progress::default()).await;
}

async fn page(ledger: &dyn Ledger, reason: &str, after: Option<&str>, limit: usize) -> Vec<LedgerRow> {
    ledger.held(&connection("main-store"), reason, after, limit).await.unwrap()
}

fn numbers(rows: &[LedgerRow]) -> Vec<u64> {
    rows.iter().map(|row| row.key.order.0).collect()
}

/// Whole rows, page after page; one without a subject comes first, and numbers count as numbers.
pub async fn what_is_held_is_listed_by_reason_and_what_it_is_about(subject: LedgerSubject) {
    let ledger = subject.ledger.as_ref();
    for (number, about) in
        [(100, Some("SKU-1")), (9, Some("SKU-1")), (3, Some("SKU-2")), (7, None), (8, Some("Teil Ö #1"))]
    {
        hold(ledger, number, PART, about).await;
    }
    let all = page(ledger, PART, None, 10).await;
    assert_eq!(numbers(&all), [7, 9, 100, 3, 8]);
    for row in &all {
        assert_eq!(Some(row), ledger.get(&row.key).await.unwrap().as_ref());
    }
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = page(ledger, PART, after.as_deref(), 2).await;
        after = page.last().and_then(LedgerRow::held_by);
        let ended = page.len() < 2;
        pages.push(numbers(&page));
        if ended {
            break;
        }
    }
    assert_eq!(pages, [vec![7, 9], vec![100, 3], vec![8]]);
}

/// So who reads several reasons in their order keeps one place.
pub async fn a_page_of_what_is_held_may_begin_after_a_place_of_another_reason(subject: LedgerSubject) {
    let ledger = subject.ledger.as_ref();
    hold(ledger, 1, "customer_blocked", Some("C-1")).await;
    hold(ledger, 2, PART, Some("SKU-1")).await;
    let end = |rows: Vec<LedgerRow>| rows.last().and_then(LedgerRow::held_by).unwrap();
    let first = end(page(ledger, "customer_blocked", None, 10).await);
    assert_eq!(numbers(&page(ledger, PART, Some(&first), 10).await), [2]);
    let last = end(page(ledger, PART, None, 10).await);
    assert_eq!(page(ledger, "customer_blocked", Some(&last), 10).await, []);
}

/// Nor what is another connection's, or is held for a reason that begins the same.
pub async fn what_is_held_no_longer_or_for_another_reason_is_not_listed(subject: LedgerSubject) {
    let ledger = subject.ledger.as_ref();
    for number in 1..=3 {
        hold(ledger, number, PART, Some("SKU-1")).await;
    }
    let elsewhere = OrderKey { connection: connection("main-store2"), ..order(4) };
    complete(ledger, &elsewhere, held(PART, Some("SKU-1")), Progress::default()).await;
    complete(ledger, &order(1), OrderState::Synced, Progress::default()).await;
    hold(ledger, 2, PRICE, Some("SKU-1")).await;
    assert_eq!(numbers(&page(ledger, PART, None, 10).await), [3]);
    assert_eq!(numbers(&page(ledger, PRICE, None, 10).await), [2]);
    assert_eq!(page(ledger, "unknown", None, 10).await, []);
}
