//! Listing orders from a number and a date on, while they change.

use jiff::SignedDuration;
use serde_json::Value;

use crate::shop::{Shop, small_order};

async fn ids(shop: &Shop, query: &str) -> Vec<u64> {
    let answer = shop.get(&format!("v2/orders?{query}")).await;
    if answer.status == 204 {
        return Vec::new();
    }
    answer.json().as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn skipped_numbers_are_no_orders() {
    let shop = Shop::open().await;
    assert_eq!(shop.sim.place_order(small_order()), 100);
    assert_eq!(shop.sim.skip_order_ids(3), 101..104);
    assert_eq!(shop.sim.place_order(small_order()), 104);
    for gap in 101..104 {
        assert_eq!(shop.get(&format!("v2/orders/{gap}")).await.status, 404);
    }
    assert_eq!(ids(&shop, "min_id=101&sort=id:asc").await, [104]);
}

#[tokio::test]
async fn number_date_sort_and_page_are_one_filter() {
    let shop = Shop::open().await;
    for _ in 0..8 {
        shop.sim.place_order(small_order());
    }
    shop.hands.advance(SignedDuration::from_secs(60));
    for id in [107, 101, 103, 105] {
        shop.sim.update_order(id, |order| order.status_id = 10);
    }
    shop.sim.update_order(106, |order| order.is_deleted = true);
    let since = "min_date_modified=2026-03-31T21:41:11Z&sort=id:asc";
    assert_eq!(ids(&shop, since).await, [101, 103, 105, 107], "the archived one is not listed");
    assert_eq!(ids(&shop, &format!("min_id=103&{since}")).await, [103, 105, 107], "the number is inclusive");
    assert_eq!(ids(&shop, &format!("min_id=102&{since}&limit=2")).await, [103, 105]);
    assert_eq!(ids(&shop, &format!("min_id=102&{since}&limit=2&page=2")).await, [107]);
    assert!(ids(&shop, &format!("min_id=102&{since}&limit=2&page=3")).await.is_empty());
    assert!(ids(&shop, &format!("min_id=108&{since}")).await.is_empty());
    let archived = shop.get("v2/orders/106").await.json();
    assert_eq!(archived["is_deleted"], true, "by its number it is read");
}

#[tokio::test]
async fn dates_are_compared_by_the_second_that_the_wire_shows() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    assert_eq!(
        shop.get(&format!("v2/orders/{id}")).await.json()["date_modified"],
        "Tue, 31 Mar 2026 21:40:11 +0000"
    );
    for at in
        ["2026-03-31T21:40:11Z", "2026-03-31T21:40:11.789Z", "Tue,%2031%20Mar%202026%2021:40:11%20%2B0000"]
    {
        assert_eq!(ids(&shop, &format!("min_date_modified={at}")).await, [id], "{at}");
        assert_eq!(ids(&shop, &format!("max_date_modified={at}")).await, [id], "{at}");
    }
    assert!(ids(&shop, "min_date_modified=2026-03-31T21:40:12Z").await.is_empty());
}

#[tokio::test]
async fn orders_may_change_between_two_pages() {
    let shop = Shop::open().await;
    for _ in 0..4 {
        shop.sim.place_order(small_order());
    }
    let office = shop.sim.back_office();
    shop.sim.on_request(move |asked| {
        if asked.contains("page=2") {
            assert!(office.update_order(100, |order| order.is_deleted = true));
            assert_eq!(office.place_order(small_order()), Some(104));
        }
    });
    assert_eq!(ids(&shop, "sort=id:asc&limit=2&page=1").await, [100, 101]);
    assert_eq!(ids(&shop, "sort=id:asc&limit=2&page=2").await, [103, 104], "102 slipped onto the first page");
}

#[tokio::test]
async fn a_watcher_is_told_the_path_and_query_of_each_request() {
    let shop = Shop::open().await;
    let asked = std::sync::Arc::new(parking_lot::Mutex::new(Vec::new()));
    let kept = std::sync::Arc::clone(&asked);
    shop.sim.on_request(move |path| kept.lock().push(path.to_owned()));
    shop.get("v2/orders?min_id=7").await;
    shop.put("v2/orders/1", &Value::Null).await;
    assert_eq!(*asked.lock(), ["/stores/abc123/v2/orders?min_id=7", "/stores/abc123/v2/orders/1"]);
}
