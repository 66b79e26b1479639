//! Reading orders.

use connector_simulators::bigcommerce::{Address, FeesShape, Kind, NewLine, NewOrder, dec};
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::Value;
use test_case::test_case;

use crate::shop::{Shop, answer, small_order};

fn amount(value: &Value) -> Decimal {
    let text = value.as_str().expect("v2 money is a string");
    assert_eq!(text.split_once('.').unwrap().1.len(), 4, "four decimals: {text}");
    text.parse().unwrap()
}

fn ids(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn an_order_is_shown_with_the_documented_scalars() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order().shipping("UPS Ground", dec("11.09")));
    let order = shop.get(&format!("v2/orders/{id}")).await.json();

    assert_eq!(order["date_created"], "Tue, 31 Mar 2026 21:40:11 +0000");
    assert_eq!(order["date_shipped"], "");
    assert_eq!((&order["status_id"], &order["status"]), (&11.into(), &"Awaiting Fulfillment".into()));
    assert_eq!(order["subtotal_ex_tax"], "62.6800");
    assert_eq!(order["subtotal_tax"], "5.1700");
    assert_eq!(order["shipping_cost_ex_tax"], "11.0900");
    assert_eq!(order["currency_exchange_rate"], "1.0000000000");
    assert_eq!(order["items_total"], 4);
    assert_eq!(order["external_order_id"], "");
    assert_eq!(order["billing_address"]["state"], "Texas");
    assert_eq!(order["billing_address"]["form_fields"], serde_json::json!([]));
    for absent in ["external_id", "external_merchant_id", "credit_card_type"] {
        assert!(order.get(absent).is_some_and(Value::is_null), "{absent} is null");
    }
    assert_eq!(order["shipping_addresses"]["resource"], format!("/orders/{id}/shippingaddresses"));
    assert!(
        order["products"]["url"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/stores/abc123/v2/orders/{id}/products"))
    );
    assert_eq!(shop.sim.order(id), Some(order));
}

#[tokio::test]
async fn totals_and_applied_discounts_agree_over_the_wire() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(
        small_order()
            .line("B", 3, dec("2.3333"))
            .percent_off("TEN", dec("10"))
            .manual_discount(dec("3.33"))
            .shipping("UPS Ground", dec("11.09"))
            .handling(dec("1.50"))
            .wrapping(dec("2.00"))
            .fee("Package Protection", dec("0.98")),
    );
    let order = shop.get(&format!("v2/orders/{id}")).await.json();
    let lines = shop.get(&format!("v2/orders/{id}/products")).await.json();
    let fees = shop.get(&format!("v2/orders/{id}/fees")).await.json();

    let applied: Decimal = lines
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|line| line["applied_discounts"].as_array().unwrap())
        .map(|discount| amount(&discount["amount"]))
        .sum();
    let (coupon, by_hand) = (amount(&order["coupon_discount"]), amount(&order["discount_amount"]));
    assert_eq!(applied, coupon + by_hand);
    let subtotal: Decimal = lines.as_array().unwrap().iter().map(|line| amount(&line["total_ex_tax"])).sum();
    assert_eq!(subtotal, amount(&order["subtotal_ex_tax"]));
    let charges: Decimal = ["shipping_cost_ex_tax", "handling_cost_ex_tax", "wrapping_cost_ex_tax"]
        .iter()
        .map(|name| amount(&order[name]))
        .chain([amount(&fees[0]["cost_ex_tax"])])
        .sum();
    assert_eq!(amount(&order["total_ex_tax"]), subtotal - coupon - by_hand + charges);
    assert_eq!(amount(&order["total_inc_tax"]), amount(&order["total_ex_tax"]) + amount(&order["total_tax"]));
    assert_eq!(lines[0]["applied_discounts"][0]["code"], "TEN");
    assert_eq!(lines[0]["applied_discounts"][1]["name"], "Manual Discount");
    assert!(lines[0]["applied_discounts"][1]["code"].is_null());
    assert_eq!(lines[0]["wrapping_cost_ex_tax"], "2.0000");

    let coupons = shop.get(&format!("v2/orders/{id}/coupons")).await;
    assert!(coupons.text.contains("\"discount\":6.97"), "a number: {}", coupons.text);
    let coupons = coupons.json();
    assert_eq!((&coupons[0]["type"], &coupons[0]["amount"]), (&1.into(), &"10.0000".into()));
}

