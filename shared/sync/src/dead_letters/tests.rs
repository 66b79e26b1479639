use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::ControlFlow;
use std::sync::Arc;

use async_trait::async_trait;
use connector_domain::{ManualClock, OrderId};
use connector_ports::memory::{MemoryLedger, MemoryQueue, QueueSettings};
use connector_ports::{ClaimOutcome, DedupId, Lane, Origin, Progress, Queue as _};
use parking_lot::Mutex;
use serde_json::Value;

use super::*;

struct Stage {
    clock: ManualClock,
    queue: Arc<MemoryQueue>,
    ledger: MemoryLedger,
}

fn connection() -> ConnectionId {
    "main-store".parse().unwrap()
}

fn wish() -> Wish {
    Wish { connection: None, drop_settled: false, rate: NonZeroU32::new(2).unwrap(), limit: 1_000 }
}

fn on(_: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

impl Stage {
    fn set() -> Self {
        let clock = ManualClock::at("2026-04-01T12:00:00Z".parse().unwrap());
        let settings = QueueSettings { max_receives: 1, ..QueueSettings::default() };
        Self {
            queue: Arc::new(MemoryQueue::new(Arc::new(clock.clone()), settings)),
            ledger: MemoryLedger::new(Arc::new(clock.clone())),
            clock,
        }
    }

    fn morgue(&self) -> Morgue<'_> {
        Morgue { letters: self.queue.as_ref(), ledger: &self.ledger, clock: &self.clock }
    }

    async fn died(&self, orders: impl IntoIterator<Item = u64>) {
        for order in orders {
            let dedup = DedupId::received(format!("id-{order}"));
            let message = OrderMessage::new(connection(), OrderId(order), Origin::Hook, dedup);
            self.queue.send_order(&message, 2).await.unwrap();
            let received = self.queue.receive(QueueName::Orders).unwrap();
            self.queue.change_visibility(&received.receipt, Duration::ZERO).unwrap();
            assert_eq!(self.queue.receive(QueueName::Orders), None);
        }
    }

    fn buried(&self, queue: QueueName, body: &str) {
        let lane = Lane::received("main-store/1".to_owned());
        self.queue.send_to_dead_letters(queue, body.to_owned(), lane, DedupId::received(body.to_owned()));
    }

    async fn recorded(&self, order: u64, state: OrderState) {
        let key = OrderKey { connection: connection(), order: OrderId(order) };
        let claimed = self.ledger.claim(&key, Duration::from_mins(1)).await.unwrap();
        let ClaimOutcome::Granted(claim, _) = claimed else { panic!("busy") };
        self.ledger.complete(claim, state, Progress::default(), vec![]).await.unwrap();
    }

    async fn reasons(&self, queue: QueueName) -> Vec<&'static str> {
        let listing = self.morgue().list(queue).await.unwrap();
        listing.letters.iter().map(|letter| letter.reason.code()).collect()
    }

    fn waiting(&self) -> usize {
        self.queue.len(QueueName::Orders)
    }

    fn dead(&self) -> usize {
        self.queue.dead_letters(QueueName::Orders).len()
    }
}

