//! Reads one table of the file and keeps every problem. No value is ever repeated: any of them may be a secret.

use toml::{Table, Value};

/// A table whose keys are taken out one by one; what is left over is unknown.
#[derive(Debug)]
pub(super) struct Section {
    path: String,
    table: Table,
    asked: Vec<&'static str>,
    problems: Vec<String>,
}

impl Section {
    /// The whole file.
    pub(super) const fn root(table: Table) -> Self {
        Self { path: String::new(), table, asked: Vec::new(), problems: Vec::new() }
    }

    /// The table `key`; `None` if it is absent.
    pub(super) fn section(&mut self, key: &'static str) -> Option<Self> {
        let path = self.at(key);
        let value = self.take(key)?;
        if let Value::Table(table) = value {
            return Some(Self { path, table, asked: Vec::new(), problems: Vec::new() });
        }
        self.wrong(key, "a table", &value)
    }

    /// The table `key`, which must be there.
    pub(super) fn needed_section(&mut self, key: &'static str) -> Self {
        let (path, present) = (self.at(key), self.table.contains_key(key));
        let found = self.section(key);
        if !present {
            self.problems.push(format!("the table [{path}] is missing"));
        }
        found.unwrap_or(Self { path, table: Table::new(), asked: Vec::new(), problems: Vec::new() })
    }

    /// A text that is not blank.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        let value = self.take(key)?;
        let Some(text) = value.as_str() else { return self.wrong(key, "a text in quotes", &value) };
        if text.trim().is_empty() {
            self.problem(key, "is empty");
            return None;
        }
        Some(text.to_owned())
    }

    /// A text that must be there; empty if it is not.
    pub(super) fn needed(&mut self, key: &'static str) -> String {
        if !self.table.contains_key(key) {
            self.asked.push(key);
            self.problem(key, "is missing");
        }
        self.text(key).unwrap_or_default()
    }

    /// Whatever stands there.
    pub(super) fn value(&mut self, key: &'static str) -> Option<Value> {
        self.take(key)
    }

    /// Says that `key` is wrong.
    pub(super) fn problem(&mut self, key: &str, what: &str) {
        let path = self.at(key);
        self.problems.push(format!("{path} {what}"));
    }

    /// Says what was expected of `key`, and the type that was found.
    pub(super) fn wrong<T>(&mut self, key: &str, expected: &str, found: &Value) -> Option<T> {
        let (path, found) = (self.at(key), found.type_str());
        self.problems.push(format!("{path}: expected {expected}, found a value of type {found}"));
        None
    }

    /// The problems of this section, among them every key nobody asked for.
    pub(super) fn close(self, into: &mut Vec<String>) {
        into.extend(self.problems);
        for key in self.table.keys() {
            let path = if self.path.is_empty() { key.clone() } else { format!("{}.{key}", self.path) };
            into.push(format!("{path} is unknown here (known: {})", self.asked.join(", ")));
        }
    }

    /// The problems of this section, whatever else stands in it.
    pub(super) fn abandon(self, into: &mut Vec<String>) {
        into.extend(self.problems);
    }

    fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.table.remove(key)
    }
}
