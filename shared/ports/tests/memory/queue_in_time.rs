//! What the memory queue does as time passes: visibility, the deduplication window, and whom it tells.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock, ManualClock, OrderId};
use connector_ports::memory::{DeadLetter, MemoryQueue, QueueSettings};
use connector_ports::{
    DeadLetters, DeadLettersError, DedupId, JobMessage, OrderMessage, Origin, Queue, QueueName, ReceiptError,
    Received,
};
use serde_json::Value;

const VISIBILITY: Duration = Duration::from_mins(1);
const WINDOW: Duration = Duration::from_mins(5);
const INSTANT: Duration = Duration::from_millis(1);

/// `duration` but for an [`INSTANT`].
fn almost(duration: Duration) -> Duration {
    duration.saturating_sub(INSTANT)
}

struct Stage {
    clock: ManualClock,
    queue: Arc<MemoryQueue>,
}

impl Stage {
    fn set() -> Self {
        let clock = super::clock();
        let settings = QueueSettings { visibility: VISIBILITY, max_receives: 2 };
        Self { queue: Arc::new(MemoryQueue::new(Arc::new(clock.clone()), settings)), clock }
    }

    async fn send(&self, order: u64, dedup: &str) {
        self.queue.send_order(&message(order, dedup), 2).await.unwrap();
    }

    fn receive(&self) -> Option<Received> {
        self.queue.receive(QueueName::Orders)
    }
}

fn message(order: u64, dedup: &str) -> OrderMessage {
    let dedup = DedupId::received(dedup.to_owned());
    OrderMessage::new("main-store".parse().unwrap(), OrderId(order), Origin::Hook, dedup)
}

#[test]
fn a_message_is_invisible_for_half_an_hour_and_received_five_times_unless_told_otherwise() {
    let settings = QueueSettings::default();
    assert_eq!((settings.visibility, settings.max_receives), (Duration::from_mins(30), 5));
}

#[tokio::test]
async fn a_message_becomes_visible_when_its_time_has_run_out() {
    let stage = Stage::set();
    stage.send(7, "only").await;
    assert_eq!(stage.receive().unwrap().receive_count, 1);
    stage.clock.advance(almost(VISIBILITY));
    assert_eq!(stage.receive(), None);
    stage.clock.advance(INSTANT);
    assert_eq!(stage.receive().unwrap().receive_count, 2);
}

#[tokio::test]
async fn a_receipt_whose_time_has_run_out_is_refused() {
    let stage = Stage::set();
    stage.send(7, "only").await;
    let received = stage.receive().unwrap();
    stage.clock.advance(VISIBILITY);
    assert_eq!(stage.queue.delete(&received.receipt), Err(ReceiptError));
    assert_eq!(stage.queue.change_visibility(&received.receipt, VISIBILITY), Err(ReceiptError));
    assert_eq!(stage.queue.len(QueueName::Orders), 1, "the message stays");
}

#[tokio::test]
async fn a_receipt_is_good_until_the_last_moment_and_then_used_up() {
    let stage = Stage::set();
    stage.send(7, "only").await;
    let received = stage.receive().unwrap();
    stage.clock.advance(almost(VISIBILITY));
    assert_eq!(stage.queue.delete(&received.receipt), Ok(()));
    assert_eq!(stage.queue.delete(&received.receipt), Err(ReceiptError));
}

#[tokio::test]
async fn a_changed_visibility_counts_from_the_change() {
    let stage = Stage::set();
    stage.send(7, "only").await;
    let received = stage.receive().unwrap();
    stage.clock.advance(VISIBILITY / 2);
    stage.queue.change_visibility(&received.receipt, 3 * VISIBILITY).unwrap();
    stage.clock.advance(almost(3 * VISIBILITY));
    assert_eq!(stage.receive(), None);
    stage.queue.change_visibility(&received.receipt, INSTANT).unwrap();
    stage.clock.advance(INSTANT);
    assert_eq!(stage.receive().unwrap().receive_count, 2);
}

