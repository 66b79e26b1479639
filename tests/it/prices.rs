//! Price lists of Kinetic become prices, sale prices and price lists of the store, and follow.

mod by_night;
mod lists;
mod reading;
mod refused;

use std::time::Duration;

use connector_domain::{Deadline, Sku};
use connector_ports::{Shelf as _, Shelved};
use connector_sandbox::connection::RULES;
use connector_simulators::bigcommerce::{NewLine, OptionValue, PriceRecord, Product, Variant, dec};
use connector_simulators::kinetic::{KineticSeed, Part, PriceList};
use connector_simulators::{Fault, KineticConfig};
use connector_sync::catalogue::CatalogueJob;
use connector_sync::job::Failure;
use connector_sync::jobs::Ran;
use jiff::civil::Date;
use rust_decimal::Decimal;
use test_case::test_case;

use crate::basket::guest;
use crate::world::{MAIN, Plan, World, id};

const FIVE_MINUTES: Duration = Duration::from_mins(5);

/// What the store's list is called.
const DISTRIBUTORS: &str = "lists = { DIST = \"Distributors\" }";

struct Shop {
    world: World,
}

fn bolt(number: u32) -> Part {
    Part::new(&format!("HB-{number:03}"), &format!("Hex bolt {number}"), dec("1.50"))
}

