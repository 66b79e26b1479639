//! What was measured, in exact numbers.

use std::collections::BTreeMap;
use std::time::Duration;

use connector_domain::Timestamp;
use rust_decimal::{Decimal, RoundingStrategy};

use super::Options;
use super::assignment::{Account, Calls, End};
use super::fast_clock::FastClock;

/// The median and the worst but one in a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the two say what they are")]
pub struct Spread {
    pub p50: Duration,
    pub p99: Duration,
}

/// What the pipeline adds to the time that it waits for vendors, as a part of that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnShare {
    /// In per cent: the median over all orders of (time − calls × latency) ÷ (calls × latency).
    Percent(Decimal),
    /// Why it was not measured.
    NotMeasured(&'static str),
}

/// All that was measured.
#[derive(Debug, Clone)]
pub struct Measures {
    /// Orders that rest, in a second of the whole run.
    pub per_second: Decimal,
    /// Calls of the whole run, write-backs and our own echoes included.
    pub calls: Calls,
    /// From the store's beginning to tell of an order until it was recorded as synced, its wait for a lane included.
    pub sent_to_synced: Spread,
    /// From the first claim until then.
    pub claimed_to_synced: Spread,
    /// What the calls of that time take at the vendors.
    pub simulated: Spread,
    /// See [`OwnShare`].
    pub own_share: OwnShare,
    /// Of how many orders the last three are: those that the first attempt synced.
    pub at_once: usize,
    /// Greatest resident memory of the pipeline's process, in KiB.
    pub peak_kib: Option<u64>,
    /// The whole run.
    pub elapsed: Duration,
}

/// An order that the first attempt synced: how long it took, and how long the vendors took of that.
struct AtOnce {
    took: Duration,
    simulated: Duration,
}

/// A run that is over.
pub(super) struct Run<'a> {
    pub(super) options: &'a Options,
    pub(super) accounts: &'a [Account],
    pub(super) end: &'a End,
    /// As the vendors counted them.
    pub(super) calls: Calls,
    pub(super) elapsed: Duration,
    pub(super) clock: &'a FastClock,
    /// When the store began to tell of each order.
    pub(super) sent: &'a BTreeMap<u64, Timestamp>,
}

impl Measures {
    pub(super) fn of(run: &Run<'_>) -> Self {
        let Run { options, accounts, clock, .. } = run;
        let waited = accounts
            .iter()
            .filter_map(|account| Some(clock.real(*run.sent.get(&account.order.0)?, account.synced?)));
        let at_once: Vec<AtOnce> = accounts
            .iter()
            .filter_map(|account| {
                let simulated = times(options.latency, account.calls?.all());
                Some(AtOnce { took: clock.real(account.claimed, account.synced?), simulated })
            })
            .collect();
        let microseconds = whole(accounts.len()) * Decimal::from(1_000_000);
        Self {
            per_second: ratio(microseconds, micros(run.elapsed), 2),
            calls: run.calls,
            sent_to_synced: Spread::of(waited),
            claimed_to_synced: Spread::of(at_once.iter().map(|order| order.took)),
            simulated: Spread::of(at_once.iter().map(|order| order.simulated)),
            own_share: own_share(options, &at_once, run.end.calls == run.calls),
            at_once: at_once.len(),
            peak_kib: run.end.peak_kib,
            elapsed: run.elapsed,
        }
    }
}

fn own_share(options: &Options, orders: &[AtOnce], counted_alike: bool) -> OwnShare {
    if options.faults > 0 {
        return OwnShare::NotMeasured("calls fail");
    }
    if options.latency.is_zero() {
        return OwnShare::NotMeasured("the vendors take no time");
    }
    if !counted_alike {
        return OwnShare::NotMeasured("the pipeline and the vendors counted different numbers of calls");
    }
    let mut shares: Vec<Decimal> = orders
        .iter()
        .map(|order| {
            let own = micros(order.took) - micros(order.simulated);
            ratio(own * Decimal::ONE_HUNDRED, micros(order.simulated), 1)
        })
        .collect();
    shares.sort_unstable();
    middle(&shares).map_or(OwnShare::NotMeasured("no order was synced at once"), OwnShare::Percent)
}

/// The value that half of them do not exceed.
fn middle<T: Copy>(sorted: &[T]) -> Option<T> {
    ranked(sorted, 50)
}

/// By nearest rank.
fn ranked<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let rank = sorted.len().saturating_mul(percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

impl Spread {
    fn of(times: impl Iterator<Item = Duration>) -> Self {
        let mut sorted: Vec<Duration> = times.collect();
        sorted.sort_unstable();
        let at = |percent| ranked(&sorted, percent).unwrap_or_default();
        Self { p50: at(50), p99: at(99) }
    }
}

fn times(latency: Duration, calls: u64) -> Duration {
    latency.saturating_mul(u32::try_from(calls).unwrap_or(u32::MAX))
}

fn micros(duration: Duration) -> Decimal {
    Decimal::from(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
}

/// Milliseconds with three places.
pub(super) fn millis(duration: Duration) -> Decimal {
    ratio(micros(duration), Decimal::from(1000), 3)
}

/// A number of things.
pub(super) fn whole(number: usize) -> Decimal {
    Decimal::from(u64::try_from(number).unwrap_or(u64::MAX))
}

/// `part ÷ of` with so many places; zero of nothing.
pub(super) fn ratio(part: Decimal, of: Decimal, places: u32) -> Decimal {
    let exact = part.checked_div(of).unwrap_or_default();
    exact.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::super::tests::options;
    use super::*;

    #[test]
    fn ranks_are_the_nearest() {
        let hundred: Vec<u32> = (1..=100).collect();
        assert_eq!((ranked(&hundred, 50), ranked(&hundred, 99)), (Some(50), Some(99)));
        assert_eq!((ranked(&[7], 50), ranked(&[7], 99)), (Some(7), Some(7)));
        assert_eq!(ranked::<u32>(&[], 50), None);
    }

    #[test]
    fn our_own_share_is_what_is_left_of_the_time_beside_the_calls() {
        let order = |took, calls| AtOnce {
            took: Duration::from_millis(took),
            simulated: times(Duration::from_millis(50), calls),
        };
        let orders = [order(1040, 20), order(530, 10), order(3000, 20)];
        let share = own_share(&options(50, 0), &orders, true);
        assert_eq!(share, OwnShare::Percent("6.0".parse().unwrap()));
        for (options, alike) in [(options(0, 0), true), (options(50, 20), true), (options(50, 0), false)] {
            assert!(matches!(own_share(&options, &orders, alike), OwnShare::NotMeasured(_)));
        }
    }
}
