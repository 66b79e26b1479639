//! Orders that their shop changes afterwards.

use connector_simulators::bigcommerce::{Address, NewLine, NewOrder, dec};
use serde_json::Value;
use test_case::test_case;

use crate::shop::{Receiver, Shop, small_order};

async fn order(shop: &Shop, id: u64) -> Value {
    shop.get(&format!("v2/orders/{id}")).await.json()
}

async fn lines(shop: &Shop, id: u64) -> Vec<Value> {
    shop.get(&format!("v2/orders/{id}/products")).await.json().as_array().unwrap().clone()
}

#[tokio::test]
async fn lines_are_changed_added_and_taken_away_and_keep_their_ids() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order().line("B", 1, dec("1.00")).line("C", 2, dec("3.00")));
    let before = lines(&shop, id).await;
    assert!(shop.sim.update_order(id, |order| {
        order.line_mut("HB-M8-40-ZN").unwrap().quantity = 6;
        order.line_mut("C").unwrap().price = dec("2.50");
        order.remove_line("B");
        order.lines.push(NewLine::new("D", 3, dec("0.10")));
    }));
    let after = lines(&shop, id).await;
    let skus: Vec<&str> = after.iter().map(|line| line["sku"].as_str().unwrap()).collect();
    assert_eq!(skus, ["HB-M8-40-ZN", "C", "D"]);
    assert_eq!((&after[0]["id"], &after[1]["id"]), (&before[0]["id"], &before[2]["id"]));
    assert!(before.iter().all(|line| line["id"] != after[2]["id"]), "a new line gets a new id");
    assert_eq!((&after[0]["quantity"], &after[1]["price_ex_tax"]), (&6.into(), &"2.5000".into()));
    let order = order(&shop, id).await;
    assert_eq!(order["subtotal_ex_tax"], "99.3200", "6 at 15.67, 2 at 2.50, 3 at 0.10");
    assert_eq!(order["items_total"], 11);
}

#[test_case(|order| order.shipping = dec("11.09"), "shipping_cost_ex_tax", &Value::from("11.0900"); "the shipping cost")]
#[test_case(|order| order.customer_id = 7, "customer_id", &Value::from(7); "the customer")]
#[test_case(|order| order.customer_message = "ring twice".to_owned(), "customer_message", &Value::from("ring twice"); "the message")]
#[test_case(|order| order.status_id = 5, "status", &Value::from("Cancelled"); "the status")]
#[test_case(|order| order.is_deleted = true, "is_deleted", &Value::from(true); "archiving")]
#[tokio::test]
async fn a_change_is_seen_and_told(edit: fn(&mut NewOrder), field: &str, value: &Value) {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    let id = shop.sim.place_order(small_order());
    shop.sim.add_hook("store/order/updated", &receiver.url(), &[]);
    assert!(shop.sim.update_order(id, edit));
    assert_eq!(&order(&shop, id).await[field], value);
    assert_eq!(shop.sim.drain_hooks().await.len(), 1);
}

#[tokio::test]
async fn another_address_is_both_payers_and_receivers() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    let elsewhere = Address::of("Zoë", "Lane", "zoe@example.com").at("2 High St", "Waco", "Texas", "76701");
    shop.sim.update_order(id, |order| order.billing = elsewhere.clone());
    assert_eq!(order(&shop, id).await["billing_address"]["street_1"], "2 High St");
    let path = format!("v2/orders/{id}/shipping_addresses");
    assert_eq!(shop.get(&path).await.json()[0]["street_1"], "2 High St");
    shop.sim
        .update_order(id, |order| order.ship_to = vec![elsewhere.at("3 Low St", "Waco", "Texas", "76701")]);
    assert_eq!(shop.get(&path).await.json()[0]["street_1"], "3 Low St");
    assert_eq!(order(&shop, id).await["billing_address"]["street_1"], "2 High St");
}

#[tokio::test]
async fn a_refund_changes_the_status_and_the_lines_and_is_told() {
    let (shop, receiver) = (Shop::open().await, Receiver::listen().await);
    let id = shop.sim.place_order(small_order());
    shop.sim.add_hook("store/order/*", &receiver.url(), &[]);
    let told = async || shop.sim.drain_hooks().await.into_iter().map(|sent| sent.scope).collect::<Vec<_>>();
    assert!(shop.sim.refund_part(id, "HB-M8-40-ZN", 1));
    assert_eq!(order(&shop, id).await["status"], "Partially Refunded");
    let line = &lines(&shop, id).await[0];
    assert_eq!((&line["quantity_refunded"], &line["is_refunded"]), (&1.into(), &false.into()));
    let scopes = ["updated", "statusUpdated", "refund/created"].map(|ending| format!("store/order/{ending}"));
    assert_eq!(told().await, scopes);
    assert!(shop.sim.refund(id));
    assert_eq!(order(&shop, id).await["status_id"], 4);
    let line = &lines(&shop, id).await[0];
    assert_eq!((&line["quantity_refunded"], &line["is_refunded"]), (&4.into(), &true.into()));
    assert_eq!(order(&shop, id).await["refunded_amount"], "0.0000", "it always says so");
    assert_eq!(told().await, scopes);
    assert!(!shop.sim.refund(999) && !shop.sim.refund_part(id, "NONE", 1));
}
