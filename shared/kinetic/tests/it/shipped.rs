//! Whether anything was shipped (§10).

use connector_domain::OrderNum;
use connector_http::Class;
use serde_json::{Value, json};
use test_case::test_case;

use crate::support::Company;

fn release(number: i64, stock: &str, job: &str) -> Value {
    let mut row = json!({
        "OrderNum": 100_045, "OrderLine": 1 + number / 3, "OrderRelNum": 1 + number % 3,
        "SysRevID": 9_182_736_450_000_i64 + number
    });
    row["OurStockShippedQty"] = serde_json::from_str(stock).unwrap();
    row["OurJobShippedQty"] = serde_json::from_str(job).unwrap();
    row
}

/// A company that gives at most two rows a page.
async fn company(releases: Vec<Value>) -> Company {
    let company = Company::start().await;
    company
        .set("OrderRelSearchSvc/OrderRelSearches", move |option| {
            assert_eq!(option("$orderby"), "SysRevID");
            let filter = option("$filter");
            let after = filter.rsplit_once("SysRevID gt ").map_or(0, |(_, last)| last.parse().unwrap());
            let left: Vec<&Value> =
                releases.iter().filter(|row| row["SysRevID"].as_i64().unwrap() > after).collect();
            json!({ "@odata.count": left.len(), "value": left.iter().take(2).collect::<Vec<_>>() })
        })
        .await;
    company
}

async fn shipped(releases: Vec<Value>) -> bool {
    let company = company(releases).await;
    company.client.sales_orders().shipped(OrderNum(100_045), company.deadline()).await.unwrap()
}

#[test_case(&[], false; "no release")]
#[test_case(&[("0", "0.0"), ("0.00000000", "0")], false; "nothing")]
#[test_case(&[("0.25", "0")], true; "from stock")]
#[test_case(&[("0", "0"), ("0", "1.0")], true; "from a job")]
#[test_case(&[("0", "0"), ("0", "0"), ("0", "0"), ("0", "0"), ("1", "0")], true; "on the last page")]
#[tokio::test]
async fn an_order_was_shipped_as_its_releases_say(quantities: &[(&str, &str)], expected: bool) {
    let releases = quantities.iter().zip(1..).map(|((stock, job), at)| release(at, stock, job)).collect();
    assert_eq!(shipped(releases).await, expected);
}

#[tokio::test]
async fn the_releases_are_asked_for_flat_and_by_revision() {
    let company = company((1..=3).map(|at| release(at, "0", "0")).collect()).await;
    company.client.sales_orders().shipped(OrderNum(100_045), company.deadline()).await.unwrap();
    insta::assert_json_snapshot!(company.sent().await);
}

#[tokio::test]
async fn another_orders_release_does_not_count() {
    let mut other = release(1, "5", "0");
    other["OrderNum"] = 7.into();
    assert!(!shipped(vec![other]).await);
}

#[tokio::test]
async fn a_quantity_that_cannot_be_read_is_not_taken_for_none() {
    let company = company(vec![release(1, "null", "0")]).await;
    let error =
        company.client.sales_orders().shipped(OrderNum(100_045), company.deadline()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreadable);
}
