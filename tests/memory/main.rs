//! What the account of a store's orders takes of memory, in a process of its own: the ledger and the store hold 100,000 orders elsewhere,
//! as DynamoDB and BigCommerce do, and what this process has had at most is read at the end.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod ledger;
mod store;

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{
    Clock as _, CurrencyCode, Deadline, ManualClock, Money, OrderId, SeededRandom, Timestamp,
};
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_ports::{Connection, Credentials};
use connector_sandbox::{Pipeline, connection};
use connector_simulators::{
    BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim, Recorder, SimClock,
};
use connector_sync::job::Patience;
use connector_sync::jobs::Jobs;
use connector_sync::poll::Since;

use self::ledger::Rows;
use self::store::Listed;

const ORDERS: u64 = 100_000;

/// One in so many waits for a person.
const HELD: u64 = 16;

/// In KiB. The test's own servers and the test itself are in it.
const AT_MOST: u64 = 64 * 1024;

/// The greatest resident memory so far, in KiB; `None` where there is no `/proc`.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "whoever runs it by hand wants the number")]
async fn the_account_of_a_hundred_thousand_orders_takes_64_mib_at_most() {
    let clock = ManualClock::at("2026-01-05T06:00:00Z".parse::<Timestamp>().unwrap());
    let showing = clock.clone();
    let sim_clock = SimClock::new(move || showing.now());
    let config = BigCommerceConfig::new().clock(sim_clock.clone()).recorder(Recorder::counting());
    let shop = BigCommerceSim::start(config).await.unwrap();
    let config = KineticConfig { clock: sim_clock, recorder: Recorder::counting(), ..KineticConfig::new() };
    let company = KineticSim::start(config).await.unwrap();
    let listed = Listed::start(ORDERS, clock.now()).await;
    let surroundings =
        Surroundings { clock: Arc::new(clock.clone()), random: Arc::new(SeededRandom::new(1)) };
    let transport = Transport::new(&TransportSettings::default()).unwrap();
    let pipeline = Pipeline::new(surroundings, transport, Patience::default());
    let main = "main-store".parse().unwrap();
    let Connection { id, rules, credentials } = connection::between(main, &shop, &company, connection::RULES);
    let mut bigcommerce = credentials.bigcommerce;
    bigcommerce.base_url = listed.base_url.clone();
    let credentials = Credentials { bigcommerce, kinetic: credentials.kinetic };
    pipeline.connect(Connection { id: id.clone(), rules, credentials });

    let totals = (Money::ZERO, CurrencyCode::none());
    let rows = Rows { orders: ORDERS, held: HELD, lines: 40, seen: clock.now(), totals };
    let poller = Jobs { ledger: &rows, ..pipeline.jobs() }.poller();
    let run = || async { poller.run(&id, Deadline::after(&clock, Duration::from_mins(15))).await.unwrap() };
    run().await;
    poller.back_fill(&id, Since::Id(OrderId(1))).await.unwrap();
    for _ in 0..8 {
        clock.advance(Duration::from_hours(25));
        run().await;
    }
    let report = poller.report(&id).await.unwrap();

    let back_fill = report.back_fill.unwrap();
    assert!(back_fill.done_at.is_some(), "every order of the store was read: {back_fill:?}");
    assert_eq!((back_fill.sent, back_fill.after), (0, Some(OrderId(ORDERS))), "and every one is known");
    assert!(listed.pages() >= usize::try_from(ORDERS / 250).unwrap(), "page by page: {}", listed.pages());
    assert_eq!((report.accounted_to, report.settled_to), (Some(OrderId(ORDERS)), Some(OrderId(HELD - 1))));
    assert_eq!((report.held.len(), report.held_besides), (50, 4_950), "held ones are counted up to 5,000");
    let proof = report.proof.unwrap();
    assert!(
        proof.checked > 0 && proof.besides > 0,
        "Kinetic has none of them, which is told of some: {proof:?}"
    );
    if let Some(peak) = peak() {
        println!("peak memory {peak} KiB over {ORDERS} orders, {} compared with Kinetic", proof.checked);
        assert!(peak <= AT_MOST, "{peak} KiB");
    }
}
