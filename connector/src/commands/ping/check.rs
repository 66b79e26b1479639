//! One check and what came of it.

use connector_domain::ConnectionId;
use serde::Serialize;

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum System {
    /// What is stored.
    #[serde(rename = "connection")]
    Rules,
    /// The store.
    BigCommerce,
    /// The company.
    Kinetic,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub(super) enum Outcome {
    /// As it should be.
    Passed { words: String },
    /// It works, and a person may want to look.
    Noted { words: String, todo: String },
    /// It does not work.
    Failed { words: String, todo: String },
    /// Nobody knows.
    NotChecked { words: String },
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Check {
    connection: ConnectionId,
    system: System,
    #[serde(rename = "check")]
    name: String,
    #[serde(flatten)]
    outcome: Outcome,
}

impl Check {
    pub(super) const fn is_failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { .. })
    }

    /// Its row of the table.
    pub(super) fn row(&self) -> Vec<String> {
        let system = match self.system {
            System::Rules => "connection",
            System::BigCommerce => "BigCommerce",
            System::Kinetic => "Kinetic",
        };
        let (result, todo) = match &self.outcome {
            Outcome::Passed { words } => (format!("✓ {words}"), String::new()),
            Outcome::Noted { words, todo } => (format!("! {words}"), todo.clone()),
            Outcome::Failed { words, todo } => (format!("✗ {words}"), todo.clone()),
            Outcome::NotChecked { words } => (format!("not checked: {words}"), String::new()),
        };
        vec![self.connection.to_string(), system.to_owned(), self.name.clone(), result, todo]
    }
}

/// The checks of one connection.
#[derive(Debug)]
pub(super) struct Checks {
    connection: ConnectionId,
    done: Vec<Check>,
}

impl Checks {
    pub(super) fn of(connection: &ConnectionId) -> Self {
        Self { connection: connection.clone(), done: Vec::new() }
    }

    pub(super) fn done(self) -> Vec<Check> {
        self.done
    }

    pub(super) fn add(&mut self, system: System, check: &str, outcome: Outcome) {
        self.done.push(Check {
            connection: self.connection.clone(),
            system,
            name: check.to_owned(),
            outcome,
        });
    }

    pub(super) fn passed(&mut self, system: System, check: &str, words: &str) {
        self.add(system, check, Outcome::Passed { words: words.to_owned() });
    }

    pub(super) fn noted(&mut self, system: System, check: &str, words: &str, todo: &str) {
        self.add(system, check, Outcome::Noted { words: words.to_owned(), todo: todo.to_owned() });
    }

    pub(super) fn failed(&mut self, system: System, check: &str, words: &str, todo: &str) {
        self.add(system, check, Outcome::Failed { words: words.to_owned(), todo: todo.to_owned() });
    }

    pub(super) fn not_checked(&mut self, system: System, check: &str, words: &str) {
        self.add(system, check, Outcome::NotChecked { words: words.to_owned() });
    }
}
