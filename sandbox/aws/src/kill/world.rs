//! What stands around the consumers: emulator, store, company, receiver and tick.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use connector_domain::{Clock as _, ConnectionId, SeededRandom};
use connector_emulator::{Emulator, Settings};
use connector_http::{SystemClock, Transport, TransportSettings};
use connector_sandbox::connection::{HEADER, HEADER_SECRET, RULES, between};
use connector_sandbox::load::Baskets;
use connector_sandbox::terminal::endpoint::Endpoint;
use connector_sandbox::terminal::with_random;
use connector_sandbox::{Pipeline, Ports as _, Receiver};
use connector_simulators::bigcommerce::BigCommerceSeed;
use connector_simulators::{BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim, Pause, Recorder};
use connector_sync::job::Patience;
use parking_lot::Mutex;

use super::Options;
use crate::consumer::{BUDGET, MARGIN};
use crate::{Account, Aws};

/// Nobody's quota is measured here.
const QUOTA: u32 = 100_000_000;

/// The most lines of an order.
const LINES: u32 = 3;

/// How often webhooks that are due are delivered.
const DELIVERIES: Duration = Duration::from_millis(200);

/// How often the tick comes. The deployment's comes once a minute.
const TICK: Duration = Duration::from_secs(3);

/// The connection's id.
const CONNECTION: &str = "kill";

/// Everything but the consumers.
#[derive(Debug)]
pub(super) struct World {
    pub(super) shop: BigCommerceSim,
    pub(super) company: KineticSim,
    pub(super) pipeline: Pipeline<Aws>,
    pub(super) account: Account,
    pub(super) id: ConnectionId,
    pub(super) rules: String,
    _receiver: Receiver,
    _emulator: Option<Emulator>,
}

impl World {
    pub(super) async fn set(options: &Options) -> Result<Self> {
        let emulator =
            options.endpoint.is_none().then(|| Emulator::start(&Settings::default())).transpose()?;
        let started =
            emulator.as_ref().map(|emulator| emulator.url().as_str().parse::<Endpoint>()).transpose()?;
        let endpoint = options.endpoint.clone().or(started).context("there is no emulator")?;
        let account = Account::new(&endpoint, BUDGET + MARGIN).await?;
        let pause = if options.latency.is_zero() { Pause::none() } else { Pause::real(options.latency) };
        let recorder = Recorder::counting();
        let store = BigCommerceConfig { quota: QUOTA, pause: pause.clone(), ..BigCommerceConfig::new() };
        let shop = BigCommerceSim::start(store.recorder(recorder.clone())).await?;
        let company = KineticSim::start(KineticConfig { pause, recorder, ..KineticConfig::new() }).await?;
        // The shop rounds tax by line, so each may add a cent.
        let rules = RULES.replace("tolerance = \"0.05\"", "tolerance = \"0.10\"");
        let surroundings = with_random(Arc::new(SeededRandom::new(options.seed)));
        let ports = Arc::new(Aws::of(&account, surroundings.clock.clone())?);
        let id: ConnectionId = CONNECTION.parse().context("the connection's id")?;
        ports.connect(between(id.clone(), &shop, &company, &rules)).await?;
        let transport = Transport::new(&TransportSettings::default())?;
        let pipeline = Pipeline::on(ports, surroundings, transport, Patience::default());
        let receiver = pipeline.receiver(0).await?;
        shop.add_hook("store/order/*", &receiver.address(&id)?, &[(HEADER, HEADER_SECRET)]);
        Ok(Self { shop, company, pipeline, account, id, rules, _receiver: receiver, _emulator: emulator })
    }

    /// Places all orders, each told of before the next, and then goes on delivering what is due.
    pub(super) async fn shop_on(&self, options: &Options, placed: &Mutex<BTreeSet<u64>>) -> Infallible {
        let orders = usize::try_from(options.orders).unwrap_or(usize::MAX);
        let mut baskets = Baskets::new(options.seed, orders, LINES);
        self.shop.load(BigCommerceSeed { customers: baskets.shoppers(), ..BigCommerceSeed::default() });
        for _ in 0..options.orders {
            placed.lock().insert(self.shop.place_order(baskets.order()));
            self.shop.drain_hooks().await;
        }
        loop {
            SystemClock.sleep(DELIVERIES).await;
            self.shop.drain_hooks().await;
        }
    }

    /// Ticks for ever, and counts what was woken.
    pub(super) async fn tick_on(&self, woken: &AtomicUsize) -> Infallible {
        loop {
            SystemClock.sleep(TICK).await;
            woken.fetch_add(self.pipeline.tick().await, Ordering::Relaxed);
        }
    }
}
