//! Products that the store tells of are compared with what they should be.

use std::time::Duration;

use connector_domain::{Clock as _, Sku};
use connector_ports::{Shelf as _, Shelved};
use connector_sandbox::connection::{HEADER, HEADER_SECRET, RULES};
use connector_simulators::KineticConfig;
use connector_simulators::bigcommerce::{DeliveryMode, OptionValue, Product, Variant, dec};
use connector_simulators::kinetic::{KineticSeed, Part, PriceList};
use connector_sync::catalogue::CatalogueJob;
use connector_sync::job::Failure;
use connector_sync::jobs::Ran;
use futures_util::FutureExt as _;
use test_case::test_case;

use crate::basket::gloves;
use crate::hooks::{AN_HOUR, NOW};
use crate::world::{MAIN, Plan, World, id};

const A_MINUTE: Duration = Duration::from_secs(61);
pub(crate) const A_DAY: Duration = Duration::from_hours(25);
const LONG: Duration = Duration::from_hours(12);
pub(crate) const PRODUCTS: &str = "/v3/catalog/products";

/// A world in which these parts are published, whose store tells of products, and in which all is quiet.
pub(crate) struct Shop {
    pub(crate) world: World,
}

pub(crate) fn bolt(number: u32) -> Part {
    Part::new(&format!("HB-{number:03}"), &format!("Hex bolt {number}"), dec("1.50"))
}

fn rules(more: &str) -> String {
    format!("{RULES}\n[catalogue]\npublish = true\n{more}")
}

impl Shop {
    pub(crate) async fn with(parts: Vec<Part>, more: &str, plan: Plan, before: impl FnOnce(&World)) -> Self {
        let seed = KineticSeed { parts, ..KineticSeed::distributor() };
        let company = KineticConfig { seed, ..plan.company };
        let world = World::with(Plan { company, rules: rules(more), ..plan }).await;
        for scope in
            ["store/product/updated", "store/product/inventory/updated", "store/sku/inventory/updated"]
        {
            world.shop.add_hook(scope, &world.address(), &[(HEADER, HEADER_SECRET)]);
        }
        before(&world);
        let shop = Self { world };
        shop.publish().await;
        shop.sweep().await;
        shop.sweep().await;
        assert!(!shop.is_due().await, "it is quiet");
        shop
    }

    pub(crate) async fn of(bolts: u32, more: &str) -> Self {
        Self::with((1..=bolts).map(bolt).collect(), more, Plan::default(), |_| ()).await
    }

    pub(crate) async fn run(&self, job: CatalogueJob, budget: Duration) -> Result<Ran, Failure> {
        self.world.pipeline.catalogue_job(job, &id(MAIN), budget).await
    }

    pub(crate) async fn publish(&self) -> usize {
        self.world.clock.advance(Duration::from_mins(5));
        self.run(CatalogueJob::Parts, LONG).await.unwrap().sent
    }

    /// Until what was read last is read again no more, but for the newest few.
    pub(crate) async fn publish_for_long(&self) {
        for _ in 0..4 {
            self.publish().await;
        }
    }

    pub(crate) async fn is_due(&self) -> bool {
        self.world.settle().await;
        self.world.clock.advance(A_MINUTE);
        self.world.pipeline.catalogue().is_due(CatalogueJob::Sweep, &id(MAIN)).await.unwrap()
    }

    pub(crate) fn forget_calls(&self) {
        self.world.shop.traffic().clear();
        self.world.company.traffic().clear();
    }

    /// Lets the store tell what it has to, and sweeps a minute later; how many fields the store has taken.
    pub(crate) async fn sweep(&self) -> usize {
        self.world.settle().await;
        self.forget_calls();
        self.world.clock.advance(A_MINUTE);
        self.run(CatalogueJob::Sweep, LONG).await.unwrap().sent
    }

    /// The same a day later, when all of it is compared.
    pub(crate) async fn night(&self) -> usize {
        self.world.clock.advance(A_DAY);
        self.sweep().await
    }

    pub(crate) fn product(&self, sku: &str) -> Product {
        self.world.shop.product_by_sku(sku).unwrap_or_else(|| panic!("no product {sku}"))
    }

    pub(crate) fn edit(&self, sku: &str, edit: impl FnOnce(&mut Product)) {
        assert!(self.world.shop.edit_product(self.product(sku).id, edit));
    }

    pub(crate) fn type_price(&self, sku: &str, price: &str) {
        self.edit(sku, |product| product.price = dec(price));
    }

