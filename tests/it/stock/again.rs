//! What goes out again, though Kinetic says what it said before.

use super::*;

#[tokio::test]
async fn rules_that_change_are_applied_to_stock_that_does_not() {
    let shop = Shop::of(2, QUERY).await;
    shop.publish().await;
    let rules = Shop::rules_with(&format!("{QUERY}\nbuffer = 3"));
    shop.world.connect_again(&rules);
    assert_eq!(shop.publish().await.sent, 2);
    assert_eq!((shop.level("HB-001"), shop.level("HB-002")), (7, 7));
    assert_eq!(shop.publish().await.sent, 0);
}

#[tokio::test]
async fn a_part_that_is_sold_in_another_unit_is_counted_in_it_though_its_stock_has_not_changed() {
    let uom = connector_simulators::kinetic::Uom { code: "BX".to_owned(), factor: dec("5") };
    let part = Part { uoms: vec![uom], ium: Some("EA".to_owned()), ..bolt(1) };
    let shop = Shop::with(vec![part], 10, QUERY, Plan::default()).await;
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 10);
    shop.world.company.edit_part("HB-001", |row| row.set("SalesUM", "BX"));
    shop.world.clock.advance(FIVE_MINUTES);
    shop.run(CatalogueJob::Parts, LONG).await.unwrap();
    assert_eq!(shop.level("HB-001"), 2);
}

#[tokio::test]
async fn a_level_whose_answer_was_lost_is_set_again_though_kinetic_says_what_it_said_before() {
    let shop = Shop::of(1, QUERY).await;
    shop.publish().await;
    shop.world.company.stock("HB-001", "MAIN", dec("30"));
    shop.world.shop.faults().add(Fault::CutAfter.always().on("PUT", "/v3/inventory/adjustments"));
    shop.world.clock.advance(FIVE_MINUTES);
    assert!(shop.run(CatalogueJob::Stock, LONG).await.is_err());
    assert_eq!(shop.level("HB-001"), 30, "the store has taken it");
    shop.world.shop.faults().clear();
    shop.world.company.stock("HB-001", "MAIN", dec("10"));
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 10);
}

#[tokio::test]
async fn after_a_person_has_looked_at_a_replaced_database_all_of_it_is_read_anew() {
    let shop = Shop::of(3, QUERY).await;
    shop.publish().await;
    shop.world.company.refresh_database(1000);
    shop.world.company.stock("HB-001", "MAIN", dec("4"));
    shop.world.company.edit_part("HB-002", |row| row.set("UnitPrice", dec("9.75")));
    shop.publish().await;
    shop.world.clock.advance(FIVE_MINUTES);
    shop.run(CatalogueJob::Parts, LONG).await.unwrap();
    let price = |sku: &str| shop.world.shop.product_by_sku(sku).unwrap().price;
    assert_eq!((shop.level("HB-001"), price("HB-002")), (10, dec("1.50")), "it stands still");
    shop.world.pipeline.catalogue().restart(&id(MAIN)).await.unwrap();
    shop.run(CatalogueJob::Parts, LONG).await.unwrap();
    shop.publish().await;
    assert_eq!((shop.level("HB-001"), price("HB-002")), (4, dec("9.75")));
    assert_eq!(shop.publish().await.sent, 0);
}
