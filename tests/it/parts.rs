//! Parts of Kinetic become products of the store, and follow.

mod reading;

use std::time::Duration;

use connector_domain::Sku;
use connector_ports::memory::MemoryShelf;
use connector_ports::{Shelf as _, Shelved};
use connector_sandbox::connection::RULES;
use connector_simulators::bigcommerce::{OptionValue, Product, Variant, dec};
use connector_simulators::kinetic::{KineticSeed, Part, Trace};
use connector_simulators::{Fault, KineticConfig};
use connector_sync::catalogue::CatalogueJob;
use connector_sync::job::Failure;
use connector_sync::jobs::Ran;
use test_case::test_case;

use crate::world::{MAIN, Plan, World, id};

const FIVE_MINUTES: Duration = Duration::from_mins(5);

/// A world with these parts and none else.
struct Shop {
    world: World,
}

fn bolt(number: u32) -> Part {
    Part::new(&format!("HB-{number:03}"), &format!("Hex bolt {number}"), dec("1.50"))
}

impl Shop {
    async fn with(parts: Vec<Part>, catalogue: &str, plan: Plan) -> Self {
        let seed = KineticSeed { parts, ..KineticSeed::distributor() };
        let company = KineticConfig { seed, ..plan.company };
        let rules = format!("{RULES}\n[catalogue]\npublish = true\n{catalogue}");
        Self { world: World::with(Plan { company, rules, ..plan }).await }
    }

    async fn of(parts: Vec<Part>) -> Self {
        Self::with(parts, "", Plan::default()).await
    }

    async fn try_publish(&self, budget: Duration) -> Result<Ran, Failure> {
        self.world.pipeline.catalogue_job(CatalogueJob::Parts, &id(MAIN), budget).await
    }

    fn shelf(&self) -> &MemoryShelf {
        self.world.pipeline.shelf()
    }

    /// Publishes at the next time; how many fields the store has taken.
    async fn publish(&self) -> usize {
        self.world.clock.advance(FIVE_MINUTES);
        self.world.shop.traffic().clear();
        self.world.company.traffic().clear();
        self.try_publish(Duration::from_mins(15)).await.unwrap().sent
    }

    fn product(&self, sku: &str) -> Product {
        self.world.shop.product_by_sku(sku).unwrap_or_else(|| panic!("no product {sku}"))
    }

    async fn shelved(&self, sku: &str) -> Shelved {
        let found = self.shelf().get(&id(MAIN), &[Sku(sku.to_owned())]).await.unwrap();
        found.into_values().next().unwrap_or_default()
    }

    /// Why a SKU is not as it should be, and whether it goes out all the same.
    async fn issue(&self, sku: &str) -> Option<(String, bool)> {
        self.shelved(sku).await.issue.map(|issue| (issue.reason, issue.flagged_only))
    }

    fn writes(&self) -> usize {
        let calls = self.world.shop.traffic().calls();
        calls.iter().filter(|call| call.method != "GET").count()
    }
}

#[tokio::test]
async fn a_new_part_is_a_hidden_product_in_its_category_and_channel() {
    let shop = Shop::with(vec![bolt(1)], "categories = [23]\nchannels = [1]", Plan::default()).await;
    let category = shop.world.shop.add_category("Bolts");
    assert_eq!(category, 23);
    assert!(shop.publish().await > 0);
    let product = shop.product("HB-001");
    assert_eq!(
        (product.name.as_str(), product.price, product.is_visible),
        ("Hex bolt 1 (HB-001)", dec("1.50"), false)
    );
    assert_eq!(
        (product.categories, product.channels.into_iter().collect::<Vec<_>>()),
        (vec![category], vec![1])
    );
    assert_eq!(shop.writes(), 2, "one to create it, one to put it into its channel");
    let changes = shop.shelf().changes(&id(MAIN), &Sku("HB-001".to_owned()), 10).await.unwrap();
    let told: Vec<_> = changes
        .iter()
        .map(|change| (change.field.as_str(), change.old.as_deref(), change.new.as_deref()))
        .collect();
    assert!(told.contains(&("price", None, Some("1.5"))), "{told:?}");
    assert!(
        changes
            .iter()
            .all(|change| change.revision == Some(shop.world.company.part_rows()[0].int("SysRevID")))
    );
    assert_eq!(shop.publish().await, 0);
    assert!(!shop.product("HB-001").is_visible, "it stays hidden until a person shows it");
}