    pub(crate) async fn shelved(&self, sku: &str) -> Shelved {
        let found = self.world.pipeline.shelf().get(&id(MAIN), &[Sku(sku.to_owned())]).await.unwrap();
        found.into_values().next().unwrap_or_default()
    }

    pub(crate) async fn issue(&self, sku: &str) -> Option<(String, bool)> {
        self.shelved(sku).await.issue.map(|issue| (issue.reason, issue.flagged_only))
    }

    pub(crate) async fn marks(&self) -> usize {
        self.world.pipeline.shelf().marked(&id(MAIN), 1_000).await.unwrap().len()
    }

    pub(crate) fn writes(&self) -> usize {
        self.world.shop.traffic().calls().iter().filter(|call| call.method != "GET").count()
    }
}

#[tokio::test]
async fn a_price_typed_into_the_control_panel_is_found_by_its_hook_and_put_right() {
    let shop = Shop::of(3, "").await;
    shop.type_price("HB-002", "9.99");
    assert!(shop.is_due().await);
    assert_eq!(shop.sweep().await, 1);
    assert_eq!(shop.product("HB-002").price, dec("1.50"));
    assert_eq!((shop.writes(), shop.world.kinetic_calls()), (1, 0));
    let newest = shop.world.pipeline.shelf().changes(&id(MAIN), &Sku("HB-002".to_owned()), 1).await.unwrap();
    let told =
        newest.first().map(|change| (change.field.as_str(), change.old.as_deref(), change.new.as_deref()));
    assert_eq!(told, Some(("price", Some("9.99"), Some("1.5"))));
    assert_eq!(shop.issue("HB-002").await, None);
    assert_eq!(shop.publish().await, 0, "the shelf says what the store shows");
}

#[tokio::test]
async fn the_echo_of_our_own_writes_costs_one_reading_and_neither_a_write_nor_a_call_of_kinetic() {
    let shop = Shop::of(40, "").await;
    for number in 1..=40 {
        shop.world.company.edit_part(&format!("HB-{number:03}"), |row| row.set("UnitPrice", dec("2.50")));
    }
    assert_eq!(shop.publish().await, 40);
    shop.world.settle().await;
    assert_eq!(shop.marks().await, 40);
    assert_eq!(shop.sweep().await, 0);
    assert_eq!((shop.writes(), shop.world.kinetic_calls()), (0, 0));
    assert_eq!(shop.world.shop.traffic().calls().len(), 1);
    assert!(!shop.is_due().await && shop.marks().await == 0);
}

#[tokio::test]
async fn a_typed_price_stays_by_rule_and_is_flagged_once() {
    let shop = Shop::of(2, "[sweep]\ntyped = \"keep\"").await;
    for _ in 0..2 {
        shop.type_price("HB-002", "9.99");
        shop.edit("HB-002", |product| product.description.push('!'));
        assert_eq!(shop.sweep().await, 0);
        assert_eq!(shop.product("HB-002").price, dec("9.99"));
        assert_eq!(shop.issue("HB-002").await, Some(("edited_in_shop".to_owned(), true)));
    }
    let words = shop.shelved("HB-002").await.issue.unwrap().words;
    assert!(words.contains("\"9.99\"") && words.contains("\"1.5\""), "{words}");
    assert_eq!(shop.world.logs.count("WARN", "was changed in the store and is left so"), 1);
    assert_eq!(shop.issue("HB-001").await, None);
    shop.type_price("HB-002", "1.50");
    shop.sweep().await;
    assert_eq!(shop.issue("HB-002").await, None, "it is as it should be");
}

#[tokio::test]
async fn a_value_that_comes_back_again_and_again_is_left_and_told() {
    let shop = Shop::of(1, "").await;
    let mut right = 0;
    for _ in 0..8 {
        shop.type_price("HB-001", "9.99");
        right += shop.sweep().await;
    }
    assert_eq!(right, 3, "in one day");
    assert_eq!(shop.issue("HB-001").await, Some(("edited_in_shop".to_owned(), true)));
    assert_eq!(shop.night().await, 1, "another day");
    assert_eq!(shop.issue("HB-001").await, None);
}

#[tokio::test]
async fn what_is_the_merchandisers_survives() {
    let shop = Shop::of(2, "owned = [\"price\", \"visible\"]").await;
    shop.edit("HB-001", |product| {
        product.name = "Bolt, the best".to_owned();
        product.description = "<p>By hand</p>".to_owned();
        product.is_visible = true;
        product.price = dec("9.99");
    });
    assert_eq!(shop.sweep().await, 1, "the price alone");
    shop.edit("HB-002", |product| product.is_visible = false);
    assert_eq!(shop.night().await, 0);
    let product = shop.product("HB-001");
    assert_eq!((product.name.as_str(), product.description.as_str()), ("Bolt, the best", "<p>By hand</p>"));
    assert_eq!((product.is_visible, product.price), (true, dec("1.50")));
}

