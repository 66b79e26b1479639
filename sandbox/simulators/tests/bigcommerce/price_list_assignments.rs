//! Who gets a price list.

use serde_json::{Value, json};

use crate::shop::Shop;

const PATH: &str = "v3/pricelists/assignments";

#[tokio::test]
async fn lists_are_given_to_groups_and_channels() {
    let shop = Shop::open().await;
    let (a, b) = (shop.sim.create_price_list("A").unwrap(), shop.sim.create_price_list("B").unwrap());
    let row = |list: u64, group: u64, channel: u64| json!({"price_list_id": list, "customer_group_id": group, "channel_id": channel});
    let lists = async |query: &str| -> Vec<u64> {
        let rows = shop.get(&format!("{PATH}?{query}")).await.data();
        rows.as_array().unwrap().iter().map(|row| row["price_list_id"].as_u64().unwrap()).collect()
    };
    assert_eq!(shop.post(PATH, &json!([row(a, 4, 1), row(b, 5, 1), row(b, 5, 0)])).await.status, 200);
    assert_eq!(lists("").await, [a, b, b]);
    assert_eq!(lists("customer_group_id=4").await, [a]);
    assert_eq!(lists("channel_id:in=1,2&price_list_id:in=2").await, [b]);
    assert_eq!(lists("id=1").await, [a]);

    let bad = shop.post(PATH, &json!([row(a, 6, 1), row(9, 7, 1), row(b, 4, 1), row(a, 0, 0)])).await;
    assert_eq!(bad.v3_error().0, 422);
    assert_eq!(bad.json()["meta"]["saved_records"], 1);
    assert_eq!(bad.json()["errors"].as_object().unwrap().len(), 3);
    assert_eq!(lists("customer_group_id=6").await, [a]);
    assert_eq!(shop.post(PATH, &Value::from(vec![row(a, 8, 1); 26])).await.v3_error().0, 413);

    let path = format!("v3/pricelists/{b}/assignments");
    let put = shop.put(&path, &json!({"customer_group_id": 4, "channel_id": 1})).await.data();
    assert_eq!((&put["price_list_id"], &put["id"]), (&b.into(), &1.into()), "the pair has one list");
    assert_eq!(lists("customer_group_id=4").await, [b]);
    let none = json!({"customer_group_id": 0, "channel_id": 0});
    assert_eq!(shop.put(&path, &none).await.v3_error().0, 404);
    assert_eq!(shop.put("v3/pricelists/9/assignments", &none).await.v3_error().0, 404);

    assert_eq!(shop.delete(PATH).await.v3_error().0, 422, "all of them are never meant");
    assert_eq!(shop.delete(&format!("{PATH}?customer_group_id=5")).await.status, 204);
    assert_eq!(lists("").await, [b, a]);
    assert_eq!(shop.delete(&format!("v3/pricelists/{a}")).await.status, 204);
    assert_eq!(lists("").await, [b], "they go with the list");
}
