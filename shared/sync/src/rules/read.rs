//! Reads one section of the rules and keeps every problem, so that a person corrects the file once.

use std::fmt;

use toml::{Table, Value};

/// Everything that is wrong with a connection's rules, one line each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for Problems {}

/// A table of the file whose keys are taken out one by one; what is left over is unknown.
#[derive(Debug)]
pub(super) struct Section {
    path: String,
    table: Table,
    asked: Vec<&'static str>,
    problems: Vec<String>,
}

impl Section {
    /// The whole file.
    pub(super) fn root(table: Table) -> Self {
        Self { path: String::new(), table, asked: Vec::new(), problems: Vec::new() }
    }

    /// The table `key`, empty if it is absent. It must be finished by [`Section::close`].
    pub(super) fn section(&mut self, key: &'static str) -> Self {
        let path = self.at(key);
        let table = match self.take(key) {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(other) => {
                self.wrong::<()>(key, "a table", &other);
                Table::new()
            }
        };
        Self { path, table, asked: Vec::new(), problems: Vec::new() }
    }

    /// A text.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        let value = self.take(key)?;
        match value.as_str() {
            Some(text) => Some(text.to_owned()),
            None => self.wrong(key, "a text in quotes", &value),
        }
    }

    /// A text that must be there.
    pub(super) fn needed(&mut self, key: &'static str) -> String {
        let present = self.table.contains_key(key);
        let text = self.text(key).unwrap_or_default();
        if !present {
            self.problem(key, "is missing");
        } else if text.trim().is_empty() {
            self.problem(key, "is empty");
        }
        text
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, key: &'static str, default: bool) -> bool {
        match self.take(key) {
            None => default,
            Some(Value::Boolean(flag)) => flag,
            Some(other) => self.wrong(key, "true or false", &other).unwrap_or(default),
        }
    }

    /// A whole number within `range`.
    pub(super) fn whole(
        &mut self,
        key: &'static str,
        default: u32,
        range: std::ops::RangeInclusive<u32>,
    ) -> u32 {
        let Some(value) = self.take(key) else { return default };
        let number = value.as_integer().and_then(|n| u32::try_from(n).ok()).filter(|n| range.contains(n));
        number.unwrap_or_else(|| {
            let expected = format!("a whole number from {} to {}", range.start(), range.end());
            self.wrong(key, &expected, &value).unwrap_or(default)
        })
    }

    /// A value that `parse` understands; `expected` says what that is.
    pub(super) fn parsed<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(key)?;
        match value.as_str().and_then(&parse) {
            Some(parsed) => Some(parsed),
            None => self.wrong(key, expected, &value),
        }
    }

    /// A list of values that `parse` understands; `None` if it is absent.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        parse: impl Fn(&Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let value = self.take(key)?;
        let parsed = value.as_array().and_then(|list| list.iter().map(&parse).collect());
        parsed.or_else(|| self.wrong(key, &format!("a list of {expected}"), &value))
    }

    /// All entries of a table with free keys.
    pub(super) fn entries<T>(
        mut self,
        expected: &str,
        parse: impl Fn(&str, &Value) -> Option<T>,
    ) -> (Vec<T>, Vec<String>) {
        let mut entries = Vec::new();
        for (key, value) in std::mem::take(&mut self.table) {
            match parse(&key, &value) {
                Some(entry) => entries.push(entry),
                None => self.problems.push(format!("{}: expected {expected}, found {value}", self.at(&key))),
            }
        }
        (entries, self.problems)
    }

    /// Says that `key` is wrong.
    pub(super) fn problem(&mut self, key: &str, what: &str) {
        let path = self.at(key);
        self.problems.push(format!("{path} {what}"));
    }

    /// The problems of this section, among them every key nobody asked for.
    pub(super) fn close(self, into: &mut Vec<String>) {
        into.extend(self.problems);
        for key in self.table.keys() {
            let path = if self.path.is_empty() { key.clone() } else { format!("{}.{key}", self.path) };
            let known = self.asked.join(", ");
            into.push(format!("{path} is unknown here (known: {known})"));
        }
    }

    fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.asked.push(key);
        self.table.remove(key)
    }

    fn wrong<T>(&mut self, key: &str, expected: &str, found: &Value) -> Option<T> {
        let path = self.at(key);
        self.problems.push(format!("{path}: expected {expected}, found {found}"));
        None
    }
}
