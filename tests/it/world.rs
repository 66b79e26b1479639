//! The world of a story: a store, a company, the pipeline between them, and one clock for all, which nobody waits for.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock as _, ConnectionId, ManualClock, OrderId, SeededRandom};
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_ports::{
    AuditEvent, Ledger, LedgerRow, OrderKey, OrderState, QueueName, StateName, TrailEntry,
};
use connector_sandbox::connection::{HEADER, HEADER_SECRET, RULES, between};
use connector_sandbox::{Pipeline, Receiver, Worked};
use connector_simulators::bigcommerce::{NewOrder, Sent};
use connector_simulators::kinetic::OrderView;
use connector_simulators::{
    BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim, Pause, Recorder, SimClock,
};
use connector_sync::hooks::EXCEPTIONS;
use connector_sync::job::{Failure, Patience};
use connector_sync::jobs::{Job, Ran};
use connector_sync::poll::Report;
use jiff::Timestamp;
use url::Url;

use crate::logs::Logs;

/// The connection of a story that has only one.
pub(crate) const MAIN: &str = "main-store";

/// How a world differs from the usual one.
pub(crate) struct Plan {
    pub(crate) shop: BigCommerceConfig,
    pub(crate) company: KineticConfig,
    pub(crate) rules: String,
    pub(crate) patience: Patience,
    /// How long each call to a vendor takes, on the story's clock.
    pub(crate) latency: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            shop: BigCommerceConfig::new(),
            company: KineticConfig::new(),
            rules: RULES.to_owned(),
            patience: Patience::default(),
            latency: Duration::ZERO,
        }
    }
}

impl Plan {
    /// With `from` in the rules replaced by `to`.
    pub(crate) fn rule(mut self, from: &str, to: &str) -> Self {
        assert!(self.rules.contains(from), "the rules of the sandbox have no {from}");
        self.rules = self.rules.replace(from, to);
        self
    }
}

/// Everything, running.
pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) shop: BigCommerceSim,
    pub(crate) company: KineticSim,
    pub(crate) pipeline: Pipeline,
    pub(crate) receiver: Receiver,
    pub(crate) logs: Logs,
    connections: Vec<ConnectionId>,
}

impl World {
    /// The usual world, with the distributor's shoppers, parts and customers, and no order.
    pub(crate) async fn new() -> Self {
        Self::with(Plan::default()).await
    }

    /// A world of its own kind.
    pub(crate) async fn with(plan: Plan) -> Self {
        let logs = Logs::keep();
        let clock = ManualClock::at("2026-04-01T03:30:00Z".parse::<Timestamp>().unwrap());
        let sim_clock = sim_clock(&clock);
        let recorder = plan.shop.recorder.clone();
        let pause = taking(plan.latency, &clock);
        let store = BigCommerceConfig { pause: pause.clone(), ..plan.shop };
        let shop = BigCommerceSim::start(store.clock(sim_clock.clone())).await.unwrap();
        let company = KineticConfig { clock: sim_clock, recorder, pause, ..plan.company };
        let company = KineticSim::start(company).await.unwrap();
        let surroundings =
            Surroundings { clock: Arc::new(clock.clone()), random: Arc::new(SeededRandom::new(7)) };
        let transport = Transport::new(&TransportSettings::default()).unwrap();
        let pipeline = Pipeline::new(surroundings, transport, plan.patience);
        pipeline.connect(between(id(MAIN), &shop, &company, &plan.rules));
        let receiver = pipeline.receiver(0).await.unwrap();
        for customer in connector_simulators::bigcommerce::BigCommerceSeed::distributor().customers {
            shop.add_customer(customer);
        }
        let exceptions = receiver.base_url.join(&format!("webhooks/{MAIN}/exceptions")).unwrap();
        shop.add_hook(EXCEPTIONS, &exceptions, &[(HEADER, HEADER_SECRET)]);
        shop.add_hook("store/order/*", &receiver.address(&id(MAIN)).unwrap(), &[(HEADER, HEADER_SECRET)]);
        Self { clock, shop, company, pipeline, receiver, logs, connections: vec![id(MAIN)] }
    }

    /// Connects `shop`, another store, to the same company, and points its hooks here.
    pub(crate) fn connect(&mut self, connection: &str, shop: &BigCommerceSim, rules: &str) {
        let other = id(connection);
        shop.add_hook("store/order/*", &self.receiver.address(&other).unwrap(), &[(HEADER, HEADER_SECRET)]);
        self.pipeline.connect(between(other.clone(), shop, &self.company, rules));
        self.connections.push(other);
    }

