//! `[sweep]`: how the store is compared with what it should have.

use std::time::Duration;

use super::catalogue::Gone;
use super::read::Section;

/// How the store is compared with what it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepRules {
    /// How often all of it is; `None`: never.
    pub every: Option<Duration>,
    /// How often what the store told of is.
    pub marks: Duration,
    /// What becomes of a value that somebody else put in the place of ours.
    pub typed: Typed,
    /// What becomes of the product of a part that was deleted.
    pub deleted: Gone,
    /// If more than so many in a hundred would count as deleted, none does.
    pub most_deleted: u32,
}

/// What becomes of a value that somebody else put in the place of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// Ours is written again.
    PutRight,
    /// It stays until Kinetic's changes, and is flagged.
    Keep,
}

pub(super) fn sweep(mut section: Section, all: &mut Vec<String>) -> SweepRules {
    let hours = section.whole("hours", 24, 0..=720);
    let typed = section.parsed("typed", "put_right or keep", |word| match word {
        "put_right" => Some(Typed::PutRight),
        "keep" => Some(Typed::Keep),
        _ => None,
    });
    let deleted = section.parsed("deleted", "hide or leave", |word| match word {
        "hide" => Some(Gone::Hide),
        "leave" => Some(Gone::Leave),
        _ => None,
    });
    let rules = SweepRules {
        every: (hours > 0).then(|| Duration::from_hours(hours.into())),
        marks: Duration::from_mins(section.whole("marks_minutes", 1, 1..=1440).into()),
        typed: typed.unwrap_or(Typed::PutRight),
        deleted: deleted.unwrap_or(Gone::Hide),
        most_deleted: section.whole("most_deleted", 10, 0..=100),
    };
    section.close(all);
    rules
}
