//! What the shelf will say of prices that went out, or that something stands in the way of.

use std::collections::BTreeMap;

use connector_domain::Sku;
use connector_ports::{Published, ShelfIssue, Shelved};

use crate::catalogue::turn::{Halt, Turn};
use crate::catalogue::wanted::Problem;
use crate::catalogue::written::{OF_A_LIST, is_of_a_list, since};

/// One thing about a SKU.
#[derive(Debug, Clone)]
pub(super) struct Note {
    pub(super) sku: Sku,
    /// Of which list.
    pub(super) code: String,
    pub(super) what: What,
    /// The revision of the row that it came from.
    pub(super) revision: Option<i64>,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    /// The store has taken this; `None`: it was taken away.
    Taken { field: String, new: Option<String>, flags: Vec<Problem> },
    /// What was published stays, and a person has to act.
    Held(Problem),
    /// What is as it should be, and what a person should know of it.
    AtRest { flags: Vec<Problem> },
    /// Of which rows the SKU's prices are.
    Marks(BTreeMap<String, i64>),
}

impl Turn<'_> {
    /// Writes it down; says how many fields the store has taken.
    pub(super) async fn note(&self, notes: Vec<Note>) -> Result<usize, Halt> {
        if notes.is_empty() {
            return Ok(0);
        }
        let skus: Vec<Sku> = notes.iter().map(|note| note.sku.clone()).collect();
        let before = self.on.shelf.get(&self.connected.id, &skus).await?;
        let mut records = before.clone();
        let mut changes = Vec::new();
        for note in notes {
            let record = records.entry(note.sku.clone()).or_default();
            match &note.what {
                What::Taken { field, new, flags } => {
                    let old = match new {
                        Some(new) => record.fields.insert(field.clone(), new.clone()),
                        None => record.fields.remove(field),
                    };
                    let Note { sku, revision, .. } = note.clone();
                    let (field, new, at) = (field.clone(), new.clone(), self.on.now());
                    changes.push(Published { sku, at, field, old, new, revision });
                    self.tell(record, &note, flags, true);
                }
                What::AtRest { flags } => self.tell(record, &note, flags, true),
                What::Held(problem) => self.tell(record, &note, std::slice::from_ref(problem), false),
                What::Marks(marks) => {
                    record.revisions.retain(|set, _| !is_mark_of(set, &note.code));
                    record.revisions.extend(marks.clone());
                }
            }
        }
        let published = changes.len();
        let records: Vec<(Sku, Shelved)> =
            records.into_iter().filter(|(sku, record)| before.get(sku) != Some(record)).collect();
        if !records.is_empty() || published > 0 {
            self.on.shelf.put(&self.connected.id, &records, &changes).await?;
        }
        Ok(published)
    }

    /// There is room for one issue: what keeps a part back comes before what a list has to say, and each list takes back only its own.
    fn tell(&self, record: &mut Shelved, note: &Note, problems: &[Problem], flagged_only: bool) {
        let begins = format!("price list {}: ", note.code);
        let own = |issue: &ShelfIssue| is_of_a_list(issue) && issue.words.starts_with(&begins);
        let Some(first) = problems.first() else {
            record.issue = record.issue.take().filter(|issue| !own(issue));
            return;
        };
        if record.issue.as_ref().is_some_and(|issue| !own(issue) && !issue.flagged_only) {
            return;
        }
        let reason = format!("{OF_A_LIST}{}", first.reason);
        let since = since(record.issue.as_ref(), &reason, self.on.now());
        if !flagged_only && record.issue.as_ref().is_none_or(|issue| issue.reason != reason) {
            let (connection, sku) = (&self.connected.id, &note.sku);
            tracing::warn!(%connection, %sku, reason, "the price of {sku} of {connection} is not published: {begins}{}", first.words);
        }
        let words = problems.iter().map(|problem| problem.words.as_str()).collect::<Vec<_>>().join("; ");
        record.issue = Some(ShelfIssue { reason, words: begins + &words, since, flagged_only });
    }
}

/// Whether a set among the revisions is a row or a break of this list.
pub(super) fn is_mark_of(set: &str, code: &str) -> bool {
    let of = match set.split_once('/') {
        Some((super::LIST_ROW, of)) => Some(of),
        Some((super::BREAK, of)) => of.rsplit_once('/').map(|(of, _quantity)| of),
        Some(_) | None => None,
    };
    of == Some(code)
}
