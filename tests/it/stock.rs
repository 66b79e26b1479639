//! What Kinetic has is what the store offers, less what the store has sold and Kinetic does not know.

mod again;
mod offered;
mod sold;

use std::future::Future as _;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use connector_domain::{Deadline, Sku};
use connector_ports::{Leases as _, Shelf as _, Shelved};
use connector_sandbox::connection::RULES;
use connector_simulators::bigcommerce::{Bulk, Product, Tracking, dec};
use connector_simulators::kinetic::{KineticSeed, Part, Stock};
use connector_simulators::{Fault, KineticConfig};
use connector_sync::catalogue::CatalogueJob;
use connector_sync::catalogue::outlook::{Planned, Would};
use connector_sync::job::Failure;
use connector_sync::jobs::{Figure, Ran};
use jiff::SignedDuration;
use parking_lot::Mutex;
use test_case::test_case;

use crate::basket::guest;
use crate::world::{MAIN, Plan, World, id};

const FIVE_MINUTES: Duration = Duration::from_mins(5);

/// An invocation's longest.
const LONG: Duration = Duration::from_mins(15);

/// By a query that tells what changed, counting all that is demanded.
const QUERY: &str = "warehouses = { MAIN = 1 }\nformula = \"demand\"\nbaq = \"MLC-PartWhse\"";

/// By all rows, as Kinetic counts where orders are allocated as they are saved.
const ROWS: &str = "warehouses = { MAIN = 1 }\nformula = \"allocated\"";

/// A store that shows what is on hand.
struct Shop {
    world: World,
}

fn bolt(number: u32) -> Part {
    Part::new(&format!("HB-{number:03}"), &format!("Hex bolt {number}"), dec("1.50"))
}

fn sku(number: u32) -> String {
    format!("HB-{number:03}")
}

impl Shop {
    /// With these parts, so many of each in the main warehouse, and none else; all of them are products already.
    async fn with(parts: Vec<Part>, on_hand: u32, stock: &str, plan: Plan) -> Self {
        let shop = Self::without_products(parts, on_hand, stock, plan).await;
        shop.run(CatalogueJob::Parts, LONG).await.unwrap();
        shop
    }

    async fn without_products(parts: Vec<Part>, on_hand: u32, stock: &str, plan: Plan) -> Self {
        let there = parts.iter().map(|part| Stock::new(&part.part_num, "MAIN", on_hand.into())).collect();
        let seed = KineticSeed { parts, stock: there, ..KineticSeed::distributor() };
        let company = KineticConfig { seed, orders_allocate: true, ..plan.company };
        let rules = Self::rules_with(stock);
        Self { world: World::with(Plan { company, rules, ..plan }).await }
    }

    fn rules_with(stock: &str) -> String {
        format!("{RULES}\n[catalogue]\npublish = true\n[stock]\npublish = true\n{stock}")
    }

    /// With so many parts, ten of each.
    async fn of(parts: u32, stock: &str) -> Self {
        Self::with((1..=parts).map(bolt).collect(), 10, stock, Plan::default()).await
    }

    async fn run(&self, job: CatalogueJob, budget: Duration) -> Result<Ran, Failure> {
        self.world.pipeline.catalogue_job(job, &id(MAIN), budget).await
    }

    /// Publishes at the next time.
    async fn publish(&self) -> Ran {
        self.world.clock.advance(FIVE_MINUTES);
        self.world.shop.traffic().clear();
        self.world.company.traffic().clear();
        self.run(CatalogueJob::Stock, LONG).await.unwrap()
    }

    /// What the store can sell of a part.
    fn level(&self, sku: &str) -> i64 {
        self.world.shop.stock_of(sku, 1).unwrap_or_else(|| panic!("no stock of {sku}"))
    }

    fn pushes(&self) -> usize {
        self.world.shop.traffic().count("PUT", "/v3/inventory/adjustments/absolute")
    }

    async fn shelved(&self, sku: &str) -> Shelved {
        let found = self.world.pipeline.shelf().get(&id(MAIN), &[Sku(sku.to_owned())]).await.unwrap();
        found.into_values().next().unwrap_or_default()
    }

    /// Somebody buys so many, and no webhook tells of it.
    fn buys(&self, sku: &str, many: u32) -> u64 {
        self.world.shop.place_order(guest().line(sku, many, dec("1.50")))
    }
}

