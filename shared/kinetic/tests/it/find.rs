//! Finding an order by the shop's reference (§9).

use connector_domain::{CustNum, ExternalRef, OrderId, OrderNum};
use connector_http::Class;
use connector_kinetic::{Anchor, Found, FoundOrder};
use serde_json::{Value, json};

use crate::support::Company;

fn row(order_num: i32, reference: &str) -> Value {
    json!({
        "OrderNum": order_num, "CustNum": 42, "OpenOrder": true, "VoidOrder": false, "PONum": reference,
        "ECCOrderNum": "", "ECCPONum": "", "UserChar1": ""
    })
}

async fn found(rows: Vec<Value>) -> Found {
    let company = Company::start().await;
    company
        .set("SalesOrderSvc/SalesOrders", move |_| json!({ "@odata.count": rows.len(), "value": rows }))
        .await;
    let reference = ExternalRef::of("BC-", OrderId(100_123));
    company.client.sales_orders().find(&reference, Anchor::PONum, company.deadline()).await.unwrap()
}

#[tokio::test]
async fn an_order_is_asked_for_by_its_reference() {
    let company = Company::start().await;
    company.set("SalesOrderSvc/SalesOrders", |_| json!({ "@odata.count": 0, "value": [] })).await;
    let reference = ExternalRef::of("O'N-", OrderId(1));
    let orders = company.client.sales_orders();
    let found = orders.find(&reference, Anchor::ECCPONum, company.deadline()).await.unwrap();
    assert_eq!(found, Found::None);
    insta::assert_json_snapshot!(company.sent().await);
}

#[tokio::test]
async fn only_the_exact_reference_counts() {
    let one = FoundOrder { order_num: OrderNum(7), cust_num: CustNum(42), open: true, void: false };
    assert_eq!(
        found(vec![row(5, "bc-100123"), row(6, "BC-100123 "), row(7, "BC-100123")]).await,
        Found::One(one)
    );
    assert_eq!(found(vec![row(5, "bc-100123")]).await, Found::None);
}

#[tokio::test]
async fn several_orders_under_one_reference_are_all_named() {
    let numbers = vec![OrderNum(5), OrderNum(9)];
    assert_eq!(found(vec![row(5, "BC-100123"), row(9, "BC-100123")]).await, Found::Many(numbers));
}

#[tokio::test]
async fn a_site_that_cuts_pages_short_hides_nothing() {
    let company = Company::start().await;
    // Two rows a page whatever is asked, and no count: only an empty page is an end.
    company
        .set("SalesOrderSvc/SalesOrders", |option| {
            let all = [row(5, "bc-100123"), row(6, "bc-100123"), row(7, "bc-100123"), row(8, "BC-100123")];
            let after =
                option("$filter").rsplit_once("OrderNum gt ").map_or(0, |(_, last)| last.parse().unwrap());
            let page: Vec<_> =
                all.iter().filter(|row| row["OrderNum"].as_i64().unwrap() > after).take(2).collect();
            json!({ "value": page })
        })
        .await;
    let reference = ExternalRef::of("BC-", OrderId(100_123));
    let orders = company.client.sales_orders();
    let found = orders.find(&reference, Anchor::PONum, company.deadline()).await.unwrap();
    assert!(matches!(found, Found::One(order) if order.order_num == OrderNum(8)), "{found:?}");
    assert_eq!(company.requests().await.len(), 3);
    for sent in company.sent().await {
        assert!(sent["query"].get("$skip").is_none());
    }
}

#[tokio::test]
async fn a_site_that_ignores_the_key_is_not_read_in_circles() {
    let company = Company::start().await;
    company.set("SalesOrderSvc/SalesOrders", |_| json!({ "@odata.count": 9, "value": [row(5, "x")] })).await;
    let reference = ExternalRef::of("BC-", OrderId(100_123));
    let orders = company.client.sales_orders();
    let error = orders.find(&reference, Anchor::PONum, company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreadable);
    assert!(error.to_string().contains("a key came twice"), "{error}");
}
