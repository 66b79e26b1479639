//! Customers, the store itself, and who may ask.

use connector_simulators::bigcommerce::{BigCommerceSeed, Customer};
use serde_json::json;
use test_case::test_case;

use crate::shop::{Shop, answer};

#[tokio::test]
async fn customers_are_found_by_id_in_a_v3_envelope() {
    let shop = Shop::open().await;
    for name in ["Ada", "Zoë", "Renée"] {
        shop.sim.add_customer(Customer::new(name, "Lane", &format!("{name}@example.com")));
    }
    let found = shop.get("v3/customers?id:in=2,3").await.json();
    assert_eq!(found["data"][0]["first_name"], "Zoë");
    assert_eq!(found["data"][0]["date_created"], "2026-03-31T21:40:11Z");
    assert_eq!(found["meta"]["pagination"]["total"], 2);
    let pages = shop.get("v3/customers?limit=2").await.json();
    let pagination = &pages["meta"]["pagination"];
    assert_eq!((&pagination["count"], &pagination["total_pages"]), (&2.into(), &2.into()));
    assert_eq!(pagination["links"]["next"], "?page=2&limit=2");
    assert!(pagination["links"].get("previous").is_none());
    let past = shop.get("v3/customers?page=9").await;
    assert_eq!((past.status, &past.json()["data"]), (200, &json!([])));
    assert_eq!(shop.get("v3/customers?id:in=99").await.json()["data"], json!([]));
    let by_mail = shop.get("v3/customers?email:in=ada%40example.com").await.json();
    assert_eq!(by_mail["data"][0]["id"], 1);
    assert_eq!(shop.get("v3/customers?limit=999").await.json()["meta"]["pagination"]["per_page"], 250);
}

#[test_case("v3/customers?id=1", 422; "a filter that does not exist")]
#[test_case("v3/customers?id:in=one", 422; "an id that is no number")]
#[test_case("v3/customers?include=addresses", 501; "a documented part that is not simulated")]
#[test_case("v3/customers/1", 404; "there is no reading by id")]
#[test_case("v9/anything", 404; "no such version")]
#[tokio::test]
async fn v3_refuses_with_an_object(path: &str, status: u16) {
    let shop = Shop::open().await;
    let refused = shop.get(path).await;
    assert_eq!(refused.status, status);
    assert_eq!(refused.json()["status"], status);
    assert!(refused.json()["title"].is_string());
}

#[tokio::test]
async fn a_wrong_token_and_a_wrong_store_are_refused_alike() {
    let shop = Shop::open().await;
    for (path, token) in [
        ("stores/abc123/v2/orders", Some("wrong")),
        ("stores/abc123/v2/orders", None),
        ("stores/other/v2/orders", Some("simulated-access-token-93d2ab")),
        ("stores/abc123/v3/customers", None),
    ] {
        let request = shop.bare("GET", path);
        let request = match token {
            Some(token) => request.header("X-Auth-Token", token),
            None => request,
        };
        let refused = answer(request).await.unwrap();
        assert_eq!(refused.status, 401);
        let title = refused.json()["title"].as_str().unwrap().to_owned();
        assert!(title.starts_with("Unauthorized - the v3 Auth client ID or token"), "{title}");
        assert!(refused.headers.contains_key("x-rate-limit-requests-left"));
    }
}

#[tokio::test]
async fn unknown_routes_say_so_and_the_clock_can_be_asked() {
    let shop = Shop::open().await;
    assert_eq!(shop.get("v2/nothing").await.json()["title"], "The route is not found, check the URL");
    assert_eq!(answer(shop.bare("GET", "else")).await.unwrap().status, 404);
    assert_eq!(shop.get("v2/time").await.json(), json!({"time": 1_774_993_211}));
    let store = shop.get("v2/store").await.json();
    assert_eq!((&store["id"], &store["store_id"]), (&"abc123".into(), &1_025_646.into()));
}

#[tokio::test]
async fn the_default_seed_fills_the_store_and_tells_its_personal_strings() {
    let shop = Shop::open().await;
    let orders = shop.sim.load(BigCommerceSeed::distributor());
    assert_eq!(orders, shop.sim.order_ids());
    assert_eq!(shop.get("v3/customers").await.json()["meta"]["pagination"]["total"], 3);
    let personal = shop.sim.personal_strings();
    for known in
        ["Øystein", "joaquin@cafe-ibanez.example.com", "8 Zeppelinweg", "Please ring the bell twice 🔔"]
    {
        assert!(personal.iter().any(|text| text == known), "{known}");
    }
    assert!(personal.iter().any(|text| text.chars().count() > 50));
}
