//! The stage: both simulators, the pipeline with its receiver, and the connection between them.

use connector_domain::{Clock as _, ConnectionId, Deadline, ExternalRef, OrderId};
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_ports::{Ledger, OrderKey};
use connector_simulators::{
    BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim, Recorder, SimClock,
    kinetic::{KineticSeed, OrderView},
};
use connector_sync::{
    connected::Connected,
    job::Patience,
    jobs::{self, Job, Jobs, Ran},
};
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::{DemoError, LeapClock};
use crate::{Inbox, Pipeline, Ports, Receiver, connection};

/// The connection of the demo.
const CONNECTION: &str = "sandbox";

/// The quota of a "Pro" store in its 30 seconds. With a small store's 150, of which orders may spend 40 %, seven orders at
/// once would wait for the next window; that waiting is the subject of a test, not of a demo.
const QUOTA: u32 = 450;

/// Nobody wants to wait half a minute for a second try.
const PATIENCE: Patience = Patience {
    first: Duration::from_millis(500),
    longest: Duration::from_secs(5),
    attempts: 6,
    server_errors: 6,
    settle: Duration::from_secs(1),
};

/// What a job has for a run.
const JOB: Duration = Duration::from_mins(5);

/// Everything that runs.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) shop: BigCommerceSim,
    pub(super) company: KineticSim,
    pub(super) pipeline: Pipeline<dyn Ports>,
    pub(super) receiver: Receiver,
    pub(super) connected: Arc<Connected>,
    pub(super) clock: LeapClock,
    /// Where the hooks lead to.
    pub(super) door: Url,
    /// The same, up to the connection's id.
    doors: Url,
}

impl Stage {
    /// Starts it all. The connector registers its hooks itself, and counts the orders from here on.
    pub(super) async fn set(
        ports: Arc<dyn Ports>,
        company: KineticSeed,
        recorder: Recorder,
        clock: LeapClock,
        surroundings: Surroundings,
    ) -> Result<Self, DemoError> {
        let showing = clock.clone();
        let sim_clock = SimClock::new(move || showing.now());
        let config = BigCommerceConfig::new().clock(sim_clock.clone()).recorder(recorder.clone());
        let config = BigCommerceConfig { quota: QUOTA, ..config };
        let shop = BigCommerceSim::start(config).await?;
        let config = KineticConfig { seed: company, recorder, clock: sim_clock, ..KineticConfig::new() };
        let company = KineticSim::start(config).await?;
        let transport = Transport::new(&TransportSettings::default())?;
        let pipeline = Pipeline::on(ports, surroundings, transport, PATIENCE);
        let id =
            CONNECTION.parse::<ConnectionId>().map_err(|error| DemoError::Connection(error.to_string()))?;
        let rules = connection::rules_with_catalogue();
        let connection = connection::between(id.clone(), &shop, &company, &rules);
        let stored = pipeline.ports().connect(connection).await;
        stored.map_err(|error| DemoError::Connection(error.to_string()))?;
        let connected = pipeline.directory().get(&id).await;
        let connected = connected.map_err(|error| DemoError::Connection(error.to_string()))?;
        let receiver = pipeline.receiver(0).await?;
        let (door, doors) = (receiver.address(&id)?, receiver.base_url.join("webhooks/")?);
        let stage = Self { shop, company, pipeline, receiver, connected, clock, door, doors };
        for job in [Job::WebhookAuditor, Job::OrderPoller] {
            stage.job(job).await?;
        }
        Ok(stage)
    }

    /// Runs a job of the connection, which must be due.
    pub(super) async fn job(&self, job: Job) -> Result<Ran, DemoError> {
        let on = Jobs { door: Some(&self.doors), ..self.pipeline.jobs() };
        let deadline = Deadline::after(&self.clock, JOB);
        Ok(jobs::run(job, &self.connected.id, on, deadline).await?)
    }

    /// Every order that was heard of.
    pub(super) fn ledger(&self) -> &dyn Ledger {
        self.pipeline.ports().ledger()
    }

    /// What waits to be worked on.
    pub(super) fn inbox(&self) -> &dyn Inbox {
        self.pipeline.ports().inbox()
    }

    /// The ledger's key of a web order.
    pub(super) fn key(&self, web_order: u64) -> OrderKey {
        OrderKey { connection: self.connected.id.clone(), order: OrderId(web_order) }
    }

    /// What a web order is called in Kinetic.
    pub(super) fn reference(&self, web_order: u64) -> ExternalRef {
        connector_sync::orders::reference(&self.connected.rules, OrderId(web_order))
    }

    /// What Kinetic holds under a web order's reference.
    pub(super) fn in_kinetic(&self, web_order: u64) -> Vec<OrderView> {
        self.company.orders_by_po(self.reference(web_order).as_str())
    }

    /// How many requests each vendor has got.
    pub(super) fn calls(&self) -> super::Calls {
        let count = |traffic: &connector_simulators::Traffic| traffic.calls().len();
        super::Calls { bigcommerce: count(self.shop.traffic()), kinetic: count(self.company.traffic()) }
    }
}