#[tokio::test]
async fn each_letter_says_why_it_lies_there() {
    let stage = Stage::set();
    stage.died([2]).await;
    stage.buried(QueueName::Orders, "hello");
    stage.buried(QueueName::Orders, r#"{"connection":"main-store","order":1,"origin":"hook","version":2}"#);
    stage.buried(QueueName::Orders, r#"{"connection":"main-store","order":1,"origin":"hook","version":1}"#);
    let said = stage.reasons(QueueName::Orders).await;
    assert_eq!(said, ["received_too_often", "unreadable", "other_version", "readable_now"]);
    let job = |name: &str| JobMessage {
        connection: connection(),
        job: name.to_owned(),
        position: Value::Null,
        dedup: DedupId::received(name.to_owned()),
    };
    stage.buried(QueueName::Jobs, &job("knit").to_body());
    stage.buried(QueueName::Jobs, &job("unblock").to_body());
    assert_eq!(stage.reasons(QueueName::Jobs).await, ["unknown_job", "readable_now"]);

    stage.buried(QueueName::Catalogue, &job("unblock").to_body());
    stage.buried(QueueName::Catalogue, &job("stock").to_body());
    assert_eq!(stage.reasons(QueueName::Catalogue).await, ["unknown_job", "readable_now"]);
}

#[tokio::test]
async fn looking_takes_nothing_away_hides_nothing_and_says_what_it_could_not_show() {
    let stage = Stage::set();
    stage.died((0..13).map(|number| 2 * number)).await;
    stage.died([1]).await;
    for _ in 0..2 {
        let listing = stage.morgue().list(QueueName::Orders).await.unwrap();
        assert_eq!((listing.letters.len(), listing.behind), (11, 3), "ten of one lane, one of the other");
    }
    assert_eq!((stage.dead(), stage.waiting()), (14, 0));
}

#[tokio::test]
async fn a_letter_says_what_became_of_its_order_and_settled_since_is_only_what_was_read_after_it_died() {
    let stage = Stage::set();
    stage.recorded(1, OrderState::Synced).await;
    stage.died([1, 3, 5, 7, 9]).await;
    stage.clock.advance(Duration::from_mins(14));
    stage.recorded(3, OrderState::Synced).await;
    stage.clock.advance(Duration::from_mins(2));
    stage.recorded(5, OrderState::Synced).await;
    stage.recorded(7, OrderState::Waiting { rule: "status".to_owned() }).await;
    let listing = stage.morgue().list(QueueName::Orders).await.unwrap();
    let told: Vec<_> = listing
        .letters
        .iter()
        .map(|examined| match &examined.about {
            About::Order { became: Became::Stands { state, settled_since, .. }, .. } => {
                (state.name().as_str(), *settled_since)
            }
            About::Order { became: Became::NeverHeardOf, .. } => ("never heard of", false),
            other @ (About::Nothing | About::Order { .. } | About::Job { .. }) => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        ("synced", false),
        ("synced", false),
        ("synced", true),
        ("waiting", false),
        ("never heard of", false),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_plan_counts_by_reason_and_does_nothing() {
    let stage = Stage::set();
    stage.died([1, 2]).await;
    stage.buried(QueueName::Orders, "hello");
    stage.clock.advance(Duration::from_mins(16));
    stage.recorded(1, OrderState::Synced).await;
    let listing = stage.morgue().list(QueueName::Orders).await.unwrap();
    let plan = wish().plan(&listing);
    assert_eq!(plan.sent, BTreeMap::from([("received_too_often", 2)]));
    assert_eq!((&plan.left, plan.settled_since), (&BTreeMap::from([("unreadable", 1)]), 1));
    let plan = Wish { drop_settled: true, limit: 1, ..wish() }.plan(&listing);
    assert_eq!(plan.dropped, BTreeMap::from([("received_too_often", 1)]));
    assert_eq!(plan.beyond_the_limit, BTreeMap::from([("received_too_often", 1)]));
    let elsewhere = Wish { connection: Some("other".parse().unwrap()), ..wish() }.plan(&listing);
    assert_eq!(elsewhere.left, BTreeMap::from([("received_too_often", 2), ("unreadable", 1)]));
    assert_eq!((stage.dead(), stage.waiting()), (3, 0));
}

#[tokio::test]
async fn a_redrive_sends_at_its_rate_leaves_what_would_come_again_and_reaches_what_is_behind_it() {
    let stage = Stage::set();
    for number in 0..9 {
        stage.buried(QueueName::Orders, &format!("poison {number}"));
    }
    stage.died((0..12).map(|number| 2 * number + 1)).await;
    let began = stage.clock.now();
    let done = stage.morgue().redrive(QueueName::Orders, &wish(), &mut on).await;
    assert_eq!((done.sent, done.lingering, &done.end), (12, 0, &End::Done));
    assert_eq!(done.left, BTreeMap::from([("unreadable", 9)]));
    assert_eq!(stage.clock.now().duration_since(began).as_secs(), 6, "twelve at two a second");
    assert_eq!((stage.dead(), stage.waiting()), (9, 12));
    let listing = stage.morgue().list(QueueName::Orders).await.unwrap();
    assert_eq!((listing.letters.len(), listing.behind), (9, 0), "what is left is shown again at once");
}

#[tokio::test]
async fn an_order_that_was_settled_since_is_dropped_only_if_that_is_wished() {
    for drop_settled in [false, true] {
        let stage = Stage::set();
        stage.died([1, 2]).await;
        stage.clock.advance(Duration::from_mins(16));
        stage.recorded(1, OrderState::Synced).await;
        let wish = Wish { drop_settled, ..wish() };
        let done = stage.morgue().redrive(QueueName::Orders, &wish, &mut on).await;
        let dropped: Vec<u64> = done.dropped.iter().map(|key| key.order.0).collect();
        let expected = if drop_settled { (vec![1], 1) } else { (vec![], 2) };
        assert_eq!((dropped, stage.waiting()), expected);
        assert_eq!(stage.dead(), 0);
    }
}

#[tokio::test]
async fn a_redrive_ends_at_its_limit_or_when_it_is_broken_off_and_the_next_goes_on() {
    let stage = Stage::set();
    stage.died([1, 3, 5, 7]).await;
    let few = Wish { limit: 1, ..wish() };
    assert_eq!(stage.morgue().redrive(QueueName::Orders, &few, &mut on).await.end, End::Limit);
    let mut stop = |_: usize| ControlFlow::Break(());
    assert_eq!(stage.morgue().redrive(QueueName::Orders, &wish(), &mut stop).await.end, End::Stopped);
    let done = stage.morgue().redrive(QueueName::Orders, &wish(), &mut on).await;
    assert_eq!((done.sent, stage.dead(), stage.waiting()), (2, 0, 4));
}

/// Letters whose deletion, or whose sending, fails the first time.
#[derive(Debug)]
struct Frail {
    inner: Arc<MemoryQueue>,
    clock: ManualClock,
    fault: Mutex<Option<Fault>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Sending takes so long that the letter is hidden no more.
    SlowSend,
    LostDelete,
    LostSend,
}

impl Frail {
    fn fails(&self, fault: Fault) -> bool {
        self.fault.lock().take_if(|now| *now == fault).is_some()
    }
}

#[async_trait]
impl DeadLetters for Frail {
    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden: Duration,
    ) -> Result<Vec<Letter>, DeadLettersError> {
        DeadLetters::receive(self.inner.as_ref(), queue, limit, hidden).await
    }

    async fn send_back(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        if self.fails(Fault::SlowSend) {
            self.clock.advance(Duration::from_mins(2));
        }
        if self.fails(Fault::LostSend) {
            return Err(DeadLettersError::Unavailable("out of reach".to_owned()));
        }
        self.inner.send_back(letter).await
    }

    async fn show(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        self.inner.show(letter).await
    }

    async fn delete(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        if self.fails(Fault::LostDelete) {
            return Err(DeadLettersError::Unavailable("out of reach".to_owned()));
        }
        DeadLetters::delete(self.inner.as_ref(), letter).await
    }

    async fn count(&self, queue: QueueName) -> Result<usize, DeadLettersError> {
        self.inner.count(queue).await
    }
}

#[test_case::test_case(Fault::SlowSend, 0; "hidden no more when it is to be deleted")]
#[test_case::test_case(Fault::LostDelete, 1; "killed between sending and deleting")]
#[test_case::test_case(Fault::LostSend, 0; "not sent")]
#[tokio::test]
async fn a_redrive_that_fails_loses_nothing_and_repeated_it_doubles_nothing(fault: Fault, lingering: usize) {
    let stage = Stage::set();
    stage.died([1, 3]).await;
    let frail =
        Frail { inner: stage.queue.clone(), clock: stage.clock.clone(), fault: Mutex::new(Some(fault)) };
    let morgue = Morgue { letters: &frail, ..stage.morgue() };
    let first = morgue.redrive(QueueName::Orders, &wish(), &mut on).await;
    assert_eq!(first.lingering, lingering);
    assert_eq!(matches!(first.end, End::Failed(_)), fault != Fault::SlowSend);
    assert!(stage.dead() + stage.waiting() >= 2, "nothing is lost");
    let second = morgue.redrive(QueueName::Orders, &wish(), &mut on).await;
    assert_eq!((second.end, stage.dead(), stage.waiting()), (End::Done, 0, 2));
}
