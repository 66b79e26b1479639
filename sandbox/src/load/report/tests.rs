use rust_decimal::Decimal;

use super::super::Calls;
use super::super::measure::{OwnShare, Spread};
use super::super::tests::options;
use super::*;

fn report(placed: usize, synced: usize, held: usize, lost: usize) -> Report {
    let millis = Duration::from_millis;
    let spread = |p50, p99| Spread { p50: millis(p50), p99: millis(p99) };
    Report {
        options: options(50, 0),
        placed,
        states: ADDED_UP
            .map(|state| {
                let count = match state {
                    StateName::Synced => synced,
                    StateName::Held => held,
                    StateName::Cancelled
                    | StateName::Ignored
                    | StateName::Waiting
                    | StateName::Retrying
                    | StateName::Uncertain
                    | StateName::New => 0,
                };
                (state, count)
            })
            .to_vec(),
        lost,
        held: BTreeMap::from([(
            "unknown_part".to_owned(),
            HeldFor { orders: held, example: OrderId(312), words: "create the part".to_owned() },
        )]),
        measures: Measures {
            per_second: Decimal::new(47, 2),
            calls: Calls { bigcommerce: 27_200, kinetic: 67_400 },
            sent_to_synced: spread(8_035, 10_712),
            claimed_to_synced: spread(2_173, 2_792),
            simulated: spread(2_100, 2_700),
            own_share: OwnShare::Percent(Decimal::new(35, 1)),
            at_once: synced,
            peak_kib: Some(38_000),
            elapsed: millis(4_255_300),
        },
        checks: vec![Check { name: "nothing_lost", says: format!("{lost} orders lost"), holds: lost == 0 }],
    }
}

#[test]
fn it_adds_up_when_every_order_is_in_one_state() {
    let report = report(2000, 1996, 4, 0);
    assert_eq!(
        report.adding_up(),
        "2000 = 1996 synced + 4 held + 0 cancelled + 0 ignored + 0 waiting + 0 retrying + 0 uncertain + 0 new + 0 lost"
    );
    assert_eq!(report.failures(), [""; 0]);
}

#[test]
fn a_lost_order_and_one_that_was_never_placed_do_not_add_up() {
    let lost = report(2000, 1995, 4, 1);
    assert!(lost.adding_up().starts_with("2000 ≠ 1995 synced + 4 held"), "{}", lost.adding_up());
    assert_eq!(lost.failures().len(), 2);
    let unplaced = report(1999, 1995, 4, 0);
    assert_eq!(unplaced.failures(), [format!("it does not add up: {}", unplaced.adding_up())]);
}

#[test]
fn the_report_for_people() {
    let text = report(2000, 1996, 4, 0).for_people();
    insta::assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
}

#[test]
fn the_document_for_machines() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&report(2000, 1996, 4, 0)).unwrap());
}
