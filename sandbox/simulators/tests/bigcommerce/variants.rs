//! Variants.

use connector_simulators::bigcommerce::{Product, Tracking, dec};
use serde_json::{Value, json};
use test_case::test_case;

use crate::shop::Shop;

async fn gloves() -> (Shop, Product) {
    let shop = Shop::open().await;
    let gloves = Product::new("GL", "Gloves", dec("5"))
        .variant("GL-M", "Size", "M")
        .variant("GL-L", "Size", "L")
        .tracked(Tracking::Variant);
    let id = shop.sim.add_product(gloves).unwrap();
    let product = shop.sim.product(id).unwrap();
    (shop, product)
}

#[tokio::test]
async fn variants_come_with_the_product_and_their_options_get_ids() {
    let shop = Shop::open().await;
    let option = |label: &str| json!([{"option_display_name": "Size", "label": label}]);
    let body = json!({
        "name": "Gloves", "type": "physical", "weight": 1, "price": 5, "sale_price": 4,
        "variants": [
            {"sku": "GL-M", "option_values": option("M")},
            {"sku": "GL-L", "option_values": option("L"), "price": 6},
        ],
    });
    let made = shop.post("v3/catalog/products?include=variants", &body).await.data();
    assert_eq!(made["base_variant_id"], Value::Null);
    let (m, l) = (&made["variants"][0], &made["variants"][1]);
    assert_eq!(
        (&m["price"], &m["calculated_price"]),
        (&Value::Null, &json!(4)),
        "null is the product's price"
    );
    assert_eq!((&l["price"], &l["calculated_price"]), (&json!(6), &json!(4)));
    assert!(m["sku_id"].is_u64());
    let (m, l) = (&m["option_values"][0], &l["option_values"][0]);
    assert_eq!((&m["label"], &m["option_display_name"]), (&"M".into(), &"Size".into()));
    assert_eq!(m["option_id"], l["option_id"]);
    assert_ne!(m["id"], l["id"]);
    let mut twice = body.clone();
    (twice["name"], twice["variants"][0]["sku"]) = ("Other".into(), "new-1".into());
    twice["variants"][1]["sku"] = "NEW-1".into();
    assert_eq!(shop.post("v3/catalog/products", &twice).await.status, 409);
    twice["variants"][1] = json!({"sku": "X"});
    assert_eq!(shop.post("v3/catalog/products", &twice).await.v3_error().1, "Missing Required Fields");
}

#[tokio::test]
async fn a_base_variant_is_the_simple_product_itself() {
    let shop = Shop::open().await;
    let id = shop.sim.add_product(Product::new("HB", "Bolt", dec("1.5"))).unwrap();
    let found = shop.get("v3/catalog/variants?sku=HB").await.data();
    let base = &found[0];
    assert_eq!((&base["product_id"], &base["sku_id"]), (&id.into(), &Value::Null));
    assert_eq!((&base["option_values"], &base["calculated_price"]), (&json!([]), &json!(1.5)));
    assert_eq!(base["id"], shop.get(&format!("v3/catalog/products/{id}")).await.data()["base_variant_id"]);
    let path = format!("v3/catalog/products/{id}/variants/{}", base["id"]);
    assert_eq!(shop.put(&path, &json!({"sku": "HB-NEW"})).await.data()["sku"], "HB-NEW");
    assert_eq!(shop.sim.product(id).unwrap().sku, "HB-NEW", "it has the product's sku");
    let option = json!([{"option_display_name": "Size", "label": "M8"}]);
    let body = json!({"sku": "HB-M8", "option_values": option});
    let made = shop.post(&format!("v3/catalog/products/{id}/variants"), &body).await.data();
    assert_eq!(shop.get(&format!("v3/catalog/products/{id}")).await.data()["base_variant_id"], Value::Null);
    assert_eq!(shop.get("v3/catalog/variants?product_id:in=".to_owned().as_str()).await.status, 422);
    let of_product = shop.get(&format!("v3/catalog/products/{id}/variants")).await.data();
    assert_eq!(of_product.as_array().unwrap().len(), 1, "the base variant is gone");
    assert_eq!(of_product[0]["id"], made["id"]);
}

