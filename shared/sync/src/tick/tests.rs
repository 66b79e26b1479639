use std::sync::Arc;

use async_trait::async_trait;
use connector_domain::{Clock as _, ManualClock, OrderId, SeededRandom};
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_ports::memory::{MemoryConnections, MemoryLeases, MemoryLedger, MemoryShelf, MemoryState};
use connector_ports::{
    CachedConnections, CachedOutlines, ClaimOutcome, Freshness, JobMessage, Ledger as _, OrderKey,
    OrderMessage, OrderState, Progress, Queue, QueueError,
};
use parking_lot::Mutex;

use super::*;
use crate::connected::Directory;
use crate::job::Patience;

/// A queue that takes its time.
#[derive(Debug)]
struct Slow {
    clock: ManualClock,
    takes: Duration,
    sent: Mutex<Vec<u64>>,
}

#[async_trait]
impl Queue for Slow {
    async fn send_order(&self, message: &OrderMessage, _: u32) -> Result<(), QueueError> {
        self.clock.advance(self.takes);
        self.sent.lock().push(message.order.0);
        Ok(())
    }

    async fn send_job(&self, _: &JobMessage) -> Result<(), QueueError> {
        panic!("there is no connection that could have a job")
    }

    async fn send_catalogue(&self, _: &JobMessage) -> Result<(), QueueError> {
        panic!("there is no connection that could have a job")
    }
}

struct World {
    clock: ManualClock,
    ledger: MemoryLedger,
    queue: Slow,
    directory: Directory,
}

impl World {
    fn new() -> Self {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        let (now, freshness) = (Arc::new(clock.clone()), Freshness::default());
        let stored = Arc::new(MemoryConnections::new());
        let connections: CachedConnections = CachedConnections::new(stored.clone(), now.clone(), freshness);
        let outlines = CachedOutlines::new(stored, now.clone(), freshness);
        let transport = Transport::new(&TransportSettings::default()).unwrap();
        let surroundings = Surroundings { clock: now.clone(), random: Arc::new(SeededRandom::new(1)) };
        Self {
            ledger: MemoryLedger::new(now),
            queue: Slow { clock: clock.clone(), takes: Duration::from_secs(20), sent: Mutex::default() },
            directory: Directory::new(Arc::new(connections), Arc::new(outlines), transport, surroundings),
            clock,
        }
    }

    async fn becomes(&self, order: u64, state: OrderState) {
        let key = OrderKey { connection: "main-store".parse().unwrap(), order: OrderId(order) };
        let claimed = self.ledger.claim(&key, Duration::from_mins(5)).await.unwrap();
        let ClaimOutcome::Granted(claim, _) = claimed else { panic!("busy") };
        self.ledger.complete(claim, state, Progress::default(), Vec::new()).await.unwrap();
    }

    /// What this minute's tick did, and what it sent.
    async fn tick(&self, time: Duration) -> (Ticked, Vec<u64>) {
        let (state, published, patience) = (MemoryState::new(), MemoryShelf::new(), Patience::default());
        let leases = MemoryLeases::new(Arc::new(self.clock.clone()));
        let (state, patience, directory, ledger) = (&state, &patience, &self.directory, &self.ledger);
        let jobs = Jobs { ledger, queue: &self.queue, state, directory, patience, door: None };
        let catalogue = Catalogue { state, shelf: &published, leases: &leases, ledger, directory, patience };
        let ticked = tick(jobs, catalogue, Deadline::after(&self.clock, time)).await;
        (ticked, std::mem::take(&mut *self.queue.sent.lock()))
    }
}

#[tokio::test]
async fn orders_for_which_there_is_no_time_are_woken_by_the_next_tick_and_counted() {
    let world = World::new();
    for order in 1..=4 {
        let not_before = world.clock.now();
        world
            .becomes(order, OrderState::Retrying { attempt: 1, not_before, class: "unavailable".into() })
            .await;
        world.clock.advance(Duration::from_secs(1));
    }
    let (ticked, sent) = world.tick(Duration::from_secs(55)).await;
    assert_eq!(sent, [1, 2, 3], "the third is begun after 40 of 55 seconds, and ends after 60");
    assert_eq!((ticked.woken, ticked.problems), (3, 2), "the time, and a connection that cannot be used");

    for order in sent {
        world.becomes(order, OrderState::Synced).await;
    }
    let (ticked, sent) = world.tick(Duration::from_secs(55)).await;
    assert_eq!(sent, [4]);
    assert_eq!((ticked.woken, ticked.problems), (1, 1), "the connection still cannot be used");
}

#[tokio::test]
async fn a_tick_without_time_wakes_nothing_and_says_so() {
    let world = World::new();
    let not_before = world.clock.now();
    world.becomes(1, OrderState::Retrying { attempt: 1, not_before, class: "unavailable".into() }).await;
    let (ticked, sent) = world.tick(Duration::from_secs(4)).await;
    assert_eq!((ticked, sent), (Ticked { problems: 1, ..Ticked::default() }, vec![]));
}
