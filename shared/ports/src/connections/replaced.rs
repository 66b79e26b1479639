//! Secrets that were replaced and still count for a while, so that nothing is refused meanwhile (`docs/rotations.md`).

use std::time::Duration;

use connector_domain::Timestamp;
use jiff::SignedDuration;
use secrecy::SecretString;

/// For how long a secret that checks webhooks counts after it was replaced: 49 hours.
///
/// The store tries a delivery again for 48 hours and 4 minutes (`docs/facts/bigcommerce.md` §2.4). A hook bears the new header, and an old
/// account's hook is deleted, at [`KNOWN`] and twice that after the replacement at the earliest. 30 minutes and 48 hours and 4 minutes leave
/// 26 minutes for an audit that comes late.
pub const OVERLAP: Duration = Duration::from_hours(49);

/// After that long every receiver knows a new secret: 15 minutes.
///
/// A receiver serves what it read for five minutes ([`Freshness`](crate::Freshness)). A read that was under way when the secret was written may
/// take a minute, writing another; 8 minutes are left for clocks that do not agree. A receiver that cannot read at all serves the
/// old value for as long as that lasts, whatever the time.
pub const KNOWN: Duration = Duration::from_mins(15);

/// A secret that was replaced.
#[derive(Debug, Clone)]
pub struct Replaced {
    /// The old value.
    pub secret: SecretString,
    /// When it was replaced.
    pub since: Timestamp,
    /// From when on it counts no more.
    pub until: Timestamp,
}

impl Replaced {
    /// Replaced at `now`; it counts for [`OVERLAP`] more.
    pub fn at(now: Timestamp, secret: SecretString) -> Self {
        Self { secret, since: now, until: later(now, OVERLAP) }
    }

    /// Whether it still counts.
    pub fn counts(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// From when on every receiver knows what took its place.
    pub fn known_from(&self) -> Timestamp {
        later(self.since, KNOWN)
    }
}

/// What was replaced of a store's credentials; nothing, most of the time.
#[derive(Debug, Clone, Default)]
pub struct Old {
    /// The value of the secret header.
    pub header: Option<Replaced>,
    /// The API account's client secret.
    pub client_secret: Option<Replaced>,
    /// The API account's token: its hooks are deleted with it.
    pub access_token: Option<Replaced>,
}

impl Old {
    /// Without what counts no more.
    #[must_use]
    pub fn pruned(self, now: Timestamp) -> Self {
        let counts = |old: Option<Replaced>| old.filter(|old| old.counts(now));
        Self {
            header: counts(self.header),
            client_secret: counts(self.client_secret),
            access_token: counts(self.access_token),
        }
    }

    /// Whether nothing was replaced.
    pub const fn is_empty(&self) -> bool {
        self.header.is_none() && self.client_secret.is_none() && self.access_token.is_none()
    }
}

fn later(moment: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait)
        .ok()
        .and_then(|wait| moment.checked_add(wait).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_replaced_counts_until_it_is_over_and_is_dropped_then() {
        let now = Timestamp::UNIX_EPOCH;
        let old = Replaced::at(now, "old".into());
        let over = later(now, OVERLAP);
        assert!(old.counts(now) && old.counts(later(now, Duration::from_hours(48))) && !old.counts(over));
        let all =
            Old { header: Some(old.clone()), client_secret: Some(old.clone()), access_token: Some(old) };
        assert!(!all.clone().pruned(now).is_empty() && all.pruned(over).is_empty());
    }

    #[test]
    fn a_delivery_of_the_last_old_hook_is_retried_within_the_overlap() {
        let retries = Duration::from_mins(2884);
        assert!(KNOWN * 2 + retries < OVERLAP);
        assert!(crate::Freshness::default().time_to_live * 2 < KNOWN);
    }
}
