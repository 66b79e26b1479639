//! Finding many orders by the shop's references at once (§9).

use connector_domain::{ExternalRef, Money, OrderId, OrderNum};
use connector_kinetic::{Anchor, Bearer};
use serde_json::{Value, json};
use test_case::test_case;

use crate::support::Company;

fn row(order_num: i32, reference: &str) -> Value {
    json!({
        "OrderNum": order_num, "VoidOrder": false, "UserChar1": reference, "DocTotalCharges": 100.00,
        "DocTotalMisc": 7.50, "DocTotalDiscount": 3.25, "DocTotalTax": 8.25
    })
}

fn references(count: u64) -> Vec<ExternalRef> {
    (1..=count).map(|order| ExternalRef::of("BC-", OrderId(order))).collect()
}

#[tokio::test]
async fn only_the_exact_references_count() {
    let company = Company::start().await;
    let rows = [row(9, "BC-1"), row(5, "bc-1"), row(6, "BC-2 "), row(7, "BC-1")];
    company.set("SalesOrderSvc/SalesOrders", move |_| json!({ "@odata.count": 4, "value": rows })).await;
    let orders = company.client.sales_orders();
    let found = orders.by_references(&references(2), Anchor::UserChar1, company.deadline()).await.unwrap();
    let total = Money::new("112.50".parse().unwrap());
    let bearer = |order_num| Bearer { reference: "BC-1".to_owned(), order_num, void: false, total };
    assert_eq!(found, [bearer(OrderNum(7)), bearer(OrderNum(9))]);
    let sent = company.sent().await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["query"]["$filter"], "UserChar1 eq 'BC-1' or UserChar1 eq 'BC-2'");
    assert_eq!(
        sent[0]["query"]["$select"],
        "OrderNum,UserChar1,VoidOrder,DocTotalCharges,DocTotalMisc,DocTotalDiscount,DocTotalTax"
    );
}

#[test_case(20, 1800 => 1; "twenty")]
#[test_case(21, 1800 => 2; "one more")]
#[test_case(20, 500 => 3; "as many as the address holds")]
#[test_case(0, 1800 => 0; "none")]
#[tokio::test]
async fn references_are_asked_for_in_batches(count: u64, url_bytes: usize) -> usize {
    let company = Company::with(|settings| settings.url_bytes = url_bytes).await;
    company.set("SalesOrderSvc/SalesOrders", |_| json!({ "@odata.count": 0, "value": [] })).await;
    let orders = company.client.sales_orders();
    let wanted = references(count);
    assert_eq!(orders.by_references(&wanted, Anchor::PONum, company.deadline()).await.unwrap(), []);
    let sent = company.requests().await;
    assert!(sent.iter().all(|request| request.url.as_str().len() <= url_bytes));
    sent.len()
}