#[tokio::test]
async fn what_kinetic_hides_is_not_shown() {
    let shop = Shop::of(2, "visible = true").await;
    shop.world.company.edit_part("HB-001", |row| row.set("InActive", true));
    assert_eq!(shop.publish().await, 1);
    shop.edit("HB-001", |product| product.is_visible = true);
    shop.edit("HB-002", |product| product.is_visible = false);
    assert_eq!(shop.sweep().await, 1);
    assert!(!shop.product("HB-001").is_visible, "it is not sold");
    assert!(!shop.product("HB-002").is_visible, "a person hid it");
}

#[tokio::test]
async fn the_price_of_a_variant_is_put_right_and_the_others_are_let_be() {
    let variant = |sku: &str, size: &str| {
        let (option_display_name, label) = ("Size".to_owned(), size.to_owned());
        let option = OptionValue { option_display_name, label, ..OptionValue::default() };
        Variant { sku: sku.to_owned(), option_values: vec![option], ..Variant::default() }
    };
    let variants = vec![variant("HB-001", "M8"), variant("HB-9", "M9")];
    let product = Product { name: "Bolts".to_owned(), variants, ..Product::default() };
    let before = |world: &World| assert!(world.shop.add_product(product).is_some());
    let shop = Shop::with(vec![bolt(1)], "", Plan::default(), before).await;
    shop.edit("HB-001", |product| {
        for variant in &mut product.variants {
            variant.price = Some(dec("9.99"));
        }
    });
    assert_eq!(shop.sweep().await, 1);
    let prices: Vec<_> =
        shop.product("HB-001").variants.into_iter().map(|variant| (variant.sku, variant.price)).collect();
    assert!(prices.contains(&("HB-001".to_owned(), Some(dec("1.50")))), "{prices:?}");
    assert!(prices.contains(&("HB-9".to_owned(), Some(dec("9.99")))), "{prices:?}");
}

#[tokio::test]
async fn a_sale_price_typed_into_the_control_panel_is_put_right_as_soon_as_its_hook_tells() {
    let sale = PriceList::new("SALE").with("HB-001", dec("1.10"), &[]);
    let before = |world: &World| world.company.office(|office| office.add_price_list(&sale));
    let shop = Shop::with(vec![bolt(1)], "[prices]\nsale = \"SALE\"", Plan::default(), before).await;
    assert_eq!(shop.product("HB-001").sale_price, dec("1.10"));
    shop.edit("HB-001", |product| product.sale_price = dec("0.10"));
    assert_eq!(shop.sweep().await, 1);
    assert_eq!(shop.product("HB-001").sale_price, dec("1.10"));
    assert_eq!((shop.sweep().await, shop.writes()), (0, 0), "its echo is no news");
}

#[tokio::test]
async fn of_a_part_that_is_held_nothing_is_put_right() {
    let shop = Shop::of(1, "").await;
    shop.world.company.edit_part("HB-001", |row| row.set("PricePerCode", "D"));
    assert_eq!(shop.publish().await, 0);
    assert_eq!(shop.issue("HB-001").await, Some(("unknown_price_code".to_owned(), false)));
    shop.type_price("HB-001", "9.99");
    assert_eq!(shop.sweep().await, 0);
    assert_eq!(shop.product("HB-001").price, dec("9.99"), "what is right nobody knows");
}

#[tokio::test]
async fn a_mark_that_comes_while_the_sweep_is_at_work_is_not_lost() {
    let shop = Shop::of(2, "").await;
    let (product, hand, pipeline) =
        (shop.product("HB-001").id, shop.world.shop.back_office(), shop.world.pipeline.clone());
    let weight = shop.product("HB-001").weight;
    shop.type_price("HB-001", "9.99");
    let later = shop.world.clock.now() + Duration::from_hours(1);
    shop.world.shop.on_request(move |path| {
        // Ours has read the product, and writes the price.
        if path.ends_with(PRODUCTS) {
            assert!(hand.edit_product(product, |product| product.weight = dec("99")));
            pipeline.shelf().mark(&id(MAIN), &[product], later).now_or_never().unwrap().unwrap();
        }
    });
    shop.world.settle().await;
    shop.world.clock.advance(A_MINUTE);
    assert_eq!(shop.run(CatalogueJob::Sweep, LONG).await.unwrap().sent, 1);
    shop.world.shop.on_request(|_| ());
    assert_eq!(shop.product("HB-001").weight, dec("99"));
    assert_eq!(shop.marks().await, 1);
    shop.world.shop.lose_deliveries(|_, _| true);
    assert_eq!(shop.sweep().await, 1);
    assert_eq!((shop.product("HB-001").weight, shop.product("HB-001").price), (weight, dec("1.50")));
    assert_eq!(shop.marks().await, 0);
}

