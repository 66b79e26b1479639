//! Listing products.

use connector_simulators::bigcommerce::{Product, dec};
use jiff::SignedDuration;
use serde_json::{Value, json};
use test_case::test_case;

use crate::shop::Shop;

const PATH: &str = "v3/catalog/products";

async fn ids(shop: &Shop, query: &str) -> Vec<u64> {
    let rows = shop.get(&format!("{PATH}?include_fields=id&{query}")).await.data();
    rows.as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

async fn five() -> (Shop, Vec<u64>) {
    let shop = Shop::open().await;
    let product = |n: u64| Product::new(&format!("SKU-{n}"), &format!("Part {}", 9 - n), dec("1"));
    let ids = (0..5).map(|n| shop.sim.add_product(product(n)).unwrap()).collect();
    (shop, ids)
}

#[tokio::test]
async fn products_are_listed_by_key_from_page_to_page() {
    let (shop, all) = five().await;
    let page = shop.get(&format!("{PATH}?sort=id&limit=2&id:greater={}", all[0])).await;
    let pagination = page.json()["meta"]["pagination"].clone();
    assert_eq!((&pagination["total"], &pagination["count"]), (&4.into(), &2.into()));
    let mut seen = Vec::new();
    let mut after = 0;
    loop {
        let page = ids(&shop, &format!("sort=id&limit=2&id:greater={after}")).await;
        let Some(last) = page.last() else { break };
        after = *last;
        seen.extend(page);
    }
    assert_eq!(seen, all);
}

#[tokio::test]
async fn products_are_found_by_their_fields() {
    let (shop, all) = five().await;
    assert_eq!(ids(&shop, &format!("id={}", all[2])).await, [all[2]]);
    assert_eq!(ids(&shop, &format!("id:in={},{},7", all[3], all[1])).await, [all[1], all[3]]);
    assert_eq!(ids(&shop, &format!("id:not_in={},{}", all[3], all[1])).await, [all[0], all[2], all[4]]);
    assert_eq!(ids(&shop, &format!("id:min={}&id:less={}", all[1], all[3])).await, [all[1], all[2]]);
    assert_eq!(ids(&shop, &format!("id:max={}", all[1])).await, [all[0], all[1]]);
    assert_eq!(ids(&shop, "sku=sku-1").await, [all[1]]);
    assert_eq!(ids(&shop, "sku:in=SKU-3,NONE,SKU-0").await, [all[0], all[3]]);
    assert_eq!(ids(&shop, "name=Part%207").await, [all[2]]);
    assert_eq!(ids(&shop, "sort=name&limit=2").await, [all[4], all[3]]);
    assert_eq!(ids(&shop, "direction=desc&limit=1").await, [all[4]]);
    assert_eq!(ids(&shop, "sku=NONE").await, [0; 0], "an empty list is 200");
    shop.sim.edit_product(all[0], |product| product.is_visible = false);
    assert_eq!(ids(&shop, "is_visible=false").await, [all[0]]);
    let category = shop.sim.add_category("Bolts");
    shop.sim.edit_product(all[3], |product| product.categories.push(category));
    assert_eq!(ids(&shop, &format!("categories:in=1,{category}")).await, [all[3]]);
    assert_eq!(ids(&shop, &format!("categories={category}")).await, [all[3]]);
}

#[tokio::test]
async fn a_variants_sku_finds_no_product() {
    let shop = Shop::open().await;
    shop.sim.add_product(Product::new("GL", "Gloves", dec("1")).variant("GL-M", "Size", "M")).unwrap();
    assert_eq!(ids(&shop, "sku=GL-M").await, [0; 0]);
    assert_eq!(ids(&shop, "sku:in=GL-M,GL").await.len(), 1);
    let shown = shop.get(&format!("{PATH}?include=variants,channels&sku=GL")).await.data();
    assert_eq!(shown[0]["variants"][0]["sku"], "GL-M");
    assert_eq!(shown[0]["channels"], json!([]));
    assert_eq!(shown[0]["base_variant_id"], Value::Null);
}

#[tokio::test]
async fn a_date_without_a_time_gets_the_time_that_it_is() {
    let (shop, all) = five().await;
    shop.hands.advance(SignedDuration::from_secs(60));
    shop.sim.edit_product(all[1], |product| product.price = dec("2"));
    assert_eq!(ids(&shop, "date_modified:min=2026-03-31T21:41:00Z").await, [all[1]]);
    assert_eq!(ids(&shop, "date_modified:max=2026-03-31T21:41:00%2B00:00").await.len(), 4);
    assert_eq!(ids(&shop, "date_modified:min=2026-03-31").await, [all[1]], "not from midnight on");
}

#[test_case("limit=0"; "no page at all")]
#[test_case("id:in=1,x"; "an id that is no number")]
#[test_case("skuu=1"; "an unknown filter")]
#[test_case("sort=colour"; "an unknown sort")]
#[test_case("date_modified:min=yesterday"; "a date that is none")]
#[tokio::test]
async fn a_query_that_is_not_understood_is_refused(query: &str) {
    let shop = Shop::open().await;
    assert_eq!(shop.get(&format!("{PATH}?{query}")).await.v3_error().0, 422);
}

#[tokio::test]
async fn ten_thousand_products_are_listed_in_pages_of_250() {
    let shop = Shop::open().await;
    for n in 0..10_000_u32 {
        let product = Product::new(&format!("SKU-{n}"), &format!("Part {n}"), dec("1"));
        assert!(shop.sim.add_product(product).is_some());
    }
    let page = shop.get(&format!("{PATH}?limit=1000&page=40")).await;
    assert_eq!(page.data().as_array().unwrap().len(), 250, "a limit too large is clamped");
    assert_eq!(page.json()["meta"]["pagination"]["total_pages"], 40);
    assert_eq!(ids(&shop, "sku:in=SKU-9999").await.len(), 1);
}
