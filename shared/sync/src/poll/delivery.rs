//! How orders came to be known: by a webhook, or by the poller. It measures how reliably webhooks come.

use connector_domain::Timestamp;
use serde::{Deserialize, Serialize};

const AN_HOUR: i64 = 3600;

/// So many hours are kept.
const A_DAY: i64 = 24;

/// Counts by the hour, for one day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delivery {
    hours: Vec<Hour>,
    /// Orders that were found by their date before their number was looked at, and so must not be counted as known when it is.
    ahead: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hour {
    /// Hours since 1970.
    number: i64,
    known: u64,
    missed: u64,
}

/// How the orders of the last day came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct LastDay {
    /// Known already when the poller came by.
    pub known: u64,
    /// Found by the poller: no webhook had told of them.
    pub missed: u64,
}

impl Delivery {
    /// An order was known when its number was looked at.
    pub(super) fn known(&mut self, now: Timestamp) {
        if self.ahead > 0 {
            self.ahead -= 1;
        } else {
            let hour = self.hour(now);
            hour.known = hour.known.saturating_add(1);
        }
    }

    /// An order was not known; `ahead` says that its number is still to be looked at.
    pub(super) fn missed(&mut self, ahead: bool, now: Timestamp) {
        self.ahead = self.ahead.saturating_add(u64::from(ahead));
        let hour = self.hour(now);
        hour.missed = hour.missed.saturating_add(1);
    }

    /// The sums of the last day.
    pub(super) fn last_day(&self, now: Timestamp) -> LastDay {
        let since = number(now).saturating_sub(A_DAY);
        let recent = self.hours.iter().filter(|hour| hour.number > since);
        recent.fold(LastDay::default(), |sum, hour| LastDay {
            known: sum.known.saturating_add(hour.known),
            missed: sum.missed.saturating_add(hour.missed),
        })
    }

    fn hour(&mut self, now: Timestamp) -> &mut Hour {
        let number = number(now);
        self.hours.retain(|hour| hour.number > number.saturating_sub(A_DAY));
        let place = self.hours.iter().position(|hour| hour.number == number).unwrap_or_else(|| {
            self.hours.push(Hour { number, known: 0, missed: 0 });
            self.hours.len().saturating_sub(1)
        });
        #[expect(clippy::indexing_slicing, reason = "it was found, or put there, one line above")]
        &mut self.hours[place]
    }
}

fn number(now: Timestamp) -> i64 {
    now.as_second().div_euclid(AN_HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_remembered_and_no_order_counts_twice() {
        let at = |hour: i64| Timestamp::from_second(hour * AN_HOUR).unwrap();
        let mut delivery = Delivery::default();
        delivery.known(at(0));
        delivery.missed(true, at(1));
        delivery.known(at(1));
        delivery.known(at(2));
        assert_eq!(delivery.last_day(at(2)), LastDay { known: 2, missed: 1 });
        assert_eq!(delivery.last_day(at(24)), LastDay { known: 1, missed: 1 });
        for hour in 0..1000 {
            delivery.known(at(hour));
        }
        assert!(delivery.hours.len() <= 24);
    }
}
