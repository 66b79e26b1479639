//! Who, when, how shipped, how paid.

use jiff::civil::date;
use test_case::test_case;

use super::*;

fn dates(order: &ShopOrder, rules: &Rules) -> [String; 3] {
    let header = sales_order(&order.read(), &stock(), rules).unwrap().header;
    [header.order_date, header.request_date, header.need_by].map(|day| day.to_string())
}

#[test_case("Wed, 01 Apr 2026 03:30:00 +0000", "America/Chicago" => ["2026-03-31", "2026-04-01", "2026-04-05"].map(String::from); "still yesterday at the plant")]
#[test_case("Tue, 31 Mar 2026 22:30:00 +0000", "Europe/Berlin" => ["2026-04-01", "2026-04-02", "2026-04-06"].map(String::from); "tomorrow already at the plant")]
#[test_case("Wed, 01 Apr 2026 04:59:59 +0000", "America/Chicago" => ["2026-03-31", "2026-04-01", "2026-04-05"].map(String::from); "a second before the plant's midnight")]
#[test_case("Wed, 01 Apr 2026 05:00:00 +0000", "America/Chicago" => ["2026-04-01", "2026-04-02", "2026-04-06"].map(String::from); "the plant's midnight")]
#[test_case("Sat, 07 Mar 2026 18:00:00 +0000", "America/Chicago" => ["2026-03-07", "2026-03-08", "2026-03-12"].map(String::from); "over the night that clocks go forward")]
fn a_date_is_the_plants_calendar_day(created: &str, zone: &str) -> [String; 3] {
    dates(&bolts().with("date_created", created), &rules_with(&[("America/Chicago", zone)]))
}

#[test]
fn days_to_ship_and_to_arrive_are_the_rules() {
    let rules = rules_with(&[
        ("ship_after_days = 1", "ship_after_days = 0"),
        ("need_by_days = 5", "need_by_days = 31"),
    ]);
    assert_eq!(dates(&bolts(), &rules), ["2026-03-31", "2026-03-31", "2026-05-01"]);
}

#[test]
fn every_line_has_the_dates_of_the_header() {
    let order = desired(&three_lines());
    let same = |line: &connector_kinetic::NewLine| {
        (line.request_date, line.need_by) == (date(2026, 4, 1), date(2026, 4, 5))
    };
    assert!(order.lines.iter().all(same), "{:?}", order.lines);
}

#[test]
fn the_reference_stands_in_the_chosen_column_under_the_chosen_prefix() {
    let rules = rules_with(&[("prefix = \"BC-\"", "prefix = \"EU/\""), ("\"PONum\"", "\"ECCOrderNum\"")]);
    let header = sales_order(&bolts().read(), &stock(), &rules).unwrap().header;
    assert_eq!((header.anchor.column(), header.external_ref.as_str()), ("ECCOrderNum", "EU/218"));
}

#[test]
fn an_order_can_be_born_unstaged() {
    let rules = rules_with(&[("staged = true", "staged = false")]);
    assert!(!sales_order(&bolts().read(), &stock(), &rules).unwrap().header.staged);
}

#[test]
fn what_the_shopper_wrote_is_the_comment() {
    let order = bolts().with("customer_message", "  Ring twice.\nThe dog is deaf 🐕  ");
    assert_eq!(desired(&order).header.comment, "Ring twice.\nThe dog is deaf 🐕");
}

#[test_case("Flat Rate", "UPSG", None; "listed")]
#[test_case("  ups GROUND ", "UPSG", None; "in another spelling")]
#[test_case("Pigeon", "BEST", Some("\"Pigeon\" is not listed under [ship_via.map]; BEST taken"); "not listed")]
#[test_case("", "BEST", None; "none")]
fn a_shipping_method_has_its_code(method: &str, code: &str, note: Option<&str>) {
    let order = desired(&bolts().shipped("shipping_method", method));
    assert_eq!(order.header.ship_via, Text::exact(code));
    assert_eq!(notes(&order), note.map(|words| ("ship_via.unlisted", words)).into_iter().collect::<Vec<_>>());
}

#[test_case("Bank Transfer", "N30", None; "listed")]
#[test_case("Barter", "CC", Some("\"Barter\" is not listed under [terms.map]; CC taken"); "not listed")]
fn a_payment_method_has_its_terms(method: &str, code: &str, note: Option<&str>) {
    let order = desired(&bolts().with("payment_method", method));
    assert_eq!(order.header.terms, Text::exact(code));
    assert_eq!(notes(&order), note.map(|words| ("terms.unlisted", words)).into_iter().collect::<Vec<_>>());
}

#[test]
fn without_a_default_an_unlisted_word_leaves_the_customers_own() {
    let rules = rules_with(&[("default = \"BEST\"", ""), ("default = \"CC\"", "")]);
    let order = bolts().shipped("shipping_method", "Pigeon").with("payment_method", "Barter").read();
    let mapped = sales_order(&order, &stock(), &rules).unwrap();
    assert_eq!((&mapped.header.ship_via, &mapped.header.terms), (&None, &None));
    let expected = [
        ("ship_via.unlisted", "\"Pigeon\" is not listed under [ship_via.map]; the customer's own taken"),
        ("terms.unlisted", "\"Barter\" is not listed under [terms.map]; the customer's own taken"),
    ];
    assert_eq!(notes(&mapped), expected);
}
