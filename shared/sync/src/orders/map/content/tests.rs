use test_case::test_case;

use super::*;
use crate::orders::testing::{Line, ShopOrder};

fn line() -> Line {
    Line::new(194, "HB-M8-40-ZN", 4, "15.67").discount("1.21").option("Finish", "Zinc")
}

fn order() -> ShopOrder {
    ShopOrder::of([line(), Line::new(195, "HN-M8-ZN", 2, "1.00")])
}

fn digest(order: &ShopOrder) -> Digest {
    content(&order.read())
}

#[test_case(&order().with("status_id", 2); "shipped")]
#[test_case(&order().with("payment_status", "refunded"); "a payment")]
#[test_case(&order().with("date_modified", "Wed, 01 Apr 2026 09:00:00 +0000"); "a later change")]
#[test_case(&order().with("external_order_id", "100045"); "our own number")]
#[test_case(&order().with("staff_notes", "call her"); "a note")]
#[test_case(&order().with("items_shipped", 2); "a shipment")]
fn what_does_not_go_into_kinetic_is_not_content(same: &ShopOrder) {
    assert_eq!(digest(same), digest(&order()));
}

#[test_case(&ShopOrder::of([line()]); "a line less")]
#[test_case(&ShopOrder::of([line().with("quantity", 5), Line::new(195, "HN-M8-ZN", 2, "1.00")]); "a quantity")]
#[test_case(&ShopOrder::of([line().with("sku", "HB-M8-40"), Line::new(195, "HN-M8-ZN", 2, "1.00")]); "a sku")]
#[test_case(&ShopOrder::of([line().with("price_ex_tax", "15.66"), Line::new(195, "HN-M8-ZN", 2, "1.00")]); "a price")]
#[test_case(&ShopOrder::of([line().discount("0.01"), Line::new(195, "HN-M8-ZN", 2, "1.00")]); "a discount")]
#[test_case(&ShopOrder::of([line().option("Length", "40"), Line::new(195, "HN-M8-ZN", 2, "1.00")]); "an option")]
#[test_case(&order().shipped("street_1", "2 Main St"); "where it goes")]
#[test_case(&order().shipped("shipping_method", "UPS Ground"); "how it goes")]
#[test_case(&order().billed("email", "lane@example.com"); "who buys")]
#[test_case(&order().with("customer_id", 11); "whose it is")]
#[test_case(&order().with("customer_message", "ring twice"); "a message")]
#[test_case(&order().with("payment_method", "Credit Card"); "how it is paid")]
#[test_case(&order().with("shipping_cost_ex_tax", "8.5000"); "shipping")]
#[test_case(&order().with("coupon_discount", "1.2200"); "a coupon")]
fn what_goes_into_kinetic_is_content(other: &ShopOrder) {
    assert_ne!(digest(other), digest(&order()));
}

#[test]
fn texts_do_not_run_into_each_other() {
    let one = order().shipped("city", "AustinT").shipped("state", "exas");
    let two = order().shipped("city", "Austin").shipped("state", "Texas");
    assert_ne!(digest(&one), digest(&two));
}
