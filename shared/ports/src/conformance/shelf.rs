//! What every shelf guarantees.

use std::sync::Arc;

use connector_domain::{Sku, Timestamp};

use super::samples::connection;
use crate::shelf::{Mark, PartFacts, Published, Shelf, ShelfIssue, Shelved, ShopPlace, Stocked};

/// A shelf on which nothing is.
#[derive(Debug, Clone)]
pub struct ShelfSubject {
    /// The shelf.
    pub shelf: Arc<dyn Shelf>,
}

/// One test a sentence of [`Shelf`]; each evaluates `$subject`, an empty [`ShelfSubject`].
#[macro_export]
macro_rules! shelf_suite {
    ($subject:expr) => {
        $crate::one_test_a_sentence! { shelf, $subject;
            records_come_back_as_they_were_put_and_the_last_one_wins,
            of_skus_that_were_never_put_none_comes,
            any_number_of_skus_are_asked_for_and_put_at_once,
            all_records_are_listed_by_sku_page_by_page,
            records_with_an_issue_are_listed_until_it_is_gone,
            changes_come_newest_first_and_one_that_is_put_again_is_one,
            a_product_that_was_marked_is_told_once_until_it_is_unmarked,
            a_mark_that_was_renewed_after_it_was_read_stays,
            nothing_of_one_connections_shelf_is_seen_by_another,
        }
    };
}

const MAIN: &str = "main-store";

fn sku(text: &str) -> Sku {
    Sku(text.to_owned())
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_775_000_000 + second).unwrap()
}

fn record(name: &str) -> Shelved {
    Shelved {
        place: Some(ShopPlace { product: 118, variant: 93, simple: true }),
        fields: [("name".to_owned(), name.to_owned()), ("price".to_owned(), "0.4525".to_owned())].into(),
        revisions: [("Parts".to_owned(), i64::MAX)].into(),
        issue: None,
        part: Some(PartFacts {
            stocked: Stocked::Kit,
            stock_um: "EA".to_owned(),
            sales_um: "BX".to_owned(),
            price_per: "C".to_owned(),
        }),
    }
}

fn with_issue(name: &str) -> Shelved {
    let issue = ShelfIssue {
        reason: "duplicate_name".to_owned(),
        words: "another product is called \"ø 🔔\"".to_owned(),
        since: at(0),
        flagged_only: false,
    };
    Shelved { issue: Some(issue), place: None, ..record(name) }
}

fn change(field: &str, second: i64) -> Published {
    Published {
        sku: sku("BL-7"),
        at: at(second),
        field: field.to_owned(),
        old: (second > 0).then(|| "1".to_owned()),
        new: Some("2".to_owned()),
        revision: Some(7),
    }
}

async fn put(subject: &ShelfSubject, records: &[(Sku, Shelved)], changes: &[Published]) {
    subject.shelf.put(&connection(MAIN), records, changes).await.unwrap();
}

/// Other alphabets, empty texts and the largest revision too.
pub async fn records_come_back_as_they_were_put_and_the_last_one_wins(subject: ShelfSubject) {
    let one = sku("BL-7/ø #1");
    for shelved in [record("first"), with_issue(""), Shelved::default(), record("ø 🔔")] {
        put(&subject, &[(one.clone(), shelved.clone())], &[]).await;
        let found = subject.shelf.get(&connection(MAIN), std::slice::from_ref(&one)).await.unwrap();
        assert_eq!(found, [(one.clone(), shelved)].into());
    }
}

/// To look is not to create, and another spelling is another SKU.
pub async fn of_skus_that_were_never_put_none_comes(subject: ShelfSubject) {
    put(&subject, &[(sku("BL-7"), record("x"))], &[]).await;
    let asked = [sku("bl-7"), sku("BL-7 "), sku("BL-8"), sku("BL-7")];
    for _ in 0..2 {
        let found = subject.shelf.get(&connection(MAIN), &asked).await.unwrap();
        assert_eq!(found.into_keys().collect::<Vec<_>>(), [sku("BL-7")]);
    }
    assert_eq!(subject.shelf.get(&connection(MAIN), &[]).await.unwrap().len(), 0);
}

/// More than DynamoDB takes in one call, with one named twice.
pub async fn any_number_of_skus_are_asked_for_and_put_at_once(subject: ShelfSubject) {
    let all: Vec<_> = (0..130).map(|number| (sku(&format!("P-{number:03}")), record("x"))).collect();
    put(&subject, &all, &[]).await;
    let mut asked: Vec<_> = all.iter().map(|(sku, _)| sku.clone()).collect();
    asked.push(sku("P-000"));
    let found = subject.shelf.get(&connection(MAIN), &asked).await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), all);
}

