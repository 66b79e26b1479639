//! Arriving: everything, in turn, at once, and each event once.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{LANES, QueueSubject, arrived, drained, job, order, send};
use crate::conformance::samples::{MANY, connection};
use crate::message::{JobMessage, OrderMessage, Origin};
use crate::received::{QueueName, Received};

/// With its lane, its deduplication id and the first of its receives counted.
pub async fn an_order_arrives_byte_for_byte(subject: QueueSubject) {
    for origin in
        [Origin::Hook, Origin::Poll, Origin::Wake, Origin::Replay, Origin::Continuation, Origin::Unblocked]
    {
        let sent = OrderMessage { origin, ..order(7, &format!("id-{origin:?}")) };
        subject.queue.send_order(&sent, LANES).await.unwrap();
        let received = arrived(&subject, QueueName::Orders).await;
        assert_eq!(received.body, sent.to_body());
        assert_eq!((&received.lane, received.receive_count), (&sent.lane(LANES), 1));
        assert_eq!(OrderMessage::from_body(&received.body, received.dedup), Ok(sent));
        subject.receiver.delete(&received.receipt).await.unwrap();
    }
}

/// Whatever its position is.
pub async fn a_job_arrives_byte_for_byte(subject: QueueSubject) {
    let position =
        json!({ "page": 7, "sku": "\u{d6}L #7/\"blau\" <&> \u{1f4e6}", "left": [1, null, u64::MAX] });
    for (id, position) in [("a", Value::Null), ("b", position)] {
        let sent = job("order-poller", id, position);
        subject.queue.send_job(&sent).await.unwrap();
        let received = arrived(&subject, QueueName::Jobs).await;
        assert_eq!((&received.body, &received.lane), (&sent.to_body(), &sent.lane()));
        assert_eq!(JobMessage::from_body(&received.body, received.dedup), Ok(sent));
        subject.receiver.delete(&received.receipt).await.unwrap();
    }
}

/// Whatever lane they are in.
pub async fn of_many_sent_at_once_none_is_lost(subject: QueueSubject) {
    let mut sending = JoinSet::new();
    for number in 0..u64::try_from(MANY).unwrap() {
        let subject = subject.clone();
        sending.spawn(async move { send(&subject, number, &format!("id-{number}")).await });
    }
    sending.join_all().await;
    let mut numbers = drained(&subject).await;
    numbers.sort_unstable();
    assert_eq!(numbers, (0..u64::try_from(MANY).unwrap()).collect::<Vec<_>>());
}

/// And no other of its group.
pub async fn of_many_concurrent_receivers_one_gets_a_message(subject: QueueSubject) {
    for id in ["first", "second", "third"] {
        send(&subject, 7, id).await;
    }
    let mut receivers = JoinSet::new();
    for _ in 0..MANY {
        let receiver = subject.receiver.clone();
        receivers.spawn(async move { receiver.receive(QueueName::Orders).await });
    }
    let received: Vec<Received> = receivers.join_all().await.into_iter().flatten().collect();
    let ids: Vec<&str> = received.iter().map(|message| message.dedup.as_str()).collect();
    assert_eq!(ids, ["first"]);
}

/// In the order in which they were accepted.
pub async fn the_messages_of_a_group_arrive_in_turn(subject: QueueSubject) {
    let numbers = [5, 1, 9, 3, 7];
    for number in numbers {
        send(&subject, number, &format!("id-{number}")).await;
    }
    assert_eq!(drained(&subject).await, numbers);
}

/// Until it is deleted.
pub async fn while_one_is_in_work_no_other_of_its_group_arrives(subject: QueueSubject) {
    send(&subject, 1, "first").await;
    send(&subject, 3, "second").await;
    let first = arrived(&subject, QueueName::Orders).await;
    assert_eq!(subject.receiver.receive(QueueName::Orders).await, None);
    subject.receiver.delete(&first.receipt).await.unwrap();
    assert_eq!(arrived(&subject, QueueName::Orders).await.dedup.as_str(), "second");
}

