//! Products one by one.

use connector_simulators::bigcommerce::{Product, Tracking, dec};
use jiff::SignedDuration;
use serde_json::{Value, json};
use test_case::test_case;

use crate::shop::{Receiver, Shop};

const PATH: &str = "v3/catalog/products";

pub(crate) fn bolt() -> Value {
    json!({"name": "Hex Bolt", "type": "physical", "sku": "HB-1", "weight": 0.02, "price": 0.4525})
}

fn with(field: &str, value: &Value) -> Value {
    let mut body = bolt();
    body[field] = value.clone();
    body
}

#[tokio::test]
async fn a_product_is_created_read_changed_and_deleted() {
    let shop = Shop::open().await;
    let made = shop.post(PATH, &bolt()).await.data();
    assert_eq!(
        (&made["name"], &made["sku"], &made["price"]),
        (&"Hex Bolt".into(), &"HB-1".into(), &json!(0.4525))
    );
    assert_eq!(made["date_modified"], "2026-03-31T21:40:11+00:00");
    assert!(made["base_variant_id"].is_u64(), "a simple product has a base variant");
    assert!(made.get("variants").is_none(), "variants are shown only if they are asked for");
    let path = format!("{PATH}/{}", made["id"]);
    assert_eq!(shop.get(&path).await.data(), made);

    shop.hands.advance(SignedDuration::from_secs(60));
    let changed = shop.put(&path, &json!({"price": 10.99999, "is_visible": false})).await.data();
    assert_eq!((&changed["price"], &changed["is_visible"]), (&json!(11), &json!(false)), "four decimals");
    assert_eq!(changed["date_modified"], "2026-03-31T21:41:11+00:00");
    assert_eq!(changed["date_created"], "2026-03-31T21:40:11+00:00");
    assert_eq!(shop.put(&path, &json!({"price": 10.99994})).await.data()["price"], json!(10.9999));
    assert_eq!(shop.delete(&path).await.status, 204);
    assert_eq!(shop.get(&path).await.v3_error().0, 404);
    assert_eq!(shop.put(&path, &json!({"price": 1})).await.v3_error().0, 404);
    assert_eq!(shop.delete(&path).await.status, 204, "there is nothing to delete any more");
}

#[tokio::test]
async fn a_product_lacks_what_it_needs() {
    let shop = Shop::open().await;
    let refused = shop.post(PATH, &json!({"sku": "HB-1", "weight": 1})).await;
    assert_eq!(refused.v3_error(), (422, "Missing Required Fields".to_owned()));
    let errors = refused.json()["errors"].clone();
    assert_eq!(errors["name"], "Please provide a name.");
    assert_eq!(errors["price"], "Please provide a price.");
    assert!(errors.get("weight").is_none() && errors.get("categories").is_none());

    shop.sim.change_habits(|habits| habits.categories_required = true);
    assert_eq!(shop.post(PATH, &bolt()).await.json()["errors"]["categories"], "Please provide a category.");
    let category = shop.sim.add_category("Bolts");
    assert_eq!(shop.post(PATH, &with("categories", &json!([category]))).await.status, 200);
}

#[test_case("name", &json!(""); "an empty name")]
#[test_case("name", &json!("x".repeat(251)); "a name too long")]
#[test_case("type", &json!("virtual"); "an unknown type")]
#[test_case("price", &json!(-1); "a negative price")]
#[test_case("price", &json!("1.00"); "a price as text")]
#[test_case("sku", &json!("x".repeat(256)); "a sku too long")]
#[test_case("inventory_tracking", &json!("sku"); "an unknown tracking")]
#[test_case("upc", &json!("123456789012345"); "a upc too long")]
#[test_case("prise", &json!(1); "a misspelt field")]
#[tokio::test]
async fn a_field_must_be_what_it_is(field: &str, value: &Value) {
    let shop = Shop::open().await;
    let refused = shop.post(PATH, &with(field, value)).await;
    assert_eq!(refused.v3_error().0, 422);
    assert!(refused.json()["errors"][field].is_string());
    assert!(shop.sim.products().is_empty());
}

#[test_case("hex bolt", "HB-2", "name"; "a name in another case")]
#[test_case("Hex Nut", "hb-1", "sku"; "a sku in another case")]
#[test_case("Hex Nut", "gl-m", "sku"; "the sku of a variant")]
#[tokio::test]
async fn names_and_skus_are_unique_whatever_the_case(name: &str, sku: &str, field: &str) {
    let shop = Shop::open().await;
    shop.sim.add_product(Product::new("HB-1", "Hex Bolt", dec("1"))).unwrap();
    shop.sim.add_product(Product::new("", "Gloves", dec("1")).variant("GL-M", "Size", "M")).unwrap();
    let mut body = bolt();
    (body["name"], body["sku"]) = (name.into(), sku.into());
    let refused = shop.post(PATH, &body).await;
    let title = format!("The product {field} is a duplicate");
    assert_eq!(refused.v3_error(), (409, title.clone()));
    assert_eq!(refused.json()["errors"][field], title);
    let free = shop.sim.add_product(Product::new("X", "X", dec("1"))).unwrap();
    let refused = shop.put(&format!("{PATH}/{free}"), &json!({ "name": name, "sku": sku })).await;
    assert_eq!(refused.v3_error(), (409, title), "a change is refused alike");
    assert_eq!(shop.sim.product(free).unwrap().name, "X");
}

#[tokio::test]
async fn a_name_is_free_again_when_its_product_has_another_or_is_gone() {
    let shop = Shop::open().await;
    let id = shop.post(PATH, &bolt()).await.data()["id"].as_u64().unwrap();
    assert!(shop.sim.edit_product(id, |product| (product.name, product.sku) = ("B".into(), "B".into())));
    assert_eq!(shop.post(PATH, &bolt()).await.status, 200);
    assert!(!shop.sim.edit_product(id, |product| product.sku = "hb-1".into()), "it is taken by now");
    assert!(shop.sim.delete_product(id));
    assert!(shop.sim.add_product(Product::new("b", "b", dec("1"))).is_some());
}