    /// Gives the main connection other rules.
    pub(crate) fn connect_again(&self, rules: &str) {
        self.pipeline.connect(between(id(MAIN), &self.shop, &self.company, rules));
    }

    /// A clock for another simulator that shows this world's time.
    pub(crate) fn sim_clock(&self) -> SimClock {
        sim_clock(&self.clock)
    }

    /// How far the clock is into a span that is counted from midnight.
    pub(crate) fn clock_into(&self, span: Duration) -> Duration {
        let span = i64::try_from(span.as_millis()).unwrap();
        Duration::from_millis(self.clock.now().as_millisecond().rem_euclid(span).unsigned_abs())
    }

    /// A recorder into a file of its own below the build's folder.
    pub(crate) fn recorder(name: &str) -> (Recorder, std::path::PathBuf) {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        (Recorder::to_file(&path).unwrap(), path)
    }

    /// Where the main connection's hooks point to.
    pub(crate) fn address(&self) -> Url {
        self.receiver.address(&id(MAIN)).unwrap()
    }

    /// Places an order and lets everything happen that happens by itself.
    pub(crate) async fn order(&self, order: NewOrder) -> u64 {
        let id = self.shop.place_order(order);
        self.settle().await;
        id
    }

    /// Delivers hooks and works on the queue until both are quiet. No time passes but what the vendors ask to be waited.
    pub(crate) async fn settle(&self) -> Vec<Sent> {
        let mut sent = Vec::new();
        loop {
            let delivered = self.shop.drain_hooks().await;
            let worked = self.pipeline.drain().await;
            if delivered.is_empty() && worked.is_empty() {
                return sent;
            }
            sent.extend(delivered);
        }
    }

    /// Works on the queue alone.
    pub(crate) async fn drain(&self) -> Vec<Worked> {
        self.pipeline.drain().await
    }

    /// Lets `wait` pass, wakes what is due, and lets it happen.
    pub(crate) async fn later(&self, wait: Duration) -> usize {
        self.clock.advance(wait);
        let woken = self.pipeline.tick().await;
        self.settle().await;
        woken
    }

    /// Looks for orders that no webhook told of, with two minutes for it, and says what was done. Nobody works on them meanwhile.
    pub(crate) async fn poll(&self) -> Ran {
        self.poll_of(MAIN).await.unwrap()
    }

    /// The same for any connection.
    pub(crate) async fn poll_of(&self, connection: &str) -> Result<Ran, Failure> {
        self.pipeline.job(Job::OrderPoller, &id(connection), Duration::from_mins(2)).await
    }

    /// Whether the poller of the main connection would do anything now.
    pub(crate) async fn polls_now(&self) -> bool {
        self.pipeline.jobs().poller().is_due(&id(MAIN)).await.unwrap()
    }

    /// Polls, and lets everything happen, for as long as the poller goes on by itself; answers the orders in the order of the work.
    pub(crate) async fn catch_up(&self) -> Vec<u64> {
        let mut worked = Vec::new();
        while self.polls_now().await {
            self.poll().await;
            worked.extend(self.drain().await.iter().filter_map(|worked| Some(worked.key()?.order.0)));
            self.settle().await;
        }
        worked
    }

    /// The account of the main connection.
    pub(crate) async fn report(&self) -> Report {
        self.pipeline.jobs().poller().report(&id(MAIN)).await.unwrap()
    }

    /// The store stops telling of anything.
    pub(crate) fn without_hooks(&self) {
        for hook in self.shop.hooks() {
            assert!(self.shop.switch_off_hook(hook["id"].as_u64().unwrap()));
        }
    }

    /// The row of an order of the main connection.
    pub(crate) async fn row(&self, order: u64) -> LedgerRow {
        self.row_of(MAIN, order).await
    }

    /// The row of an order.
    pub(crate) async fn row_of(&self, connection: &str, order: u64) -> LedgerRow {
        let row = self.pipeline.ledger().get(&key(connection, order)).await.unwrap();
        row.unwrap_or_else(|| panic!("the ledger has no row for {connection}/{order}"))
    }

    /// The state of an order of the main connection.
    pub(crate) async fn state(&self, order: u64) -> OrderState {
        self.row(order).await.state
    }

    /// Why an order is held, and what about.
    pub(crate) async fn held(&self, order: u64) -> (String, Option<String>, String) {
        let state = self.state(order).await;
        let OrderState::Held { reason, subject, words } = state else {
            panic!("order {order} is {state}, not held")
        };
        (reason, subject, words)
    }

    /// The trail of an order of the main connection.
    pub(crate) async fn trail(&self, order: u64) -> Vec<TrailEntry> {
        self.pipeline.ledger().trail(&key(MAIN, order)).await.unwrap()
    }

