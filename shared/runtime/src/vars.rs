//! The variables of the environment, read once.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use thiserror::Error;

/// What is wrong with the environment, all of it at once: `missing TABLE_NAME; AUDIT_DAYS: "many" is no number of days`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the function's variables: {}", .0.join("; "))]
pub struct VarsError(pub Vec<String>);

/// The environment as it was when the function started.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vars(BTreeMap<String, String>);

impl Vars {
    /// The process's environment. What is not Unicode is left out.
    pub fn from_env() -> Self {
        let unicode = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self(unicode.collect())
    }

    /// These and no others.
    pub fn of(vars: &[(&str, &str)]) -> Self {
        Self(vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).map(str::trim).filter(|value| !value.is_empty())
    }
}

/// Reads variables and collects what is wrong with them.
#[derive(Debug)]
pub struct Reader<'a> {
    vars: &'a Vars,
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    /// Nothing was read yet.
    pub const fn new(vars: &'a Vars) -> Self {
        Self { vars, problems: Vec::new() }
    }

    /// A variable that must be there; empty if it is not, which [`Reader::done`] then says.
    pub fn text(&mut self, name: &str) -> String {
        let found = self.vars.get(name);
        if found.is_none() {
            self.problems.push(format!("missing {name}"));
        }
        found.unwrap_or_default().to_owned()
    }

    /// A variable that may be missing.
    pub fn optional<T>(&mut self, name: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        match self.vars.get(name).map(|value| (value, value.parse())) {
            Some((_, Ok(parsed))) => Some(parsed),
            Some((value, Err(error))) => {
                self.problems.push(format!("{name}: \"{value}\": {error}"));
                None
            }
            None => None,
        }
    }

    /// What was read, if nothing was wrong.
    ///
    /// # Errors
    /// [`VarsError`] with every problem.
    pub fn done<T>(self, read: T) -> Result<T, VarsError> {
        if self.problems.is_empty() { Ok(read) } else { Err(VarsError(self.problems)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_told_at_once() {
        let vars = Vars::of(&[("AUDIT_DAYS", "many"), ("TABLE_NAME", "  ")]);
        let mut reader = Reader::new(&vars);
        let _table = reader.text("TABLE_NAME");
        let _days: Option<u32> = reader.optional("AUDIT_DAYS");
        let _url = reader.text("ORDERS_QUEUE_URL");
        assert_eq!(
            reader.done(()).unwrap_err().to_string(),
            "the function's variables: missing TABLE_NAME; AUDIT_DAYS: \"many\": invalid digit found in string; missing ORDERS_QUEUE_URL"
        );
    }
}
