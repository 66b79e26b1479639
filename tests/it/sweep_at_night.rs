//! By night all of it is compared: what no hook told of, and what left no trace in Kinetic.

use std::time::Duration;

use connector_simulators::bigcommerce::{Product, dec};
use connector_simulators::kinetic::{Part, Trace};
use connector_sync::catalogue::CatalogueJob;

use crate::sweep::{A_DAY, PRODUCTS, Shop, bolt};
use crate::world::{Plan, World};

#[tokio::test]
async fn what_no_hook_told_of_is_found_at_night() {
    let shop = Shop::of(3, "").await;
    shop.world.shop.lose_deliveries(|scope, _| scope.starts_with("store/product/"));
    shop.type_price("HB-002", "9.99");
    shop.world.settle().await;
    shop.world.shop.lose_no_deliveries();
    assert_eq!((shop.sweep().await, shop.marks().await), (0, 0));
    assert_eq!(shop.product("HB-002").price, dec("9.99"));
    assert_eq!(shop.night().await, 1);
    assert_eq!(shop.product("HB-002").price, dec("1.50"));
    assert_eq!(shop.night().await, 0);
    assert_eq!(shop.writes(), 0);
}

#[tokio::test]
async fn a_part_that_was_deleted_is_hidden_and_told_once() {
    let shop = Shop::of(20, "visible = true").await;
    assert!(shop.world.company.delete_part("HB-007"));
    assert_eq!(shop.night().await, 1);
    assert!(!shop.product("HB-007").is_visible && shop.product("HB-008").is_visible);
    assert_eq!(shop.issue("HB-007").await, Some(("deleted_in_kinetic".to_owned(), true)));
    assert_eq!(shop.night().await, 0);
    assert_eq!(shop.world.logs.count("WARN", "were deleted in Kinetic"), 1);
    // It is entered again.
    shop.world.company.office(|office| office.add_part(&bolt(7)));
    assert_eq!(shop.night().await, 1);
    assert!(shop.product("HB-007").is_visible);
    assert_eq!(shop.issue("HB-007").await, None);
}

#[tokio::test]
async fn a_part_that_was_deleted_is_left_by_rule_and_told() {
    let shop = Shop::of(20, "visible = true\n[sweep]\ndeleted = \"leave\"").await;
    assert!(shop.world.company.delete_part("HB-007"));
    assert_eq!(shop.night().await, 0);
    assert!(shop.product("HB-007").is_visible);
    assert_eq!(shop.issue("HB-007").await, Some(("deleted_in_kinetic".to_owned(), true)));
    shop.world.company.office(|office| office.add_part(&bolt(7)));
    shop.night().await;
    assert_eq!(shop.issue("HB-007").await, None, "it is there again");
}

#[tokio::test]
async fn a_part_that_leaves_the_filter_is_hidden_and_comes_back() {
    let parts = (1..=20).map(|number| Part { prod_code: "BOLT".to_owned(), ..bolt(number) }).collect();
    let rules = "visible = true\nfilter = \"ProdCode eq 'BOLT'\"";
    let shop = Shop::with(parts, rules, Plan::default(), |_| ()).await;
    assert_eq!(shop.world.shop.products().len(), 20);
    shop.world.company.edit_part("HB-007", |row| row.set("ProdCode", "NUT"));
    assert_eq!(shop.publish().await, 0, "no reading by the filter shows it");
    assert_eq!(shop.night().await, 1);
    assert!(!shop.product("HB-007").is_visible && shop.product("HB-008").is_visible);
    let issue = shop.shelved("HB-007").await.issue.unwrap();
    assert!(issue.words.contains("catalogue.filter does not name it any more"), "{}", issue.words);
    shop.world.company.edit_part("HB-007", |row| row.set("ProdCode", "BOLT"));
    assert_eq!(shop.publish().await, 1);
    assert!(shop.product("HB-007").is_visible);
    shop.night().await;
    assert_eq!(shop.issue("HB-007").await, None);
}

#[tokio::test]
async fn if_too_much_seems_deleted_nothing_is_hidden_and_a_person_is_told() {
    let shop = Shop::of(20, "visible = true").await;
    for sku in ["HB-003", "HB-007", "HB-011"] {
        assert!(shop.world.company.delete_part(sku));
    }
    assert_eq!(shop.night().await, 0);
    assert!(shop.product("HB-007").is_visible);
    assert_eq!(shop.world.logs.count("ERROR", "more than sweep.most_deleted allows: nothing is hidden"), 1);
}

