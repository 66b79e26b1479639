//! Domains that fail too often are told nothing for a while (`docs/facts/bigcommerce.md` §2.4).

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use url::Url;

/// How far back attempts count.
const WINDOW: SignedDuration = SignedDuration::from_mins(2);
/// So many attempts must have been made in the window.
const ENOUGH: usize = 100;
/// And so many in a hundred of them must have succeeded.
const PERCENT: usize = 90;
/// How long a domain is blocked, in seconds.
const BLOCKED_FOR: i64 = 180;

/// A domain of one account.
type Key = (String, String);

/// All domains that were told something lately, each for each account.
#[derive(Debug, Default)]
pub(crate) struct Blocklist {
    domains: BTreeMap<Key, Domain>,
    fell_due: u64,
}

#[derive(Debug, Default)]
struct Domain {
    scheme: String,
    attempts: VecDeque<Attempt>,
    blocked: Option<Blocked>,
}

#[derive(Debug, Clone, Copy)]
struct Attempt {
    at: Timestamp,
    status: Option<u16>,
}

#[derive(Debug)]
struct Blocked {
    until: Timestamp,
    /// What went wrong, how often, and when last.
    reasons: BTreeMap<String, (usize, Timestamp)>,
}

/// Whether this answer acknowledges a delivery.
pub(crate) fn succeeded(status: Option<u16>) -> bool {
    status.is_some_and(|status| (200..300).contains(&status))
}

/// The vendor takes port 443 only, so the name of the host is the whole of it.
fn key(client_id: &str, destination: &str) -> Option<(Key, String)> {
    let url = Url::parse(destination).ok()?;
    Some(((client_id.to_owned(), url.host_str()?.to_owned()), url.scheme().to_owned()))
}

impl Blocklist {
    pub(crate) fn is_blocked(&self, client_id: &str, destination: &str, now: Timestamp) -> bool {
        let domain = key(client_id, destination).and_then(|(key, _)| self.domains.get(&key));
        domain.is_some_and(|domain| domain.blocked_at(now).is_some())
    }

    /// Counts an attempt, and says whether it got the domain blocked. The time of a block is divided by `scale`.
    pub(crate) fn count(
        &mut self,
        client_id: &str,
        destination: &str,
        status: Option<u16>,
        now: Timestamp,
        scale: u32,
    ) -> bool {
        let Some((key, scheme)) = key(client_id, destination) else { return false };
        let domain = self.domains.entry(key).or_default();
        domain.scheme = scheme;
        domain.attempts.push_back(Attempt { at: now, status });
        while domain.attempts.front().is_some_and(|oldest| now.duration_since(oldest.at) >= WINDOW) {
            domain.attempts.pop_front();
        }
        let sent = domain.attempts.len();
        let good = domain.attempts.iter().filter(|attempt| succeeded(attempt.status)).count();
        if sent < ENOUGH || good * 100 >= sent * PERCENT {
            return false;
        }
        let wait = SignedDuration::from_millis(BLOCKED_FOR * 1000 / i64::from(scale.max(1)));
        let until = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        domain.blocked = Some(Blocked { until, reasons: domain.reasons() });
        // What got the domain blocked does not count again when it is let free.
        domain.attempts.clear();
        true
    }

    /// Of what falls due for blocked domains, every other one, from the first.
    pub(crate) fn every_other(&mut self) -> bool {
        self.fell_due = self.fell_due.wrapping_add(1);
        self.fell_due % 2 == 1
    }

    /// Forgets an account.
    pub(crate) fn forget(&mut self, client_id: &str) {
        self.domains.retain(|(owner, _), _| owner != client_id);
    }

    /// `blocked_domains` of `GET /v3/hooks/admin`.
    pub(crate) fn wire(&self, client_id: &str, now: Timestamp) -> Vec<Value> {
        let own = self.domains.iter().filter(|((owner, _), _)| owner == client_id);
        own.filter_map(|((_, host), domain)| {
            let blocked = domain.blocked_at(now)?;
            let left = blocked.until.duration_since(now).as_millis().saturating_add(999).div_euclid(1000);
            let reasons = blocked.reasons.iter().map(|(description, (count, at))| {
                json!({"failure_description": description, "count": count, "timestamp": at.as_second()})
            });
            Some(json!({
                "destination": format!("{}://{host}", domain.scheme),
                "time_left": i64::try_from(left).unwrap_or(i64::MAX),
                "reasons": reasons.collect::<Vec<_>>(),
            }))
        })
        .collect()
    }
}

impl Domain {
    fn blocked_at(&self, now: Timestamp) -> Option<&Blocked> {
        self.blocked.as_ref().filter(|blocked| now < blocked.until)
    }

    fn reasons(&self) -> BTreeMap<String, (usize, Timestamp)> {
        let mut reasons = BTreeMap::new();
        for attempt in self.attempts.iter().filter(|attempt| !succeeded(attempt.status)) {
            let description = match attempt.status {
                Some(status) => format!("HTTP status {status}"),
                None => "no answer".to_owned(),
            };
            let reason = reasons.entry(description).or_insert((0, attempt.at));
            *reason = (reason.0 + 1, attempt.at);
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "https://hooks.example.com/a";

    fn after(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_775_000_000 + seconds).unwrap()
    }

    fn count(list: &mut Blocklist, status: u16, times: usize, seconds: i64) -> bool {
        (0..times).any(|_| list.count("a", AT, Some(status), after(seconds), 1))
    }

    #[test]
    fn nine_in_ten_of_a_hundred_must_succeed() {
        let mut list = Blocklist::default();
        assert!(!count(&mut list, 503, 10, 0));
        assert!(!count(&mut list, 200, 90, 0), "ninety per cent is enough");
        assert!(count(&mut list, 503, 1, 1), "eleven of a hundred and one is not");
        assert!(!list.is_blocked("b", AT, after(1)), "each account for itself");
        assert!(list.is_blocked("a", "https://hooks.example.com/b", after(180)), "all of the domain");
        assert!(!list.is_blocked("a", AT, after(181)));
    }

    #[test]
    fn what_is_two_minutes_old_no_longer_counts() {
        let mut list = Blocklist::default();
        assert!(!count(&mut list, 503, 99, 0));
        assert!(!count(&mut list, 503, 1, 120));
        assert!(count(&mut list, 503, 99, 121));
    }
}
