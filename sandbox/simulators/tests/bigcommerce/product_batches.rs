//! Products in batches.

use connector_simulators::bigcommerce::{Product, dec};
use serde_json::{Value, json};

use crate::shop::{Receiver, Shop};

const PATH: &str = "v3/catalog/products";

async fn stocked(count: u64) -> (Shop, Vec<u64>) {
    let shop = Shop::open().await;
    let product = |n| Product::new(&format!("SKU-{n}"), &format!("Part {n}"), dec("1"));
    let ids = (0..count).map(|n| shop.sim.add_product(product(n)).unwrap()).collect();
    (shop, ids)
}

#[tokio::test]
async fn ten_products_are_changed_at_once_and_eleven_are_too_many() {
    let (shop, ids) = stocked(11).await;
    let rows = |n: usize| ids.iter().take(n).map(|id| json!({"id": id, "price": 2.5})).collect::<Value>();
    let done = shop.put(&format!("{PATH}?include_fields=price"), &rows(10)).await.data();
    assert_eq!(done.as_array().unwrap().len(), 10);
    assert_eq!(done[9], json!({"id": ids[9], "price": 2.5}));
    let refused = shop.put(PATH, &rows(11)).await;
    let title = "The request payload is too large. The maximum items allowed in the array is 10.";
    assert_eq!(refused.v3_error(), (413, title.to_owned()));
    assert_eq!(shop.sim.product(ids[10]).unwrap().price, dec("1"));
}

#[tokio::test]
async fn a_batch_is_saved_whole_or_not_at_all() {
    let (shop, ids) = stocked(3).await;
    let receiver = Receiver::listen().await;
    shop.sim.add_hook("store/product/*", &receiver.url(), &[]);
    let bad = [
        (json!({"id": 77, "price": 2}), 404),
        (json!({"id": ids[1], "name": "part 2"}), 409),
        (json!({"id": ids[1], "price": "2"}), 422),
        (json!({"name": "no id", "price": 2}), 422),
        (json!({"id": ids[0], "price": 3}), 422),
    ];
    for (row, status) in bad {
        let refused = shop.put(PATH, &json!([{"id": ids[0], "name": "New", "price": 2}, row])).await;
        assert_eq!(refused.v3_error().0, status, "{row}");
        assert_eq!(shop.sim.product(ids[0]).unwrap().name, "Part 0", "{row}");
        assert_eq!(shop.sim.product(ids[0]).unwrap().price, dec("1"), "{row}");
    }
    assert_eq!(shop.sim.pending_deliveries(), 0, "nothing happened");
    let taken = shop.sim.add_product(Product::new("N", "New", dec("1")));
    assert!(taken.is_some(), "the name that was rolled back is free");
}

#[tokio::test]
async fn an_element_without_an_id_is_looked_at_as_a_new_product() {
    let (shop, _) = stocked(1).await;
    let refused = shop.put(PATH, &json!([{"sku": "X", "price": 2}])).await;
    assert_eq!(refused.v3_error(), (422, "Missing Required Fields".to_owned()));
    assert_eq!(refused.json()["errors"]["name"], "Please provide a name.");
}