#[tokio::test]
async fn a_product_whose_channels_could_not_be_set_is_put_into_them_by_the_next_run() {
    let shop = Shop::with(vec![bolt(1), bolt(2)], "channels = [1]", Plan::default()).await;
    let broken = Fault::Status { status: 503, body: None }.always();
    shop.world.shop.faults().add(broken.on("PUT", "/v3/catalog/products/channel-assignments"));
    shop.world.clock.advance(FIVE_MINUTES);
    assert!(shop.try_publish(Duration::from_mins(15)).await.is_err());
    assert!(shop.product("HB-001").channels.is_empty());
    shop.world.shop.faults().clear();
    for _ in 0..3 {
        shop.publish().await;
    }
    for sku in ["HB-001", "HB-002"] {
        assert_eq!(shop.product(sku).channels.into_iter().collect::<Vec<_>>(), [1], "{sku}");
    }
    assert_eq!(shop.world.shop.products().len(), 2);
    assert_eq!(shop.writes(), 0, "and then it is quiet");
}

fn variant(sku: &str, size: &str) -> Variant {
    let option = OptionValue {
        option_display_name: "Size".to_owned(),
        label: size.to_owned(),
        ..OptionValue::default()
    };
    Variant { sku: sku.to_owned(), option_values: vec![option], ..Variant::default() }
}

#[test_case("E", "46.25", "46.25", None)]
#[test_case("C", "45.25", "0.4525", None)]
#[test_case("M", "452.50", "0.4525", None)]
#[test_case("M", "452.55", "0.4526", Some("inexact_price"); "more than four decimals")]
#[tokio::test]
async fn a_price_change_is_exact_where_four_decimals_carry_it(
    code: &str,
    price: &str,
    shown: &str,
    flag: Option<&str>,
) {
    let part = Part { price_per_code: code.to_owned(), ..bolt(1) };
    let shop = Shop::of(vec![part]).await;
    shop.publish().await;
    shop.world.company.edit_part("HB-001", |row| row.set("UnitPrice", dec(price)));
    assert_eq!(shop.publish().await, 1, "the price alone");
    assert_eq!(shop.product("HB-001").price, dec(shown));
    assert_eq!(shop.writes(), 1);
    assert_eq!(shop.issue("HB-001").await, flag.map(|flag| (flag.to_owned(), true)));
}

#[tokio::test]
async fn a_part_that_is_made_inactive_is_hidden_and_shown_again_when_it_is_back() {
    let shop = Shop::with(vec![bolt(1), bolt(2)], "visible = true", Plan::default()).await;
    shop.publish().await;
    assert!(shop.product("HB-001").is_visible);
    shop.world.company.edit_part("HB-001", |row| row.set("InActive", true));
    assert_eq!(shop.publish().await, 1);
    assert!(!shop.product("HB-001").is_visible && shop.product("HB-002").is_visible);
    shop.world.company.edit_part("HB-001", |row| row.set("InActive", false));
    assert_eq!(shop.publish().await, 1);
    assert!(shop.product("HB-001").is_visible);
}

#[tokio::test]
async fn what_the_merchandiser_changed_survives() {
    let shop = Shop::with(vec![bolt(1)], "owned = [\"price\", \"visible\"]", Plan::default()).await;
    shop.publish().await;
    let id = shop.product("HB-001").id;
    shop.world.shop.edit_product(id, |product| {
        product.name = "Bolt, the best".to_owned();
        product.description = "<p>By hand</p>".to_owned();
        product.is_visible = true;
    });
    shop.world.company.edit_part("HB-001", |row| {
        row.set("PartDescription", "Hexagon bolt");
        row.set("UnitPrice", dec("2.00"));
    });
    assert_eq!(shop.publish().await, 1);
    let product = shop.product("HB-001");
    assert_eq!(
        (product.name.as_str(), product.price, product.is_visible),
        ("Bolt, the best", dec("2.00"), true)
    );
    assert_eq!(product.description, "<p>By hand</p>");
}

#[tokio::test]
async fn what_the_store_has_already_is_linked_and_never_doubled() {
    let shop = Shop::of(vec![bolt(1), bolt(2)]).await;
    let there = |sku: &str, name: &str| Product {
        sku: sku.to_owned(),
        name: name.to_owned(),
        price: dec("1.50"),
        is_visible: true,
        ..Product::default()
    };
    shop.world.shop.add_product(there("HB-001", "Hex bolt 1 (HB-001)")).unwrap();
    shop.world.shop.add_product(there("hb-002", "Old name")).unwrap();
    shop.publish().await;
    assert_eq!(shop.world.shop.products().len(), 2);
    assert_eq!(shop.product("HB-002").name, "Hex bolt 2 (HB-002)");
    assert_eq!(shop.issue("HB-001").await, None);
    assert_eq!(shop.issue("HB-002").await, Some(("sku_case".to_owned(), true)), "another spelling is told");
    assert_eq!(shop.world.shop.traffic().count("POST", "/v3/catalog/products"), 0);
}

