//! The jobs of the catalogue, as the tick starts them and as they send themselves on.

use std::time::Duration;

use connector_domain::Deadline;
use connector_ports::{JobMessage, QueueName};
use connector_sandbox::connection::RULES;

use connector_simulators::KineticConfig;
use connector_simulators::bigcommerce::dec;
use connector_simulators::kinetic::{KineticSeed, Part};
use connector_sync::catalogue::CatalogueJob;
use connector_sync::jobs::{Figure, Ran};
use connector_sync::tick::{Ticked, tick};

use crate::world::{MAIN, Plan, World, id};

/// A company with so many parts; a call takes a second.
async fn world(parts: u32) -> World {
    let bolt = |number| Part::new(&format!("HB-{number:03}"), &format!("Hex bolt {number}"), dec("1.50"));
    let seed = KineticSeed { parts: (1..=parts).map(bolt).collect(), ..KineticSeed::distributor() };
    let company = KineticConfig { seed, ..KineticConfig::new() };
    let rules = format!("{RULES}\n[catalogue]\npublish = true\n");
    World::with(Plan { company, rules, latency: Duration::from_secs(1), ..Plan::default() }).await
}

async fn run(world: &World, job: CatalogueJob, budget: Duration) -> Ran {
    world.pipeline.catalogue_job(job, &id(MAIN), budget).await.unwrap()
}

async fn is_due(world: &World, job: CatalogueJob) -> bool {
    world.pipeline.catalogue().is_due(job, &id(MAIN)).await.unwrap()
}

/// What the tick did, and the jobs of the catalogue that it sent.
async fn ticked(world: &World) -> (Ticked, Vec<String>) {
    let deadline = Deadline::after(&world.clock, Duration::from_secs(55));
    let did = tick(world.pipeline.jobs(), world.pipeline.catalogue(), deadline).await;
    let mut jobs = Vec::new();
    while let Some(received) = world.pipeline.queue().receive(QueueName::Catalogue) {
        let message = JobMessage::from_body(&received.body, received.dedup).unwrap();
        assert_eq!(message.connection, id(MAIN));
        jobs.push(message.job);
        world.pipeline.queue().delete(&received.receipt).unwrap();
    }
    (did, jobs)
}

#[tokio::test]
async fn the_tick_starts_each_job_of_the_catalogue_whose_time_has_come() {
    let world = world(1).await;
    let (did, jobs) = ticked(&world).await;
    assert_eq!(jobs, CatalogueJob::ALL.map(CatalogueJob::as_str));
    assert_eq!((did.jobs, did.problems), (7, 0), "three of the other jobs");
    for job in CatalogueJob::ALL {
        assert!(!run(&world, job, Duration::from_mins(15)).await.more);
    }
    assert_eq!(ticked(&world).await.1, Vec::<String>::new(), "each waits for its next time");
}

#[tokio::test]
async fn a_run_that_was_cut_off_and_got_on_goes_on_at_once_and_the_tick_asks_nobody_else() {
    let world = world(300).await;
    // The first page has 250 parts.
    let budget = Duration::from_mins(6);
    let ran = run(&world, CatalogueJob::Parts, budget).await;
    assert!(ran.more, "a page is done");
    assert!(!is_due(&world, CatalogueJob::Parts).await, "it goes on by itself");
    let ran = run(&world, CatalogueJob::Parts, budget).await;
    assert!(!ran.more, "all are done");
    assert!(ran.figures.contains(&(Figure::SkusHeld, 0)), "{:?}", ran.figures);
    assert_eq!(world.shop.products().len(), 300);
}

#[tokio::test]
async fn a_run_that_did_not_get_on_does_not_send_itself_on_and_the_tick_starts_it_again() {
    let world = world(300).await;
    let ran = run(&world, CatalogueJob::Parts, Duration::from_secs(90)).await;
    assert!(!ran.more, "no page was done");
    world.clock.advance(Duration::from_secs(90));
    assert!(is_due(&world, CatalogueJob::Parts).await);
}
