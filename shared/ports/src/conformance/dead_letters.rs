//! What every keeper of dead letters guarantees, as far as it shows without waiting.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::OrderId;
use serde_json::Value;

use super::queue::QueueSubject;
use super::samples::connection;
use crate::dead_letters::{DeadLetters, DeadLettersError, GivenUpBy, Letter};
use crate::message::{DedupId, JobMessage, OrderMessage, Origin};
use crate::received::{QueueName, ReceiptError, Received};

/// An empty queue with its dead letters. What is received stays hidden longer than a test lasts.
#[derive(Debug, Clone)]
pub struct DeadLettersSubject {
    /// The dead letters.
    pub letters: Arc<dyn DeadLetters>,
    /// The queue, with both its sides.
    pub of: QueueSubject,
}

/// One test a sentence of [`DeadLetters`]; each evaluates `$subject`, an empty [`DeadLettersSubject`].
#[macro_export]
macro_rules! dead_letters_suite {
    ($subject:expr) => {
        $crate::dead_letters_suite_where_stale_receipts_delete!($subject);
        $crate::one_test_a_sentence! { dead_letters, $subject;
            a_receipt_of_a_letter_is_refused_when_it_was_shown,
        }
    };
}

/// [`dead_letters_suite`] without the one sentence that an emulator breaks: it deletes with a receipt whose time ran out.
#[macro_export]
macro_rules! dead_letters_suite_where_stale_receipts_delete {
    ($subject:expr) => {
        $crate::one_test_a_sentence! { dead_letters, $subject;
            a_letter_comes_as_it_was_sent_and_says_who_gave_it_up,
            a_letter_that_was_shown_comes_again_as_the_same_letter,
            while_a_letter_is_hidden_nothing_behind_it_comes_and_other_lanes_do_not_wait,
            one_call_brings_several_of_a_lane_in_their_order_and_ten_at_most,
            what_is_sent_back_arrives_in_its_lane_and_stays_a_letter_until_it_is_deleted,
            a_letter_that_is_sent_back_twice_arrives_once,
            what_died_again_is_another_letter_and_is_sent_back_again,
            letters_of_orders_and_jobs_do_not_meet,
        }
    };
}

const LANES: u32 = 2;
const HIDDEN: Duration = Duration::from_mins(30);

fn order(number: u64) -> OrderMessage {
    let dedup = DedupId::received(format!("id-{number}"));
    OrderMessage::new(connection("main-store"), OrderId(number), Origin::Hook, dedup)
}

/// Receives the next message until it is given up.
async fn given_up(subject: &DeadLettersSubject, queue: QueueName) {
    for _ in 0..subject.of.max_receives {
        let received = subject.of.receiver.receive(queue).await.expect("a message");
        subject.of.receiver.change_visibility(&received.receipt, Duration::ZERO).await.unwrap();
    }
    assert_eq!(subject.of.receiver.receive(queue).await, None);
}

async fn died(subject: &DeadLettersSubject, numbers: &[u64]) {
    for number in numbers {
        subject.of.queue.send_order(&order(*number), LANES).await.unwrap();
        given_up(subject, QueueName::Orders).await;
    }
}

async fn received(subject: &DeadLettersSubject, limit: usize) -> Vec<Letter> {
    subject.letters.receive(QueueName::Orders, limit, HIDDEN).await.unwrap()
}

async fn one(subject: &DeadLettersSubject) -> Letter {
    received(subject, 1).await.pop().expect("a letter")
}

async fn arrived(subject: &DeadLettersSubject) -> Option<Received> {
    subject.of.receiver.receive(QueueName::Orders).await
}

fn bodies(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|letter| letter.body.as_str()).collect()
}

/// With its body and its lane.
pub async fn a_letter_comes_as_it_was_sent_and_says_who_gave_it_up(subject: DeadLettersSubject) {
    assert_eq!(received(&subject, 10).await, []);
    died(&subject, &[7]).await;
    let letter = one(&subject).await;
    assert_eq!((&letter.body, &letter.lane), (&order(7).to_body(), &order(7).lane(LANES)));
    assert_eq!((letter.given_up_by, letter.receipt.queue()), (GivenUpBy::Queue, QueueName::Orders));
    assert!(letter.receive_count >= 1);
}

/// Looking takes nothing away.
pub async fn a_letter_that_was_shown_comes_again_as_the_same_letter(subject: DeadLettersSubject) {
    died(&subject, &[7]).await;
    let first = one(&subject).await;
    assert_eq!(received(&subject, 10).await, []);
    subject.letters.show(&first).await.unwrap();
    let again = one(&subject).await;
    assert_eq!((&again.id, &again.body, again.since), (&first.id, &first.body, first.since));
    assert_ne!(again.receipt, first.receipt);
    assert_eq!(subject.letters.count(QueueName::Orders).await, Ok(1));
}

