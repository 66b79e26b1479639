use std::sync::Arc;

use connector_domain::{ManualClock, OrderNum, SeededRandom, Timestamp};
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_ports::OrderState;
use connector_simulators::bigcommerce::{Address, NewOrder, dec};
use connector_simulators::{BigCommerceConfig, KineticConfig, SimClock};
use connector_sync::job::Patience;

use super::*;
use crate::connection::{HEADER, HEADER_SECRET, RULES, between};
use crate::{Pipeline, Receiver};

/// A store, a company, and the pipeline that brings orders from one to the other.
struct World {
    shop: BigCommerceSim,
    company: KineticSim,
    pipeline: Pipeline,
    _receiver: Receiver,
    order: u64,
}

impl World {
    /// With one order of a guest, which was brought over.
    async fn new() -> Self {
        let clock = ManualClock::at("2026-03-31T21:40:11Z".parse().unwrap());
        let surroundings =
            Surroundings { clock: Arc::new(clock.clone()), random: Arc::new(SeededRandom::new(1)) };
        let sim_clock = SimClock::new(move || connector_domain::Clock::now(&clock));
        let shop = BigCommerceSim::start(BigCommerceConfig::new().clock(sim_clock.clone())).await.unwrap();
        let company = KineticConfig { clock: sim_clock, ..KineticConfig::new() };
        let company = KineticSim::start(company).await.unwrap();
        let transport = Transport::new(&TransportSettings::default()).unwrap();
        let pipeline = Pipeline::new(surroundings, transport, Patience::default());
        let id = super::super::connection_id().unwrap();
        pipeline.connect(between(id.clone(), &shop, &company, RULES));
        let receiver = pipeline.receiver(0).await.unwrap();
        shop.add_hook("store/order/*", &receiver.address(&id).unwrap(), &[(HEADER, HEADER_SECRET)]);
        let mut world = Self { shop, company, pipeline, _receiver: receiver, order: 0 };
        world.order = world.bring(0).await;
        world
    }

    /// Brings an order of this shopper over.
    async fn bring(&self, shopper: u64) -> u64 {
        let order = NewOrder::of_customer(shopper, Address::of("Ada", "Lane", "ada@example.com"))
            .line("TAPE-DUCT-48", 2, dec("7.2500"))
            .tax_rate(dec("0.0825"));
        let order = self.shop.place_order(order);
        self.shop.drain_hooks().await;
        self.pipeline.drain().await;
        order
    }

    /// The books as they have to be.
    fn books(&self) -> Books<'_> {
        let orders = self.shop.order_ids();
        let accounts = orders.iter().map(|order| account(*order, OrderState::Synced)).collect();
        let answered = (accounts, End { peak_kib: Some(1024), ..End::default() });
        let placed = orders.into_iter().collect();
        Books::open(&self.shop, &self.company, Rules::parse(RULES).unwrap(), placed, answered, (false, 0))
    }

    /// Names of the checks that break when the books are changed so.
    fn broken(&self, change: impl FnOnce(&mut Books<'_>)) -> Vec<&'static str> {
        let mut books = self.books();
        change(&mut books);
        books.checks().into_iter().filter(|check| !check.holds).map(|check| check.name).collect()
    }

    /// The same when what Kinetic has of the order is changed so.
    fn broken_in_kinetic(&self, change: impl FnOnce(&mut Vec<OrderView>)) -> Vec<&'static str> {
        self.broken(|books| change(books.kinetic.get_mut(&format!("BC-{}", self.order)).unwrap()))
    }
}

fn account(order: u64, state: OrderState) -> Account {
    let at = Timestamp::UNIX_EPOCH;
    Account {
        order: OrderId(order),
        state,
        order_num: Some(OrderNum(100_045)),
        claimed: at,
        synced: Some(at),
        calls: None,
    }
}

#[tokio::test]
async fn what_is_right_on_both_sides_breaks_no_check() {
    let world = World::new().await;
    assert_eq!(world.broken(|_| {}), [""; 0]);
    assert_eq!(world.company.orders().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_in_kinetic_is_found() {
    let world = World::new().await;
    let broken = |change: &dyn Fn(&mut Vec<OrderView>)| world.broken_in_kinetic(change);
    assert_eq!(broken(&|orders| orders.push(orders[0].clone())), ["one_order_a_reference"]);
    assert_eq!(broken(&|orders| orders[0].doc_total += dec("0.01")), ["totals_agree"]);
    let more_tax = |orders: &mut Vec<OrderView>| {
        orders[0].doc_tax += dec("0.06");
        orders[0].doc_total += dec("0.06");
    };
    assert_eq!(broken(&more_tax), ["totals_agree"]);
    assert_eq!(broken(&|orders| orders[0].lines[0].po_line.clear()), ["every_line_once"]);
    let twice = |orders: &mut Vec<OrderView>| {
        let line = orders[0].lines[0].clone();
        orders[0].lines.push(line);
    };
    assert_eq!(broken(&twice), ["every_line_once"]);
    assert_eq!(broken(&|orders| orders[0].ready_to_fulfill = false), ["proven_and_released"]);
    assert_eq!(broken(&|orders| orders[0].order_num += 1), ["numbers_written_back"]);
    let gone = broken(&Vec::clear);
    assert!(gone.contains(&"one_order_a_reference") && gone.contains(&"totals_agree"), "{gone:?}");
    let stranger = |books: &mut Books<'_>| {
        books.kinetic.insert("BC-9".to_owned(), Vec::new());
    };
    assert_eq!(world.broken(stranger), ["no_stranger"]);
}

#[tokio::test]
async fn what_is_wrong_in_the_ledger_or_the_process_is_found() {
    let world = World::new().await;
    let order = world.order;
    let in_state = |books: &mut Books<'_>, state: OrderState| {
        books.accounts.insert(order, account(order, state));
    };
    let lost = |books: &mut Books<'_>| {
        books.placed.insert(order + 1);
    };
    assert_eq!(world.broken(lost), ["nothing_lost", "all_rest"], "without faults every order is synced");
    let new = |books: &mut Books<'_>| in_state(books, OrderState::New);
    assert_eq!(world.broken(new), ["all_rest", "proven_and_released"]);
    let held = |books: &mut Books<'_>| {
        let words = String::new();
        in_state(books, OrderState::Held { reason: String::new(), subject: None, words });
        books.kinetic.clear();
        (books.faults, books.struck) = (true, 7);
    };
    assert_eq!(world.broken(held), [""; 0], "an order may be held where calls fail");
    assert_eq!(world.broken(|books| books.end.dead_letters = 1), ["nothing_lost"]);
    assert_eq!(world.broken(|books| books.end.peak_kib = Some(MOST_MIB * 1024)), ["memory_bounded"]);
    assert_eq!(world.broken(|books| books.end.peak_kib = None), [""; 0]);
    assert_eq!(world.broken(|books| books.faults = true), ["faults_struck"]);
}

#[tokio::test]
async fn a_shopper_who_is_two_customers_is_found() {
    let world = World::new().await;
    let orders = [world.bring(11).await, world.bring(11).await];
    assert_eq!(world.broken(|_| {}), [""; 0]);
    let second = |books: &mut Books<'_>| {
        books.kinetic.get_mut(&format!("BC-{}", orders[1])).unwrap()[0].cust_num += 1;
    };
    assert_eq!(world.broken(second), ["one_customer_a_shopper"]);
}
