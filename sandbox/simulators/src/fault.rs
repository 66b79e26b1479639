//! What goes wrong, as data: rules that strike chosen requests a chosen number of times.

use std::time::Duration;

use jiff::SignedDuration;

use crate::dice::Dice;

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
    /// Cuts the answer at once, and applies the request when the simulator's clock has moved on by this much: before
    /// the next request or the next look of a test, and to what is stored by then.
    CommitLate(SignedDuration),
    /// Kinetic only: another user saves the rows that the request is about just before it is handled, so that the
    /// optimistic lock refuses it. A call that names an order without sending its rows is refused alike; one that only
    /// adds rows is not harmed.
    Modified,
    /// One of these by lot, of those only that suit the request.
    Mixed(Vec<Fault>),
}

/// The calls that save rows which somebody else may have saved meanwhile.
const SAVING: [&str; 5] = ["/MasterUpdate", "/Update", "/SetReadyToCalc", "/CloseOrder", "/ReopenOrder"];

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

    /// Strikes about so many of a hundred matching requests, by the dice of [`Faults::seed`](crate::Faults::seed).
    pub fn percent(self, percent: u8) -> Rule {
        Rule::new(self, Times::Percent(percent))
    }

    /// The fault that strikes this request: itself, or the one that the dice choose of a mixture.
    pub(crate) fn chosen(&self, method: &str, path: &str, dice: &mut Dice) -> Option<Self> {
        let Self::Mixed(kinds) = self else { return Some(self.clone()) };
        let suiting: Vec<&Self> = kinds.iter().filter(|kind| kind.suits(method, path)).collect();
        let sides = u64::try_from(suiting.len()).unwrap_or(u64::MAX);
        let at = usize::try_from(dice.roll(sides)).unwrap_or_default();
        suiting.get(at)?.chosen(method, path, dice)
    }

    fn suits(&self, method: &str, path: &str) -> bool {
        *self != Self::Modified || (method == "POST" && SAVING.iter().any(|call| path.ends_with(call)))
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
    /// Each match with this chance in a hundred.
    Percent(u8),
}

/// A fault with the requests that it strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// HTTP method, any if `None`.
    pub method: Option<String>,
    /// Part of the path as received; ending in `$` it must be the path's end.
    pub path: String,
    /// Parts of paths that are never struck.
    pub spared: Vec<String>,
    /// What happens.
    pub fault: Fault,
    /// How often, counted over the matches after [`Rule::after`].
    pub times: Times,
    /// How many matches pass unharmed first.
    pub after: u32,
}

impl Rule {
    fn new(fault: Fault, times: Times) -> Self {
        Self { method: None, path: String::new(), spared: Vec::new(), fault, times, after: 0 }
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

    /// Never strikes a path that contains this.
    #[must_use]
    pub fn sparing(mut self, path: &str) -> Self {
        self.spared.push(path.to_owned());
        self
    }

    pub(crate) fn matches(&self, method: &str, path: &str) -> bool {
        let by_method = self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method));
        let by_path = match self.path.strip_suffix('$') {
            Some(end) => path.ends_with(end),
            None => path.contains(&self.path),
        };
        by_method && by_path && !self.spared.iter().any(|spared| path.contains(spared))
    }

    /// Whether the match of this number, from 1, is struck.
    pub(crate) fn strikes(&self, seen: u32, dice: &mut Dice) -> bool {
        let Some(nth) = seen.checked_sub(self.after).filter(|n| *n > 0) else {
            return false;
        };
        match self.times {
            Times::Once => nth == 1,
            Times::N(n) => nth <= n,
            Times::Always => true,
            Times::EveryNth(n) => n > 0 && nth.is_multiple_of(n),
            Times::Percent(percent) => dice.roll(100) < u64::from(percent),
        }
    }
}
