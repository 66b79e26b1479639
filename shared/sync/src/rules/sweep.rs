//! `[sweep]`: how the store is compared with what it should have.

use std::time::Duration;

use super::read::Section;

/// How the store is compared with what it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepRules {
    /// How often all of it is; `None`: never.
    pub every: Option<Duration>,
}

pub(super) fn sweep(mut section: Section, all: &mut Vec<String>) -> SweepRules {
    let hours = section.whole("hours", 24, 0..=720);
    section.close(all);
    SweepRules { every: (hours > 0).then(|| Duration::from_hours(hours.into())) }
}
