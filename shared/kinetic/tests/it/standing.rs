//! Opening an order with some of its rows.

use connector_domain::OrderNum;
use connector_http::Class;
use serde_json::json;

use crate::polite::standing;
use crate::support::{Company, refused};

#[tokio::test]
async fn the_rows_that_were_asked_for_are_there_and_no_others() {
    let company = Company::start().await;
    company.holds(&standing()).await;
    let orders = company.client.sales_orders();
    let rows = orders.open_rows(OrderNum(100_045), &[2, 7], &[2], company.deadline()).await;
    let rows = rows.unwrap().unwrap();
    assert_eq!(rows.line(2).unwrap().order_line(), 2);
    assert_eq!(rows.charge(2).unwrap().seq(), 2);
    assert!(rows.line(1).is_none() && rows.line(7).is_none() && rows.charge(1).is_none());
    assert_eq!((rows.order().order_num(), rows.order().cust_num().0), (OrderNum(100_045), 42));
    let shown = format!("{rows:?}");
    assert!(!shown.contains("ABC-100") && shown.contains("StoredLine(2)"), "{shown}");
    assert_eq!(rows.into_order().order_num(), OrderNum(100_045));
    assert_eq!(company.requests().await.len(), 1);
}

#[tokio::test]
async fn a_charge_of_a_line_is_not_taken_for_one_of_the_order() {
    let company = Company::start().await;
    let mut order = standing();
    order["OHOrderMsc"].as_array_mut().unwrap().truncate(1);
    company.holds(&order).await;
    let orders = company.client.sales_orders();
    let rows = orders.open_rows(OrderNum(100_045), &[], &[1], company.deadline()).await.unwrap().unwrap();
    assert!(rows.charge(1).is_none());
}

#[tokio::test]
async fn an_order_that_is_gone_has_no_rows() {
    let company = Company::start().await;
    let gone = refused(404, "Ice.Common.RecordNotFoundException", "Record not found.");
    company.answers("GET", "Erp.BO.SalesOrderSvc/GetByID", gone).await;
    let orders = company.client.sales_orders();
    assert!(orders.open_rows(OrderNum(7), &[1], &[], company.deadline()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_line_without_a_number_is_not_taken_for_absent() {
    let company = Company::start().await;
    let mut order = standing();
    order["OrderDtl"][1]["OrderLine"] = json!("2");
    company.holds(&order).await;
    let orders = company.client.sales_orders();
    let error = orders.open_rows(OrderNum(100_045), &[2], &[], company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreadable);
    assert!(error.to_string().contains("returnObj.OrderDtl.OrderLine: expected a whole number"), "{error}");
}
