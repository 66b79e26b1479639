//! Up to when an order that was read has surely been seen.

use std::time::Duration;

use connector_domain::Timestamp;
use jiff::SignedDuration;

use crate::job::after;

/// A second that the store tells may not be over yet, and its clock may be so far from ours.
const UNSURE: Duration = Duration::from_secs(2);

/// By so much less is kept where a reading is unsure.
const LESS: SignedDuration = SignedDuration::from_millis(1);

/// What is kept of `modified`, as the store told it to a reading that was begun at `begun`.
///
/// The store tells whole seconds. Of an order that was read in the second of its last change it says the same after another change in that
/// second; so of such a reading a little less is kept, and [`news`] has it read once more.
pub(crate) fn until(modified: Timestamp, begun: Timestamp) -> Timestamp {
    if begun >= after(modified, UNSURE) { modified } else { modified.checked_sub(LESS).unwrap_or(modified) }
}

/// What the store's `date_modified` says to whoever kept `seen` of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// The order is as it was read.
    None,
    /// It has changed since.
    Changed,
    /// It was read so soon after its last change that another may have come behind; another reading will tell.
    Unsure,
}

/// Compares `modified`, as the store tells it now, with what was kept of the last reading.
pub(crate) fn news(modified: Timestamp, seen: Timestamp, now: Timestamp) -> News {
    if modified <= seen {
        News::None
    } else if modified.duration_since(seen) > LESS {
        News::Changed
    } else if now >= after(modified, UNSURE) {
        News::Unsure
    } else {
        // Too soon again; the next run looks as far back.
        News::None
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(1_775_000_000_000 + millisecond).unwrap()
    }

    #[test_case(300, 0, News::Unsure; "read in its second")]
    #[test_case(1999, 0, News::Unsure; "read when the store's clock may still show it")]
    #[test_case(2000, 0, News::None; "read when the second was over")]
    #[test_case(300, 1000, News::Changed; "changed a second later")]
    #[test_case(2000, 1000, News::Changed; "changed after it was over")]
    fn a_reading_is_sure_if_the_second_of_the_last_change_was_over(begun: i64, modified: i64, told: News) {
        let seen = until(at(0), at(begun));
        assert_eq!(news(at(modified), seen, at(300_000)), told);
    }

    #[test]
    fn nobody_looks_again_in_the_same_second() {
        let seen = until(at(0), at(300));
        assert_eq!(news(at(0), seen, at(1999)), News::None);
        assert_eq!(news(at(0), seen, at(2000)), News::Unsure);
        assert_eq!(news(at(0), until(at(0), at(2000)), at(2000)), News::None);
    }
}