/// Capital letters come before small ones, as bytes do.
pub async fn all_records_are_listed_by_sku_page_by_page(subject: ShelfSubject) {
    let skus = ["a", "A", "B-10", "B-9", "b", "é"];
    for text in skus {
        put(&subject, &[(sku(text), record(text))], &[]).await;
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = subject.shelf.list(&connection(MAIN), after.as_ref(), 2).await.unwrap();
        let ends = page.len() < 2;
        after = page.last().map(|(sku, _)| sku.clone()).or(after);
        seen.extend(page.into_iter().map(|(sku, _)| sku.0));
        if ends {
            break;
        }
    }
    assert_eq!(seen, ["A", "B-10", "B-9", "a", "b", "é"]);
}

/// What is put without its issue has none.
pub async fn records_with_an_issue_are_listed_until_it_is_gone(subject: ShelfSubject) {
    let (good, bad, worse) = (sku("A"), sku("B"), sku("C"));
    let all = [(good, record("a")), (bad.clone(), with_issue("b")), (worse.clone(), with_issue("c"))];
    put(&subject, &all, &[]).await;
    let issues = async |after| {
        let page = subject.shelf.with_issue(&connection(MAIN), after, 10).await.unwrap();
        page.into_iter().map(|(sku, record)| (sku, record.issue.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(issues(None).await, [(bad.clone(), true), (worse.clone(), true)]);
    assert_eq!(issues(Some(&bad)).await, [(worse.clone(), true)]);
    put(&subject, &[(bad.clone(), record("b"))], &[]).await;
    assert_eq!(issues(None).await, [(worse, true)]);
    assert_eq!(subject.shelf.list(&connection(MAIN), None, 10).await.unwrap().len(), 3);
}

/// By time, then by field; a retry of a write must not double them.
pub async fn changes_come_newest_first_and_one_that_is_put_again_is_one(subject: ShelfSubject) {
    let (price, name, later) = (change("price", 0), change("name", 0), change("price", 5));
    put(&subject, &[], &[price.clone(), name.clone()]).await;
    put(&subject, &[], &[name.clone(), later.clone()]).await;
    let changes = async |limit| subject.shelf.changes(&connection(MAIN), &sku("BL-7"), limit).await.unwrap();
    assert_eq!(changes(10).await, [later.clone(), price, name]);
    assert_eq!(changes(1).await, [later]);
    assert!(subject.shelf.changes(&connection(MAIN), &sku("BL-8"), 10).await.unwrap().is_empty());
}

/// By number, and not by the digits it is written in.
pub async fn a_product_that_was_marked_is_told_once_until_it_is_unmarked(subject: ShelfSubject) {
    let (main, shelf) = (connection(MAIN), &subject.shelf);
    shelf.mark(&main, &[118, 9, u64::MAX], at(0)).await.unwrap();
    shelf.mark(&main, &[118], at(5)).await.unwrap();
    let mark = |product, second| Mark { product, at: at(second) };
    let all = [mark(9, 0), mark(118, 5), mark(u64::MAX, 0)];
    for _ in 0..2 {
        assert_eq!(shelf.marked(&main, 10).await.unwrap(), all);
        assert_eq!(shelf.marked(&main, 1).await.unwrap(), [mark(9, 0)]);
    }
    shelf.unmark(&main, &[mark(9, 0), mark(7, 0)]).await.unwrap();
    assert_eq!(shelf.marked(&main, 10).await.unwrap(), all[1..]);
    shelf.unmark(&main, &all).await.unwrap();
    assert_eq!(shelf.marked(&main, 10).await.unwrap(), []);
}

/// Whichever of two clocks is ahead.
pub async fn a_mark_that_was_renewed_after_it_was_read_stays(subject: ShelfSubject) {
    let (main, shelf) = (connection(MAIN), &subject.shelf);
    for renewed in [5, -5] {
        shelf.mark(&main, &[118, 119], at(0)).await.unwrap();
        let read = shelf.marked(&main, 10).await.unwrap();
        shelf.mark(&main, &[118], at(renewed)).await.unwrap();
        shelf.unmark(&main, &read).await.unwrap();
        let left = shelf.marked(&main, 10).await.unwrap();
        assert_eq!(left, [Mark { product: 118, at: at(renewed) }]);
        shelf.unmark(&main, &left).await.unwrap();
    }
}

/// Not by a neighbour in the alphabet either.
pub async fn nothing_of_one_connections_shelf_is_seen_by_another(subject: ShelfSubject) {
    put(&subject, &[(sku("BL-7"), with_issue("x"))], &[change("price", 0)]).await;
    subject.shelf.mark(&connection(MAIN), &[118], at(0)).await.unwrap();
    for other in ["main-store-2", "main", "other"] {
        let other = connection(other);
        assert!(subject.shelf.get(&other, &[sku("BL-7")]).await.unwrap().is_empty());
        assert!(subject.shelf.list(&other, None, 10).await.unwrap().is_empty());
        assert!(subject.shelf.with_issue(&other, None, 10).await.unwrap().is_empty());
        assert!(subject.shelf.changes(&other, &sku("BL-7"), 10).await.unwrap().is_empty());
        assert!(subject.shelf.marked(&other, 10).await.unwrap().is_empty());
    }
}
