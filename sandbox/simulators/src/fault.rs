//! What goes wrong, as data: rules that strike chosen requests a chosen number of times.

use std::{sync::Arc, time::Duration};

use parking_lot::Mutex;

/// One way in which an exchange fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Answers at once with this status; nothing is applied. Without a body the vendor's own error body is absent.
    Status {
        /// HTTP status code.
        status: u16,
        /// Body sent as `application/json`; empty if `None`.
        body: Option<String>,
    },
    /// Answers 429; nothing is applied.
    Throttle {
        /// Whether the vendor's rate-limit headers and body go along, or nothing does.
        headers: bool,
    },
    /// Works as usual, but only after this long (real time).
    Slow(Duration),
    /// Drops the connection; nothing was applied.
    CutBefore,
    /// Applies the request, then drops the connection without an answer.
    CutAfter,
    /// Applies the request, then answers 200 with a JSON body that ends in the middle.
    Garbled,
    /// Kinetic only: answers 200 without having saved, with `lContinue: false` and this question.
    NotSaved {
        /// The text that Kinetic would show to a person.
        question: String,
    },
}

impl Fault {
    /// Strikes the first matching request only.
    pub fn once(self) -> Rule {
        Rule::new(self, Times::Once)
    }

    /// Strikes the first `n` matching requests.
    pub fn times(self, n: u32) -> Rule {
        Rule::new(self, Times::N(n))
    }

    /// Strikes every matching request until the rules are cleared.
    pub fn always(self) -> Rule {
        Rule::new(self, Times::Always)
    }

    /// Strikes each `n`-th matching request.
    pub fn every(self, n: u32) -> Rule {
        Rule::new(self, Times::EveryNth(n))
    }
}

/// How often a rule strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// The first match.
    Once,
    /// The first so many matches.
    N(u32),
    /// Every match.
    Always,
    /// Each match whose number is a multiple of this (0 never strikes).
    EveryNth(u32),
}

/// A fault with the requests that it strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// HTTP method, any if `None`.
    pub method: Option<String>,
    /// Part of the path as received; ending in `$` it must be the path's end.
    pub path: String,
    /// What happens.
    pub fault: Fault,
    /// How often, counted over the matches after [`Rule::after`].
    pub times: Times,
    /// How many matches pass unharmed first.
    pub after: u32,
}

impl Rule {
    fn new(fault: Fault, times: Times) -> Self {
        Self { method: None, path: String::new(), fault, times, after: 0 }
    }

    /// Strikes only this method and only paths that contain `path` (or end in it: `"/orders$"`).
    #[must_use]
    pub fn on(self, method: &str, path: &str) -> Self {
        Self { method: Some(method.to_owned()), ..self.on_path(path) }
    }

    /// Strikes any method on paths that contain `path` (or end in it: `"/orders$"`).
    #[must_use]
    pub fn on_path(self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// Lets the first `skip` matches pass.
    #[must_use]
    pub fn after(self, skip: u32) -> Self {
        Self { after: skip, ..self }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        let by_method = self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method));
        let by_path = match self.path.strip_suffix('$') {
            Some(end) => path.ends_with(end),
            None => path.contains(&self.path),
        };
        by_method && by_path
    }

    fn strikes(&self, seen: u32) -> bool {
        let Some(nth) = seen.checked_sub(self.after).filter(|n| *n > 0) else {
            return false;
        };
        match self.times {
            Times::Once => nth == 1,
            Times::N(n) => nth <= n,
            Times::Always => true,
            Times::EveryNth(n) => n > 0 && nth.is_multiple_of(n),
        }
    }
}

/// The rules of one simulator, shared with its tests.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    rules: Vec<(Rule, u32)>,
    fired: usize,
}

impl Faults {
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
        let mut state = self.0.lock();
        let mut struck = None;
        for (rule, seen) in &mut state.rules {
            if rule.matches(method, path) {
                *seen = seen.saturating_add(1);
                if rule.strikes(*seen) {
                    struck = Some(rule.fault.clone());
                    break;
                }
            }
        }
        state.fired += usize::from(struck.is_some());
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
}
