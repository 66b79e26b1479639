//! What every state guarantees.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::samples::{MANY, connection};
use crate::digest::Digest;
use crate::state::{Cursor, LinkKind, State, StateError};

const NAME: &str = "order-poller";

/// A state that remembers nothing yet.
#[derive(Debug, Clone)]
pub struct StateSubject {
    /// The state.
    pub state: Arc<dyn State>,
}

/// One test a sentence of [`State`]; each evaluates `$subject`, an empty [`StateSubject`].
#[macro_export]
macro_rules! state_suite {
    ($subject:expr) => {
        $crate::one_test_a_sentence! { state, $subject;
            of_many_writers_that_read_one_cursor_one_advances_it,
            of_many_first_writers_one_makes_the_cursor,
            a_writer_that_read_an_older_cursor_is_refused_and_writes_nothing,
            a_cursor_counts_its_writings,
            documents_come_back_as_they_were_written,
            the_last_link_wins,
            the_last_fingerprint_wins,
            what_was_never_written_is_none,
            nothing_of_one_connection_is_seen_by_another,
            names_and_kinds_are_kept_apart,
        }
    };
}

/// The others are told that it moved, and what the one wrote stands.
pub async fn of_many_writers_that_read_one_cursor_one_advances_it(subject: StateSubject) {
    let read = advance(&subject, None, json!(0)).await.unwrap();
    one_wins(&subject, Some(&read)).await;
}

/// "There was none" is a reading, too.
pub async fn of_many_first_writers_one_makes_the_cursor(subject: StateSubject) {
    one_wins(&subject, None).await;
}

