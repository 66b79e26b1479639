use connector_domain::{ConnectionId, OrderId};
use test_case::test_case;

use super::*;

/// Second `second` of the day that all these rows live on.
fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// First seen at 10, completed as synced at 20.
fn synced() -> LedgerRow {
    let connection: ConnectionId = "main-store".parse().unwrap();
    let row = LedgerRow::new(OrderKey { connection, order: OrderId(7) }, at(10));
    LedgerRow { state: OrderState::Synced, changed_at: at(20), ..row }
}

fn new() -> LedgerRow {
    LedgerRow { state: OrderState::New, ..synced() }
}

fn held() -> LedgerRow {
    let held = OrderState::Held { reason: "part_missing".to_owned(), subject: None, words: String::new() };
    LedgerRow { state: held, ..synced() }
}

fn retrying(second: i64) -> LedgerRow {
    let class = "unavailable".to_owned();
    LedgerRow { state: OrderState::Retrying { attempt: 1, not_before: at(second), class }, ..synced() }
}

fn uncertain(second: i64) -> LedgerRow {
    LedgerRow { state: OrderState::Uncertain { since: at(5), not_before: at(second) }, ..synced() }
}

fn leased(row: LedgerRow, until: i64) -> LedgerRow {
    LedgerRow { lease_until: Some(at(until)), ..row }
}

fn marked(row: LedgerRow) -> LedgerRow {
    LedgerRow { again: true, ..row }
}

fn writing_back(row: LedgerRow, second: i64) -> LedgerRow {
    LedgerRow { write_back: WriteBack::Pending { attempt: 1, not_before: at(second) }, ..row }
}

#[test_case(&synced(), None; "a synced one is not due")]
#[test_case(&held(), None; "a held one waits for a person")]
#[test_case(&new(), Some(10); "an undecided one is due since it was first seen")]
#[test_case(&marked(synced()), Some(20); "a marked one is due since its state was written")]
#[test_case(&marked(held()), Some(20); "a marked one is due even if it is held")]
#[test_case(&retrying(99), Some(99); "a retry is due when its time has come")]
#[test_case(&retrying(100), Some(100); "a retry is due at the very moment")]
#[test_case(&retrying(101), None; "a retry is not due before its time")]
#[test_case(&uncertain(30), Some(30); "a look is due when its time has come, not since the call")]
#[test_case(&uncertain(101), None; "a look is not due before its time")]
#[test_case(&marked(retrying(101)), Some(20); "a mark does not wait for a retry")]
#[test_case(&marked(retrying(15)), Some(15); "of two reasons the earlier counts")]
#[test_case(&writing_back(synced(), 50), Some(50); "a write back is due when its time has come")]
#[test_case(&writing_back(synced(), 101), None; "a write back is not due before its time")]
#[test_case(&writing_back(retrying(60), 50), Some(50); "a write back may be due before a retry")]
#[test_case(&LedgerRow { write_back: WriteBack::Done, ..synced() }, None; "a finished write back is not due")]
#[test_case(&leased(new(), 101), None; "one at work is not due, though it is undecided")]
#[test_case(&leased(marked(writing_back(retrying(15), 16)), 101), None; "one at work is not due for any reason")]
#[test_case(&leased(synced(), 100), Some(100); "work that was cut off is due at the very end of its lease")]
#[test_case(&leased(held(), 90), Some(90); "work that was cut off is due whatever its state")]
#[test_case(&leased(marked(retrying(15)), 90), Some(90); "work that was cut off is due since then, and no longer")]
fn at_second_100_it_is_due_since(row: &LedgerRow, expected: Option<i64>) {
    assert_eq!(row.due_since(at(100)), expected.map(at));
}

