//! The pipeline on a clock that stands still, between two simulators: how a story is told.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock as _, ConnectionId, ManualClock, OrderId, SeededRandom};
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_ports::{Ledger as _, OrderKey, OrderState, QueueName};
use connector_sandbox::{Pipeline, Receiver, Worked, connection};
use connector_simulators::bigcommerce::{Address, Delivery, DeliveryMode, NewOrder, dec};
use connector_simulators::{BigCommerceConfig, BigCommerceSim, Fault, KineticConfig, KineticSim, SimClock};
use connector_sync::job::Patience;
use connector_sync::orders::Consumed;
use url::Url;

const CREATED: &str = "store/order/created";

struct World {
    clock: ManualClock,
    shop: BigCommerceSim,
    company: KineticSim,
    pipeline: Pipeline,
    receiver: Receiver,
    id: ConnectionId,
}

impl World {
    async fn new() -> Self {
        let clock = ManualClock::at("2026-03-31T21:40:11Z".parse().unwrap());
        let hands = clock.clone();
        let sim_clock = SimClock::new(move || hands.now());
        let shop = BigCommerceSim::start(BigCommerceConfig::new().clock(sim_clock.clone())).await.unwrap();
        let config = KineticConfig { clock: sim_clock, ..KineticConfig::new() };
        let company = KineticSim::start(config).await.unwrap();
        let random = Arc::new(SeededRandom::new(1));
        let surroundings = Surroundings { clock: Arc::new(clock.clone()), random };
        let transport = Transport::new(&TransportSettings::default()).unwrap();
        let pipeline = Pipeline::new(surroundings, transport, Patience::default());
        let id: ConnectionId = "main-store".parse().unwrap();
        pipeline.connect(connection::between(id.clone(), &shop, &company, connection::RULES));
        let receiver = pipeline.receiver(0).await.unwrap();
        shop.add_hook(
            "store/order/*",
            &receiver.address(&id).unwrap(),
            &[(connection::HEADER, connection::HEADER_SECRET)],
        );
        Self { clock, shop, company, pipeline, receiver, id }
    }

    fn order(&self) -> u64 {
        let guest = Address::of("Ada", "Lane", "ada@example.com");
        self.shop.place_order(
            NewOrder::guest(guest).line("HB-M8-40-ZN", 40, dec("0.4125")).tax_rate(dec("0.0825")),
        )
    }

    async fn state(&self, order: u64) -> Option<OrderState> {
        let key = OrderKey { connection: self.id.clone(), order: OrderId(order) };
        self.pipeline.ledger().get(&key).await.unwrap().map(|row| row.state)
    }

    async fn send(&self, delivery: &Delivery, to: Url) -> u16 {
        self.shop.send(delivery, &to).await.unwrap()
    }
}

#[tokio::test]
async fn a_webhook_becomes_an_order_and_nothing_is_left() {
    let world = World::new().await;
    let order = world.order();
    assert_eq!(world.shop.drain_hooks().await[0].status, Some(200));
    let worked = world.pipeline.drain().await;
    assert!(
        matches!(&worked[..], [Worked::Order { became: Consumed::Recorded(OrderState::Synced), .. }]),
        "{worked:?}"
    );
    assert_eq!(world.company.orders_by_po(&format!("BC-{order}")).len(), 1);
    assert!(world.pipeline.queue().is_empty());
    assert_eq!(world.pipeline.queue().dead_letters(QueueName::Orders), []);
}

#[tokio::test]
async fn what_failed_is_woken_by_the_tick_when_its_time_has_come() {
    let world = World::new().await;
    world.company.faults().add(Fault::Status { status: 503, body: None }.always().on_path("/"));
    let order = world.order();
    world.shop.drain_hooks().await;
    world.pipeline.drain().await;
    assert!(matches!(world.state(order).await, Some(OrderState::Retrying { .. })));
    assert_eq!(world.pipeline.tick().await, 0, "not due yet");
    world.company.faults().clear();
    world.clock.advance(Duration::from_mins(10));
    assert_eq!(world.pipeline.tick().await, 1);
    world.pipeline.drain().await;
    assert_eq!(world.state(order).await, Some(OrderState::Synced));
}

#[tokio::test]
async fn the_receiver_answers_what_cannot_be_a_webhook() {
    let world = World::new().await;
    let order = world.order();
    let here = || world.receiver.address(&world.id).unwrap();
    let genuine = world.shop.delivery(CREATED, order, DeliveryMode::Normal).unwrap();
    let of_size = |bytes| Delivery { body: vec![b' '; bytes], ..genuine.clone() };
    assert_eq!(world.send(&of_size(64 * 1024 + 1), here()).await, 413, "refused by the use case");
    assert_eq!(world.send(&of_size(1024 * 1024), here()).await, 413, "not even read");
    let elsewhere = |path: &str| world.receiver.base_url.join(path).unwrap();
    assert_eq!(world.send(&genuine, elsewhere("webhooks/another-store")).await, 404);
    assert_eq!(world.send(&genuine, elsewhere("webhooks/No%20Such%20Id")).await, 404);
    assert_eq!(world.send(&genuine, elsewhere("")).await, 404);
    assert!(world.pipeline.queue().is_empty());
    assert_eq!(world.send(&genuine, here()).await, 200);
    assert_eq!(world.pipeline.queue().len(QueueName::Orders), 1);
}

#[tokio::test]
async fn a_connection_that_is_replaced_counts_at_once() {
    let world = World::new().await;
    let order = world.order();
    let lenient = connection::RULES.replace("bc_signature = \"required\"", "bc_signature = \"off\"");
    let bare = world.shop.delivery(CREATED, order, DeliveryMode::OnlyCustomHeaders).unwrap();
    let here = || world.receiver.address(&world.id).unwrap();
    assert_eq!(world.send(&bare, here()).await, 401);
    world.pipeline.connect(connection::between(world.id.clone(), &world.shop, &world.company, &lenient));
    assert_eq!(world.send(&bare, here()).await, 200);
}

#[tokio::test]
async fn a_receiver_that_is_dropped_is_gone() {
    let world = World::new().await;
    let order = world.order();
    let genuine = world.shop.delivery(CREATED, order, DeliveryMode::Normal).unwrap();
    let address = world.receiver.address(&world.id).unwrap();
    drop(world.receiver);
    while world.shop.send(&genuine, &address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
