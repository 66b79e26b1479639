//! What the catalogue costs, in calls, beside the least that it could (`docs/PERFORMANCE.md`).

use std::time::Duration;

use connector_sandbox::connection::RULES;
use connector_simulators::KineticConfig;
use connector_simulators::bigcommerce::{OptionValue, Product, Variant, dec};
use connector_simulators::kinetic::{KineticSeed, Part, PriceList, Stock};
use connector_sync::catalogue::CatalogueJob;

use crate::world::{MAIN, Plan, World, id};

const MANY: u32 = 10_000;

/// Long enough for all of it: what is cut off is another story.
const LONG: Duration = Duration::from_hours(6);

fn sku(number: u32) -> String {
    format!("HB-{number:05}")
}

/// How many calls of each kind changed something in the store since the last time.
fn writes(world: &World) -> usize {
    let count = |method: &str, path: &str| world.shop.traffic().count(method, path);
    let writes = count("POST", "/v3/catalog/products")
        + count("PUT", "/v3/catalog/products")
        + count("PUT", "/v3/catalog/variants")
        + count("PUT", "/v3/inventory/adjustments/absolute")
        + count("PUT", "/records");
    world.shop.traffic().clear();
    writes
}

/// That `writes` is at most two percent more than the least there could be, in whole calls.
#[expect(clippy::print_stdout, reason = "whoever runs it by hand wants the numbers")]
fn is_near(what: &str, writes: usize, least: usize) {
    assert!(writes * 100 <= least * 102, "{what}: {writes} calls that write, {least} are the least");
    println!("{what}: {writes} calls that write, {least} are the least");
}

async fn run(world: &World, job: CatalogueJob) -> usize {
    world.clock.advance(Duration::from_mins(5));
    world.company.traffic().clear();
    let mut sent = 0;
    loop {
        let ran = world.pipeline.catalogue_job(job, &id(MAIN), LONG).await.unwrap();
        sent += ran.sent;
        if !ran.more {
            return sent;
        }
    }
}

#[tokio::test]
async fn ten_thousand_new_parts_five_thousand_prices_and_ten_thousand_levels_cost_little_more_than_the_least()
{
    let parts: Vec<Part> =
        (1..=MANY).map(|at| Part::new(&sku(at), &format!("Hex bolt {at}"), dec("1.50"))).collect();
    let stock = parts.iter().map(|part| Stock::new(&part.part_num, "MAIN", dec("10"))).collect();
    let company = KineticConfig {
        seed: KineticSeed { parts, stock, ..KineticSeed::distributor() },
        ..KineticConfig::new()
    };
    let rules = format!(
        "{RULES}\n[catalogue]\npublish = true\nchannels = [1]\n[stock]\npublish = true\nminutes = 1440\nwarehouses = {{ MAIN = 1 }}\nformula = \"demand\"\nbaq = \"MLC-PartWhse\"\n"
    );
    let world = World::with(Plan { company, rules: rules.clone(), ..Plan::default() }).await;

    // New: one call each, and the channels of 250 in one. Each page has its first levels at once.
    run(&world, CatalogueJob::Parts).await;
    let many = usize::try_from(MANY).unwrap();
    is_near("10,000 new products", writes(&world), many + many / 250 + many / 2000);
    assert_eq!(world.shop.products().len(), many);

    world.company.office(|office| {
        for at in 1..=MANY / 2 {
            office.edit_part(&sku(at), |row| row.set("UnitPrice", dec("1.75")));
        }
    });
    assert_eq!(run(&world, CatalogueJob::Parts).await, many / 2);
    is_near("5,000 prices", writes(&world), many / 2 / 10);

    world.company.office(|office| (1..=MANY).for_each(|at| office.stock(&sku(at), "MAIN", dec("7"))));
    world.clock.advance(Duration::from_hours(24));
    assert_eq!(run(&world, CatalogueJob::Stock).await, many);
    is_near("10,000 levels", writes(&world), many / 2000);

    world.clock.advance(Duration::from_hours(24));
    for job in [CatalogueJob::Stock, CatalogueJob::Parts] {
        assert_eq!(run(&world, job).await, 0);
        assert_eq!((world.company.traffic().calls().len(), writes(&world)), (1, 0), "unchanged: {job:?}");
    }
}

/// So many variants of one product, by the sizes they have.
fn product_of(variants: std::ops::Range<u32>) -> Product {
    let variant = |number: u32| {
        let size = OptionValue {
            option_display_name: "Size".to_owned(),
            label: number.to_string(),
            ..OptionValue::default()
        };
        Variant { sku: sku(number), option_values: vec![size], ..Variant::default() }
    };
    Product {
        name: format!("Bolts from {}", variants.start),
        variants: variants.map(variant).collect(),
        ..Product::default()
    }
}

#[tokio::test]
async fn two_thousand_variants_and_their_prices_on_a_list_cost_little_more_than_the_least() {
    const VARIANTS: u32 = 2_000;
    let many = usize::try_from(VARIANTS).unwrap();
    let parts: Vec<Part> =
        (1..=VARIANTS).map(|at| Part::new(&sku(at), &format!("Hex bolt {at}"), dec("1.50"))).collect();
    let list = (1..=VARIANTS)
        .fold(PriceList::new("DIST"), |list, at| list.with(&sku(at), dec("1.20"), &[(100, dec("1.10"))]));
    let company = KineticConfig {
        seed: KineticSeed { parts, price_lists: vec![list], ..KineticSeed::distributor() },
        ..KineticConfig::new()
    };
    let rules = format!(
        "{RULES}\n[catalogue]\npublish = true\n[prices]\nlists = {{ DIST = \"Distributors\" }}\nbreaks_baq = \"MLC-PLPartBrk\"\n"
    );
    let world = World::with(Plan { company, rules, ..Plan::default() }).await;
    for from in (1..=VARIANTS).step_by(200) {
        world.shop.add_product(product_of(from..from + 200)).unwrap();
    }

    let price = |number| {
        let product = world.shop.product_by_sku(&sku(number)).unwrap();
        product.variants.into_iter().find(|variant| variant.sku == sku(number)).unwrap().price
    };
    run(&world, CatalogueJob::Parts).await;
    is_near("2,000 variants that are linked", writes(&world), many / 50);
    assert_eq!((price(1), price(VARIANTS)), (Some(dec("1.50")), Some(dec("1.50"))));
    assert_eq!(run(&world, CatalogueJob::Prices).await, many);
    assert_eq!(world.shop.price_records(1), many);
    is_near("2,000 new price records", writes(&world), many / 1000);

    world.company.office(|office| {
        for at in 1..=VARIANTS {
            office.edit_part(&sku(at), |row| row.set("UnitPrice", dec("1.75")));
            office.price("DIST", &sku(at), dec("1.40"));
        }
    });
    assert_eq!(run(&world, CatalogueJob::Parts).await, many);
    assert_eq!((price(1), price(VARIANTS)), (Some(dec("1.75")), Some(dec("1.75"))));
    is_near("2,000 prices of variants", writes(&world), many / 50);
    assert_eq!(run(&world, CatalogueJob::Prices).await, many);
    is_near("2,000 price records that change", writes(&world), many / 1000);

    // Heads, rows and breaks are a set each.
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(run(&world, CatalogueJob::Prices).await, 0);
    assert_eq!((world.company.traffic().calls().len(), writes(&world)), (3, 0), "unchanged");
}
