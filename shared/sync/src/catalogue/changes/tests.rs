use super::*;

const OVERLAP: Duration = Duration::from_mins(10);

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_775_000_000 + minute * 60).unwrap()
}

/// Read to its end at this minute, with these revisions.
fn read(place: &mut ReadTo, minute: i64, revisions: &[i64]) {
    let names: Vec<String> = revisions.iter().map(|revision| format!("row-{revision}")).collect();
    let rows = names.iter().map(String::as_str).zip(revisions.iter().copied());
    place.done(rows, true, at(minute), OVERLAP);
}

#[test]
fn the_first_reading_begins_at_the_beginning() {
    let place = ReadTo::default();
    assert_eq!((place.after(at(0), OVERLAP), place.has_begun()), (0, false));
    assert!(!place.is_another_database(None), "an empty company is no other database");
}

#[test]
fn a_reading_begins_where_the_last_was_an_overlap_ago() {
    let mut place = ReadTo::default();
    for minute in 0..30 {
        let first = 1000 + minute * 100;
        read(&mut place, minute, &(first..first + 100).collect::<Vec<_>>());
    }
    assert_eq!(place.revision, 3999);
    // At minute 30 that of minute 20 is ten minutes old.
    assert_eq!(place.after(at(30), OVERLAP), 3099);
    // After a long rest there is nothing of the last minutes; a few known rows come all the same.
    assert_eq!(place.after(at(600), OVERLAP), 3979);
    assert!(place.marks.len() < 13, "{}", place.marks.len());
}

#[test]
fn a_row_that_is_committed_late_with_a_lower_revision_is_read() {
    let mut place = ReadTo::default();
    read(&mut place, 0, &(1..=50).collect::<Vec<_>>());
    // 51 is written at minute 1 and seen at minute 8; 52 to 90 come before.
    read(&mut place, 5, &(52..=90).collect::<Vec<_>>());
    assert!(place.after(at(8), OVERLAP) < 51);
}

#[test]
fn a_reading_that_was_cut_off_goes_on_where_its_work_was_done() {
    let mut place = ReadTo::default();
    read(&mut place, 0, &(1..=50).collect::<Vec<_>>());
    place.done([("row-60", 60), ("row-61", 61)], false, at(20), OVERLAP);
    assert_eq!(place.after(at(21), OVERLAP), 61);
    assert_eq!(place.after(at(500), OVERLAP), 61, "however long it rests");
    read(&mut place, 500, &[70]);
    assert_eq!(place.after(at(501), OVERLAP), 33.min(place.newest[0].1 - 1), "then the overlap counts again");
}

#[test]
fn a_page_that_is_read_again_brings_the_reading_back_nowhere() {
    let mut place = ReadTo::default();
    read(&mut place, 0, &[1, 2, 3]);
    read(&mut place, 20, &[2, 3]);
    assert_eq!((place.revision, place.newest.len()), (3, 3));
}

#[test]
fn a_row_that_changes_has_one_place_among_the_newest() {
    let mut place = ReadTo::default();
    place.done([("a", 5), ("b", 6)], true, at(0), OVERLAP);
    place.done([("a", 9)], true, at(1), OVERLAP);
    assert_eq!(place.newest, [("b".to_owned(), 6), ("a".to_owned(), 9)]);
}

#[test]
fn a_database_that_was_put_back_is_seen_and_a_deleted_row_is_not_taken_for_one() {
    let mut place = ReadTo::default();
    read(&mut place, 0, &(1..=50).collect::<Vec<_>>());
    assert!(!place.is_another_database(Some(50)));
    assert!(!place.is_another_database(Some(49)), "the newest row was deleted");
    assert!(!place.is_another_database(Some(31)));
    assert!(place.is_another_database(Some(30)), "all of the newest are gone");
    assert!(place.is_another_database(None), "nothing is there at all");
}

#[test]
fn it_is_kept_as_it_is() {
    let mut place = ReadTo::default();
    read(&mut place, 0, &[1, 2, 3]);
    place.done([("row-60", 60)], false, at(20), OVERLAP);
    let kept = serde_json::to_value(&place).unwrap();
    assert_eq!(serde_json::from_value::<ReadTo>(kept).unwrap(), place);
}