    /// The one Kinetic order of a web order; there must be exactly one, and it must be the ledger's.
    pub(crate) async fn kinetic(&self, order: u64) -> OrderView {
        let mut found = self.company.orders_by_po(&format!("BC-{order}"));
        assert_eq!(found.len(), 1, "Kinetic orders for BC-{order}");
        let view = found.pop().unwrap();
        assert_eq!(self.row(order).await.order_num.map(|number| number.0), Some(view.order_num));
        view
    }

    /// Asserts that an order is in Kinetic once, complete, to the cent, released, and that the shop bears its number.
    pub(crate) async fn is_synced(&self, order: u64) -> OrderView {
        let row = self.row(order).await;
        assert_eq!(row.state, OrderState::Synced, "order {order}: {row:?}");
        let view = self.kinetic(order).await;
        assert!(
            view.can_be_picked() && !view.order_held && view.ready_to_calc,
            "order {order} is not released"
        );
        let shop = self.shop.order(order).unwrap();
        assert_eq!(shop["external_order_id"], view.order_num.to_string(), "the number in the shop");
        let before_tax = shop["total_ex_tax"].as_str().unwrap().parse().unwrap();
        assert_eq!(
            (view.doc_total - view.doc_tax).normalize(),
            rust_decimal::Decimal::normalize(&before_tax)
        );
        view
    }

    /// The one Kinetic order of a web order that was not voided.
    pub(crate) fn valid(&self, order: u64) -> OrderView {
        let all = self.company.orders_by_po(&format!("BC-{order}"));
        let mut valid: Vec<_> = all.into_iter().filter(|view| !view.void).collect();
        assert_eq!(valid.len(), 1, "valid Kinetic orders for BC-{order}");
        valid.pop().unwrap()
    }

    /// The rules that fired on an order, with what they applied to.
    pub(crate) async fn rules_of(&self, order: u64) -> Vec<(String, String)> {
        let fired = self.trail(order).await.into_iter().filter_map(|entry| match entry.event {
            AuditEvent::RuleFired { rule, detail } => Some((rule, detail)),
            AuditEvent::Transition { .. }
            | AuditEvent::Failed { .. }
            | AuditEvent::SaveIntent { .. }
            | AuditEvent::SaveOutcome { .. } => None,
        });
        fired.collect()
    }

    /// How many calls the company has had.
    pub(crate) fn kinetic_calls(&self) -> usize {
        self.company.traffic().calls().len()
    }

    /// How every story ends: nothing is left in a queue, among the dead letters, undelivered or due, and nothing is held but `held`.
    pub(crate) async fn ends(self, held: &[u64]) {
        assert!(self.pipeline.queue().is_empty(), "messages are left");
        for queue in [QueueName::Orders, QueueName::Jobs] {
            assert!(self.pipeline.queue().dead_letters(queue).is_empty(), "dead letters in {queue:?}");
        }
        assert_eq!(self.shop.pending_deliveries(), 0, "deliveries are left");
        let mut really = Vec::new();
        for id in &self.connections {
            for row in self.pipeline.ledger().list(id, None, None, usize::MAX).await.unwrap() {
                match row.state.name() {
                    StateName::Held => really.push(row.key.order.0),
                    StateName::Waiting | StateName::Synced | StateName::Cancelled | StateName::Ignored => {}
                    StateName::New | StateName::Retrying | StateName::Uncertain => {
                        panic!("still moving: {row:?}")
                    }
                }
            }
        }
        assert_eq!(really, held, "held orders");
        let now = connector_domain::Clock::now(&self.clock);
        let due = self.pipeline.ledger().due(now, usize::MAX).await.unwrap();
        assert!(due.is_empty(), "still due: {due:?}");
    }
}

/// Calls that take `latency` on `clock`.
fn taking(latency: Duration, clock: &ManualClock) -> Pause {
    if latency.is_zero() {
        return Pause::none();
    }
    let clock = clock.clone();
    Pause::new(move || {
        clock.advance(latency);
        Box::pin(std::future::ready(()))
    })
}

fn sim_clock(clock: &ManualClock) -> SimClock {
    let clock = clock.clone();
    SimClock::new(move || connector_domain::Clock::now(&clock))
}

/// A connection's id.
pub(crate) fn id(connection: &str) -> ConnectionId {
    connection.parse().unwrap()
}

/// An order's key.
pub(crate) fn key(connection: &str, order: u64) -> OrderKey {
    OrderKey { connection: id(connection), order: OrderId(order) }
}
