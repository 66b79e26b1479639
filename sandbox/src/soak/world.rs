//! Store, company and pipeline of a soak, with one clock for all.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock as _, ConnectionId, Deadline, ManualClock, SeededRandom, Timestamp};
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_ports::{Ledger as _, QueueName, StateName};
use connector_simulators::{
    BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim, Recorder, SimClock,
};
use connector_sync::job::Patience;
use connector_sync::jobs::{self, Job, Jobs};
use url::Url;

use super::Options;
use super::kill::Kill;
use crate::connection::{HEADER, HEADER_SECRET, RULES, between};
use crate::load::Baskets;
use crate::{Pipeline, Receiver};

/// The one connection.
const CONNECTION: &str = "main-store";

/// Nobody's quota is tried here: the clock stands still between two steps.
const QUOTA: u32 = 100_000_000;

/// What a job has for a run. The poller waits for a free lane as long as that, and all the world waits with it.
const JOB: Duration = Duration::from_mins(2);

#[derive(Debug)]
pub(super) struct World {
    pub(super) clock: ManualClock,
    pub(super) shop: BigCommerceSim,
    pub(super) company: KineticSim,
    pub(super) pipeline: Pipeline,
    pub(super) kill: Kill,
    pub(super) connection: ConnectionId,
    /// Where the store's hooks lead to.
    pub(super) door: Url,
    /// The same, up to the connection's id.
    doors: Url,
    options: Options,
    _receiver: Receiver,
}

impl World {
    pub(super) async fn new(options: Options) -> anyhow::Result<Self> {
        let clock = ManualClock::at("2026-01-05T06:00:00Z".parse::<Timestamp>()?);
        let showing = clock.clone();
        let sim_clock = SimClock::new(move || showing.now());
        let kill = Kill::default();
        let shop = BigCommerceConfig {
            quota: QUOTA,
            pause: kill.pause(),
            ..BigCommerceConfig::new().clock(sim_clock.clone()).recorder(Recorder::counting())
        };
        let shop = BigCommerceSim::start(shop).await?;
        let company = KineticConfig {
            clock: sim_clock,
            pause: kill.pause(),
            recorder: Recorder::counting(),
            ..KineticConfig::new()
        };
        let company = KineticSim::start(company).await?;
        let random = Arc::new(SeededRandom::new(options.seed));
        let surroundings = Surroundings { clock: Arc::new(clock.clone()), random };
        let transport = Transport::new(&TransportSettings::default())?;
        let pipeline = Pipeline::new(surroundings, transport, Patience::default());
        let connection: ConnectionId = CONNECTION.parse()?;
        // The shop rounds tax by line, so each may add a cent.
        let rules = RULES.replace("tolerance = \"0.05\"", "tolerance = \"0.10\"");
        pipeline.connect(between(connection.clone(), &shop, &company, &rules));
        let receiver = pipeline.receiver(0).await?;
        let door = receiver.address(&connection)?;
        let doors = receiver.base_url.join("webhooks/")?;
        shop.add_hook("store/order/*", &door, &[(HEADER, HEADER_SECRET)]);
        for shopper in Baskets::new(options.seed, 400, 1).shoppers() {
            shop.add_customer(shopper);
        }
        let world = Self {
            clock,
            shop,
            company,
            pipeline,
            kill,
            connection,
            door,
            doors,
            options,
            _receiver: receiver,
        };
        // The connection's first minute is a good one: what came before it is none of its business.
        world.step(Duration::from_mins(1)).await;
        world.bad_weather();
        Ok(world)
    }

    /// Calls fail from now on.
    pub(super) fn bad_weather(&self) {
        self.shop.faults().clear();
        self.company.faults().clear();
        if self.options.faults > 0 {
            self.shop.faults().weather(self.options.faults, self.options.seed);
            self.company.faults().weather(self.options.faults, self.options.seed.wrapping_add(1));
        }
    }

    /// No call fails any more, and nobody is killed.
    pub(super) fn mended(&self) {
        self.shop.faults().clear();
        self.company.faults().clear();
        self.kill.none();
    }

    /// Lets time pass, and happen what happens by itself: deliveries, orders, the tick and its jobs.
    pub(super) async fn step(&self, time: Duration) {
        self.clock.advance(time);
        self.shop.drain_hooks().await;
        self.work().await;
        // One that is killed has died; the next has nothing to do with it.
        let _ticked = self.kill.at(Box::pin(self.pipeline.tick())).await;
        for job in [Job::OrderPoller, Job::WebhookAuditor] {
            let ran =
                self.kill.at(Box::pin(jobs::run(job, &self.connection, self.jobs(), self.soon()))).await;
            if let Some(Err(error)) = ran {
                // As the deployment's runner says it, where an alarm hears of it.
                tracing::error!(%error, job = job.as_str(), "job {} waits for its next time: {error}", job.as_str());
            }
        }
        self.work().await;
    }

    /// What jobs stand on.
    pub(super) fn jobs(&self) -> Jobs<'_> {
        Jobs { door: Some(&self.doors), ..self.pipeline.jobs() }
    }

    fn soon(&self) -> Deadline {
        Deadline::after(&self.clock, JOB)
    }

    /// Works on the queue until nothing can be received, whoever dies over it.
    async fn work(&self) {
        while self.kill.at(Box::pin(self.pipeline.drain())).await.is_none() {}
    }

    /// Whether nothing is left to be done: no message, no delivery, nothing due or retried.
    pub(super) async fn is_at_rest(&self) -> bool {
        if !self.pipeline.queue().is_empty() || self.shop.pending_deliveries() > 0 {
            return false;
        }
        for state in [StateName::New, StateName::Retrying, StateName::Uncertain] {
            let some = self.pipeline.ledger().list(&self.connection, Some(state), None, 1).await;
            if !some.is_ok_and(|some| some.is_empty()) {
                return false;
            }
        }
        self.pipeline.ledger().due(self.clock.now(), 1).await.is_ok_and(|due| due.is_empty())
    }

    pub(super) fn dead_letters(&self) -> usize {
        QueueName::ALL.into_iter().map(|queue| self.pipeline.queue().dead_letters(queue).len()).sum()
    }
}