#[test_case(QUERY; "by a query")]
#[test_case(ROWS; "by all rows")]
#[tokio::test]
async fn what_is_on_hand_is_offered_and_a_movement_arrives(stock: &str) {
    let shop = Shop::of(3, stock).await;
    shop.publish().await;
    assert_eq!((1..=3).map(|at| shop.level(&sku(at))).collect::<Vec<_>>(), [10, 10, 10]);
    shop.world.company.stock("HB-002", "MAIN", dec("7.9"));
    let ran = shop.publish().await;
    assert_eq!((ran.sent, shop.level("HB-002"), shop.pushes()), (1, 7, 1), "rounded down, and nothing else");
    let changes = shop.world.pipeline.shelf().changes(&id(MAIN), &Sku(sku(2)), 1).await.unwrap();
    let change = changes.first().unwrap();
    assert_eq!(
        (change.field.as_str(), change.old.as_deref(), change.new.as_deref()),
        ("stock/1", Some("10"), Some("7"))
    );
    let age = shop.world.pipeline.catalogue().stock_age(&id(MAIN)).await.unwrap();
    assert_eq!(age, Some(Duration::ZERO));
    shop.world.clock.advance(FIVE_MINUTES);
    let age = shop.world.pipeline.catalogue().stock_age(&id(MAIN)).await.unwrap();
    assert_eq!(age, Some(FIVE_MINUTES));
}

#[tokio::test]
async fn stock_that_is_unchanged_costs_one_call_of_kinetic_and_no_write() {
    let shop = Shop::of(40, QUERY).await;
    shop.publish().await;
    for _ in 0..3 {
        assert_eq!(shop.publish().await.sent, 0);
        assert_eq!(shop.world.company.traffic().calls().len(), 1);
        let calls = shop.world.shop.traffic().calls();
        assert!(calls.iter().all(|call| call.method == "GET"), "{calls:?}");
        assert_eq!(calls.len(), 1, "whether anything was ordered");
    }
}

#[tokio::test]
async fn a_stale_snapshot_never_comes_after_a_newer() {
    let shop = Shop::of(1, QUERY).await;
    shop.publish().await;
    shop.world.company.stock("HB-001", "MAIN", dec("9"));
    // Before it pushes, this run is held up for so long that its lease lapses; another one has it, and has pushed what is true by now.
    let (clock, leases) = (shop.world.clock.clone(), shop.world.pipeline.clone());
    let (shelf, once) = (shop.world.shop.back_office(), Mutex::new(true));
    shop.world.shop.on_request(move |path| {
        if path.contains("/v2/orders") && std::mem::take(&mut *once.lock()) {
            clock.advance(Duration::from_mins(17));
            let name = format!("catalogue/{MAIN}");
            let mut other = std::pin::pin!(leases.leases().acquire(&name, LONG));
            let granted = other.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(matches!(granted, Poll::Ready(Ok(Some(_)))), "it had lapsed");
            assert!(shelf.set_stock("HB-001", 1, 2));
        }
    });
    shop.world.clock.advance(FIVE_MINUTES);
    shop.world.shop.traffic().clear();
    let ran = shop.run(CatalogueJob::Stock, LONG).await;
    assert_eq!((shop.pushes(), shop.level("HB-001")), (0, 2), "{ran:?}");
}

#[tokio::test]
async fn of_two_at_once_one_writes() {
    let shop = Shop::of(1, QUERY).await;
    let lease =
        shop.world.pipeline.leases().acquire(&format!("catalogue/{MAIN}"), LONG).await.unwrap().unwrap();
    assert_eq!(shop.publish().await, Ran::default());
    assert!(shop.world.company.traffic().calls().is_empty());
    shop.world.pipeline.leases().release(lease).await.unwrap();
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 10);
}

#[tokio::test]
async fn a_row_that_is_committed_late_with_a_lower_revision_is_not_missed() {
    let shop = Shop::of(2, QUERY).await;
    shop.publish().await;
    let late = shop.world.company.uncommitted(|office| office.stock("HB-001", "MAIN", dec("3")));
    shop.world.company.stock("HB-002", "MAIN", dec("4"));
    shop.publish().await;
    assert_eq!((shop.level("HB-001"), shop.level("HB-002")), (10, 4));
    shop.world.company.commit(late);
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 3);
}

