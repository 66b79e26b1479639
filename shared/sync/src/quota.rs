//! Who may spend how much of a store's API quota. The quota belongs to the store: its other apps spend it too.

/// Who spends a store's quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spender {
    /// Orders on their way to Kinetic; the rules' `quota_share` says otherwise.
    Orders,
    /// Parts, prices and stock on their way to the store.
    Catalogue,
    /// Looking for orders that no webhook told of, and after the hooks.
    PollAndAudit,
    /// Left to others: other apps, and people.
    Others,
}

/// The shares, in percent. Orders have theirs today; the catalogue's, and that of poll and audit, are kept free for them.
pub const SHARES: [(Spender, u8); 4] =
    [(Spender::Orders, 40), (Spender::Catalogue, 40), (Spender::PollAndAudit, 10), (Spender::Others, 10)];

/// What orders may spend unless the rules say otherwise, in percent.
pub const ORDERS: u8 = 40;

/// Who in one process stands behind a connection's client of its store, and so has how much of the orders' share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Writers {
    /// All writers of a connection share one process and its pacer.
    #[default]
    Together,
    /// Each writer is a process of its own, as an invocation of a function is, and none knows what the others spend.
    Apart,
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

    #[test]
    fn the_shares_are_the_whole_quota() {
        assert_eq!(SHARES.iter().map(|(_, share)| u32::from(*share)).sum::<u32>(), 100);
        assert!(SHARES.contains(&(Spender::Orders, ORDERS)));
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
