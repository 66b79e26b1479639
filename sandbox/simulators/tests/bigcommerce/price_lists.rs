//! Price lists.

use serde_json::json;

use crate::shop::Shop;

const PATH: &str = "v3/pricelists";

#[tokio::test]
async fn a_list_is_made_read_changed_and_deleted() {
    let shop = Shop::open().await;
    let made = shop.post(PATH, &json!({"name": "Wholesale"})).await.data();
    let stamp = "2026-03-31T21:40:11Z";
    let expected = json!({"id": made["id"], "name": "Wholesale", "active": true, "date_created": stamp, "date_modified": stamp});
    assert_eq!(made, expected);
    let path = format!("{PATH}/{}", made["id"]);
    assert_eq!(shop.get(&path).await.data(), made);
    shop.hands.advance(jiff::SignedDuration::from_secs(60));
    let changed = shop.put(&path, &json!({"active": false})).await.data();
    assert_eq!((&changed["active"], &changed["name"]), (&false.into(), &"Wholesale".into()));
    assert_eq!(changed["date_modified"], "2026-03-31T21:41:11Z");
    assert_eq!(shop.delete(&path).await.status, 204);
    assert_eq!(shop.get(&path).await.v3_error().0, 404);
    assert_eq!(shop.put(&path, &json!({"active": true})).await.v3_error().0, 404);
}

#[tokio::test]
async fn a_list_needs_a_name_of_its_own() {
    let shop = Shop::open().await;
    assert_eq!(shop.post(PATH, &json!({"active": true})).await.v3_error().0, 422);
    assert_eq!(shop.post(PATH, &json!({"name": " "})).await.v3_error().0, 422);
    assert_eq!(shop.post(PATH, &json!({"name": "A", "nome": "B"})).await.v3_error().0, 422);
    let first = shop.sim.create_price_list("Wholesale").unwrap();
    assert_eq!(shop.post(PATH, &json!({"name": "wholesale"})).await.v3_error().0, 409);
    assert_eq!(shop.sim.create_price_list("WHOLESALE"), None);
    let other = shop.sim.create_price_list("Retail").unwrap();
    assert_eq!(shop.put(&format!("{PATH}/{other}"), &json!({"name": "Wholesale"})).await.v3_error().0, 409);
    assert_eq!(shop.put(&format!("{PATH}/{first}"), &json!({"name": "Wholesale"})).await.status, 200);
}

#[tokio::test]
async fn lists_are_listed_by_page_and_by_cursor() {
    let shop = Shop::open().await;
    for name in ["A", "B", "C"] {
        shop.sim.create_price_list(name).unwrap();
    }
    let first = shop.get(&format!("{PATH}?limit=2")).await.json();
    assert_eq!((&first["data"][0]["name"], &first["data"][1]["name"]), (&"A".into(), &"B".into()));
    assert_eq!(first["meta"]["pagination"]["total"], 3);
    let next = first["meta"]["cursor_pagination"]["end_cursor"].as_str().unwrap();
    let second = shop.get(&format!("{PATH}?limit=2&after={next}")).await.json();
    assert_eq!((&second["data"][0]["name"], second["data"].as_array().unwrap().len()), (&"C".into(), 1));
    assert!(second["meta"].get("pagination").is_none());
    assert!(second["meta"]["cursor_pagination"]["links"].get("next").is_none());
    let start = second["meta"]["cursor_pagination"]["start_cursor"].as_str().unwrap();
    let back = shop.get(&format!("{PATH}?limit=1&before={start}")).await.json();
    assert_eq!(back["data"][0]["name"], "B");
    let by_page = shop.get(&format!("{PATH}?limit=2&page=2")).await.json();
    assert_eq!((&by_page["data"][0]["name"], by_page["meta"].get("cursor_pagination")), (&"C".into(), None));
    assert_eq!(shop.get(&format!("{PATH}?page=2&after={next}")).await.status, 422, "one or the other");
    assert_eq!(shop.get(&format!("{PATH}?after=zz")).await.status, 422);
    assert_eq!(shop.get(&format!("{PATH}?name=C")).await.data()[0]["id"], 3);
    assert_eq!(shop.get(&format!("{PATH}?id:in=2,9")).await.data()[0]["name"], "B");
}