#[tokio::test]
async fn a_variant_is_found_by_its_sku_and_only_its_price_follows() {
    let shop = Shop::of(vec![bolt(1)]).await;
    let product = Product {
        name: "Bolts".to_owned(),
        variants: vec![variant("HB-001", "M8"), variant("HB-9", "M9")],
        ..Product::default()
    };
    shop.world.shop.add_product(product).unwrap();
    shop.publish().await;
    let product = shop.product("HB-001");
    assert_eq!((product.name.as_str(), product.variants.len()), ("Bolts", 2));
    let price = |sku: &str| product.variants.iter().find(|variant| variant.sku == sku).unwrap().price;
    assert_eq!((price("HB-001"), price("HB-9")), (Some(dec("1.50")), None));
    assert_eq!(shop.world.shop.products().len(), 1);
}

#[tokio::test]
async fn a_name_that_another_product_has_is_held_with_what_to_do_and_the_rest_goes_out() {
    let shop = Shop::with(vec![bolt(1), bolt(2), bolt(3)], "name = \"description\"", Plan::default()).await;
    let taken = Product { name: "Hex bolt 2".to_owned(), sku: "OTHER".to_owned(), ..Product::default() };
    shop.world.shop.add_product(taken).unwrap();
    shop.publish().await;
    assert_eq!(shop.issue("HB-002").await, Some(("duplicate_name".to_owned(), false)));
    let words = shop.shelved("HB-002").await.issue.unwrap().words;
    assert!(words.contains("HB-002") && words.contains("description_and_part"), "{words}");
    for sku in ["HB-001", "HB-003"] {
        assert_eq!(shop.issue(sku).await, None);
        shop.product(sku);
    }
    let held = shop.shelf().with_issue(&id(MAIN), None, 10).await.unwrap();
    assert_eq!(held.len(), 1);
    // The part gets another name, and goes out.
    shop.world.company.edit_part("HB-002", |row| row.set("PartDescription", "Hex bolt, two"));
    shop.publish().await;
    assert_eq!(shop.product("HB-002").name, "Hex bolt, two");
    assert_eq!(shop.issue("HB-002").await, None);
}

#[tokio::test]
async fn one_bad_row_of_a_batch_costs_few_calls_and_all_others_go_through() {
    let shop = Shop::with((1..=10).map(bolt).collect(), "name = \"description\"", Plan::default()).await;
    shop.publish().await;
    let taken = Product { name: "Taken".to_owned(), sku: "OTHER".to_owned(), ..Product::default() };
    shop.world.shop.add_product(taken).unwrap();
    for number in 1..=10 {
        let name = if number == 7 { "Taken".to_owned() } else { format!("Bolt no. {number}") };
        shop.world
            .company
            .edit_part(&format!("HB-{number:03}"), |row| row.set("PartDescription", name.as_str()));
    }
    assert_eq!(shop.publish().await, 9);
    let puts = shop.world.shop.traffic().count("PUT", "/v3/catalog/products");
    assert!(puts <= 1 + 2 * 4, "{puts} calls");
    for number in (1..=10).filter(|number| *number != 7) {
        assert_eq!(shop.product(&format!("HB-{number:03}")).name, format!("Bolt no. {number}"));
    }
    assert_eq!(shop.product("HB-007").name, "Hex bolt 7");
    assert_eq!(shop.issue("HB-007").await, Some(("duplicate_name".to_owned(), false)));
}

#[tokio::test]
async fn nothing_goes_out_unless_the_rules_say_so() {
    let shop = Shop::of(vec![bolt(1), Part { web_part: false, ..bolt(2) }]).await;
    shop.publish().await;
    assert!(shop.world.shop.product_by_sku("HB-002").is_none(), "it is no part for the web");
    shop.world.connect_again(RULES);
    shop.world.company.edit_part_leaving("HB-001", Trace::Whole, |row| row.set("UnitPrice", dec("7.00")));
    assert_eq!(shop.publish().await, 0);
    assert!(shop.world.company.traffic().calls().is_empty() && shop.world.shop.traffic().calls().is_empty());
}

#[tokio::test]
async fn a_product_whose_creation_was_never_answered_is_ours_and_put_into_its_channels() {
    let shop = Shop::with(vec![bolt(1), bolt(2)], "channels = [1]", Plan::default()).await;
    shop.world.shop.faults().add(Fault::CutAfter.once().on("POST", "/v3/catalog/products"));
    shop.world.clock.advance(FIVE_MINUTES);
    assert!(shop.try_publish(Duration::from_mins(15)).await.is_err());
    assert_eq!(shop.world.shop.products().len(), 1, "it came to be");
    shop.publish().await;
    assert_eq!(shop.world.shop.products().len(), 2, "each once");
    for sku in ["HB-001", "HB-002"] {
        assert_eq!(shop.product(sku).channels.into_iter().collect::<Vec<_>>(), [1], "{sku}");
    }
    shop.publish().await;
    assert_eq!(shop.writes(), 0, "and then it is quiet");
}
