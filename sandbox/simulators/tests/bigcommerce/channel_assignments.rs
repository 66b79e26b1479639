//! Which channels a product is sold in.

use connector_simulators::bigcommerce::{Product, dec};
use serde_json::{Value, json};

use crate::shop::Shop;

const PATH: &str = "v3/catalog/products/channel-assignments";

#[tokio::test]
async fn products_are_assigned_to_channels_listed_and_taken_away() {
    let shop = Shop::open().await;
    let product = |n: u32| Product::new(&format!("S{n}"), &format!("P{n}"), dec("1"));
    let (a, b) = (shop.sim.add_product(product(1)).unwrap(), shop.sim.add_product(product(2)).unwrap());
    let pair = |product: u64, channel: u64| json!({"product_id": product, "channel_id": channel});
    let list = async |query: &str| shop.get(&format!("{PATH}?{query}")).await.data();
    assert_eq!(list("").await, json!([]), "a new product is sold nowhere");

    let done = shop.put(PATH, &json!([pair(a, 1), pair(b, 1), pair(a, 2), pair(a, 1)])).await;
    assert_eq!((done.status, done.text.as_str()), (204, ""));
    assert_eq!(list("").await, json!([pair(a, 1), pair(a, 2), pair(b, 1)]));
    assert_eq!(list(&format!("product_id:in={b}")).await, json!([pair(b, 1)]));
    assert_eq!(list("channel_id:in=2,3").await, json!([pair(a, 2)]));
    let shown = shop.get("v3/catalog/products?channel_id:in=2&include=channels").await.data();
    assert_eq!((&shown[0]["id"], &shown[0]["channels"]), (&a.into(), &json!([1, 2])));

    let refused = shop.put(PATH, &json!([pair(b, 2), pair(7, 1)])).await;
    assert_eq!(refused.v3_error().0, 422);
    assert_eq!(list("channel_id:in=2").await, json!([pair(a, 2)]), "nothing of it was saved");
    assert_eq!(shop.delete(PATH).await.v3_error().0, 422, "all of them are never meant");
    assert_eq!(shop.delete(&format!("{PATH}?product_id:in={a}&channel_id:in=1")).await.status, 204);
    assert_eq!(list("").await, Value::Array(vec![pair(a, 2), pair(b, 1)]));
}
