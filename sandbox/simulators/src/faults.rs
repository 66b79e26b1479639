//! The rules of a simulator: which fault strikes which request.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::{Fault, Rule, dice::Dice};

/// The rules of one simulator, shared with its tests.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    rules: Vec<(Rule, u32)>,
    fired: usize,
    dice: Dice,
    /// What bad weather is made of.
    kinds: Vec<Fault>,
}

impl Default for State {
    fn default() -> Self {
        let plain = |status| Fault::Status { status, body: None };
        let kinds = vec![plain(503), plain(500), Fault::CutBefore, Fault::CutAfter, Fault::Garbled];
        Self { rules: Vec::new(), fired: 0, dice: Dice::new(0), kinds }
    }
}

impl Faults {
    /// No rules yet, and a vendor's own kinds of bad weather besides those that every server has.
    pub(crate) fn of_vendor(kinds: impl IntoIterator<Item = Fault>) -> Self {
        let faults = Self::default();
        faults.0.lock().kinds.extend(kinds);
        faults
    }

    /// Starts the dice anew: with the same seed the same sequence of requests is struck alike.
    pub fn seed(&self, seed: u64) {
        self.0.lock().dice = Dice::new(seed);
    }

    /// Lets about `percent` of a hundred requests fail in a fair mixture of what may happen to this vendor: 503, 500,
    /// refusals for want of quota or licence, cuts before and after, garbled answers, for Kinetic also rows that somebody
    /// else saved. The ways to a token are spared.
    pub fn weather(&self, percent: u8, seed: u64) {
        self.seed(seed);
        let kinds = self.0.lock().kinds.clone();
        self.add(
            Fault::Mixed(kinds).percent(percent).sparing("/TokenResource.svc").sparing("/connect/token"),
        );
    }

    /// Adds a rule behind those that stand.
    pub fn add(&self, rule: Rule) {
        self.0.lock().rules.push((rule, 0));
    }

    /// Takes all rules away.
    pub fn clear(&self) {
        self.0.lock().rules.clear();
    }

    /// How many requests were struck so far, so that a test can prove that its fault happened.
    pub fn fired(&self) -> usize {
        self.0.lock().fired
    }

    /// The fault that strikes this request, if any; the first rule wins, and each matching rule before it counts.
    pub fn take(&self, method: &str, path: &str) -> Option<Fault> {
        let State { rules, fired, dice, .. } = &mut *self.0.lock();
        let mut struck = None;
        for (rule, seen) in rules.iter_mut().filter(|(rule, _)| rule.matches(method, path)) {
            *seen = seen.saturating_add(1);
            if rule.strikes(*seen, dice) {
                struck = rule.fault.chosen(method, path, dice);
                if struck.is_some() {
                    break;
                }
            }
        }
        *fired += usize::from(struck.is_some());
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(rule: Rule, calls: usize) -> Vec<bool> {
        let faults = Faults::default();
        faults.add(rule);
        (0..calls).map(|_| faults.take("POST", "/svc/MasterUpdate").is_some()).collect()
    }

    #[test]
    fn once_strikes_the_first_match_after_the_skipped_ones() {
        assert_eq!(struck(Fault::CutAfter.once().after(1), 4), [false, true, false, false]);
    }

    #[test]
    fn n_times_and_every_nth_count_matches() {
        assert_eq!(struck(Fault::Garbled.times(2), 4), [true, true, false, false]);
        assert_eq!(struck(Fault::Garbled.every(2), 4), [false, true, false, true]);
        assert_eq!(struck(Fault::Garbled.always(), 2), [true, true]);
    }

    #[test]
    fn method_and_path_choose_the_requests() {
        let faults = Faults::default();
        faults.add(Fault::CutBefore.always().on("post", "/orders$"));
        assert_eq!(faults.take("GET", "/v2/orders"), None);
        assert_eq!(faults.take("POST", "/v2/orders/1"), None);
        assert_eq!(faults.take("POST", "/v2/orders"), Some(Fault::CutBefore));
        assert_eq!(faults.fired(), 1);
        faults.clear();
        assert_eq!(faults.take("POST", "/v2/orders"), None);
    }

    #[test]
    fn the_first_rule_that_strikes_wins() {
        let faults = Faults::default();
        faults.add(Fault::CutBefore.once());
        faults.add(Fault::CutAfter.once());
        assert_eq!(faults.take("GET", "/"), Some(Fault::CutBefore));
        assert_eq!(faults.take("GET", "/"), Some(Fault::CutAfter));
        assert_eq!(faults.take("GET", "/"), None);
    }

    #[test]
    fn chance_strikes_about_as_often_as_it_says_and_the_same_way_each_time() {
        let run = |seed| {
            let faults = Faults::default();
            faults.seed(seed);
            faults.add(Fault::CutAfter.percent(5));
            (0..10_000).map(|_| faults.take("GET", "/").is_some()).collect::<Vec<_>>()
        };
        let struck = run(7).iter().filter(|struck| **struck).count();
        assert!((400..600).contains(&struck), "{struck}");
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let (never, always) = (struck_by_chance(0), struck_by_chance(100));
        assert_eq!((never, always), (0, 1000));
    }

    fn struck_by_chance(percent: u8) -> usize {
        struck(Fault::CutAfter.percent(percent), 1000).into_iter().filter(|struck| *struck).count()
    }

    #[test]
    fn weather_mixes_what_suits_the_request_and_spares_the_ways_to_a_token() {
        let faults = Faults::of_vendor([Fault::Modified]);
        faults.weather(100, 3);
        let kinds = |path: &str| {
            let mut kinds = Vec::new();
            for _ in 0..600 {
                let struck = faults.take("POST", path).unwrap();
                match kinds.iter_mut().find(|(kind, _)| *kind == struck) {
                    Some((_, times)) => *times += 1,
                    None => kinds.push((struck, 1)),
                }
            }
            kinds
        };
        let saving = kinds("/svc/MasterUpdate");
        assert_eq!(saving.len(), 6, "{saving:?}");
        assert!(saving.iter().all(|(_, times)| *times > 60), "a fair mixture: {saving:?}");
        assert!(!kinds("/svc/GetByID").iter().any(|(kind, _)| *kind == Fault::Modified));
        assert_eq!(faults.take("POST", "/Live/TokenResource.svc/"), None);
        assert_eq!(faults.take("POST", "/idp/connect/token"), None);
    }
}