#[tokio::test]
async fn a_message_whose_time_ran_out_too_often_becomes_a_dead_letter_when_it_would_come_again() {
    let stage = Stage::set();
    stage.send(7, "poisoned").await;
    for count in 1..=2 {
        assert_eq!(stage.receive().unwrap().receive_count, count);
        stage.clock.advance(VISIBILITY);
    }
    assert_eq!((stage.queue.dead_letters(QueueName::Orders), stage.queue.is_empty()), (vec![], false));
    assert_eq!(stage.receive(), None);
    let sent = message(7, "poisoned");
    let (lane, body) = (sent.lane(2), sent.to_body());
    let letter = DeadLetter { body, dedup: sent.dedup, lane, receive_count: 2 };
    assert_eq!(stage.queue.dead_letters(QueueName::Orders), [letter]);
    assert!(stage.queue.is_empty());
}

#[tokio::test]
async fn a_last_receive_that_is_deleted_in_time_is_no_dead_letter() {
    let stage = Stage::set();
    stage.send(7, "late").await;
    stage.receive().unwrap();
    stage.clock.advance(VISIBILITY);
    let last = stage.receive().unwrap();
    assert_eq!(stage.receive(), None);
    stage.queue.delete(&last.receipt).unwrap();
    stage.clock.advance(VISIBILITY);
    assert_eq!(stage.receive(), None);
    assert_eq!(stage.queue.dead_letters(QueueName::Orders), []);
}

#[tokio::test]
async fn the_deduplication_window_is_five_minutes_from_acceptance() {
    let stage = Stage::set();
    stage.send(7, "same").await;
    let first = stage.receive().unwrap();
    stage.clock.advance(almost(almost(WINDOW)));
    stage.send(7, "same").await;
    assert_eq!(stage.queue.len(QueueName::Orders), 1, "dropped, and the window does not begin anew");
    assert_eq!(stage.queue.delete(&first.receipt), Err(ReceiptError), "its visibility is over");
    stage.clock.advance(INSTANT + INSTANT);
    stage.send(7, "same").await;
    assert_eq!(stage.queue.len(QueueName::Orders), 2, "the window is over, though the first still waits");
}

#[tokio::test]
async fn the_deduplication_window_outlives_deletion_and_death() {
    let stage = Stage::set();
    stage.send(7, "deleted").await;
    stage.queue.delete(&stage.receive().unwrap().receipt).unwrap();
    stage.send(7, "buried").await;
    for _ in 0..2 {
        stage.receive().unwrap();
        stage.clock.advance(VISIBILITY);
    }
    assert_eq!(stage.receive(), None);
    stage.send(7, "deleted").await;
    stage.send(7, "buried").await;
    assert!(stage.queue.is_empty());
    stage.clock.advance(WINDOW.saturating_sub(2 * VISIBILITY));
    stage.send(7, "deleted").await;
    stage.send(7, "buried").await;
    assert_eq!(stage.queue.len(QueueName::Orders), 2);
}

