//! Bulk writes beside each other.

use std::sync::Arc;

use connector_simulators::{
    Pause,
    bigcommerce::{Bulk, Product, dec},
};
use serde_json::{Value, json};
use test_case::test_case;
use tokio::sync::{Notify, Semaphore};

use crate::shop::{Answer, Shop};

/// A 429 that says nothing of the quota.
fn is_bare(answer: &Answer) {
    assert_eq!(answer.v3_error(), (429, "Too many requests".to_owned()));
    assert_eq!(answer.json()["errors"], json!({}));
    let told = |name: &str| name.contains("rate") || name.contains("retry");
    assert!(!answer.headers.keys().any(|name| told(name.as_str())));
}

fn record() -> Value {
    json!([{"sku": "HB", "currency": "usd", "price": 1}])
}

#[tokio::test]
async fn a_second_upsert_of_price_records_is_refused_while_the_first_runs() {
    let (entered, gate) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
    let (tell, wait) = (Arc::clone(&entered), Arc::clone(&gate));
    let shop = Shop::with(|config| {
        config.bulk_pause = Pause::new(move || {
            let (tell, wait) = (Arc::clone(&tell), Arc::clone(&wait));
            Box::pin(async move {
                tell.notify_one();
                wait.acquire().await.unwrap().forget();
            })
        });
    })
    .await;
    shop.sim.add_product(Product::new("HB", "Bolt", dec("1"))).unwrap();
    let list = shop.sim.create_price_list("Wholesale").unwrap();
    let path = format!("v3/pricelists/{list}/records");
    let body = record();
    let second = async {
        entered.notified().await;
        let refused = shop.put(&path, &body).await;
        assert_eq!(shop.get(&path).await.status, 200, "reading is no bulk write");
        gate.add_permits(2);
        refused
    };
    let (first, second) = tokio::join!(shop.put(&path, &body), second);
    assert_eq!(first.status, 200);
    is_bare(&second);
    assert_eq!(shop.put(&path, &body).await.status, 200, "the first is done");
}

#[tokio::test]
async fn so_many_upserts_run_at_once_as_the_switch_says() {
    let shop = Shop::open().await;
    shop.sim.add_product(Product::new("HB", "Bolt", dec("1"))).unwrap();
    let list = shop.sim.create_price_list("Wholesale").unwrap();
    let path = format!("v3/pricelists/{list}/records");
    let other_app = shop.sim.occupy(Bulk::PriceRecords);
    is_bare(&shop.put(&path, &record()).await);
    assert_eq!(shop.sim.price_records(list), 0);
    shop.sim.change_habits(|habits| habits.price_record_writers = 2);
    assert_eq!(shop.put(&path, &record()).await.status, 200);
    shop.sim.change_habits(|habits| habits.price_record_writers = 1);
    drop(other_app);
    assert_eq!(shop.put(&path, &record()).await.status, 200);
}

#[test_case(Bulk::Catalog, "PUT", "v3/inventory/adjustments/absolute"; "absolute beside the catalogue")]
#[test_case(Bulk::Catalog, "POST", "v3/inventory/adjustments/relative"; "relative beside the catalogue")]
#[test_case(Bulk::Catalog, "PUT", "v3/inventory/locations/1/items"; "settings beside the catalogue")]
#[test_case(Bulk::Stock, "PUT", "v3/catalog/products"; "products beside stock")]
#[test_case(Bulk::Stock, "PUT", "v3/catalog/variants"; "variants beside stock")]
#[tokio::test]
async fn bulk_stock_and_bulk_catalogue_do_not_run_at_once(running: Bulk, method: &str, path: &str) {
    let shop = Shop::open().await;
    let body = if path.contains("catalog") { json!([]) } else { json!({"items": [], "settings": []}) };
    let send =
        async || if method == "PUT" { shop.put(path, &body).await } else { shop.post(path, &body).await };
    let other_app = shop.sim.occupy(running);
    is_bare(&send().await);
    shop.sim.change_habits(|habits| habits.bulk_beside_refused = false);
    assert_eq!(send().await.status, 200);
    shop.sim.change_habits(|habits| habits.bulk_beside_refused = true);
    drop(other_app);
    assert_eq!(send().await.status, 200);
}

#[tokio::test]
async fn single_writes_and_their_like_are_not_held_up() {
    let shop = Shop::open().await;
    let id = shop.sim.add_product(Product::new("HB", "Bolt", dec("1"))).unwrap();
    let _stock = shop.sim.occupy(Bulk::Stock);
    let one = shop.put(&format!("v3/catalog/products/{id}"), &json!({"price": 2})).await;
    assert_eq!(one.status, 200);
    let beside = shop.put("v3/inventory/adjustments/absolute", &json!({"items": []})).await;
    assert_eq!(beside.status, 200, "stock beside stock");
}
