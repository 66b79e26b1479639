//! `[prices]`: which price lists of Kinetic the store shows.

use std::time::Duration;

use super::read::Section;

/// Which price lists of Kinetic the store shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRules {
    /// How often changed prices are asked for.
    pub every: Duration,
}

pub(super) fn prices(mut section: Section, all: &mut Vec<String>) -> PriceRules {
    let every = Duration::from_mins(section.whole("minutes", 5, 1..=1440).into());
    section.close(all);
    PriceRules { every }
}
