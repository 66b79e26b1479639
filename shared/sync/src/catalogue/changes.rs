//! How far a set of Kinetic was read, by its revisions.
//!
//! `SysRevID` is one counter for the whole database, and a row gets its number when it is written, but is seen when its transaction ends:
//! so each reading begins before the end of the last. What comes twice is known by the shelf.

use std::collections::VecDeque;
use std::time::Duration;

use connector_domain::Timestamp;
use serde::{Deserialize, Serialize};

/// So many of the newest rows are remembered. If none of them is there any more, it is another database.
const REMEMBERED: usize = 20;

/// How far a set was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadTo {
    /// The highest revision whose work is done; 0 before the first row.
    pub revision: i64,
    /// Since when each of these revisions was reached: the newest last, and one that is older than the overlap first.
    marks: VecDeque<(Timestamp, i64)>,
    /// The newest rows: what they are, and their revision.
    newest: VecDeque<(String, i64)>,
    /// A reading that has not come to its end: up to where its work is done.
    under_way: Option<i64>,
}

impl ReadTo {
    /// From where on the next page is asked for: rows with a higher revision.
    ///
    /// A reading that was cut off goes on where its work was done. A new one begins where the last was `overlap` ago, and always so early
    /// that a row comes that is known: nothing at all would mean that the database is another.
    pub fn after(&self, now: Timestamp, overlap: Duration) -> i64 {
        if let Some(done) = self.under_way {
            return done;
        }
        let old = |moment: Timestamp| {
            Duration::try_from(now.duration_since(moment)).is_ok_and(|age| age >= overlap)
        };
        let mark =
            self.marks.iter().rev().find(|(moment, _)| old(*moment)).map_or(0, |(_, revision)| *revision);
        let known = self.newest.front().map_or(0, |(_, revision)| revision.saturating_sub(1));
        mark.min(known)
    }

    /// All of it is read again; the newest rows stay known.
    pub fn begin_anew(&mut self) {
        self.marks.clear();
        self.under_way = None;
    }

    /// Whether a reading was begun and not come to its end.
    pub const fn is_under_way(&self) -> bool {
        self.under_way.is_some()
    }

    /// Whether anything was ever read.
    pub fn has_begun(&self) -> bool {
        self.revision > 0
    }

    /// The work on a page is done; `rows` are what it held, in the order of their revisions, and `ends` says that it was the last.
    pub fn done<'a>(
        &mut self,
        rows: impl IntoIterator<Item = (&'a str, i64)>,
        ends: bool,
        now: Timestamp,
        overlap: Duration,
    ) {
        for (row, revision) in rows {
            self.revision = self.revision.max(revision);
            self.under_way = Some(self.under_way.map_or(revision, |done| done.max(revision)));
            self.newest.retain(|(other, _)| other != row);
            let at = self.newest.partition_point(|(_, other)| *other < revision);
            self.newest.insert(at, (row.to_owned(), revision));
            if self.newest.len() > REMEMBERED {
                self.newest.pop_front();
            }
        }
        if ends {
            self.under_way = None;
            self.mark(now, overlap);
        }
    }

    /// Whether a database whose highest revision is this is another than the one that was read: it has none of the newest rows, nor one
    /// that is newer.
    pub fn is_another_database(&self, highest: Option<i64>) -> bool {
        let oldest_known = self.newest.front().map_or(0, |(_, revision)| *revision);
        self.has_begun() && highest.is_none_or(|highest| highest < oldest_known)
    }

    /// A reading came to its end now. One mark older than the overlap stays, and those since, a minute apart.
    fn mark(&mut self, now: Timestamp, overlap: Duration) {
        let age = |moment: Timestamp| Duration::try_from(now.duration_since(moment)).unwrap_or_default();
        if self.marks.back().is_none_or(|(last, _)| age(*last) >= Duration::from_mins(1)) {
            self.marks.push_back((now, self.revision));
        }
        while self.marks.get(1).is_some_and(|(second, _)| age(*second) >= overlap) {
            self.marks.pop_front();
        }
    }
}

#[cfg(test)]
mod tests;
