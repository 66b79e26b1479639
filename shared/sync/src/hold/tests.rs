use std::collections::BTreeSet;

use super::*;

const PAGE: &str = include_str!("../../../../docs/holds.md");

/// The rows of the page: code, what it means, what to do.
fn rows() -> Vec<[&'static str; 3]> {
    let row = |line: &'static str| {
        let mut cells = line.strip_prefix("| `")?.strip_suffix(" |")?.split(" | ");
        let row = [cells.next()?.strip_suffix('`')?, cells.next()?, cells.next()?];
        cells.next().is_none().then_some(row)
    };
    PAGE.lines().filter_map(row).collect()
}

#[test]
fn each_cause_has_a_code_of_its_own() {
    let codes: BTreeSet<&str> = HoldReason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(codes.len(), HoldReason::ALL.len());
    assert!(codes.iter().all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')), "{codes:?}");
}

#[test]
fn the_page_says_of_each_cause_once_what_it_means_and_what_to_do() {
    let documented: Vec<&str> = rows().iter().map(|[code, ..]| *code).collect();
    let all: Vec<&str> = HoldReason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(documented, all, "in the order of the code");
    for [code, means, to_do] in rows() {
        assert!(means.len() > 15 && to_do.len() > 15, "{code}");
    }
}

#[test]
fn a_hold_reads_as_its_code_and_its_sentence() {
    let hold = Hold::about(HoldReason::UnknownPart, "NO-SUCH", "create the part");
    assert_eq!(
        (hold.subject.as_deref(), hold.to_string().as_str()),
        (Some("NO-SUCH"), "unknown_part: create the part")
    );
}

#[test]
fn a_hold_about_nothing_has_no_subject() {
    let hold = Hold::about(HoldReason::LineWithoutSku, "", "give the product a SKU");
    assert_eq!(hold, Hold::because(HoldReason::LineWithoutSku, "give the product a SKU"));
}
