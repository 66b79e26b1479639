//! The jobs of the catalogue.

use std::time::Duration;

use crate::rules::Rules;

/// A job of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CatalogueJob {
    /// Levels of stock that changed go out. First, because overselling is the dearest.
    Stock,
    /// Prices of lists that changed go out.
    Prices,
    /// Parts that changed go out.
    Parts,
    /// What the store has is compared with what it should have.
    Sweep,
}

impl CatalogueJob {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Stock, Self::Prices, Self::Parts, Self::Sweep];

    /// The stable word, as in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Prices => "prices",
            Self::Parts => "parts",
            Self::Sweep => "sweep",
        }
    }

    /// The job with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|job| job.as_str() == word)
    }

    /// The cursor in which it stands how far it came.
    pub(super) const fn cursor(self) -> &'static str {
        match self {
            Self::Stock => "catalogue-stock",
            Self::Prices => "catalogue-prices",
            Self::Parts => "catalogue-parts",
            Self::Sweep => "catalogue-sweep",
        }
    }

    /// How often it runs; `None`: never.
    pub(super) fn every(self, rules: &Rules) -> Option<Duration> {
        if !rules.catalogue.publish {
            return None;
        }
        match self {
            Self::Parts => Some(rules.catalogue.every),
            Self::Prices => Some(rules.prices.every),
            Self::Stock => rules.stock.publish.then_some(rules.stock.every),
            // All of the store is compared at a time of its own.
            Self::Sweep => Some(rules.sweep.marks),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_found_by_its_word() {
        for job in CatalogueJob::ALL {
            assert_eq!(CatalogueJob::named(job.as_str()), Some(job));
        }
        assert_eq!(CatalogueJob::named("part"), None);
    }
}
