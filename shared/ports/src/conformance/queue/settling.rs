//! Settling: what becomes of a message after it was received.

use std::time::Duration;

use super::{QueueSubject, arrived, order, send, shown};
use crate::received::{QueueName, ReceiptError};

/// With its receives counted: at least once is not exactly once.
pub async fn what_is_not_deleted_comes_again_first_of_its_group(subject: QueueSubject) {
    send(&subject, 1, "first").await;
    send(&subject, 3, "second").await;
    for count in 1..=3 {
        let received = arrived(&subject, QueueName::Orders).await;
        assert_eq!((received.dedup.as_str(), received.receive_count), ("first", count));
        shown(&subject, &received).await;
    }
}

/// Its lane is empty then.
pub async fn what_is_deleted_does_not_come_again(subject: QueueSubject) {
    send(&subject, 1, "only").await;
    let received = arrived(&subject, QueueName::Orders).await;
    assert_eq!(subject.receiver.change_visibility(&received.receipt, Duration::from_mins(5)).await, Ok(()));
    assert_eq!(subject.receiver.delete(&received.receipt).await, Ok(()));
    assert_eq!(subject.receiver.receive(QueueName::Orders).await, None);
}

/// Whoever gave a message back has no say in it any more.
pub async fn a_receipt_is_refused_when_its_message_was_shown(subject: QueueSubject) {
    send(&subject, 7, "only").await;
    let received = arrived(&subject, QueueName::Orders).await;
    shown(&subject, &received).await;
    assert_eq!(subject.receiver.delete(&received.receipt).await, Err(ReceiptError));
    let longer = subject.receiver.change_visibility(&received.receipt, Duration::from_mins(5)).await;
    assert_eq!(longer, Err(ReceiptError));
    assert_eq!(arrived(&subject, QueueName::Orders).await.receive_count, 2);
}

/// Else a late one would delete what somebody else has in work.
pub async fn a_receipt_is_refused_when_its_message_was_received_again(subject: QueueSubject) {
    send(&subject, 7, "only").await;
    let late = arrived(&subject, QueueName::Orders).await;
    shown(&subject, &late).await;
    let current = arrived(&subject, QueueName::Orders).await;
    assert_eq!(subject.receiver.delete(&late.receipt).await, Err(ReceiptError));
    let shown_late = subject.receiver.change_visibility(&late.receipt, Duration::ZERO).await;
    assert_eq!(shown_late, Err(ReceiptError));
    assert_eq!(subject.receiver.receive(QueueName::Orders).await, None);
    assert_eq!(subject.receiver.delete(&current.receipt).await, Ok(()));
    assert_eq!(subject.receiver.receive(QueueName::Orders).await, None);
}

/// The one behind it arrives, by the same receive that gave it up.
pub async fn a_message_received_too_often_is_a_dead_letter_and_frees_its_group(subject: QueueSubject) {
    send(&subject, 1, "poisoned").await;
    send(&subject, 3, "behind").await;
    for count in 1..=subject.max_receives {
        let received = arrived(&subject, QueueName::Orders).await;
        assert_eq!((received.dedup.as_str(), received.receive_count), ("poisoned", count));
        assert_eq!(subject.receiver.dead_letters(QueueName::Orders).await, Vec::<String>::new());
        shown(&subject, &received).await;
    }
    assert_eq!(arrived(&subject, QueueName::Orders).await.dedup.as_str(), "behind");
    assert_eq!(subject.receiver.dead_letters(QueueName::Orders).await, [order(1, "poisoned").to_body()]);
    assert_eq!(subject.receiver.dead_letters(QueueName::Jobs).await, Vec::<String>::new());
}
