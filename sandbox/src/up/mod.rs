//! `cargo sandbox up`: store, company and pipeline, running until somebody ends them.
//!
//! The orders that the store starts with were placed before the connector came, so it knows none of them: what happens,
//! happens because somebody tried it.

mod change;
mod cursors;
mod letters;
mod shelf;
mod status_page;
mod stored;
mod surface;
mod trials;

use std::future::Future;
use std::time::Duration;

use connector_domain::ConnectionId;
use connector_http::{Surroundings, Transport, TransportError, TransportSettings};
use connector_ports::Ledger as _;
use connector_simulators::{
    BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim, Recorder, Seed, StartError,
};
use connector_sync::job::Patience;
use futures_util::future::{join, select};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use self::change::Changes;
use crate::loopback::Loopback;
use crate::{Pipeline, PipelineError, Receiver, Worked, connection};

pub use change::Change;
pub use trials::{Trial, Trials};

/// The connection's id.
const CONNECTION: &str = "sandbox";

/// How many consumers work at once.
const WORKERS: usize = 4;

/// How often due webhooks are delivered.
const DELIVERIES: Duration = Duration::from_millis(200);

/// The quota of a "Pro" store in its 30 seconds.
const QUOTA: u32 = 450;

/// Nobody wants to wait half a minute for a second try.
fn patience() -> Patience {
    Patience {
        first: Duration::from_millis(500),
        longest: Duration::from_secs(5),
        settle: Duration::from_secs(10),
        ..Patience::default()
    }
}

/// What everything is started with.
#[derive(Debug)]
pub struct Options {
    /// The store's port; company, receiver and status page take the three after it. 0: any free ones.
    pub port: u16,
    /// What store and company hold at the start.
    pub seed: Seed,
    /// Where each exchange with a vendor is written.
    pub recorder: Recorder,
    /// Time and randomness; the clock must go by itself.
    pub surroundings: Surroundings,
}

/// Something did not start.
#[derive(Debug, thiserror::Error)]
pub enum UpError {
    /// A simulator did not start.
    #[error(transparent)]
    Simulator(#[from] StartError),
    /// The receiver or the status page did not start.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The HTTP stack could not be built.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The receiver's address makes no URL.
    #[error("the receiver's address is not valid: {0}")]
    Address(#[from] url::ParseError),
    /// The sandbox's own connection cannot be used; a defect.
    #[error("the sandbox's connection cannot be used: {0}")]
    Connection(String),
    /// Four ports from this one on do not exist.
    #[error("there are no four ports from {0} on")]
    Ports(u16),
}

impl UpError {
    /// Whether another port would help.
    pub const fn is_about_a_port(&self) -> bool {
        matches!(
            self,
            Self::Ports(_)
                | Self::Simulator(StartError::Bind { .. })
                | Self::Pipeline(PipelineError::Bind { .. })
        )
    }
}

/// Everything, started.
#[derive(Debug)]
pub struct Up {
    shop: BigCommerceSim,
    company: KineticSim,
    pipeline: Pipeline,
    id: ConnectionId,
    receiver: Receiver,
    status_page: Loopback,
    orders: Vec<u64>,
    worked: UnboundedReceiver<Worked>,
}

impl Up {
    /// Starts store, company, receiver and status page, and registers the hook. Nothing works before [`Up::run`].
    ///
    /// # Errors
    /// [`UpError`].
    pub async fn start(options: Options) -> Result<Self, UpError> {
        let Options { port, seed, recorder, surroundings } = options;
        let [shop_port, company_port, receiver_port, page_port] = four_from(port)?;
        let config = BigCommerceConfig {
            port: shop_port,
            quota: QUOTA,
            ..BigCommerceConfig::new().recorder(recorder.clone())
        };
        let shop = BigCommerceSim::start(config).await?;
        let orders = shop.load(seed.bigcommerce);
        let config =
            KineticConfig { port: company_port, seed: seed.kinetic, recorder, ..KineticConfig::new() };
        let company = KineticSim::start(config).await?;
        let (listener, worked) = unbounded_channel();
        let transport = Transport::new(&TransportSettings::default())?;
        let pipeline = Pipeline::new(surroundings, transport, patience()).told_to(listener);
        let id =
            CONNECTION.parse::<ConnectionId>().map_err(|error| UpError::Connection(error.to_string()))?;
        let connection =
            connection::between(id.clone(), &shop, &company, &connection::rules_with_catalogue());
        pipeline.connect(connection.clone());
        let usable = pipeline.directory().get(&id).await;
        usable.map_err(|error| UpError::Connection(error.to_string()))?;
        let receiver = pipeline.receiver(receiver_port).await?;
        let pipeline = pipeline.behind(receiver.base_url.join("webhooks/")?);
        let status_page = status_page::serve(page_port, pipeline.clone(), connection).await?;
        // After the orders: nobody has told of them.
        let headers = [(connection::HEADER, connection::HEADER_SECRET)];
        shop.add_hook("store/order/*", &receiver.address(&id)?, &headers);
        Ok(Self { shop, company, pipeline, id, receiver, status_page, orders, worked })
    }

    /// What everything goes through.
    pub const fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// Works until `stop` completes, and tells each order that has come into another state.
    pub async fn run(self, stop: impl Future<Output = ()> + Send, mut tell: impl FnMut(&Change)) {
        let Self { shop, pipeline, mut worked, .. } = self;
        let clock = pipeline.surroundings().clock.clone();
        let deliveries = async {
            loop {
                shop.drain_hooks().await;
                clock.sleep(DELIVERIES).await;
            }
        };
        let mut changes = Changes::default();
        let telling = async {
            while let Some(worked) = worked.recv().await {
                let Some(key) = worked.key() else { continue };
                // The memory ledger always answers.
                let Ok(Some(row)) = pipeline.ledger().get(key).await else { continue };
                if let Some(change) = changes.seen(&row) {
                    tell(&change);
                }
            }
        };
        let working = std::pin::pin!(pipeline.run(WORKERS, stop));
        // The last of them never ends by itself.
        select(working, std::pin::pin!(join(telling, deliveries))).await;
    }
}

/// The port and the three after it, or four zeros.
fn four_from(port: u16) -> Result<[u16; 4], UpError> {
    let after = |by| if port == 0 { Some(0) } else { port.checked_add(by) };
    let ports = after(1).zip(after(2)).zip(after(3));
    ports.map(|((second, third), fourth)| [port, second, third, fourth]).ok_or(UpError::Ports(port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_come_in_a_row_or_as_they_are_free() {
        assert_eq!(four_from(0).unwrap(), [0; 4]);
        assert_eq!(four_from(8081).unwrap(), [8081, 8082, 8083, 8084]);
        assert!(matches!(four_from(65_533), Err(UpError::Ports(65_533))));
    }
}
