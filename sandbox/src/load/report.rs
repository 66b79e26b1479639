//! What came of the load, and whether it adds up.

use std::collections::BTreeMap;
use std::time::Duration;

use connector_domain::{OrderId, Timestamp};
use connector_ports::{OrderState, StateName};
use connector_simulators::{BigCommerceSim, KineticSim};
use connector_sync::rules::Rules;
use serde::Serialize;

use super::assignment::{Account, End};
use super::check::Books;
use super::fast_clock::FastClock;
use super::measure::{Measures, Run};
use super::{LoadError, Options, weather};
use crate::demo::Check;

/// Everything that was found.
#[derive(Debug)]
pub struct Report {
    /// What was asked for.
    pub options: Options,
    /// How many orders were placed.
    pub placed: usize,
    /// How many orders are in each state.
    pub states: Vec<(StateName, usize)>,
    /// Orders that the ledger never heard of.
    pub lost: usize,
    /// Held orders by their reason.
    pub held: BTreeMap<String, HeldFor>,
    /// What was measured.
    pub measures: Measures,
    /// What was looked at.
    pub checks: Vec<Check>,
}

/// The orders that are held for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldFor {
    /// How many.
    pub orders: usize,
    /// One of them.
    pub example: OrderId,
    /// What a person has to do about that one.
    pub words: String,
}

/// The states in the order in which they are added up.
const ADDED_UP: [StateName; 8] = [
    StateName::Synced,
    StateName::Held,
    StateName::Cancelled,
    StateName::Ignored,
    StateName::Waiting,
    StateName::Retrying,
    StateName::Uncertain,
    StateName::New,
];

/// What was seen when all was done.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub(super) shop: &'a BigCommerceSim,
    pub(super) company: &'a KineticSim,
    pub(super) clock: FastClock,
    pub(super) sent: BTreeMap<u64, Timestamp>,
    pub(super) answered: (Vec<Account>, End),
    pub(super) elapsed: Duration,
}

/// Reads it all and adds it up.
pub(super) fn of(options: &Options, rules: &str, seen: Seen<'_>) -> Result<Report, LoadError> {
    let Seen { shop, company, clock, sent, answered, elapsed } = seen;
    let rules = Rules::parse(rules).map_err(|problems| LoadError::Connection(problems.to_string()))?;
    let (accounts, end) = &answered;
    let calls = weather::calls(shop, company);
    let run = Run { options, accounts, end, calls, elapsed, clock: &clock, sent: &sent };
    let measures = Measures::of(&run);
    let placed = sent.keys().copied().collect();
    let struck = (options.faults > 0, weather::struck(shop, company));
    let books = Books::open(shop, company, rules, placed, answered, struck);
    let count = |state| books.accounts.values().filter(|account| account.name() == state).count();
    Ok(Report {
        options: options.clone(),
        placed: books.placed.len(),
        states: ADDED_UP.map(|state| (state, count(state))).to_vec(),
        lost: books.placed.iter().filter(|order| !books.accounts.contains_key(order)).count(),
        held: held(books.accounts.values()),
        measures,
        checks: books.checks(),
    })
}

fn held<'a>(accounts: impl Iterator<Item = &'a Account>) -> BTreeMap<String, HeldFor> {
    let mut held: BTreeMap<String, HeldFor> = BTreeMap::new();
    for account in accounts {
        if let OrderState::Held { reason, words, .. } = &account.state {
            let first = || HeldFor { orders: 0, example: account.order, words: words.clone() };
            held.entry(reason.clone()).or_insert_with(first).orders += 1;
        }
    }
    held
}

impl Report {
    /// Whether every order is accounted for and every check holds.
    pub fn holds(&self) -> bool {
        self.failures().is_empty()
    }

    /// What does not hold, a sentence each.
    pub fn failures(&self) -> Vec<String> {
        let checks = self.checks.iter().filter(|check| !check.holds).map(|check| check.says.clone());
        let sum = (!self.adds_up()).then(|| format!("it does not add up: {}", self.adding_up()));
        checks.chain(sum).collect()
    }

    fn adds_up(&self) -> bool {
        self.placed == self.options.orders
            && self.lost == 0
            && self.states.iter().map(|(_, count)| count).sum::<usize>() == self.placed
    }

    /// `2000 = 1996 synced + 4 held + 0 cancelled + …`.
    pub fn adding_up(&self) -> String {
        let states = self.states.iter().map(|(state, count)| format!("{count} {state}"));
        let parts: Vec<String> = states.chain([format!("{} lost", self.lost)]).collect();
        let sign = if self.adds_up() { "=" } else { "≠" };
        format!("{} {sign} {}", self.options.orders, parts.join(" + "))
    }
}

#[cfg(test)]
mod tests;