/// Neither another lane of the connection, nor another connection.
pub async fn groups_do_not_wait_for_each_other(subject: QueueSubject) {
    for id in ["first", "second", "third"] {
        send(&subject, 1, id).await;
    }
    send(&subject, 2, "other-lane").await;
    let elsewhere = OrderMessage { connection: connection("other-store"), ..order(1, "other-store") };
    subject.queue.send_order(&elsewhere, LANES).await.unwrap();
    let mut ids = Vec::new();
    while let Some(received) = subject.receiver.receive(QueueName::Orders).await {
        ids.push(received.dedup.as_str().to_owned());
    }
    ids.sort_unstable();
    assert_eq!(ids, ["first", "other-lane", "other-store"]);
}

/// Another job of the connection, or the same job of another, runs beside it.
pub async fn a_job_never_overlaps_itself(subject: QueueSubject) {
    let other = JobMessage { connection: connection("other-store"), ..job("order-poller", "d", Value::Null) };
    for sent in [
        job("order-poller", "a", Value::Null),
        job("order-poller", "b", Value::Null),
        job("catalog-poller", "c", Value::Null),
        other,
    ] {
        subject.queue.send_job(&sent).await.unwrap();
    }
    let mut ids = Vec::new();
    while let Some(received) = subject.receiver.receive(QueueName::Jobs).await {
        ids.push(received.dedup.as_str().to_owned());
    }
    ids.sort_unstable();
    assert_eq!(ids, ["a", "c", "d"]);
}

/// Nor do their deduplication ids.
pub async fn the_queues_do_not_meet(subject: QueueSubject) {
    send(&subject, 1, "same").await;
    assert_eq!(subject.receiver.receive(QueueName::Jobs).await, None);
    assert_eq!(subject.receiver.receive(QueueName::Catalogue).await, None);
    subject.queue.send_job(&job("order-poller", "same", Value::Null)).await.unwrap();
    assert_eq!(subject.receiver.receive(QueueName::Catalogue).await, None);
    subject.queue.send_catalogue(&job("stock", "same", Value::Null)).await.unwrap();
    for queue in QueueName::ALL {
        assert_eq!(arrived(&subject, queue).await.receipt.queue(), queue);
        assert_eq!(subject.receiver.receive(queue).await, None);
    }
}

/// It has a lane as every job has.
pub async fn a_job_of_the_catalogue_arrives_byte_for_byte(subject: QueueSubject) {
    let sent = job("parts", "id", Value::Null);
    subject.queue.send_catalogue(&sent).await.unwrap();
    let received = arrived(&subject, QueueName::Catalogue).await;
    assert_eq!((&received.body, &received.lane), (&sent.to_body(), &sent.lane()));
    assert_eq!(JobMessage::from_body(&received.body, received.dedup), Ok(sent));
    subject.receiver.delete(&received.receipt).await.unwrap();
    assert_eq!(subject.receiver.receive(QueueName::Catalogue).await, None);
}

/// A message that was accepted can be received at once, also behind others of its order.
pub async fn nothing_is_delayed(subject: QueueSubject) {
    for id in ["first", "second", "third"] {
        send(&subject, 7, id).await;
        let received = arrived(&subject, QueueName::Orders).await;
        assert_eq!(received.dedup.as_str(), id);
        subject.receiver.delete(&received.receipt).await.unwrap();
    }
}

/// While the first waits, while it is in work, and after it was deleted.
pub async fn a_repeated_deduplication_id_is_accepted_and_dropped(subject: QueueSubject) {
    send(&subject, 7, "same").await;
    send(&subject, 7, "same").await;
    let received = arrived(&subject, QueueName::Orders).await;
    send(&subject, 7, "same").await;
    subject.receiver.delete(&received.receipt).await.unwrap();
    send(&subject, 7, "same").await;
    assert_eq!(subject.receiver.receive(QueueName::Orders).await, None);
    send(&subject, 7, "another").await;
    assert_eq!(arrived(&subject, QueueName::Orders).await.dedup.as_str(), "another");
}

/// High throughput asks for that; an id is never the same in two groups but by chance.
pub async fn a_deduplication_id_counts_within_its_group(subject: QueueSubject) {
    for number in [1, 2] {
        send(&subject, number, "same").await;
    }
    let mut numbers = drained(&subject).await;
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2]);
}