#[tokio::test]
async fn one_bad_row_of_two_thousand_costs_few_calls_and_all_others_go_through() {
    let mut parts: Vec<Part> = (1..=2000).map(bolt).collect();
    parts.sort_by(|one, other| one.part_num.cmp(&other.part_num));
    let shop = Shop::with(parts, 10, ROWS, Plan::default()).await;
    while shop.run(CatalogueJob::Parts, LONG).await.unwrap().more {}
    shop.publish().await;
    assert_eq!(shop.level("HB-777"), 10);
    // From now on the store counts nothing of this one.
    let bad = shop.world.shop.product_by_sku("HB-777").unwrap().id;
    shop.world.shop.edit_product(bad, |product| product.inventory_tracking = Tracking::None);
    let mut moved = Vec::new();
    shop.world.company.office(|office| {
        for part in (1..=2000).map(sku) {
            office.stock(&part, "MAIN", dec("11"));
            moved.push(part);
        }
    });
    let ran = shop.publish().await;
    let most = 1 + 2 * 11;
    assert!(shop.pushes() <= most, "{} pushes, {most} are the most", shop.pushes());
    assert_eq!(ran.sent, 1999);
    assert!(moved.iter().filter(|part| *part != "HB-777").all(|part| shop.level(part) == 11));
    let issue = shop.shelved("HB-777").await.issue.unwrap();
    assert_eq!(issue.reason, "stock_refused");
    assert!(issue.words.contains("\"HB-777\" at location 1"), "{}", issue.words);
    assert_eq!(shop.publish().await.sent, 0);
    assert_eq!(shop.pushes(), 0, "what was refused is not asked again until it changes");
}

#[tokio::test]
async fn a_new_product_has_its_first_level_at_once_though_its_stock_has_not_changed() {
    let shop = Shop::of(1, QUERY).await;
    shop.publish().await;
    shop.world.company.office(|office| office.add_part(&bolt(2)));
    shop.world.company.stock("HB-002", "MAIN", dec("8"));
    shop.publish().await;
    assert!(shop.world.shop.product_by_sku("HB-002").is_none(), "its stock was read before it was a product");
    shop.world.clock.advance(FIVE_MINUTES);
    shop.run(CatalogueJob::Parts, LONG).await.unwrap();
    assert_eq!(shop.level("HB-002"), 8);
}

#[tokio::test]
async fn stock_that_is_due_is_published_between_the_pages_of_a_long_import() {
    let plan = Plan { latency: Duration::from_millis(500), ..Plan::default() };
    let shop = Shop::with(vec![bolt(1)], 10, ROWS, plan).await;
    shop.publish().await;
    shop.world.company.office(|office| (2..=600).map(bolt).for_each(|part| office.add_part(&part)));
    shop.world.company.stock("HB-001", "MAIN", dec("1"));
    shop.world.clock.advance(FIVE_MINUTES);
    shop.run(CatalogueJob::Parts, LONG).await.unwrap();
    assert_eq!(shop.level("HB-001"), 1, "in the middle of the import");
}

#[tokio::test]
async fn a_run_that_is_cut_off_goes_on_without_repeating_or_skipping() {
    let shop = Shop::of(300, ROWS).await;
    while shop.run(CatalogueJob::Parts, LONG).await.unwrap().more {}
    shop.publish().await;
    shop.world.company.office(|office| (1..=300).for_each(|at| office.stock(&sku(at), "MAIN", dec("11"))));
    shop.world.clock.advance(Duration::from_hours(2));
    shop.world.shop.traffic().clear();
    let (clock, slow) = (shop.world.clock.clone(), Mutex::new(true));
    // The store takes so long that there is no time for anything behind the push.
    shop.world.shop.on_request(move |path| {
        if path.contains("/v3/inventory/adjustments") && std::mem::take(&mut *slow.lock()) {
            clock.advance(Duration::from_secs(100));
        }
    });
    let mut runs = 0;
    let age = || async { shop.world.pipeline.catalogue().stock_age(&id(MAIN)).await.unwrap().unwrap() };
    while age().await > Duration::from_hours(1) {
        shop.run(CatalogueJob::Stock, Duration::from_secs(150)).await.unwrap();
        runs += 1;
        // The next tick finds nobody at work.
        shop.world.clock.advance(FIVE_MINUTES);
    }
    assert_eq!(runs, 2, "it was cut off, and gone on with");
    assert!((1..=300).all(|at| shop.level(&sku(at)) == 11));
    assert_eq!(shop.pushes(), 1, "what was pushed once is not pushed again");
}

#[tokio::test]
async fn a_query_without_its_column_is_told_and_nothing_goes_out() {
    let stock = "warehouses = { MAIN = 1 }\nformula = \"query\"\nbaq = \"MLC-PartWhse\"";
    let shop = Shop::of(1, stock).await;
    for _ in 0..2 {
        assert_eq!(shop.publish().await.sent, 0);
        assert_eq!(shop.pushes(), 0);
    }
    assert_eq!(shop.world.logs.text().matches("needs a column Calculated_Available").count(), 1);
}