#[tokio::test]
async fn a_hundred_and_twenty_lines_come_in_pages_that_end_with_204() {
    let shop = Shop::open().await;
    let order = (0..120).fold(small_order(), |order, n| order.line(&format!("SKU-{n}"), 1, dec("1.00")));
    let id = shop.sim.place_order(order);
    let path = |page: u32, limit: u32| format!("v2/orders/{id}/products?page={page}&limit={limit}");

    assert_eq!(shop.get(&format!("v2/orders/{id}/products")).await.json().as_array().unwrap().len(), 50);
    assert_eq!(shop.get(&path(1, 250)).await.json().as_array().unwrap().len(), 121);
    assert_eq!(shop.get(&path(2, 100)).await.json().as_array().unwrap().len(), 21);
    let past = shop.get(&path(3, 100)).await;
    assert_eq!((past.status, past.text.as_str()), (204, ""));
}

#[tokio::test]
async fn a_clamping_store_gives_fifty_whatever_was_asked() {
    let shop = Shop::with(|config| config.page_clamp = Some(50)).await;
    let order = (0..119).fold(small_order(), |order, n| order.line(&format!("SKU-{n}"), 1, dec("1.00")));
    let id = shop.sim.place_order(order);
    let mut seen = Vec::new();
    for (page, rows) in [(1, 50), (2, 50), (3, 20)] {
        let list = shop.get(&format!("v2/orders/{id}/products?page={page}&limit=250")).await.json();
        assert_eq!(list.as_array().unwrap().len(), rows);
        seen.extend(ids(&list));
    }
    seen.dedup();
    assert_eq!(seen.len(), 120);
    assert_eq!(shop.get(&format!("v2/orders/{id}/products?page=4&limit=250")).await.status, 204);
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_empty_as_204() {
    let shop = Shop::open().await;
    assert_eq!(shop.get("v2/orders").await.status, 204);
    let first = shop.sim.place_order(small_order());
    shop.hands.advance(SignedDuration::from_secs(60));
    let second = shop.sim.place_order(small_order().status(7).channel(2));
    shop.hands.advance(SignedDuration::from_secs(60));
    assert!(shop.sim.update_order(first, |order| order.external_order_id = "SO-1".to_owned()));

    let list = async |query: &str| ids(&shop.get(&format!("v2/orders?{query}")).await.json());
    assert_eq!(list("").await, [first, second]);
    assert_eq!(list("sort=date_modified:asc").await, [second, first]);
    assert_eq!(list("sort=id:desc&limit=1").await, [second]);
    assert_eq!(list("sort=id:asc&limit=1&page=2").await, [second]);
    assert_eq!(list("min_date_modified=2026-03-31T21:42:11Z").await, [first], "the bound is inclusive");
    assert_eq!(list("max_date_modified=Tue,%2031%20Mar%202026%2021:41:11%20%2B0000").await, [second]);
    assert_eq!(list("status_id=7").await, [second]);
    assert_eq!(list("channel_id=2").await, [second]);
    assert_eq!(list("external_order_id=SO-1").await, [first]);
    assert_eq!(list(&format!("min_id={second}")).await, [second]);
    assert_eq!(list(&format!("max_id={first}")).await, [first]);
    assert_eq!(list("customer_id=0").await, [first, second]);
    assert_eq!(shop.get("v2/orders?customer_id=9").await.status, 204);
    assert_eq!(shop.get("v2/orders?page=2").await.status, 204);
}

#[test_case("v2/orders?limit=251", 413; "a page too large")]
#[test_case("v2/orders?limit=0", 400; "no page at all")]
#[test_case("v2/orders?page=x", 400; "a page that is no number")]
#[test_case("v2/orders?status_id=7,11", 400; "several statuses")]
#[test_case("v2/orders?min_date_modified=2026-03-31T21:42:11+00:00", 400; "a plus sign that was not encoded")]
#[test_case("v2/orders?min_modified=2026-03-31", 400; "an unknown parameter")]
#[test_case("v2/orders?sort=total:asc", 400; "an unknown sort")]
#[test_case("v2/orders/100?limit=1", 400; "paging a single order")]
#[test_case("v2/orders/100/products?include=x", 400; "an unknown parameter of a list below")]
#[test_case("v2/orders/999", 404; "an unknown order")]
#[test_case("v2/orders/999/products", 404; "the lines of an unknown order")]
#[test_case("v2/orders/abc", 404; "an order that is no number")]
#[tokio::test]
async fn v2_refuses_with_an_array(path: &str, status: u16) {
    let shop = Shop::open().await;
    shop.sim.place_order(small_order());
    assert_eq!(shop.get(path).await.v2_error().0, status);
}

#[test_case(FeesShape::Array, "/0/cost_ex_tax"; "as an array")]
#[test_case(FeesShape::Wrapped, "/fees/0/cost_ex_tax"; "as a wrapped array")]
#[test_case(FeesShape::Object, "/cost_ex_tax"; "as an object")]
#[tokio::test]
async fn fees_come_in_the_configured_shape(shape: FeesShape, pointer: &str) {
    let shop = Shop::with(|config| config.fees_shape = shape).await;
    let id = shop.sim.place_order(small_order().fee("Insurance", dec("0.98")));
    let fees = shop.get(&format!("v2/orders/{id}/fees")).await.json();
    assert_eq!(fees.pointer(pointer), Some(&"0.9800".into()));
    let without = shop.sim.place_order(small_order());
    assert_eq!(shop.get(&format!("v2/orders/{without}/fees")).await.status, 204);
}

#[tokio::test]
async fn addresses_lines_and_digital_orders_hang_together() {
    let shop = Shop::open().await;
    let elsewhere =
        Address::of("Zoë", "O'Brien", "zoe@example.com").at("2 High St", "Waco", "Texas", "76701");
    let id = shop.sim.place_order(small_order().ship_to(elsewhere).shipping("Flat Rate", dec("5")));
    let addresses = shop.get(&format!("v2/orders/{id}/shipping_addresses")).await.json();
    let lines = shop.get(&format!("v2/orders/{id}/products")).await.json();
    assert_eq!(addresses[0]["first_name"], "Zoë");
    assert_eq!(addresses[0]["shipping_method"], "Flat Rate");
    assert_eq!(addresses[0]["cost_ex_tax"], "5.0000");
    assert_eq!(addresses[0]["id"], lines[0]["order_address_id"]);

    let digital = NewOrder::guest(Address::of("Ada", "Lane", "ada@example.com"))
        .with_line(NewLine::new("EBOOK", 1, dec("9")).kind(Kind::Digital));
    let id = shop.sim.place_order(digital);
    assert_eq!(shop.get(&format!("v2/orders/{id}/shipping_addresses")).await.status, 204);
    assert_eq!(shop.get(&format!("v2/orders/{id}/products")).await.json()[0]["order_address_id"], 0);
}

#[tokio::test]
async fn raw_fields_are_sent_as_given_and_a_custom_item_has_no_variant() {
    let shop = Shop::open().await;
    let custom = NewLine::new("", 1, dec("45")).name("Custom bracket").custom().raw("brand", "Acme");
    let id = shop.sim.place_order(small_order().with_line(custom).raw("total_ex_tax", "1.0000"));
    assert_eq!(shop.get(&format!("v2/orders/{id}")).await.json()["total_ex_tax"], "1.0000");
    let lines = shop.get(&format!("v2/orders/{id}/products")).await.json();
    assert!(lines[0].get("variant_id").is_some());
    assert_eq!((&lines[1]["product_id"], lines[1].get("variant_id")), (&0.into(), None));
    assert_eq!(lines[1]["brand"], "Acme");
}

#[tokio::test]
async fn an_edited_order_keeps_its_line_ids_and_its_totals_follow() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order().line("B", 1, dec("1.00")));
    let before = shop.sim.order_lines(id);
    shop.sim.update_order(id, |order| {
        order.lines.remove(0);
        order.lines[0].quantity = 5;
    });
    let after = shop.sim.order_lines(id);
    assert_eq!(after[0]["id"], before[1]["id"]);
    assert_eq!(shop.sim.order(id).unwrap()["subtotal_ex_tax"], "5.0000");
}

#[tokio::test]
async fn archived_orders_are_hidden_from_lists_only() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    assert_eq!(answer(shop.request("DELETE", &format!("v2/orders/{id}"))).await.unwrap().status, 204);
    assert_eq!(shop.get("v2/orders").await.status, 204);
    assert_eq!(ids(&shop.get("v2/orders?is_deleted=true").await.json()), [id]);
    assert_eq!(shop.get(&format!("v2/orders/{id}")).await.json()["is_deleted"], true);
}
