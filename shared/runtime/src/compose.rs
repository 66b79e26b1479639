//! From configuration to an app.

use std::sync::Arc;

use connector_aws::{
    AwsConnections, AwsDoorways, AwsInbox, AwsLeases, AwsLedger, AwsQueue, AwsShelf, AwsState, Clients,
    QueueUrls,
};
use connector_domain::Clock;
use connector_http::{Surroundings, SystemClock, SystemRandom, Transport, TransportError, TransportSettings};
use connector_ports::{
    CachedConnections, CachedOutlines, Connection, Doorway, Freshness, Leases, Ledger, Queue, QueueName,
    Shelf, State,
};
use connector_sync::catalogue::Catalogue;
use connector_sync::connected::Directory;
use connector_sync::doors::Doors;
use connector_sync::job::Patience;
use connector_sync::jobs::Jobs;
use connector_sync::orders::Consumer;
use connector_sync::quota::Spender;

use url::Url;

use crate::catalogue::CataloguePoller;
use crate::config::{Common, ReceiverConfig, WorkerConfig};
use crate::consumer::OrderConsumer;
use crate::metrics::{Metrics, Stdout};
use crate::receiver::Receiver;
use crate::runner::JobRunner;
use crate::ticker::Ticker;

/// The ports, and the connections over them.
#[derive(Debug)]
pub struct Ports {
    /// Where orders are claimed and recorded.
    pub ledger: Arc<dyn Ledger>,
    /// Where shoppers are leased.
    pub leases: Arc<dyn Leases>,
    /// Where links and cursors are kept.
    pub state: Arc<dyn State>,
    /// Where messages are sent to.
    pub queue: Arc<dyn Queue>,
    /// Where connections are found.
    pub directory: Directory,
    /// How long to wait for what failed.
    pub patience: Patience,
    /// Where webhooks come in.
    pub door: Option<Url>,
}

impl Ports {
    /// What a consumer stands on.
    pub fn consumer(&self) -> Consumer<'_> {
        Consumer {
            ledger: self.ledger.as_ref(),
            leases: self.leases.as_ref(),
            state: self.state.as_ref(),
            queue: self.queue.as_ref(),
            directory: &self.directory,
            patience: &self.patience,
        }
    }

    /// What jobs stand on.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs {
            ledger: self.ledger.as_ref(),
            queue: self.queue.as_ref(),
            state: self.state.as_ref(),
            directory: &self.directory,
            patience: &self.patience,
            door: self.door.as_ref(),
        }
    }

    /// What the catalogue stands on, with what was `published` of it.
    pub fn catalogue<'a>(&'a self, published: &'a dyn Shelf) -> Catalogue<'a> {
        Catalogue {
            state: self.state.as_ref(),
            shelf: published,
            leases: self.leases.as_ref(),
            ledger: self.ledger.as_ref(),
            directory: &self.directory,
            patience: &self.patience,
        }
    }

    fn on_aws(
        clients: &Clients,
        config: &WorkerConfig,
        spender: Spender,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, TransportError> {
        let Common { table, secrets, .. } = &config.common;
        let source = Arc::new(AwsConnections::new(clients, table.clone(), secrets.clone()));
        let outlines = CachedOutlines::new(source.clone(), clock.clone(), Freshness::default());
        let connections = CachedConnections::<Connection>::new(source, clock.clone(), Freshness::default());
        let transport = Transport::new(&TransportSettings::default())?;
        let surroundings = Surroundings { clock: clock.clone(), random: Arc::new(SystemRandom) };
        Ok(Self {
            ledger: Arc::new(AwsLedger::new(clients, table.clone(), clock.clone(), config.audit_kept)),
            leases: Arc::new(AwsLeases::new(clients, table.clone(), clock.clone())),
            state: Arc::new(AwsState::new(clients, table.clone())),
            queue: Arc::new(AwsQueue::new(clients, config.queues.clone())),
            directory: Directory::new(Arc::new(connections), Arc::new(outlines), transport, surroundings)
                .spending_as(spender)
                .with_writers_apart(),
            patience: Patience::default(),
            door: config.door.clone(),
        })
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

fn metrics(common: &Common, function: &'static str, clock: &Arc<dyn Clock>) -> Metrics {
    Metrics::new(common.namespace.clone(), function, clock.clone(), Arc::new(Stdout))
}

pub(crate) fn receiver(clients: &Clients, config: ReceiverConfig) -> Receiver {
    let clock = clock();
    let Common { table, secrets, .. } = &config.common;
    let source = Arc::new(AwsDoorways::new(clients, table.clone(), secrets.clone()));
    let doorways = CachedConnections::<Doorway>::new(source, clock.clone(), Freshness::default());
    // It has no job to start.
    let urls = QueueUrls { orders: config.orders, jobs: String::new(), catalogue: String::new() };
    Receiver {
        doors: Doors::new(Arc::new(doorways), clock.clone()),
        queue: Box::new(AwsQueue::new(clients, urls)),
        shelf: Box::new(AwsShelf::new(clients, table.clone(), clock.clone())),
        metrics: metrics(&config.common, "webhook-receiver", &clock),
    }
}

pub(crate) fn consumer(clients: &Clients, config: &WorkerConfig) -> Result<OrderConsumer, TransportError> {
    let clock = clock();
    let (url, dead) = (config.queues.orders.clone(), config.dead_letters.clone());
    Ok(OrderConsumer {
        ports: Ports::on_aws(clients, config, Spender::Orders, &clock)?,
        inbox: AwsInbox::new(clients, QueueName::Orders, url, dead),
        metrics: metrics(&config.common, "order-consumer", &clock),
    })
}

pub(crate) fn runner(clients: &Clients, config: &WorkerConfig) -> Result<JobRunner, TransportError> {
    let clock = clock();
    let (url, dead) = (config.queues.jobs.clone(), config.dead_letters.clone());
    Ok(JobRunner {
        ports: Ports::on_aws(clients, config, Spender::PollAndAudit, &clock)?,
        inbox: AwsInbox::new(clients, QueueName::Jobs, url, dead),
        metrics: metrics(&config.common, "job-runner", &clock),
    })
}

pub(crate) fn catalogue(clients: &Clients, config: &WorkerConfig) -> Result<CataloguePoller, TransportError> {
    let clock = clock();
    let (url, dead) = (config.queues.catalogue.clone(), config.dead_letters.clone());
    Ok(CataloguePoller {
        ports: Ports::on_aws(clients, config, Spender::Catalogue, &clock)?,
        shelf: shelf(clients, config, &clock),
        inbox: AwsInbox::new(clients, QueueName::Catalogue, url, dead),
        metrics: metrics(&config.common, "catalog-poller", &clock),
    })
}

/// Only whom the catalogue concerns has it: it weighs something.
fn shelf(clients: &Clients, config: &WorkerConfig, clock: &Arc<dyn Clock>) -> Box<dyn Shelf> {
    Box::new(AwsShelf::new(clients, config.common.table.clone(), clock.clone()))
}

pub(crate) fn ticker(clients: &Clients, config: &WorkerConfig) -> Result<Ticker, TransportError> {
    let clock = clock();
    Ok(Ticker {
        // It calls no store.
        ports: Ports::on_aws(clients, config, Spender::PollAndAudit, &clock)?,
        shelf: shelf(clients, config, &clock),
        metrics: metrics(&config.common, "tick", &clock),
    })
}