/// So a list shows the first of each lane, and the rest when those are gone.
pub async fn while_a_letter_is_hidden_nothing_behind_it_comes_and_other_lanes_do_not_wait(
    subject: DeadLettersSubject,
) {
    died(&subject, &[1, 3, 2]).await;
    let first = one(&subject).await;
    assert_eq!(first.body, order(1).to_body());
    let other = received(&subject, 10).await;
    assert_eq!(bodies(&other), [order(2).to_body()]);
    subject.letters.delete(&first).await.unwrap();
    assert_eq!(bodies(&received(&subject, 10).await), [order(3).to_body()]);
}

/// Beside each other, or one that stays would hide all behind it.
pub async fn one_call_brings_several_of_a_lane_in_their_order_and_ten_at_most(subject: DeadLettersSubject) {
    let numbers: Vec<u64> = (0..12).map(|number| 2 * number + 1).collect();
    died(&subject, &numbers).await;
    let letters = received(&subject, 100).await;
    let sent: Vec<String> = numbers.iter().take(10).map(|number| order(*number).to_body()).collect();
    assert_eq!(bodies(&letters), sent);
    assert_eq!(received(&subject, 100).await, []);
    for letter in &letters {
        subject.letters.delete(letter).await.unwrap();
    }
    assert_eq!(received(&subject, 100).await.len(), 2);
}

/// Though the id it was first sent with is still remembered.
pub async fn what_is_sent_back_arrives_in_its_lane_and_stays_a_letter_until_it_is_deleted(
    subject: DeadLettersSubject,
) {
    died(&subject, &[7]).await;
    let letter = one(&subject).await;
    subject.letters.send_back(&letter).await.unwrap();
    let message = arrived(&subject).await.expect("it was sent back");
    assert_eq!((&message.body, &message.lane), (&order(7).to_body(), &order(7).lane(LANES)));
    assert_eq!((message.receive_count, &message.dedup), (1, &letter.id.sent_back()));
    assert_eq!(subject.letters.count(QueueName::Orders).await, Ok(1));
    subject.letters.delete(&letter).await.unwrap();
    assert_eq!(subject.letters.count(QueueName::Orders).await, Ok(0));
}

/// As after a redrive that was killed between sending and deleting, even if the first is done already.
pub async fn a_letter_that_is_sent_back_twice_arrives_once(subject: DeadLettersSubject) {
    died(&subject, &[7]).await;
    let letter = one(&subject).await;
    subject.letters.send_back(&letter).await.unwrap();
    let message = arrived(&subject).await.expect("it was sent back");
    subject.of.receiver.delete(&message.receipt).await.unwrap();
    subject.letters.show(&letter).await.unwrap();
    let again = one(&subject).await;
    subject.letters.send_back(&again).await.unwrap();
    assert_eq!(arrived(&subject).await, None);
}

/// Else it would lie there for five minutes, sent back in vain.
pub async fn what_died_again_is_another_letter_and_is_sent_back_again(subject: DeadLettersSubject) {
    died(&subject, &[7]).await;
    let first = one(&subject).await;
    subject.letters.send_back(&first).await.unwrap();
    subject.letters.delete(&first).await.unwrap();
    given_up(&subject, QueueName::Orders).await;
    let second = one(&subject).await;
    assert_ne!(second.id, first.id);
    subject.letters.send_back(&second).await.unwrap();
    assert!(arrived(&subject).await.is_some());
}

/// Nor are they counted together.
pub async fn letters_of_orders_and_jobs_do_not_meet(subject: DeadLettersSubject) {
    let dedup = DedupId::received("id-7".to_owned());
    let job = JobMessage {
        connection: connection("main-store"),
        job: "unblock".to_owned(),
        position: Value::Null,
        dedup,
    };
    subject.of.queue.send_job(&job).await.unwrap();
    given_up(&subject, QueueName::Jobs).await;
    assert_eq!(received(&subject, 10).await, []);
    let counts =
        (subject.letters.count(QueueName::Orders).await, subject.letters.count(QueueName::Jobs).await);
    assert_eq!(counts, (Ok(0), Ok(1)));
    let letters = subject.letters.receive(QueueName::Jobs, 10, HIDDEN).await.unwrap();
    assert_eq!(bodies(&letters), [job.to_body()]);
    for letter in &letters {
        subject.letters.send_back(letter).await.unwrap();
    }
    assert_eq!(arrived(&subject).await, None);
    assert_eq!(subject.of.receiver.receive(QueueName::Jobs).await.expect("the job").lane, job.lane());
}

/// Somebody else may have sent it back meanwhile.
pub async fn a_receipt_of_a_letter_is_refused_when_it_was_shown(subject: DeadLettersSubject) {
    died(&subject, &[7]).await;
    let letter = one(&subject).await;
    subject.letters.show(&letter).await.unwrap();
    let refused = Err(DeadLettersError::Receipt(ReceiptError));
    assert_eq!(subject.letters.delete(&letter).await, refused);
    assert_eq!(subject.letters.show(&letter).await, refused);
    assert_eq!(subject.letters.count(QueueName::Orders).await, Ok(1));
}