fn per(code: &str, part: Part) -> Part {
    Part { price_per_code: code.to_owned(), ..part }
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// A part on a list that the company does not have yet.
fn before_its_part(list: PriceList, sku: &str, price: &str) -> PriceList {
    let mut list = list.with(sku, dec(price), &[(10, dec("1.00"))]);
    list.parts.iter_mut().for_each(|part| part.uom = Some("EA".to_owned()));
    list
}

fn rules(prices: &str) -> String {
    format!("{RULES}\n[catalogue]\npublish = true\n[prices]\n{prices}\n")
}

impl Shop {
    async fn with(parts: Vec<Part>, price_lists: Vec<PriceList>, prices: &str, plan: Plan) -> Self {
        let seed = KineticSeed { parts, price_lists, ..KineticSeed::distributor() };
        let company = KineticConfig { seed, ..plan.company };
        Self { world: World::with(Plan { company, rules: rules(prices), ..plan }).await }
    }

    /// With everything published.
    async fn open(parts: Vec<Part>, lists: Vec<PriceList>, prices: &str) -> Self {
        let shop = Self::with(parts, lists, prices, Plan::default()).await;
        shop.publish().await;
        shop
    }

    async fn try_run(&self, job: CatalogueJob, budget: Duration) -> Result<Ran, Failure> {
        self.world.pipeline.catalogue_job(job, &id(MAIN), budget).await
    }

    async fn run(&self, job: CatalogueJob) -> usize {
        self.try_run(job, Duration::from_mins(15)).await.unwrap().sent
    }

    /// Parts and prices at their next time; how many fields the store has taken.
    async fn publish(&self) -> usize {
        self.later(FIVE_MINUTES);
        self.run(CatalogueJob::Parts).await + self.run(CatalogueJob::Prices).await
    }

    /// Prices at their next time.
    async fn prices(&self) -> usize {
        self.later(FIVE_MINUTES);
        self.run(CatalogueJob::Prices).await
    }

    fn later(&self, wait: Duration) {
        self.world.clock.advance(wait);
        self.world.shop.traffic().clear();
        self.world.company.traffic().clear();
    }

    fn price(&self, sku: &str) -> Decimal {
        self.product(sku).price
    }

    fn product(&self, sku: &str) -> Product {
        self.world.shop.product_by_sku(sku).unwrap_or_else(|| panic!("no product {sku}"))
    }

    /// The record of a SKU on the first price list of the store.
    fn record(&self, sku: &str) -> Option<PriceRecord> {
        self.world.shop.price_record(1, sku, "usd")
    }

    /// Its price and breaks as `0.39 1000-4999:0.365 5000-:0.33`.
    fn listed(&self, sku: &str) -> String {
        let Some(record) = self.record(sku) else { return "nothing".to_owned() };
        let mut words = vec![record.price.unwrap().normalize().to_string()];
        for tier in record.bulk_pricing_tiers {
            let most = tier.quantity_max.map(|most| most.to_string()).unwrap_or_default();
            words.push(format!("{}-{most}:{}", tier.quantity_min, tier.amount.normalize()));
        }
        words.join(" ")
    }

    async fn shelved(&self, sku: &str) -> Shelved {
        let found = self.world.pipeline.shelf().get(&id(MAIN), &[Sku(sku.to_owned())]).await.unwrap();
        found.into_values().next().unwrap_or_default()
    }

    async fn issue(&self, sku: &str) -> Option<(String, bool)> {
        self.shelved(sku).await.issue.map(|issue| (issue.reason, issue.flagged_only))
    }

    /// The fields that changed, newest first: old → new.
    async fn changes(&self, sku: &str, field: &str) -> Vec<(Option<String>, Option<String>)> {
        let all = self.world.pipeline.shelf().changes(&id(MAIN), &Sku(sku.to_owned()), 50).await.unwrap();
        let of = all.into_iter().filter(|change| change.field == field);
        of.map(|change| (change.old, change.new)).collect()
    }

    /// What Kinetic was asked, by the last word of the path.
    fn asked(&self) -> Vec<String> {
        let calls = self.world.company.traffic().calls();
        calls.iter().map(|call| call.path.rsplit('/').next().unwrap_or_default().to_owned()).collect()
    }

    fn store_calls(&self) -> usize {
        self.world.shop.traffic().calls().len()
    }

    fn upserts(&self) -> usize {
        self.world.shop.traffic().count("PUT", "/records")
    }
}

#[test_case("E", "46.25", "46.25", None)]
#[test_case("C", "45.25", "0.4525", None)]
#[test_case("M", "452.50", "0.4525", None)]
#[test_case("M", "452.55", "0.4526", Some("inexact_price"); "more than four decimals")]
#[tokio::test]
async fn a_price_of_a_list_changes_and_is_exact_where_four_decimals_carry_it(
    code: &str,
    price: &str,
    shown: &str,
    flag: Option<&str>,
) {
    let list = PriceList::new("WEB").with("HB-001", dec("40"), &[]);
    let shop = Shop::open(vec![per(code, bolt(1)), bolt(2)], vec![list], "base = \"WEB\"").await;
    let before = shop.price("HB-001");
    assert_eq!(shop.price("HB-002"), dec("1.50"), "it is not on the list");
    shop.world.company.office(|office| office.price("WEB", "HB-001", dec(price)));
    assert_eq!(shop.prices().await, 1, "the price alone");
    assert_eq!(shop.price("HB-001"), dec(shown));
    assert_eq!(shop.issue("HB-001").await, flag.map(|flag| (flag.to_owned(), true)));
    let changes = shop.changes("HB-001", "price").await;
    let text = |price: Decimal| Some(price.normalize().to_string());
    assert_eq!(changes[0], (text(before), text(dec(shown))));
    // Both jobs say the same, whatever of the part changes.
    shop.world.company.edit_part("HB-001", |row| row.set("UnitPrice", dec("99")));
    assert_eq!(shop.publish().await, 0);
    assert_eq!(shop.price("HB-001"), dec(shown));
}

#[tokio::test]
async fn a_part_that_falls_off_the_base_list_costs_its_own_price_as_in_kinetic() {
    let list = PriceList::new("WEB").with("HB-001", dec("1.10"), &[]).with("HB-002", dec("1.20"), &[]);
    let shop = Shop::open(vec![bolt(1), bolt(2)], vec![list], "base = \"WEB\"").await;
    assert_eq!((shop.price("HB-001"), shop.price("HB-002")), (dec("1.10"), dec("1.20")));
    shop.world.company.office(|office| office.price("WEB", "HB-001", Decimal::ZERO));
    assert_eq!(shop.prices().await, 1);
    assert_eq!(shop.price("HB-001"), dec("1.50"), "0 is passed over");
    shop.world.company.office(|office| {
        office.edit_price_list("WEB", |row| row.set("EndDate", day("2026-03-30").unwrap()));
    });
    assert_eq!(shop.prices().await, 1);
    assert_eq!(shop.price("HB-002"), dec("1.50"), "the list has ended");
    assert_eq!(shop.publish().await, 0);
}

#[tokio::test]
async fn a_price_of_nothing_is_one_where_the_list_says_so() {
    let list = PriceList::new("WEB").with("HB-001", Decimal::ZERO, &[]);
    let shop = Shop::open(vec![bolt(1)], vec![list], "base = \"WEB\"").await;
    assert_eq!(shop.price("HB-001"), dec("1.50"));
    shop.world.company.office(|office| office.edit_price_list("WEB", |row| row.set("UseZeroPrice", true)));
    assert_eq!(shop.prices().await, 1);
    assert_eq!(shop.price("HB-001"), Decimal::ZERO);
}

#[tokio::test]
async fn a_part_without_a_list_price_is_held_where_the_rules_say_so() {
    let list = PriceList::new("WEB").with("HB-001", dec("1.10"), &[]);
    let prices = "base = \"WEB\"\nwithout = \"hold\"";
    let shop = Shop::open(vec![bolt(1), bolt(2)], vec![list], prices).await;
    assert!(shop.world.shop.product_by_sku("HB-002").is_none());
    assert_eq!(shop.issue("HB-002").await, Some(("no_list_price".to_owned(), false)));
    // It gets a price, and goes out at once.
    shop.world.company.office(|office| office.price("WEB", "HB-002", dec("1.20")));
    assert!(shop.prices().await > 0);
    assert_eq!((shop.price("HB-002"), shop.issue("HB-002").await), (dec("1.20"), None));
    // One that is in the store keeps its price, and says so until it has one again.
    shop.world.company.office(|office| office.price("WEB", "HB-001", Decimal::ZERO));
    assert_eq!(shop.prices().await, 0);
    assert_eq!(shop.price("HB-001"), dec("1.10"));
    assert_eq!(shop.issue("HB-001").await, Some(("no_list_price".to_owned(), false)));
    shop.world.company.office(|office| office.price("WEB", "HB-001", dec("1.10")));
    shop.prices().await;
    assert_eq!(shop.issue("HB-001").await, None);
}

#[tokio::test]
async fn a_sale_price_begins_and_ends_by_its_dates_though_nothing_changes_in_kinetic() {
    let sale = PriceList { starts: day("2026-04-02"), ends: day("2026-04-03"), ..PriceList::new("SALE") };
    let sale = sale.with("HB-001", dec("1.25"), &[]).with("HB-009", dec("1.05"), &[]);
    let shop =
        Shop::with(vec![bolt(1), bolt(2), bolt(9)], vec![sale], "sale = \"SALE\"", Plan::default()).await;
    let of_two_sizes = ["HB-009", "HB-X"].map(|sku| {
        let option = OptionValue {
            option_display_name: "Size".to_owned(),
            label: sku.to_owned(),
            ..OptionValue::default()
        };
        Variant { sku: sku.to_owned(), option_values: vec![option], ..Variant::default() }
    });
    let bolts = Product { name: "Bolts".to_owned(), variants: of_two_sizes.into(), ..Product::default() };
    shop.world.shop.add_product(bolts).unwrap();
    let theirs = shop.world.shop.add_product(Product {
        sale_price: dec("0.99"),
        ..Product::new("HB-002", "Hex bolt 2 (HB-002)", dec("1.50"))
    });
    shop.publish().await;
    let sales = || {
        let variant = shop.product("HB-009").variants.into_iter().find(|variant| variant.sku == "HB-009");
        (shop.product("HB-001").sale_price, variant.unwrap().sale_price.unwrap_or_default())
    };
    assert_eq!(sales(), (Decimal::ZERO, Decimal::ZERO), "it has not begun");
    // Until midnight in Chicago.
    shop.later(Duration::from_hours(25));
    assert_eq!(shop.prices().await, 0);
    shop.later(Duration::from_hours(1));
    assert_eq!(shop.prices().await, 2);
    assert_eq!(sales(), (dec("1.25"), dec("1.05")));
    assert_eq!(shop.prices().await, 0);
    shop.later(Duration::from_hours(48));
    assert_eq!(shop.prices().await, 2);
    assert_eq!(sales(), (Decimal::ZERO, Decimal::ZERO), "it has ended");
    assert_eq!(shop.changes("HB-001", "sale_price").await[0], (Some("1.25".to_owned()), None));
    let theirs = shop.world.shop.product(theirs.unwrap()).unwrap();
    assert_eq!(theirs.sale_price, dec("0.99"), "what nobody published from here stays");
}

#[tokio::test]
async fn a_list_in_another_currency_is_no_price_of_products() {
    let euros = PriceList { currency: Some("EUR".to_owned()), ..PriceList::new("WEB") };
    let list = euros.with("HB-001", dec("1.10"), &[]);
    let shop = Shop::with(vec![bolt(1)], vec![list], "", Plan::default()).await;
    shop.publish().await;
    shop.world.connect_again(&rules("base = \"WEB\""));
    shop.world.company.office(|office| office.add_part(&bolt(2)));
    for _ in 0..3 {
        assert_eq!(shop.publish().await, 0);
    }
    assert_eq!(shop.price("HB-001"), dec("1.50"), "it stays");
    assert_eq!(shop.issue("HB-002").await, Some(("no_list_price".to_owned(), false)));
    assert_eq!(shop.world.logs.count("ERROR", "is in EUR, and products are priced in USD"), 1);
    shop.world.company.office(|office| office.edit_price_list("WEB", |row| row.set("CurrencyCode", "USD")));
    assert_eq!(shop.prices().await, 1);
    assert_eq!(shop.price("HB-001"), dec("1.10"));
}

#[test_case("C", "45.25", 7, "0.4525"; "for a hundred")]
#[test_case("M", "452.55", 333, "0.4526"; "for a thousand, rounded")]
#[tokio::test]
async fn an_order_at_a_published_price_is_in_kinetic_to_the_cent(
    code: &str,
    price: &str,
    quantity: u32,
    shown: &str,
) {
    let list = |name: &str| PriceList::new(name).with("HB-001", dec(price), &[(5, dec(price) - dec("1.00"))]);
    let prices = format!("base = \"WEB\"\n{DISTRIBUTORS}");
    let shop = Shop::open(vec![per(code, bolt(1))], vec![list("WEB"), list("DIST")], &prices).await;
    assert_eq!(shop.price("HB-001"), dec(shown));
    // A distributor buys at the break of the list, a shopper at the price of the product.
    let at_break = shop.record("HB-001").unwrap().bulk_pricing_tiers[0].amount;
    for price in [shop.price("HB-001"), at_break] {
        let order = shop.world.order(guest().with_line(NewLine::new("HB-001", quantity, price))).await;
        let view = shop.world.is_synced(order).await;
        let total = (price * Decimal::from(quantity))
            .round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        assert_eq!(view.doc_total - view.doc_tax, total);
    }
    shop.world.ends(&[]).await;
}

#[tokio::test]
async fn a_price_is_explained_with_its_rows_and_what_one_makes() {
    let list = PriceList::new("DIST").with("HB-001", dec("120"), &[(100, dec("99"))]);
    let shop = Shop::open(vec![per("C", bolt(1))], vec![list], DISTRIBUTORS).await;
    let deadline = Deadline::after(&shop.world.clock, FIVE_MINUTES);
    shop.world.shop.traffic().clear();
    let (catalogue, sku) = (shop.world.pipeline.catalogue(), Sku("HB-001".to_owned()));
    let told = catalogue.explain_price(&id(MAIN), &sku, deadline).await.unwrap();
    let rows: Vec<_> =
        told.rows.iter().map(|row| (row.from.as_str(), row.is.as_str(), row.makes.as_str())).collect();
    assert_eq!(rows, [("Part", "price", "0.015"), ("DIST", "price list \"Distributors\"", "1.2, 100+ 0.99")]);
    assert!(told.rows[0].says.contains("UnitPrice 1.5 for a hundred (C)"), "{:?}", told.rows);
    assert_eq!((told.in_store.as_deref(), told.rows[0].published.as_deref()), (Some("0.015"), Some("0.015")));
    assert!(shop.world.shop.traffic().calls().iter().all(|call| call.method == "GET"));
}