#[tokio::test]
async fn an_unknown_category_is_a_conflict() {
    let shop = Shop::open().await;
    assert_eq!(shop.post(PATH, &with("categories", &json!([99]))).await.v3_error().0, 409);
    let id = shop.sim.add_category("Bolts");
    assert_eq!(shop.post(PATH, &with("categories", &json!([id]))).await.data()["categories"], json!([id]));
    let trees = shop.get("v3/catalog/trees/categories?name=Bolts").await.data();
    assert_eq!((&trees[0]["category_id"], &trees[0]["name"]), (&id.into(), &"Bolts".into()));
}

#[test_case(true, 5; "the switch is thrown")]
#[test_case(false, -1; "the stock would be negative")]
#[tokio::test]
async fn a_product_is_saved_and_its_stock_is_not(fails: bool, level: i64) {
    let shop = Shop::with(|config| config.habits.stock_part_fails = fails).await;
    let mut body = with("inventory_level", &json!(level));
    body["inventory_tracking"] = "product".into();
    let partly = shop.post(PATH, &body).await;
    assert_eq!(partly.status, 207);
    assert_eq!(partly.json()["errors"]["status"], 207);
    assert_eq!(partly.json()["data"]["inventory_level"], 0);
    assert_eq!(shop.sim.product_by_sku("hb-1").unwrap().name, "Hex Bolt");
    let batch = json!([{"id": partly.json()["data"]["id"], "price": 2, "inventory_level": level}]);
    let partly = shop.put(PATH, &batch).await;
    assert_eq!((partly.status, &partly.json()["data"][0]["price"]), (207, &json!(2)));
}

#[tokio::test]
async fn the_catalogue_sets_stock_and_clamps_it() {
    let shop = Shop::open().await;
    let mut body = with("inventory_level", &json!(7));
    body["inventory_tracking"] = "product".into();
    let made = shop.post(PATH, &body).await.data();
    assert_eq!(made["inventory_level"], 7);
    let path = format!("{PATH}/{}", made["id"]);
    let most = shop.put(&path, &json!({"inventory_level": 3_000_000_000_i64})).await.data();
    assert_eq!(most["inventory_level"], 2_147_483_647);
    assert_eq!(shop.put(&path, &json!({"inventory_tracking": "none"})).await.data()["inventory_level"], 0);
}

#[tokio::test]
async fn the_plan_allows_so_many_products() {
    let shop = Shop::with(|config| config.habits.product_limit = Some(1)).await;
    assert_eq!(shop.post(PATH, &bolt()).await.status, 200);
    assert_eq!(
        shop.post(PATH, &json!({"name": "B", "type": "physical", "weight": 1, "price": 1})).await.status,
        507
    );
}

#[tokio::test]
async fn a_brand_is_found_by_name_and_never_shown_as_one() {
    let shop = Shop::open().await;
    let made = shop.post(PATH, &with("brand_name", &json!("Acme"))).await.data();
    let other = json!({"name": "B", "type": "physical", "weight": 1, "price": 1, "brand_name": "ACME"});
    assert_eq!(shop.post(PATH, &other).await.data()["brand_id"], made["brand_id"]);
    assert!(made.get("brand_name").is_none() && made["brand_id"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn custom_fields_and_other_fields_are_kept() {
    let shop = Shop::open().await;
    let mut body = with("custom_fields", &json!([{"name": "Material", "value": "Zinc"}]));
    (body["mpn"], body["cost_price"]) = ("M-1".into(), json!(0.21));
    let made = shop.post(&format!("{PATH}?include=custom_fields,channels"), &body).await.data();
    assert_eq!((&made["mpn"], &made["cost_price"]), (&"M-1".into(), &json!(0.21)));
    assert_eq!(made["custom_fields"][0]["value"], "Zinc");
    assert_eq!(made["channels"], json!([]));
    let brief = shop.get(&format!("{PATH}/{}?include_fields=sku", made["id"])).await.data();
    assert_eq!(brief, json!({"id": made["id"], "sku": "HB-1"}));
}

#[tokio::test]
async fn hooks_are_told_of_products_by_whoever_wrote_them() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    shop.sim.add_hook("store/product/*", &receiver.url(), &[]);
    shop.sim.add_hook("store/product/deleted", &receiver.url(), &[]);
    shop.sim.add_hook("store/order/*", &receiver.url(), &[]);
    let told = async || {
        let sent = shop.sim.drain_hooks().await;
        let scopes: Vec<String> =
            sent.into_iter().map(|sent| sent.scope.replace("store/product/", "")).collect();
        (scopes, receiver.seen.lock().last().unwrap().json())
    };
    let made = shop.post(PATH, &bolt()).await.data();
    let (scopes, body) = told().await;
    assert_eq!(scopes, ["created"]);
    assert_eq!(body["data"], json!({"type": "product", "id": made["id"]}));
    shop.put(&format!("{PATH}/{}", made["id"]), &json!({"price": 1})).await;
    assert_eq!(told().await.0, ["updated"], "our own writes echo");
    let id = made["id"].as_u64().unwrap();
    assert!(shop.sim.edit_product(id, |product| product.description = "new".into()));
    assert_eq!(told().await.0, ["updated"]);
    assert!(shop.sim.edit_product(id, |product| product.inventory_tracking = Tracking::Product));
    told().await;
    assert!(shop.sim.delete_product(id));
    assert_eq!(told().await.0, ["deleted", "deleted"]);
}
