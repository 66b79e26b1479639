//! When to kill, and whom: by dice, spread over the run.

use std::time::Duration;

use connector_domain::{Random as _, SeededRandom};

/// The longest that a kill waits after its order has begun; about what an order takes, so that a kill strikes anywhere in it.
const LATEST: u64 = 600;

/// The dice of kills go another way than those of orders.
const OTHER: u64 = 0x6B69_6C6C;

/// One kill that is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Strike {
    /// When so many orders were begun …
    pub(super) after: usize,
    /// … and so much time has passed since.
    pub(super) wait: Duration,
    /// Which consumer.
    pub(super) consumer: usize,
}

/// All kills, in their order.
pub(super) fn strikes(orders: u32, kills: u32, consumers: u32, seed: u64) -> Vec<Strike> {
    let dice = SeededRandom::new(seed ^ OTHER);
    let roll = |sides: u64| dice.next_u64().checked_rem(sides).unwrap_or_default();
    // One part of the run a kill; the last orders are left for what comes back.
    let part = (u64::from(orders) * 9 / 10).checked_div(u64::from(kills)).unwrap_or_default();
    (0..u64::from(kills))
        .map(|kill| Strike {
            after: index(1 + kill * part + roll(part)),
            wait: Duration::from_millis(roll(LATEST)),
            consumer: index(roll(u64::from(consumers))),
        })
        .collect()
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kills_are_spread_over_the_run_and_the_same_each_time() {
        let planned = strikes(300, 20, 2, 7);
        assert_eq!(planned, strikes(300, 20, 2, 7));
        assert_ne!(planned, strikes(300, 20, 2, 8));
        assert_eq!(planned.len(), 20);
        assert!(planned.windows(2).all(|two| two[0].after <= two[1].after), "{planned:?}");
        for part in 0..4 {
            let of_part = planned.iter().filter(|strike| strike.after / 75 == part).count();
            assert!(of_part >= 3, "{of_part} kills in quarter {part}");
        }
        assert!([0, 1].iter().all(|which| planned.iter().any(|strike| strike.consumer == *which)));
    }

    #[test]
    fn every_kill_comes_before_the_last_order_has_begun() {
        for (orders, kills) in [(1, 1), (1, 20), (12, 2), (300, 20), (10, 10)] {
            let planned = strikes(orders, kills, 2, 1);
            assert!(planned.iter().all(|strike| strike.after <= index(u64::from(orders))), "{planned:?}");
        }
    }
}
