//! Reading stock and locations.

use connector_simulators::bigcommerce::{LevelCounts, Product, dec};
use serde_json::{Value, json};

use crate::{
    inventory::{ABSOLUTE, item, items, shelves},
    shop::Shop,
};

async fn skus(shop: &Shop, query: &str) -> Vec<String> {
    let rows = shop.get(&format!("v3/inventory/items?{query}")).await.data();
    rows.as_array().unwrap().iter().map(|row| row["identity"]["sku"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn items_are_shown_with_their_identity_and_each_location() {
    let (shop, bolt, gloves) = shelves().await;
    let dallas = shop.sim.add_location("DAL", "Dallas");
    shop.put(ABSOLUTE, &items(&[item("product_id", bolt, 1, 100), item("product_id", bolt, dallas, 7)]))
        .await;
    shop.sim.set_safety_stock("HB", 1, 5);
    let shown = shop.get("v3/inventory/items?sku:in=hb").await;
    let row = shown.data()[0].clone();
    let base = shop.sim.product(bolt).unwrap().variants[0].id;
    assert_eq!(row["identity"], json!({"sku": "HB", "variant_id": base, "product_id": bolt, "sku_id": null}));
    let first = json!({
        "location_id": 1, "location_code": "BC-LOCATION-1", "location_name": "Default location",
        "location_enabled": true, "available_to_sell": 95, "total_inventory_onhand": 100,
        "settings": {"safety_stock": 5, "is_in_stock": true, "warning_level": 0, "bin_picking_number": ""},
    });
    assert_eq!(row["locations"][0], first);
    assert_eq!(
        (&row["locations"][1]["location_code"], &row["locations"][1]["total_inventory_onhand"]),
        (&"DAL".into(), &7.into())
    );
    assert_eq!(shown.json()["meta"]["pagination"]["total"], 1);
    let one =
        shop.get(&format!("v3/inventory/items?product_id:in={bolt}&location_id:in={dallas}")).await.data();
    assert_eq!(one[0]["locations"].as_array().unwrap().len(), 1);
    let coded = shop.get("v3/inventory/items?sku:in=GL-L&location_code:in=DAL,X").await.data();
    assert_eq!(coded[0]["locations"][0]["location_id"], dallas);
    assert_eq!(coded[0]["identity"]["variant_id"], gloves.variants[1].id);
    assert!(coded[0]["identity"]["sku_id"].is_u64());

    let level =
        async || shop.get(&format!("v3/catalog/products/{bolt}")).await.data()["inventory_level"].clone();
    assert_eq!(level().await, 102);
    shop.sim.enable_location(dallas, false);
    assert_eq!(level().await, 95, "a closed location does not count");
    shop.sim.enable_location(dallas, true);
    shop.sim.change_habits(|habits| habits.level_counts = LevelCounts::DefaultLocation);
    assert_eq!(level().await, 95);
}

#[tokio::test]
async fn items_are_found_by_their_identity() {
    let (shop, bolt, gloves) = shelves().await;
    assert_eq!(skus(&shop, "").await, ["HB", "GL-M", "GL-L", "SV"]);
    assert_eq!(skus(&shop, "sku:in=GL-L,HB,NONE").await, ["HB", "GL-L"]);
    assert_eq!(skus(&shop, &format!("variant_id:in={},7", gloves.variants[0].id)).await, ["GL-M"]);
    assert_eq!(skus(&shop, &format!("product_id:in={},{bolt}", gloves.id)).await, ["HB", "GL-M", "GL-L"]);
    assert_eq!(skus(&shop, &format!("product_id:in={}&sku:in=GL-L,HB", gloves.id)).await, ["GL-L"]);
    assert_eq!(skus(&shop, "limit=2&page=2").await, ["GL-L", "SV"]);
    shop.sim.change_habits(|habits| habits.untracked_listed = false);
    assert_eq!(skus(&shop, "").await, ["HB", "GL-M", "GL-L"]);
    let at = shop.get("v3/inventory/locations/1/items?sku:in=GL-M").await.data();
    assert_eq!(at[0]["identity"]["product_id"], gloves.id);
    assert_eq!(shop.get("v3/inventory/locations/9/items").await.status, 404);
    assert_eq!(shop.get("v3/inventory/items?sku=HB").await.status, 422, "there is no such filter");
}

#[tokio::test]
async fn locations_are_listed() {
    let shop = Shop::open().await;
    let dallas = shop.sim.add_location("DAL", "Dallas");
    shop.sim.enable_location(dallas, false);
    let list = async |query: &str| shop.get(&format!("v3/inventory/locations?{query}")).await.data();
    let all = list("").await;
    assert_eq!((&all[0]["id"], &all[0]["code"]), (&1.into(), &"BC-LOCATION-1".into()));
    assert_eq!((&all[1]["label"], &all[1]["enabled"]), (&"Dallas".into(), &false.into()));
    assert_eq!(all[1]["created_at"], "2026-03-31T21:40:11Z");
    assert_eq!(list("is_default=true").await[0]["id"], 1);
    assert_eq!(list("is_active=false").await[0]["id"], dallas);
    assert_eq!(list("location_code:in=DAL").await[0]["id"], dallas);
    assert_eq!(list("location_id:in=9").await, json!([]));
}

#[tokio::test]
async fn a_hundred_thousand_shelves_are_written_and_read_in_pages_of_a_thousand() {
    let shop = Shop::open().await;
    let ids: Vec<u64> = (0..10_000_u32)
        .map(|n| shop.sim.add_product(Product::new(&format!("S{n}"), &format!("P{n}"), dec("1"))).unwrap())
        .collect();
    for n in 2..=10 {
        shop.sim.add_location(&format!("L{n}"), "Somewhere");
    }
    for chunk in ids.chunks(200) {
        let rows: Vec<Value> = chunk
            .iter()
            .flat_map(|id| (1..=10).map(|location| item("product_id", *id, location, 5)))
            .collect();
        assert_eq!(shop.put(ABSOLUTE, &items(&rows)).await.status, 200);
    }
    let page = shop.get("v3/inventory/items?limit=2000&page=10&location_id:in=10").await;
    assert_eq!(page.json()["meta"]["pagination"]["total_pages"], 10, "a limit too large is clamped");
    assert_eq!(page.data()[999]["locations"][0]["total_inventory_onhand"], 5);
}
