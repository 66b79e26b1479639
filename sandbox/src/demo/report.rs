//! What the demo found, and whether that is what it should have found.

use connector_domain::Money;
use connector_ports::StateName;
use serde::{Serialize, Serializer};

/// How an order of the demo has to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// In Kinetic, released, with the totals of both sides agreeing.
    Synced,
    /// Cancelled, and its Kinetic order void.
    Cancelled,
    /// Held for this reason, with nothing of it in Kinetic.
    Held(&'static str),
    /// Anywhere that explains itself: nothing is known of an order that came with a seed file.
    Explained,
}

impl Expected {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Synced => "synced",
            Self::Cancelled => "cancelled",
            Self::Held(_) => "held",
            Self::Explained => "explained",
        }
    }
}

/// One web order: what the shop shows, what Kinetic holds, what the ledger says.
#[derive(Debug, Clone, Serialize)]
pub struct OrderReport {
    /// The shop's number.
    pub web_order: u64,
    /// What it shows.
    pub about: &'static str,
    /// Kinetic's number; `None` if Kinetic holds nothing under the order's reference.
    pub kinetic_order: Option<i32>,
    /// Lines in the shop.
    pub shop_lines: usize,
    /// Lines in Kinetic.
    pub kinetic_lines: Option<usize>,
    /// With tax, as the shop shows it.
    #[serde(serialize_with = "as_text")]
    pub shop_total: Money,
    /// With tax, as Kinetic holds it.
    #[serde(serialize_with = "maybe_as_text")]
    pub kinetic_total: Option<Money>,
    /// Of both totals.
    pub currency: String,
    /// The ledger's state; `None` if the ledger has never heard of it.
    pub state: Option<StateName>,
    /// Why it is not synced.
    pub reason: Option<String>,
    /// What that is about.
    pub subject: Option<String>,
    /// What a person has to do.
    pub words: Option<String>,
    /// How it had to end.
    #[serde(serialize_with = "word")]
    pub expected: Expected,
    /// Whether it did.
    #[serde(rename = "as_expected")]
    pub holds: bool,
}

fn as_text<S: Serializer>(amount: &Money, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(amount)
}

#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn maybe_as_text<S: Serializer>(amount: &Option<Money>, serializer: S) -> Result<S::Ok, S::Error> {
    match amount {
        Some(amount) => as_text(amount, serializer),
        None => serializer.serialize_none(),
    }
}

fn word<S: Serializer>(expected: &Expected, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(expected.as_str())
}

/// Something the story looked at besides the orders.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// A stable name.
    pub name: &'static str,
    /// What was seen, in one line.
    pub says: String,
    /// Whether that is as it has to be.
    #[serde(rename = "as_expected")]
    pub holds: bool,
}

/// Requests that each vendor got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Calls {
    /// The store.
    pub bigcommerce: usize,
    /// The company.
    pub kinetic: usize,
}

/// Everything the demo found.
#[derive(Debug, Clone)]
pub struct Report {
    /// All orders of the store.
    pub orders: Vec<OrderReport>,
    /// What else was looked at.
    pub checks: Vec<Check>,
    /// Requests that each vendor got.
    pub calls: Calls,
    /// How long the story took, in milliseconds.
    pub elapsed_ms: u64,
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

impl Report {
    /// Whether every outcome and every check holds.
    pub fn holds(&self) -> bool {
        self.failures().is_empty()
    }

    /// What does not hold, a sentence each.
    pub fn failures(&self) -> Vec<String> {
        let orders = self.orders.iter().filter(|order| !order.holds).map(|order| {
            let state = order.state.map_or("unknown to the ledger", StateName::as_str);
            let why = order.words.as_ref().or(order.reason.as_ref()).map(|why| format!(" ({why})"));
            let (id, about) = (order.web_order, order.about);
            let expected = match order.expected {
                Expected::Synced => "had to be synced, with equal totals on both sides".to_owned(),
                Expected::Cancelled => "had to be cancelled, with its Kinetic order void".to_owned(),
                Expected::Held(reason) => format!("had to be held ({reason}), with nothing of it in Kinetic"),
                Expected::Explained => "had to end in a state that explains itself".to_owned(),
            };
            format!("order {id} ({about}) {expected}, but is {state}{}", why.unwrap_or_default())
        });
        let checks = self.checks.iter().filter(|check| !check.holds).map(|check| check.says.clone());
        let adding_up = (!self.adds_up()).then(|| format!("it does not add up: {}", self.adding_up()));
        orders.chain(checks).chain(adding_up).collect()
    }

    /// How many orders are in each state, without the empty ones.
    pub fn counts(&self) -> Vec<(StateName, usize)> {
        let count = |state| self.orders.iter().filter(|order| order.state == Some(state)).count();
        ADDED_UP.into_iter().map(|state| (state, count(state))).filter(|(_, count)| *count > 0).collect()
    }

    fn adds_up(&self) -> bool {
        self.counts().iter().map(|(_, count)| count).sum::<usize>() == self.orders.len()
    }

    /// `7 orders = 6 synced + 1 held`; with `≠` if an order is in no state.
    pub fn adding_up(&self) -> String {
        let parts: Vec<String> =
            self.counts().iter().map(|(state, count)| format!("{count} {state}")).collect();
        let sum = if parts.is_empty() { "none".to_owned() } else { parts.join(" + ") };
        let orders = if self.orders.len() == 1 { "order" } else { "orders" };
        format!("{} {orders} {} {sum}", self.orders.len(), if self.adds_up() { "=" } else { "≠" })
    }
}

#[cfg(test)]
pub(super) mod tests;
