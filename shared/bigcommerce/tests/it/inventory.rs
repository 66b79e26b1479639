//! Stock by location (`docs/facts/bigcommerce.md` §6).

use connector_bigcommerce::{
    Batch, ItemRef, ItemsOf, LocationId, ProductId, StockLevel, StockSet, VariantId,
};
use connector_domain::Sku;
use connector_http::Class;
use test_case::test_case;
use wiremock::ResponseTemplate;
use wiremock::matchers::query_param;

use crate::support::{Store, get, json, refused};

const ABSOLUTE: &str = "v3/inventory/adjustments/absolute";

fn item(sku: &str, variant: u64) -> String {
    format!(
        r#"{{"identity":{{"sku":"{sku}","variant_id":{variant},"product_id":118,"sku_id":null}},"locations":[{{"location_id":1,"location_code":"BC-LOCATION-1","location_name":"Default location","location_enabled":true,"available_to_sell":95,"total_inventory_onhand":100,"settings":{{"safety_stock":5,"is_in_stock":true,"warning_level":10,"bin_picking_number":"A1"}}}}]}}"#
    )
}

fn listed(rows: &[String], page: u32, of: u32) -> ResponseTemplate {
    json(&format!(
        r#"{{"data":[{}],"meta":{{"pagination":{{"total":9,"count":1,"per_page":1,"current_page":{page},"total_pages":{of}}}}}}}"#,
        rows.join(",")
    ))
}

fn levels() -> [StockLevel; 3] {
    [
        StockLevel::new(LocationId(1), ItemRef::Product(ProductId(118)), 95),
        StockLevel::new(LocationId(1), ItemRef::Variant(VariantId(93)), 0),
        StockLevel::new(LocationId(2), ItemRef::Sku(Sku("HB-M8-40".to_owned())), u32::MAX),
    ]
}

async fn set(store: &Store) -> Result<StockSet, connector_http::CallError> {
    let levels = levels();
    store.client.inventory().set_absolute("ERP", Batch::of(&levels).unwrap(), store.deadline()).await
}

#[tokio::test]
async fn items_of_a_location_come_page_by_page_until_the_store_says_that_it_was_the_last() {
    let store = Store::start().await;
    let path = "v3/inventory/items";
    let page = |number: &str| get(path).and(query_param("page", number));
    page("1").respond_with(listed(&[item("A", 1)], 1, 2)).mount(&store.server).await;
    page("2").respond_with(listed(&[item("B", 2)], 2, 2)).mount(&store.server).await;
    let of = ItemsOf::Location(LocationId(1));
    let first = store.client.inventory().items(&of, 1, store.deadline()).await.unwrap();
    assert_eq!(first.next, Some(2));
    let found = &first.items[0];
    assert_eq!(
        (found.sku.0.as_str(), found.variant_id, found.product_id),
        ("A", VariantId(1), ProductId(118))
    );
    assert_eq!((found.stock[0].available_to_sell, found.stock[0].total_inventory_onhand), (95, 100));
    assert!(found.stock[0].location_enabled);
    let second = store.client.inventory().items(&of, 2, store.deadline()).await.unwrap();
    assert_eq!((second.items[0].sku.0.as_str(), second.next), ("B", None));
    assert_eq!(
        store.asked().await,
        [
            "GET /v3/inventory/items?location_id:in=1&page=1&limit=1000",
            "GET /v3/inventory/items?location_id:in=1&page=2&limit=1000"
        ]
    );
}