#[test_case("[stock]\npublish = true\nformula = \"allocated\"\nwarehouses = { MAIN = 1 }", 7; "put right")]
#[test_case("", 5; "the merchandisers")]
#[tokio::test]
async fn stock_that_somebody_set_is_counted_anew_where_it_is_published(stock: &str, level: i64) {
    let shop = Shop::of(2, stock).await;
    shop.world.company.stock("HB-001", "MAIN", dec("7"));
    shop.world.clock.advance(Duration::from_mins(5));
    shop.run(CatalogueJob::Stock, LONG).await.unwrap();
    shop.sweep().await;
    assert!(shop.world.shop.set_stock("HB-001", 1, 5));
    assert!(shop.is_due().await);
    assert_eq!(shop.marks().await, 1);
    shop.sweep().await;
    assert_eq!(shop.world.shop.stock_of("HB-001", 1), Some(level));
    assert_eq!(shop.marks().await, 0);
}

#[test_case("", true, 200, 1; "a genuine one")]
#[test_case("", false, 401, 0; "a forged one")]
#[test_case("stores/another", true, 400, 0; "one of another store")]
#[tokio::test]
async fn only_what_the_store_itself_tells_marks(producer: &str, signed: bool, status: u16, marks: usize) {
    let shop = Shop::of(1, "").await;
    let order = shop.world.shop.place_order(gloves());
    let mode = DeliveryMode::OnlyCompatibility;
    let mut delivery = shop.world.shop.delivery("store/order/created", order, mode).unwrap();
    let ours = format!("stores/{}", shop.world.shop.config().store_hash);
    let producer = if producer.is_empty() { ours.as_str() } else { producer };
    let product = shop.product("HB-001").id;
    let body = format!(
        r#"{{"scope":"store/product/updated","producer":"{producer}","hash":"0","created_at":1775000000,"data":{{"type":"product","id":{product}}}}}"#
    );
    delivery.body = body.into_bytes();
    if signed {
        let signature = shop.world.shop.sign(&delivery.body);
        delivery.headers = vec![("X-BC-Signature".to_owned(), signature)];
    }
    assert_eq!(shop.world.shop.send(&delivery, &shop.world.address()).await.unwrap(), status);
    assert_eq!(shop.marks().await, marks);
}

#[tokio::test]
async fn nothing_is_marked_where_nothing_is_published() {
    let shop = Shop::of(1, "").await;
    shop.world.connect_again(RULES);
    shop.type_price("HB-001", "9.99");
    assert!(shop.world.settle().await.iter().all(|sent| sent.status == Some(200)));
    assert_eq!((shop.marks().await, shop.sweep().await), (0, 0));
    assert_eq!(shop.product("HB-001").price, dec("9.99"));
}

#[tokio::test]
async fn the_hooks_about_products_are_there_where_something_is_published_and_nowhere_else() {
    let with_stock = "[stock]\npublish = true\nformula = \"allocated\"\nwarehouses = { MAIN = 1 }";
    let world = World::with(Plan { rules: rules(with_stock), ..Plan::default() }).await;
    let about_products = async || {
        let hooks = world.hooks().await.into_iter().map(|hook| hook.scope);
        let mut scopes: Vec<_> =
            hooks.filter(|scope| !scope.contains("order") && !scope.contains("hook")).collect();
        scopes.sort();
        scopes
    };
    assert_eq!(world.audit_after(NOW, &world.door()).await, Some((3, 0, 0)));
    let all = ["store/product/inventory/updated", "store/product/updated", "store/sku/inventory/updated"];
    assert_eq!(about_products().await, all);
    assert_eq!(world.audit_after(AN_HOUR, &world.door()).await, Some((0, 0, 0)));
    world.connect_again(&rules(""));
    assert_eq!(world.audit_after(AN_HOUR, &world.door()).await, Some((2, 0, 0)));
    assert_eq!(about_products().await, ["store/product/updated"]);
    world.connect_again(RULES);
    assert_eq!(world.audit_after(AN_HOUR, &world.door()).await, Some((1, 0, 0)));
    assert!(about_products().await.is_empty());
    assert_eq!(world.audit_after(AN_HOUR, &world.door()).await, Some((0, 0, 0)));
    world.a_webhook_brings_an_order().await;
}