#[test]
fn a_row_takes_what_became_known_and_keeps_the_rest() {
    let mut row = synced();
    row.take(&full());
    let Progress { order_num, applied, digest, date_modified, lines, totals, write_back, settlement } =
        full();
    let expected = LedgerRow {
        order_num,
        applied,
        digest,
        date_modified,
        lines: lines.unwrap(),
        totals,
        write_back: write_back.unwrap(),
        settlement: settlement.unwrap(),
        ..synced()
    };
    assert_eq!(row, expected);
    row.take(&Progress::default());
    assert_eq!(row, expected, "nothing became known");
    let emptied = Progress { lines: Some(Vec::new()), ..Progress::default() };
    row.take(&emptied);
    assert_eq!(row, LedgerRow { lines: Vec::new(), ..expected }, "no lines are not unknown lines");
}

fn full() -> Progress {
    Progress {
        order_num: Some(OrderNum(5001)),
        applied: Some(serde_json::from_str(APPLIED).unwrap()),
        digest: Some(Digest::new([7; 32])),
        date_modified: Some(at(8)),
        lines: Some(vec![(Sku("BL-7".to_owned()), Quantity::from(3))]),
        totals: Some(serde_json::from_str(TOTALS).unwrap()),
        write_back: Some(WriteBack::Done),
        settlement: Some(unsettled(None)),
    }
}

fn unsettled(looked: Option<Timestamp>) -> Settlement {
    Settlement::Unsettled { step: "header".to_owned(), content: Digest::new([5; 32]), since: at(9), looked }
}

const APPLIED: &str = concat!(
    r#"{"order_num":5001,"content":"0404040404040404040404040404040404040404040404040404040404040404","#,
    r#""cust_num":42,"header":{"#,
    r#""address":{"wanted":"0101010101010101010101010101010101010101010101010101010101010101","held":null},"#,
    r#""ship_via":{"wanted":"0202020202020202020202020202020202020202020202020202020202020202","#,
    r#""held":"0303030303030303030303030303030303030303030303030303030303030303"}},"#,
    r#""lines":[{"reference":"42","part_num":"ÖL \"7\"","quantity":3.000,"unit_price":0.12345678901234567890,"discount":-1.50}],"#,
    r#""charges":[{"reference":"shipping","code":"FRT","amount":1234567890123456.12,"seq":3}],"#,
    r#""released":true,"stage":"begun"}"#,
);
const TOTALS: &str = r#"{"shop":100.10,"kinetic":100.1000,"currency":"EUR"}"#;

#[test]
fn what_was_applied_survives_its_json_text_to_the_last_digit() {
    let applied: Applied = serde_json::from_str(APPLIED).unwrap();
    assert_eq!(serde_json::to_string(&applied).unwrap(), APPLIED);
    let totals: Totals = serde_json::from_str(TOTALS).unwrap();
    assert_eq!(serde_json::to_string(&totals).unwrap(), TOTALS);
}

#[test]
fn what_was_applied_has_no_room_for_more() {
    let more = APPLIED.replacen('{', r#"{"ship_to_name":"x","#, 1);
    assert!(serde_json::from_str::<Applied>(&more).is_err());
}

#[test_case(&WriteBack::NotDue, r#"{"write_back":"not_due"}"#)]
#[test_case(&WriteBack::Pending { attempt: 2, not_before: at(90) }, r#"{"write_back":"pending","attempt":2,"not_before":"1970-01-01T00:01:30Z"}"#)]
#[test_case(&WriteBack::Done, r#"{"write_back":"done"}"#)]
fn a_write_back_survives_its_json_text(write_back: &WriteBack, text: &str) {
    assert_eq!(serde_json::to_string(write_back).unwrap(), text);
    assert_eq!(serde_json::from_str::<WriteBack>(text).unwrap(), *write_back);
}

#[test_case(&Settlement::Settled)]
#[test_case(&unsettled(None))]
#[test_case(&unsettled(Some(at(90))))]
fn a_settlement_survives_its_json_text(settlement: &Settlement) {
    let text = serde_json::to_string(settlement).unwrap();
    assert_eq!(serde_json::from_str::<Settlement>(&text).unwrap(), *settlement);
}