#[tokio::test]
async fn an_empty_page_is_the_end_where_the_store_counts_nothing() {
    let store = Store::start().await;
    store.get("v3/inventory/items", json(r#"{"data":[],"meta":{}}"#)).await;
    let of = ItemsOf::Variants(&[VariantId(1), VariantId(2)]);
    let page = store.client.inventory().items(&of, 3, store.deadline()).await.unwrap();
    assert_eq!((page.items.len(), page.next), (0, None));
    assert_eq!(store.asked().await, ["GET /v3/inventory/items?variant_id:in=1,2&page=3&limit=1000"]);
}

#[tokio::test]
async fn skus_are_compared_again_and_one_with_a_comma_is_not_asked_for() {
    let store = Store::start().await;
    let rows = [item("hb-m8-40", 93), item("something else", 94)];
    store.get("v3/inventory/items", listed(&rows, 1, 1)).await;
    let asked = ["HB-M8-40", "X 1/2", "A,B", ""].map(|sku| Sku(sku.to_owned()));
    let found = store.client.inventory().by_skus(&asked, store.deadline()).await.unwrap();
    assert_eq!(found.iter().map(|item| item.sku.0.as_str()).collect::<Vec<_>>(), ["hb-m8-40"]);
    let only = ["GET /v3/inventory/items?sku:in=HB-M8-40,X%201/2&page=1&limit=1000"];
    assert_eq!(store.asked().await, only);
}

#[tokio::test]
async fn many_skus_are_asked_for_in_addresses_of_a_length_that_servers_take() {
    let store = Store::start().await;
    store.get("v3/inventory/items", listed(&[], 1, 1)).await;
    let asked: Vec<Sku> = (0..300).map(|at| Sku(format!("PART-NUMBER-{at:08}"))).collect();
    assert!(store.client.inventory().by_skus(&asked, store.deadline()).await.unwrap().is_empty());
    let requests = store.asked().await;
    assert_eq!(requests.len(), 4);
    assert!(requests.iter().all(|line| line.len() <= 2_000));
    assert_eq!(requests.iter().map(|line| line.matches("PART-").count()).sum::<usize>(), 300);
}

#[tokio::test]
async fn levels_are_set_with_exactly_one_identity_each_and_never_above_the_maximum() {
    let store = Store::start().await;
    store.answers("PUT", ABSOLUTE, json(r#"{"transaction_id":"5f2c"}"#)).await;
    let done = set(&store).await.unwrap();
    assert_eq!(done, StockSet::Accepted { transaction: "5f2c".to_owned() });
    assert_eq!(
        store.said().await,
        r#"{"reason":"ERP","items":[{"location_id":1,"product_id":118,"quantity":95},{"location_id":1,"variant_id":93,"quantity":0},{"location_id":2,"sku":"HB-M8-40","quantity":2147483647}]}"#
    );
}

#[tokio::test]
async fn a_mismatch_with_how_a_product_is_tracked_is_a_refusal_with_the_stores_words() {
    let store = Store::start().await;
    let title = "[Item with variant_id 106 is tracked by product, please update stock by product id]";
    let body = format!(r#"{{"status":422,"title":"{title}","type":"x","errors":{{}}}}"#);
    let problem = ResponseTemplate::new(422).set_body_raw(body, "application/problem+json");
    store.answers("PUT", ABSOLUTE, problem).await;
    let StockSet::Refused(refusal) = set(&store).await.unwrap() else { panic!("it was not refused") };
    assert_eq!((refusal.status, refusal.words.as_str()), (422, title));
}

#[tokio::test]
async fn a_store_that_takes_fewer_rows_says_so() {
    let store = Store::start().await;
    store.answers("PUT", ABSOLUTE, refused(413, r#"{"status":413,"title":"too large"}"#)).await;
    assert_eq!(set(&store).await.unwrap(), StockSet::TooLarge("too large".to_owned()));
}

#[test_case(503, Class::Unavailable, 1; "it may have been applied, and orders came since")]
#[test_case(500, Class::ServerError, 1; "likewise")]
#[test_case(429, Class::Throttled, 4; "nothing happened")]
#[tokio::test]
async fn levels_of_which_the_answer_was_lost_are_not_sent_again(status: u16, class: Class, sent: usize) {
    let store = Store::start().await;
    store.answers("PUT", ABSOLUTE, ResponseTemplate::new(status)).await;
    let error = set(&store).await.unwrap_err();
    assert_eq!((error.class, store.asked().await.len()), (class, sent));
}

#[tokio::test]
async fn locations_are_read_and_the_default_one_is_told_by_a_filter() {
    let store = Store::start().await;
    let location = |id: u64| {
        format!(
            r#"{{"id":{id},"code":"MAIN-{id}","label":"Main","managed_by_external_source":true,"type_id":"PHYSICAL","enabled":true,"operating_hours":{{}},"storefront_visibility":true}}"#
        )
    };
    let path = "v3/inventory/locations";
    let one = get(path).and(query_param("is_default", "true"));
    one.respond_with(listed(&[location(1)], 1, 1)).mount(&store.server).await;
    store.get(path, listed(&[location(1), location(2)], 1, 1)).await;
    let found = store.client.inventory().locations(store.deadline()).await.unwrap();
    assert_eq!(
        found.iter().map(|at| (at.id.0, at.code.as_str())).collect::<Vec<_>>(),
        [(1, "MAIN-1"), (2, "MAIN-2")]
    );
    assert!(found[0].enabled && found[0].managed_by_external_source);
    let default = store.client.inventory().default_location(store.deadline()).await.unwrap();
    assert_eq!(default, Some(LocationId(1)));
    assert_eq!(
        store.asked().await,
        [
            "GET /v3/inventory/locations?page=1&limit=1000",
            "GET /v3/inventory/locations?is_default=true&page=1&limit=1000"
        ]
    );
}

#[tokio::test]
async fn a_store_that_ignores_the_filter_has_no_default_location_that_we_know() {
    let store = Store::start().await;
    let rows = [r#"{"id":1}"#.to_owned(), r#"{"id":2}"#.to_owned()];
    store.get("v3/inventory/locations", listed(&rows, 1, 1)).await;
    assert_eq!(store.client.inventory().default_location(store.deadline()).await.unwrap(), None);
}