#[tokio::test]
async fn a_part_that_was_edited_without_a_trace_is_found_at_night() {
    let shop = Shop::of(40, "").await;
    shop.publish_for_long().await;
    shop.world.company.edit_part_leaving("HB-002", Trace::Nothing, |row| row.set("UnitPrice", dec("2.75")));
    assert_eq!(shop.publish().await, 0, "nothing shows that it changed");
    assert_eq!(shop.night().await, 1);
    assert_eq!(shop.product("HB-002").price, dec("2.75"));
}

#[tokio::test]
async fn a_part_that_was_held_is_tried_again_at_night() {
    let taken = Product { name: "Hex bolt 2".to_owned(), sku: "OTHER".to_owned(), ..Product::default() };
    let before = |world: &World| assert!(world.shop.add_product(taken).is_some());
    let bolts = (1..=40).map(bolt).collect();
    let shop = Shop::with(bolts, "name = \"description\"", Plan::default(), before).await;
    assert_eq!(shop.issue("HB-002").await, Some(("duplicate_name".to_owned(), false)));
    shop.publish_for_long().await;
    shop.edit("OTHER", |product| product.name = "Another bolt".to_owned());
    assert_eq!(shop.publish().await, 0, "nothing of the part changed");
    assert!(shop.night().await > 0);
    assert_eq!(shop.product("HB-002").name, "Hex bolt 2");
    assert_eq!(shop.issue("HB-002").await, None);
}

#[tokio::test]
async fn a_product_that_was_deleted_in_the_store_comes_back_hidden() {
    let shop = Shop::of(40, "").await;
    let old = shop.product("HB-002").id;
    shop.edit("HB-002", |product| product.is_visible = true);
    assert!(shop.world.shop.delete_product(old));
    assert!(shop.night().await > 0);
    let product = shop.product("HB-002");
    assert!(product.id != old && !product.is_visible);
    assert_eq!(shop.shelved("HB-002").await.place.map(|place| place.product), Some(product.id));
    assert_eq!(shop.world.shop.traffic().count("POST", PRODUCTS), 1, "it alone");
    assert_eq!(shop.night().await, 0);
}

#[tokio::test]
async fn another_database_hides_nothing_and_publishes_nothing() {
    let shop = Shop::of(40, "visible = true").await;
    for number in 1..=40 {
        shop.world.company.edit_part(&format!("HB-{number:03}"), |row| row.set("UnitPrice", dec("1.60")));
    }
    shop.publish().await;
    shop.sweep().await;
    shop.world.company.refresh_database(1);
    shop.world.company.edit_part_leaving("HB-002", Trace::Nothing, |row| row.set("UnitPrice", dec("7.00")));
    assert_eq!(shop.night().await, 0);
    assert_eq!(shop.writes(), 0);
    assert_eq!(shop.product("HB-002").price, dec("1.60"));
}

#[tokio::test]
async fn a_night_that_is_cut_off_goes_on_and_skips_nothing() {
    let plan = Plan { latency: Duration::from_secs(8), ..Plan::default() };
    let shop = Shop::with((1..=600).map(bolt).collect(), "", plan, |_| ()).await;
    shop.world.shop.lose_deliveries(|scope, _| scope.starts_with("store/product/"));
    for sku in ["HB-001", "HB-300", "HB-600"] {
        shop.type_price(sku, "9.99");
    }
    shop.world.clock.advance(A_DAY);
    shop.forget_calls();
    let (mut runs, mut sent, mut more) = (0, 0, true);
    while more {
        runs += 1;
        assert!(runs < 20, "it gets on");
        let ran = shop.run(CatalogueJob::Sweep, Duration::from_secs(100)).await.unwrap();
        (sent, more) = (sent + ran.sent, ran.more);
    }
    assert!(runs > 2, "{runs} runs");
    for sku in ["HB-001", "HB-300", "HB-600"] {
        assert_eq!(shop.product(sku).price, dec("1.50"), "{sku}");
    }
    assert!(sent <= 3, "what a run did before it was cut off is not told");
    assert_eq!(shop.writes(), 3, "each was written once");
    assert!(!shop.is_due().await, "it came to its end");
}
