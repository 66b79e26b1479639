//! What is wrong with an order, and what is remembered of it.

use connector_domain::{CurrencyCode, CustNum, Money, OrderId, OrderNum, Timestamp};
use connector_kinetic::Bearer;
use connector_ports::{Applied, Cursor, Digest, LedgerRow, OrderKey, OrderState, Stage, Totals};
use test_case::test_case;

use super::compare::{Wrong, wrong};
use super::place::{MOST, Place, read};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn money(text: &str) -> Money {
    Money::new(text.parse().unwrap())
}

fn bearer(order_num: i32, void: bool, total: &str) -> Bearer {
    Bearer { reference: "BC-173".to_owned(), order_num: OrderNum(order_num), void, total: money(total) }
}

/// Kinetic order 7, at 90.75.
fn row() -> LedgerRow {
    let key = OrderKey { connection: "main-store".parse().unwrap(), order: OrderId(173) };
    let mut row = LedgerRow::new(key, at(1000));
    row.enter(OrderState::Synced, at(1000));
    row.order_num = Some(OrderNum(7));
    let currency = CurrencyCode::none();
    row.totals = Some(Totals { shop: money("90.75"), kinetic: money("90.75"), currency });
    row
}

#[test_case(&[bearer(7, false, "90.75000")] => None; "as it was proven")]
#[test_case(&[bearer(6, true, "1"), bearer(7, false, "90.75")] => None; "beside one that was voided")]
#[test_case(&[] => Some(Wrong::Missing { ledger: Some(OrderNum(7)) }); "gone")]
#[test_case(&[bearer(7, true, "90.75")] => Some(Wrong::Void { order_num: OrderNum(7) }); "voided")]
#[test_case(&[bearer(7, false, "90.75"), bearer(9, false, "90.75")]
    => Some(Wrong::Several { order_nums: vec![OrderNum(7), OrderNum(9)] }); "there twice")]
#[test_case(&[bearer(7, true, "90.75"), bearer(9, false, "90.75")]
    => Some(Wrong::Other { order_num: OrderNum(9), ledger: Some(OrderNum(7)) }); "another in its place")]
#[test_case(&[bearer(7, false, "90.76")]
    => Some(Wrong::Total { order_num: OrderNum(7), kinetic: money("90.76"), ledger: money("90.75") }); "a cent more")]
fn an_order_is_compared(bearers: &[Bearer]) -> Option<Wrong> {
    wrong(&row(), bearers)
}

#[test_case(&[] => false; "an order by telephone bears what was written on it")]
#[test_case(&[bearer(5, true, "1")] => false; "and ours was voided for it")]
#[test_case(&[bearer(5, false, "1")] => true; "but ours stands beside it")]
#[test_case(&[bearer(7, true, "90.75")] => true; "and it is voided itself")]
fn an_order_that_a_person_keyed_need_not_bear_our_reference(bearers: &[Bearer]) -> bool {
    let applied = Applied {
        order_num: OrderNum(7),
        content: Digest::new([0; 32]),
        cust_num: CustNum(1),
        header: [].into(),
        lines: Vec::new(),
        charges: Vec::new(),
        released: true,
        stage: Stage::ByHand,
    };
    wrong(&LedgerRow { applied: Some(applied), ..row() }, bearers).is_some()
}

fn void() -> Wrong {
    Wrong::Void { order_num: OrderNum(7) }
}

fn total(kinetic: &str) -> Wrong {
    Wrong::Total { order_num: OrderNum(7), kinetic: money(kinetic), ledger: money("12345678901234567.89") }
}

/// As the next run finds it.
fn kept(place: &Place, now: i64) -> Place {
    let document = serde_json::json!(place);
    let mut place = read(Some(&Cursor { document, version: 1 })).unwrap();
    place.go_on(at(now));
    place
}

#[test]
fn what_is_wrong_is_told_once_and_kept_until_it_is_right() {
    let mut place = Place::first(at(0));
    place.go_on(at(10));
    place.wrong(OrderId(1), total("95.10"), at(11));
    place.wrong(OrderId(2), void(), at(11));
    place.end(at(12));
    assert_eq!((place.news(), place.fresh().count()), (2, 2));

    let mut place = kept(&place, 20);
    place.wrong(OrderId(1), total("95.10"), at(21));
    place.right(OrderId(2));
    place.end(at(22));
    assert_eq!(place.news(), 0);
    let report = place.clone().report();
    assert_eq!(report.mismatches.len(), 1);
    assert_eq!((report.mismatches[0].since, &report.mismatches[0].wrong), (at(11), &total("95.10")));

    let mut place = kept(&place, 30);
    place.wrong(OrderId(1), total("95.11"), at(31));
    assert_eq!(place.news(), 1, "something else is wrong with it now");
}

#[test]
fn what_a_whole_round_did_not_see_is_no_more_but_what_is_being_worked_on_stays() {
    let mut place = Place::first(at(0));
    place.go_on(at(10));
    place.wrong(OrderId(1), void(), at(11));
    place.wrong(OrderId(2), void(), at(11));
    place.end(at(12));
    let mut place = kept(&place, 20);
    place.unsure(OrderId(2), at(21));
    place.end(at(22));
    let left: Vec<OrderId> = place.report().mismatches.iter().map(|mismatch| mismatch.order).collect();
    assert_eq!(left, [OrderId(2)]);
}

#[test]
fn the_list_is_bounded_and_says_so_once_a_round() {
    let most = u64::try_from(MOST).unwrap();
    let mut place = Place::first(at(0));
    place.go_on(at(10));
    for order in 1..=most + 3 {
        place.wrong(OrderId(order), void(), at(11));
    }
    assert_eq!((place.news(), place.fresh().count(), place.overflows()), (most + 3, MOST, true));
    let mut place = kept(&place, 12);
    place.wrong(OrderId(9999), void(), at(13));
    assert_eq!((place.news(), place.overflows()), (1, false));
    assert_eq!(place.report().besides, 4);
}