#[tokio::test]
async fn variants_are_listed_by_sku_product_and_page() {
    let (shop, gloves) = gloves().await;
    let other = shop.sim.add_product(Product::new("HB", "Bolt", dec("1"))).unwrap();
    let skus = async |query: &str| -> Vec<String> {
        let rows = shop.get(&format!("v3/catalog/variants?{query}")).await.data();
        rows.as_array().unwrap().iter().map(|row| row["sku"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(skus("").await, ["GL-M", "GL-L", "HB"]);
    assert_eq!(skus("sku=gl-l").await, ["GL-L"]);
    assert_eq!(skus("sku=GL").await, [""; 0], "the product's own sku is no variant's");
    assert_eq!(skus(&format!("product_id:in={},{other}", gloves.id)).await.len(), 3);
    assert_eq!(skus(&format!("product_id:in={other}")).await, ["HB"]);
    assert_eq!(skus(&format!("id={}", gloves.variants[1].id)).await, ["GL-L"]);
    assert_eq!(skus("limit=2&page=2").await, ["HB"]);
    assert_eq!(shop.get("v3/catalog/variants?sku:in=HB").await.status, 422, "there is no such filter");
}

#[tokio::test]
async fn one_variant_is_read_and_changed() {
    let (shop, gloves) = gloves().await;
    let path = format!("v3/catalog/products/{}/variants/{}", gloves.id, gloves.variants[0].id);
    assert_eq!(shop.get(&path).await.data()["price"], Value::Null);
    assert_eq!(
        shop.put(&path, &json!({"price": 4.25, "inventory_level": 3})).await.data()["inventory_level"],
        3
    );
    assert_eq!(shop.get(&path).await.data()["price"], json!(4.25));
    assert_eq!(shop.put(&path, &json!({"price": null})).await.data()["calculated_price"], json!(5));
    assert_eq!(shop.put(&path, &json!({"inventory_level": -1})).await.status, 207);
    assert_eq!(shop.put(&path, &json!({"sku": "gl-L"})).await.status, 409);
    assert_eq!(shop.put(&path, &json!({"prize": 1})).await.status, 422);
    assert_eq!(shop.get(&format!("v3/catalog/products/{}/variants/7", gloves.id)).await.status, 404);
    assert_eq!(shop.get("v3/catalog/products/7/variants").await.status, 404);
}

#[tokio::test]
async fn variants_are_changed_and_added_in_a_batch() {
    let (shop, gloves) = gloves().await;
    let known = &gloves.variants[0].option_values[0];
    let rows = json!([
        {"id": gloves.variants[0].id, "price": 15.67, "upc": "0123456789012"},
        {"id": gloves.variants[1].id, "price": 16.2, "inventory_level": 4},
        {"product_id": gloves.id, "sku": "GL-X", "option_values": [{"id": known.id, "option_id": known.option_id}]},
    ]);
    let done = shop.put("v3/catalog/variants", &rows).await.data();
    assert_eq!((&done[0]["price"], &done[0]["upc"]), (&json!(15.67), &"0123456789012".into()));
    assert_eq!(done[1]["inventory_level"], 4);
    assert_eq!((&done[2]["sku"], &done[2]["option_values"][0]["label"]), (&"GL-X".into(), &"M".into()));
    assert_eq!(shop.sim.product(gloves.id).unwrap().variants.len(), 3);
}

#[test_case(&json!({"id": 7, "price": 1}), 404; "an unknown variant")]
#[test_case(&json!({"product_id": 7, "sku": "X", "option_values": [{"id": 1, "option_id": 1}]}), 404; "an unknown product")]
#[test_case(&json!({"price": 1}), 422; "neither id nor product")]
#[test_case(&json!({"id": 5_000_002, "price": "1"}), 422; "a price as text")]
#[test_case(&json!({"id": 5_000_002, "sku": "gl-m"}), 409; "a sku twice")]
#[test_case(&json!({"id": 5_000_002, "inventory_level": -1}), 422; "a negative stock")]
#[tokio::test]
async fn one_bad_variant_keeps_all_of_them_back(bad: &Value, status: u16) {
    let (shop, gloves) = gloves().await;
    assert_eq!(gloves.variants[1].id, 5_000_002);
    let rows = json!([{"id": gloves.variants[0].id, "price": 9}, bad]);
    let refused = shop.put("v3/catalog/variants", &rows).await;
    assert_eq!(refused.status, 422);
    let errors = refused.json()["batch_errors"].clone();
    assert_eq!((errors.as_array().unwrap().len(), &errors[0]["status"]), (1, &status.into()));
    assert!(errors[0]["title"].is_string());
    assert_eq!(shop.sim.product(gloves.id).unwrap().variants[0].price, None);
}

#[tokio::test]
async fn fifty_one_variants_are_too_many() {
    let shop = Shop::open().await;
    let rows = (0..51).map(|id| json!({"id": id})).collect::<Value>();
    let title = "The request payload is too large. The maximum items allowed in the array is 50";
    assert_eq!(shop.put("v3/catalog/variants", &rows).await.v3_error(), (413, title.to_owned()));
}
