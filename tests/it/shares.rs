//! The quota of a store, among all who spend it: each function its share, and nobody too much.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::Deadline;
use connector_http::{Class, Transport, TransportSettings};
use connector_sandbox::Ports as _;
use connector_sync::connected::{Connected, Directory};
use connector_sync::quota::Spender;
use test_case::test_case;

use crate::world::{MAIN, World, id};

/// A smaller plan's window.
const WINDOW: Duration = Duration::from_secs(30);
const QUOTA: u32 = 150;

/// Windows that are looked at; in the first nobody knows the quota yet.
const WINDOWS: u32 = 4;

/// One process of a function, which knows nothing of the others.
struct Process {
    spender: Spender,
    connected: Arc<Connected>,
    spent: u32,
}

impl Process {
    async fn new(world: &World, spender: Spender) -> Self {
        let (ports, surroundings) = (world.pipeline.ports(), world.pipeline.surroundings().clone());
        let transport = Transport::new(&TransportSettings::default()).unwrap();
        let directory = Directory::new(ports.connections(), ports.outlines(), transport, surroundings);
        let directory = directory.spending_as(spender).with_writers_apart();
        Self { spender, connected: directory.get(&id(MAIN)).await.unwrap(), spent: 0 }
    }

    /// Asks the store something, unless its own pace holds it back.
    async fn call(&mut self, world: &World) -> bool {
        // With no second to spare for a wait, so that none moves the clock of the others.
        let deadline = Deadline::after(&world.clock, TransportSettings::default().timeout);
        match self.connected.shop.store().time(deadline).await {
            Ok(_) => {
                self.spent += 1;
                true
            }
            Err(error) => {
                assert_eq!(error.class, Class::OutOfTime, "{error}");
                false
            }
        }
    }
}

/// As many processes as can be at work for a store at once.
async fn processes(world: &World) -> Vec<Process> {
    let mut all = Vec::new();
    // The lease lets one job of the catalogue in at a time; poller and auditor; and the writers of orders.
    for spender in [Spender::Catalogue, Spender::PollAndAudit, Spender::PollAndAudit] {
        all.push(Process::new(world, spender).await);
    }
    for _ in 0..all[0].connected.rules.orders.writers {
        all.push(Process::new(world, Spender::Orders).await);
    }
    all
}

#[test_case(true; "in turn")]
#[test_case(false; "the greediest first")]
#[tokio::test]
async fn all_functions_at_once_spend_their_shares_and_are_never_refused(in_turn: bool) {
    let world = World::new().await;
    let mut processes = processes(&world).await;
    for _ in 0..WINDOWS {
        // To the beginning of the store's next window, in which other apps spend what is theirs.
        let into = world.clock_into(WINDOW);
        world.clock.advance(WINDOW.checked_sub(into).unwrap());
        world.shop.spend(QUOTA / 10);
        if in_turn {
            let mut all_held_back = false;
            while !all_held_back {
                all_held_back = true;
                for process in &mut processes {
                    all_held_back &= !process.call(&world).await;
                }
            }
        } else {
            for process in &mut processes {
                while process.call(&world).await {}
            }
        }
    }
    let calls = world.shop.traffic().calls();
    assert_eq!(calls.iter().filter(|call| call.status == Some(429)).count(), 0, "nobody was refused");
    let rules = &processes[0].connected.rules;
    let mut sum = 0;
    for spender in Spender::ALL {
        let spent: u32 =
            processes.iter().filter(|process| process.spender == spender).map(|process| process.spent).sum();
        let share = QUOTA * u32::from(spender.share(rules)) / 100 * WINDOWS;
        assert!(spent <= share, "{spender:?} spent {spent} of {share}");
        assert!(spent * 10 >= share * 9, "{spender:?} spent {spent} of {share}");
        sum += spent;
    }
    assert!(sum * 100 >= QUOTA * WINDOWS * 85, "{sum} of {} were spent", QUOTA * WINDOWS);
}

#[tokio::test]
async fn in_the_sandbox_too_orders_jobs_and_catalogue_have_shares_of_their_own() {
    let world = World::new().await;
    let main = id(MAIN);
    let clients = [
        world.pipeline.consumer().directory.get(&main).await.unwrap(),
        world.pipeline.jobs().directory.get(&main).await.unwrap(),
        world.pipeline.catalogue().directory.get(&main).await.unwrap(),
    ];
    world.clock.advance(WINDOW.checked_sub(world.clock_into(WINDOW)).unwrap());
    let mut spent = Vec::new();
    for connected in clients {
        let deadline = || Deadline::after(&world.clock, TransportSettings::default().timeout);
        let mut calls = 0;
        while connected.shop.store().time(deadline()).await.is_ok() {
            calls += 1;
        }
        spent.push(calls);
    }
    assert_eq!(spent, [60, 15, 60]);
}
