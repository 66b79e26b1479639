//! The catalogue behind the doors that all of the store stands behind.

use connector_simulators::{
    Fault,
    bigcommerce::{Product, dec},
};
use jiff::SignedDuration;
use serde_json::json;
use test_case::test_case;

use crate::{
    inventory::{ABSOLUTE, item, items},
    products::bolt,
    shop::{Shop, answer},
};

#[test_case("v3/catalog/products"; "products")]
#[test_case("v3/catalog/variants"; "variants")]
#[test_case("v3/catalog/products/channel-assignments"; "channel assignments")]
#[test_case("v3/catalog/trees/categories"; "categories")]
#[test_case("v3/inventory/items"; "items")]
#[test_case("v3/inventory/locations"; "locations")]
#[test_case("v3/inventory/locations/1/items"; "the items of a location")]
#[test_case("v3/pricelists"; "price lists")]
#[test_case("v3/pricelists/assignments"; "the assignments of price lists")]
#[tokio::test]
async fn each_route_needs_the_token_and_costs_one_request(path: &str) {
    let shop = Shop::open().await;
    let open = shop.get(path).await;
    assert_eq!((open.status, open.number("x-rate-limit-requests-left")), (200, 149));
    assert_eq!(open.json()["data"].as_array().map(Vec::len), Some(usize::from(path.ends_with("locations"))));
    assert_eq!(shop.ask_as("wrong", "GET", path, None).await.v3_error().0, 401);
    assert_eq!(shop.get(&format!("{path}?colour=red")).await.status, 422, "an unknown parameter is refused");
}

#[test_case("PUT", "v3/catalog/products"; "products")]
#[test_case("PUT", "v3/inventory/adjustments/absolute"; "adjustments")]
#[test_case("PUT", "v3/pricelists/1/records"; "price records")]
#[tokio::test]
async fn a_write_must_be_json(method: &str, path: &str) {
    let shop = Shop::open().await;
    let plain = answer(shop.request(method, path).body("[]")).await.unwrap();
    assert_eq!(plain.v3_error().0, 415);
    let broken = shop.request(method, path).header("Content-Type", "application/json").body("[");
    assert_eq!(answer(broken).await.unwrap().v3_error().0, 400);
}

#[tokio::test]
async fn a_url_may_be_too_long() {
    let shop = Shop::with(|config| config.habits.longest_url = Some(200)).await;
    let skus = vec!["SKU-100"; 40].join(",");
    assert_eq!(shop.get(&format!("v3/inventory/items?sku:in={skus}")).await.v3_error().0, 414);
    assert_eq!(shop.get("v3/inventory/items?sku:in=SKU-100").await.status, 200);
}

#[tokio::test]
async fn a_product_whose_answer_was_cut_is_there_and_the_second_try_is_a_duplicate() {
    let shop = Shop::open().await;
    shop.sim.faults().add(Fault::CutAfter.once().on("POST", "/catalog/products$"));
    answer(shop.request("POST", "v3/catalog/products").json(&bolt())).await.err().expect("it was cut");
    assert_eq!(shop.post("v3/catalog/products", &bolt()).await.v3_error().0, 409);
    shop.sim.faults().add(Fault::CutBefore.once().on("POST", "/catalog/products$"));
    let other = json!({"name": "B", "type": "physical", "weight": 1, "price": 1});
    answer(shop.request("POST", "v3/catalog/products").json(&other)).await.err().expect("it was cut");
    assert_eq!(shop.sim.products().len(), 1);
}

#[tokio::test]
async fn an_adjustment_that_comes_late_overwrites_a_newer_one() {
    let shop = Shop::open().await;
    let id = shop.sim.add_product(Product::new("HB", "Bolt", dec("1"))).unwrap();
    shop.sim.faults().add(Fault::CommitLate(SignedDuration::from_secs(30)).once().on("PUT", "/absolute$"));
    let rows = |quantity| items(&[item("product_id", id, 1, quantity)]);
    answer(shop.request("PUT", ABSOLUTE).json(&rows(5))).await.err().expect("it was cut");
    assert_eq!(shop.put(ABSOLUTE, &rows(7)).await.status, 200);
    assert_eq!((shop.sim.stock_of("HB", 1), shop.sim.late_commits()), (Some(7), 1));
    shop.hands.advance(SignedDuration::from_secs(30));
    assert_eq!((shop.sim.stock_of("HB", 1), shop.sim.late_commits()), (Some(5), 0));
}