#[tokio::test]
async fn the_oldest_message_of_all_free_lanes_comes_first() {
    let stage = Stage::set();
    for (order, dedup) in [(2, "a"), (1, "b"), (2, "c"), (1, "d")] {
        stage.send(order, dedup).await;
    }
    let mut ids = Vec::new();
    while let Some(received) = stage.receive() {
        stage.queue.delete(&received.receipt).unwrap();
        ids.push(received.dedup.as_str().to_owned());
    }
    assert_eq!(ids, ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn a_driver_learns_when_the_next_message_becomes_visible() {
    let stage = Stage::set();
    assert_eq!(stage.queue.next_change(), None);
    stage.send(1, "a").await;
    assert_eq!(stage.queue.next_change(), None, "what waits is no change to wait for");
    stage.receive().unwrap();
    let first = stage.clock.now() + VISIBILITY;
    assert_eq!(stage.queue.next_change(), Some(first));
    stage.clock.advance(INSTANT);
    let job = JobMessage {
        connection: "main-store".parse().unwrap(),
        job: "order-poller".to_owned(),
        position: Value::Null,
        dedup: DedupId::received("j".to_owned()),
    };
    stage.queue.send_job(&job).await.unwrap();
    let received = stage.queue.receive(QueueName::Jobs).unwrap();
    assert_eq!(stage.queue.next_change(), Some(first), "the earliest of all queues");
    stage.queue.change_visibility(&received.receipt, Duration::ZERO).unwrap();
    assert_eq!(stage.queue.next_change(), Some(stage.clock.now()), "it is visible already");
}

#[tokio::test]
async fn what_waits_and_what_is_in_flight_is_counted() {
    let stage = Stage::set();
    assert!(stage.queue.is_empty());
    for (order, dedup) in [(1, "a"), (3, "b"), (2, "c")] {
        stage.send(order, dedup).await;
    }
    let received = stage.receive().unwrap();
    assert_eq!((stage.queue.len(QueueName::Orders), stage.queue.len(QueueName::Jobs)), (3, 0));
    stage.queue.delete(&received.receipt).unwrap();
    assert_eq!((stage.queue.len(QueueName::Orders), stage.queue.is_empty()), (2, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn consumers_that_wait_to_be_told_miss_nothing() {
    const ORDERS: u64 = 500;
    let stage = Stage::set();
    let consume = |queue: Arc<MemoryQueue>| async move {
        let mut consumed = 0;
        loop {
            let arrived = queue.arrived();
            match queue.receive(QueueName::Orders) {
                Some(received) if received.dedup.as_str() == "stop" => {
                    queue.delete(&received.receipt).unwrap();
                    return consumed;
                }
                Some(received) => {
                    tokio::task::yield_now().await;
                    queue.delete(&received.receipt).unwrap();
                    consumed += 1;
                }
                None => arrived.await,
            }
        }
    };
    let consumers = [0, 1].map(|_| tokio::spawn(consume(stage.queue.clone())));
    for number in 0..ORDERS {
        stage.send(number, &format!("id-{number}")).await;
        if number % 7 == 0 {
            tokio::task::yield_now().await;
        }
    }
    // One at the end of each lane.
    for number in [0, 1] {
        stage.send(number, "stop").await;
    }
    let mut consumed = 0;
    for consumer in consumers {
        consumed += consumer.await.unwrap();
    }
    assert_eq!((consumed, stage.queue.is_empty()), (ORDERS, true));
}

#[tokio::test]
async fn whoever_waits_is_told_of_a_sending_a_deletion_and_a_showing() {
    let stage = Stage::set();
    let told = stage.queue.arrived();
    stage.send(1, "first").await;
    told.await;
    let (told, first) = (stage.queue.arrived(), stage.receive().unwrap());
    stage.queue.change_visibility(&first.receipt, Duration::ZERO).unwrap();
    told.await;
    let (told, again) = (stage.queue.arrived(), stage.receive().unwrap());
    stage.queue.delete(&again.receipt).unwrap();
    told.await;
}

#[tokio::test]
async fn a_letter_is_hidden_for_as_long_as_was_asked_and_its_receipt_ends_with_that() {
    let stage = Stage::set();
    stage.send(7, "poisoned").await;
    for _ in 1..=2 {
        stage.receive().unwrap();
        stage.clock.advance(VISIBILITY);
    }
    let letters: &dyn DeadLetters = stage.queue.as_ref();
    let first = letters.receive(QueueName::Orders, 1, VISIBILITY).await.unwrap().pop().unwrap();
    assert_eq!(first.since, stage.clock.now());
    stage.clock.advance(almost(VISIBILITY));
    assert_eq!(letters.receive(QueueName::Orders, 1, VISIBILITY).await, Ok(vec![]));
    stage.clock.advance(INSTANT);
    let refused = Err(DeadLettersError::Receipt(ReceiptError));
    assert_eq!((letters.delete(&first).await, letters.show(&first).await), (refused.clone(), refused));
    let again = letters.receive(QueueName::Orders, 1, VISIBILITY).await.unwrap().pop().unwrap();
    assert_eq!((again.id, again.since), (first.id, first.since));
}