#[tokio::test]
async fn a_database_that_was_replaced_stops_the_stock_and_is_told_once() {
    let shop = Shop::of(30, QUERY).await;
    shop.publish().await;
    let before = shop.world.company.revision();
    shop.world.company.refresh_database(1000);
    assert!(before > 1000);
    for _ in 0..2 {
        assert_eq!(shop.publish().await.sent, 0);
        assert_eq!(shop.pushes(), 0);
    }
    assert_eq!(shop.world.logs.text().matches("no stock of main-store is published").count(), 1);
}

#[tokio::test]
async fn a_store_busy_with_a_bulk_call_of_somebody_else_is_waited_for() {
    let shop = Shop::of(1, QUERY).await;
    shop.world.company.stock("HB-001", "MAIN", dec("4"));
    let busy = shop.world.shop.occupy(Bulk::Catalog);
    shop.world.clock.advance(FIVE_MINUTES);
    let failed = shop.run(CatalogueJob::Stock, Duration::from_mins(3)).await;
    assert!(failed.is_err(), "{failed:?}");
    drop(busy);
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 4);
}

#[tokio::test]
async fn a_level_is_explained_with_its_rows_its_formula_and_what_is_sold() {
    let shop = Shop::of(1, &format!("{QUERY}\nbuffer = 1")).await;
    shop.publish().await;
    let order = shop.buys("HB-001", 3);
    shop.world.company.stock("HB-001", "INSP", dec("40"));
    shop.world.shop.traffic().clear();
    let deadline = Deadline::after(&shop.world.clock, LONG);
    let catalogue = shop.world.pipeline.catalogue();
    let told = catalogue.explain_stock(&id(MAIN), &Sku(sku(1)), deadline).await.unwrap();
    let rows: Vec<_> = told.rows.iter().map(|row| (row.location, row.arithmetic.as_str())).collect();
    assert!(rows.contains(&(Some(1), "OnHandQty 10 − (DemandQty 0 − BuyToOrderQty 0)")), "{rows:?}");
    assert!(rows.contains(&(None, "OnHandQty 40 − (DemandQty 0 − BuyToOrderQty 0)")), "{rows:?}");
    let owed: Vec<_> = told.owed.iter().map(|owed| (owed.order.0, owed.quantity.to_string())).collect();
    assert_eq!(owed, [(order, "3".to_owned())]);
    let level = told.levels.first().unwrap();
    assert_eq!(
        (level.sellable, level.level, level.published.as_deref(), level.in_store),
        (10, 6, Some("9"), Some(6))
    );
    assert!(shop.world.shop.traffic().calls().iter().all(|call| call.method == "GET"));
}

#[tokio::test]
async fn a_plan_tells_what_would_be_written_and_writes_nothing() {
    let shop = Shop::of(3, QUERY).await;
    shop.publish().await;
    shop.world.company.edit_part("HB-001", |row| row.set("UnitPrice", dec("2.25")));
    shop.world.company.stock("HB-002", "MAIN", dec("4"));
    shop.world.company.office(|office| office.add_part(&bolt(4)));
    shop.world.company.edit_part("HB-003", |row| row.set("PricePerCode", "D"));
    shop.world.shop.traffic().clear();
    let deadline = Deadline::after(&shop.world.clock, LONG);
    let catalogue = shop.world.pipeline.catalogue();
    let outlook = catalogue.outlook(&id(MAIN), 10, |_| (), deadline).await.unwrap();
    let told = |planned: &Planned| {
        let Planned { sku, would, field, old, new, .. } = planned.clone();
        (sku.0, would, field.unwrap_or_default(), old.unwrap_or_default(), new.unwrap_or_default())
    };
    let text = str::to_owned;
    let mut planned: Vec<_> = outlook.planned.iter().map(told).collect();
    planned.sort();
    assert_eq!(
        planned,
        [
            (text("HB-001"), Would::Change, text("price"), text("1.5"), text("2.25")),
            (text("HB-002"), Would::Level, text("stock/1"), text("10"), text("4")),
            (text("HB-003"), Would::Hold, text(""), text(""), text("")),
            (text("HB-004"), Would::Create, text("name"), text(""), text("Hex bolt 4 (HB-004)")),
        ]
    );
    assert_eq!((outlook.parts, outlook.besides), (4, 0));
    let short = catalogue.outlook(&id(MAIN), 1, |_| (), deadline).await.unwrap();
    assert_eq!((short.planned.len(), short.besides, short.counts), (1, 3, outlook.counts));
    assert!(shop.world.shop.traffic().calls().iter().all(|call| call.method == "GET"));
}
