//! Units, warehouses, locations and kinds of parts: what of the stock is offered, and in which order it goes out.

use test_case::test_case;

use super::*;

#[tokio::test]
async fn what_is_sold_in_boxes_is_offered_in_whole_boxes() {
    let boxed = Part { sales_um: "BX".to_owned(), ium: Some("EA".to_owned()), ..bolt(1) };
    let uom = connector_simulators::kinetic::Uom { code: "BX".to_owned(), factor: dec("12") };
    let shop = Shop::with(vec![Part { uoms: vec![uom], ..boxed }], 35, QUERY, Plan::default()).await;
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 2);
}

#[tokio::test]
async fn warehouses_are_summed_by_location_and_what_is_not_listed_is_not_sold() {
    let stock =
        "warehouses = { MAIN = 1, WWH = 1 }\nformula = \"demand\"\nbaq = \"MLC-PartWhse\"\nbuffer = 2";
    let shop = Shop::of(1, stock).await;
    shop.world.company.stock("HB-001", "WWH", dec("5"));
    shop.world.company.stock("HB-001", "INSP", dec("100"));
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 13, "10 and 5, of which 2 are kept back");
    shop.world.company.stock("HB-001", "WWH", dec("1"));
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 9, "the other warehouse is looked up");
}

#[test_case("P", "", 5; "left alone")]
#[test_case("P", "non_stock = \"zero\"", 0; "none is offered")]
#[test_case("K", "", 5; "a kit is left alone")]
#[test_case("K", "kits = \"zero\"", 0; "no kit is offered")]
#[tokio::test]
async fn what_is_not_stocked_follows_the_rule(kind: &str, rule: &str, level: i64) {
    let part = Part { non_stock: true, type_code: kind.to_owned(), ..bolt(1) };
    let shop = Shop::without_products(vec![part], 10, &format!("{ROWS}\n{rule}"), Plan::default()).await;
    let there = Product {
        sku: sku(1),
        name: "Bolts, as many as you like".to_owned(),
        inventory_tracking: Tracking::Product,
        ..Product::default()
    };
    shop.world.shop.add_product(there).unwrap();
    assert!(shop.world.shop.set_stock("HB-001", 1, 5));
    shop.run(CatalogueJob::Parts, LONG).await.unwrap();
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), level);
}

#[tokio::test]
async fn a_location_that_is_disabled_is_told_and_the_others_go_on() {
    let stock = "warehouses = { MAIN = 1, WWH = 2 }\nformula = \"allocated\"";
    let shop = Shop::of(2, stock).await;
    let west = shop.world.shop.add_location("WEST", "West");
    assert_eq!(west, 2);
    shop.world.company.stock("HB-001", "WWH", dec("5"));
    shop.world.shop.enable_location(west, false);
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 10);
    assert!(shop.world.logs.text().contains("location 2 of the store is not there or disabled"));
    shop.world.shop.enable_location(west, true);
    shop.publish().await;
    assert_eq!(shop.world.shop.stock_of("HB-001", west), Some(5));
}

#[tokio::test]
async fn the_lowest_level_goes_out_first() {
    let shop = Shop::of(3, QUERY).await;
    for (sku, many) in [("HB-001", "9"), ("HB-002", "2"), ("HB-003", "5")] {
        shop.world.company.stock(sku, "MAIN", dec(many));
    }
    assert_eq!(shop.publish().await.sent, 3);
    let sent = shop.world.shop.traffic().matching("PUT", "/v3/inventory/adjustments/absolute").remove(0);
    let sent: serde_json::Value = serde_json::from_str(&sent.request_body).unwrap();
    let levels: Vec<_> =
        sent["items"].as_array().unwrap().iter().map(|row| row["quantity"].as_u64().unwrap()).collect();
    assert_eq!(levels, [2, 5, 9]);
}

#[tokio::test]
async fn what_is_in_no_warehouse_any_more_is_offered_no_more_as_soon_as_it_is_looked_at() {
    let shop = Shop::of(2, QUERY).await;
    shop.publish().await;
    shop.world.company.office(|office| {
        assert!(office.delete("PartWhse", &["HB-001".into(), "MAIN".into()]));
    });
    assert_eq!(shop.publish().await.sent, 0, "no query tells what is gone");
    shop.buys("HB-001", 1);
    shop.publish().await;
    assert_eq!((shop.level("HB-001"), shop.level("HB-002")), (0, 10));
}
