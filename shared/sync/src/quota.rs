//! Who may spend how much of a store's API quota. The quota belongs to the store: its other apps spend it too.
//!
//! Each function paces itself by its own share, because no process knows what another spends. What nobody here spends is left to others:
//! other apps, and people.

use crate::rules::Rules;

/// Who spends a store's quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spender {
    /// Orders on their way to Kinetic: `quota_share` of the rules.
    #[default]
    Orders,
    /// Parts, prices and stock on their way to the store: `catalogue.quota_share` of the rules.
    Catalogue,
    /// Looking for orders that no webhook told of, and after the hooks.
    PollAndAudit,
}

/// What orders may spend unless the rules say otherwise, in percent.
pub const ORDERS: u8 = 40;

/// What the catalogue may spend unless the rules say otherwise, in percent.
pub const CATALOGUE: u8 = 40;

/// What poll and audit may spend, in percent.
pub const POLL_AND_AUDIT: u8 = 10;

/// So many of the jobs that call a store can run at once for it: the poller and the auditor. Neither overlaps itself.
const JOBS_AT_ONCE: u32 = 2;

/// Who in one process stands behind a connection's client of its store, and so has how much of its spender's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Writers {
    /// All of a connection's share one process and its pacer.
    #[default]
    Together,
    /// Each is a process of its own, as an invocation of a function is, and none knows what the others spend.
    Apart,
}

impl Spender {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Orders, Self::Catalogue, Self::PollAndAudit];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Catalogue => "catalogue",
            Self::PollAndAudit => "poll-and-audit",
        }
    }

    /// The spender with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|spender| spender.as_str() == word)
    }

    /// What all its processes together may spend of the store's quota, in percent.
    pub const fn share(self, rules: &Rules) -> u8 {
        match self {
            Self::Orders => rules.quota_share,
            Self::Catalogue => rules.catalogue.quota_share,
            Self::PollAndAudit => POLL_AND_AUDIT,
        }
    }

    /// What one of its processes may spend, in percent.
    pub fn part(self, writers: Writers, rules: &Rules) -> u8 {
        let at_once = match self {
            Self::Orders => rules.orders.writers,
            // A lease lets one in at a time.
            Self::Catalogue => 1,
            Self::PollAndAudit => JOBS_AT_ONCE,
        };
        writers.part(self.share(rules), at_once)
    }
}

/// What is wrong with the shares, if they are more than there is. A catalogue that is not published spends nothing.
pub(crate) fn problem(rules: &Rules) -> Option<String> {
    let (orders, poll) = (rules.quota_share, POLL_AND_AUDIT);
    let catalogue = if rules.catalogue.publish { rules.catalogue.quota_share } else { 0 };
    let all = u32::from(orders) + u32::from(catalogue) + u32::from(poll);
    (all > 100).then(|| {
        format!(
            "quota_share ({orders}), catalogue.quota_share ({catalogue}) and the {poll} percent of the poller and the audit of hooks make {all} percent of the store's quota: lower one until they make 100 at most"
        )
    })
}

impl Writers {
    /// What one process may spend of `share`, if the connection has so many `writers`. One percent at least.
    pub fn part(self, share: u8, writers: u32) -> u8 {
        match self {
            Self::Together => share,
            Self::Apart => {
                let part = u32::from(share).checked_div(writers).unwrap_or_default();
                u8::try_from(part).unwrap_or(share).max(1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../docs/rules.example.toml");

    /// The example's rules with these shares for orders and catalogue.
    fn rules(orders: u8, catalogue: u8, publish: bool) -> Result<Rules, String> {
        let (top, rest) = EXAMPLE.split_once("[catalogue]").unwrap();
        let mut rest = rest.replacen("quota_share = 40", &format!("quota_share = {catalogue}"), 1);
        rest = rest.replacen("publish = false", &format!("publish = {publish}"), 1);
        let top = top.replacen("quota_share = 40", &format!("quota_share = {orders}"), 1);
        Rules::parse(&format!("{top}[catalogue]{rest}")).map_err(|problems| problems.to_string())
    }

    #[test]
    fn the_shares_of_all_leave_something_to_other_apps() {
        let rules = rules(ORDERS, CATALOGUE, true).unwrap();
        let shares: u32 = Spender::ALL.iter().map(|spender| u32::from(spender.share(&rules))).sum();
        assert_eq!(shares, 90);
        // And so do those of all processes that can be at work at once.
        let part = |spender: Spender| u32::from(spender.part(Writers::Apart, &rules));
        let orders = part(Spender::Orders) * rules.orders.writers;
        assert_eq!(orders + part(Spender::Catalogue) + JOBS_AT_ONCE * part(Spender::PollAndAudit), 90);
    }

    #[test]
    fn shares_of_more_than_the_whole_quota_are_refused_in_words() {
        assert!(rules(40, 50, true).is_ok(), "a hundred are all there is");
        assert_eq!(
            rules(40, 51, true).unwrap_err(),
            "quota_share (40), catalogue.quota_share (51) and the 10 percent of the poller and the audit of hooks make 101 percent of the store's quota: lower one until they make 100 at most"
        );
        assert!(rules(90, 51, false).is_ok(), "nothing is published");
        assert!(rules(91, 51, false).is_err());
    }

    #[test]
    fn writers_apart_spend_together_what_one_process_may() {
        for (share, writers, part) in [(40, 2, 20), (40, 16, 2), (40, 3, 13), (100, 1, 100)] {
            assert_eq!(Writers::Apart.part(share, writers), part);
            assert!(u32::from(part) * writers <= u32::from(share));
            assert_eq!(Writers::Together.part(share, writers), share);
        }
        assert_eq!(Writers::Apart.part(1, 16), 1, "a writer that may spend nothing would never write");
    }
}
