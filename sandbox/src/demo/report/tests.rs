use super::*;

fn order(web_order: u64, state: StateName, expected: Expected, holds: bool) -> OrderReport {
    let held = state == StateName::Held;
    let kinetic = |amount| (!held).then_some(amount);
    OrderReport {
        web_order,
        about: if held { "unknown SKU" } else { "guest, ø and 🔔" },
        kinetic_order: (!held).then_some(100_045),
        shop_lines: 2,
        kinetic_lines: (!held).then_some(2),
        shop_total: money("1240.8"),
        kinetic_total: kinetic(money("1240.79")),
        currency: "USD".to_owned(),
        state: Some(state),
        reason: held.then(|| "unknown_part".to_owned()),
        subject: held.then(|| "EB-M12".to_owned()),
        words: held.then(|| "no part \"EB-M12\" in Kinetic; create the part".to_owned()),
        expected,
        holds,
    }
}

fn money(text: &str) -> Money {
    Money::new(connector_domain::exact::parse(text).unwrap())
}

fn report(orders: Vec<OrderReport>, check_holds: bool) -> Report {
    Report {
        orders,
        checks: vec![Check {
            name: "duplicate_delivery",
            says: "webhook of order 100 delivered twice: answered 200 again, 1 order in Kinetic".to_owned(),
            holds: check_holds,
        }],
        calls: Calls { bigcommerce: 61, kinetic: 412 },
        elapsed_ms: 2_034,
    }
}

fn as_it_should_be() -> Report {
    let held = Expected::Held("unknown_part");
    report(
        vec![order(100, StateName::Synced, Expected::Synced, true), order(101, StateName::Held, held, true)],
        true,
    )
}

#[test]
fn a_report_of_what_had_to_be_holds_and_adds_up() {
    let report = as_it_should_be();
    assert_eq!(report.failures(), [""; 0]);
    assert_eq!(report.adding_up(), "2 orders = 1 synced + 1 held");
}

#[test]
fn an_order_that_ended_elsewhere_fails_the_report_in_one_sentence() {
    let report = report(vec![order(100, StateName::Held, Expected::Synced, false)], true);
    assert!(!report.holds());
    insta::assert_snapshot!(report.failures().join("\n"));
}

#[test]
fn a_check_that_does_not_hold_fails_the_report() {
    let report = report(vec![order(100, StateName::Synced, Expected::Synced, true)], false);
    assert_eq!(report.failures(), [report.checks[0].says.clone()]);
}

#[test]
fn an_order_that_the_ledger_never_saw_does_not_add_up() {
    let mut unseen = order(100, StateName::Synced, Expected::Explained, false);
    unseen.state = None;
    let report = report(vec![unseen], true);
    assert_eq!(report.adding_up(), "1 order ≠ none");
    assert_eq!(report.failures().len(), 2);
}

#[test]
fn the_table_for_people() {
    let text = as_it_should_be().for_people();
    assert!(text.contains("\u{1b}["), "it is coloured");
    insta::assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
}

#[test]
fn the_document_for_machines() {
    insta::assert_json_snapshot!(as_it_should_be());
}