async fn one_wins(subject: &StateSubject, read: Option<&Cursor>) {
    let mut writers = JoinSet::new();
    for number in 1..=MANY {
        let (subject, read) = (subject.clone(), read.cloned());
        writers.spawn(async move { advance(&subject, read.as_ref(), json!(number)).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = writers.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, MANY - 1));
    assert!(lost.into_iter().all(|refusal| refusal == Err(StateError::Moved(NAME.to_owned()))));
    let stored = subject.state.cursor(&connection("main-store"), NAME).await.unwrap();
    assert_eq!(won.into_iter().next().unwrap().ok(), stored);
}

/// Even if the document has come to be the same again.
pub async fn a_writer_that_read_an_older_cursor_is_refused_and_writes_nothing(subject: StateSubject) {
    let first = advance(&subject, None, json!("a")).await.unwrap();
    let second = advance(&subject, Some(&first), json!("b")).await.unwrap();
    let third = advance(&subject, Some(&second), json!("a")).await.unwrap();
    let moved = Err(StateError::Moved(NAME.to_owned()));
    assert_eq!(advance(&subject, Some(&first), json!("x")).await, moved);
    assert_eq!(advance(&subject, Some(&second), json!("x")).await, moved);
    assert_eq!(advance(&subject, None, json!("x")).await, moved);
    assert_eq!(subject.state.cursor(&connection("main-store"), NAME).await, Ok(Some(third)));
}

/// 1, 2, 3 …; and a writer that read a cursor where none is any more, or none yet, is refused.
pub async fn a_cursor_counts_its_writings(subject: StateSubject) {
    let foreign = Cursor { document: json!(0), version: 1 };
    assert_eq!(advance(&subject, Some(&foreign), json!(1)).await, Err(StateError::Moved(NAME.to_owned())));
    let mut read = None;
    for version in 1..=3 {
        let advanced = advance(&subject, read.as_ref(), json!({ "page": version })).await.unwrap();
        assert_eq!(advanced, Cursor { document: json!({ "page": version }), version });
        assert_eq!(subject.state.cursor(&connection("main-store"), NAME).await, Ok(Some(advanced.clone())));
        read = Some(advanced);
    }
}

/// Whatever JSON holds: empty texts and lists, large numbers, other alphabets, `null`.
pub async fn documents_come_back_as_they_were_written(subject: StateSubject) {
    let mut read = None;
    for (number, document) in (1..).zip(documents()) {
        let advanced = advance(&subject, read.as_ref(), document.clone()).await.unwrap();
        let stored = subject.state.cursor(&connection("main-store"), NAME).await.unwrap().unwrap();
        assert_eq!((&stored.document, &stored), (&document, &advanced));
        read = Some(advanced);
        let key = number.to_string();
        link(&subject, LinkKind::Sku, &key, document.clone()).await;
        assert_eq!(linked(&subject, LinkKind::Sku, &key).await, Some(document));
    }
}

/// A link has no versions.
pub async fn the_last_link_wins(subject: StateSubject) {
    for number in 1..=3 {
        link(&subject, LinkKind::Shopper, "7", json!({ "cust_id": format!("W{number}") })).await;
    }
    assert_eq!(linked(&subject, LinkKind::Shopper, "7").await, Some(json!({ "cust_id": "W3" })));
}

/// As with links.
pub async fn the_last_fingerprint_wins(subject: StateSubject) {
    let connection = connection("main-store");
    for byte in 1..=3 {
        subject.state.set_fingerprint(&connection, "price/BL-7", Digest::new([byte; 32])).await.unwrap();
    }
    let stored = subject.state.fingerprint(&connection, "price/BL-7").await.unwrap();
    assert_eq!(stored, Some(Digest::new([3; 32])));
}

/// To look is not to create.
pub async fn what_was_never_written_is_none(subject: StateSubject) {
    let connection = connection("main-store");
    for _ in 0..2 {
        assert_eq!(subject.state.cursor(&connection, NAME).await, Ok(None));
        assert_eq!(linked(&subject, LinkKind::Sku, "BL-7").await, None);
        assert_eq!(subject.state.fingerprint(&connection, "price/BL-7").await, Ok(None));
    }
}

/// Not by a neighbour in the alphabet either.
pub async fn nothing_of_one_connection_is_seen_by_another(subject: StateSubject) {
    advance(&subject, None, json!(1)).await.unwrap();
    link(&subject, LinkKind::Sku, "BL-7", json!(1)).await;
    subject.state.set_fingerprint(&connection("main-store"), "x", Digest::new([1; 32])).await.unwrap();
    for id in ["main", "main-stor", "main-store2", "other-store"] {
        let other = connection(id);
        assert_eq!(subject.state.cursor(&other, NAME).await, Ok(None));
        assert_eq!(subject.state.link(&other, LinkKind::Sku, "BL-7").await, Ok(None));
        assert_eq!(subject.state.fingerprint(&other, "x").await, Ok(None));
        let theirs = subject.state.advance(&other, NAME, None, json!(id)).await.unwrap();
        assert_eq!(theirs.version, 1);
    }
}

/// SKUs hold any character, also those that keys are joined with.
pub async fn names_and_kinds_are_kept_apart(subject: StateSubject) {
    let keys =
        ["7", "sku/7", "shopper#7", "sku#7", "a/b", "a", "b", " 7", "7 ", "\u{d6}L", "o\u{308}l", "%2F", "A"];
    for kind in [LinkKind::Sku, LinkKind::Shopper] {
        for key in keys {
            assert_eq!(linked(&subject, kind, key).await, None, "{key:?}");
            link(&subject, kind, key, json!([kind.as_str(), key])).await;
        }
    }
    for kind in [LinkKind::Sku, LinkKind::Shopper] {
        for key in keys {
            assert_eq!(linked(&subject, kind, key).await, Some(json!([kind.as_str(), key])), "{key:?}");
        }
    }
    for key in keys {
        let first = subject.state.advance(&connection("main-store"), key, None, json!(key)).await;
        assert_eq!(first.unwrap().version, 1, "{key:?}");
    }
}

fn documents() -> [Value; 7] {
    [
        json!({ "after": "2024-03-01T10:00:00Z", "seen": [1, 2, 3], "nested": { "deep": [{}, [], ""] } }),
        json!({ "large": u64::MAX, "small": i64::MIN, "part": 0.125 }),
        json!({ "": "", "\u{d6}L \u{1f4e6}": "line\nbreak \"quoted\" \\" }),
        json!([null, true, false]),
        json!("text"),
        json!(0),
        Value::Null,
    ]
}

async fn advance(
    subject: &StateSubject,
    from: Option<&Cursor>,
    document: Value,
) -> Result<Cursor, StateError> {
    subject.state.advance(&connection("main-store"), NAME, from, document).await
}

async fn link(subject: &StateSubject, kind: LinkKind, key: &str, to: Value) {
    subject.state.set_link(&connection("main-store"), kind, key, to).await.unwrap();
}

async fn linked(subject: &StateSubject, kind: LinkKind, key: &str) -> Option<Value> {
    subject.state.link(&connection("main-store"), kind, key).await.unwrap()
}
