//! What the command line takes from the machine it runs on: variables, time, randomness.

use std::collections::BTreeMap;
use std::sync::Arc;

use connector_http::{Surroundings, SystemClock, SystemRandom};

/// The machine.
#[derive(Debug, Clone)]
pub struct Machine {
    vars: BTreeMap<String, String>,
    /// Time and randomness.
    pub surroundings: Surroundings,
}

impl Machine {
    /// This one. Variables that are not Unicode are left out.
    pub fn this() -> Self {
        let unicode = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let surroundings = Surroundings { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) };
        Self { vars: unicode.collect(), surroundings }
    }

    /// This one, with these variables and no others.
    #[must_use]
    pub fn with_vars(mut self, vars: &[(&str, &str)]) -> Self {
        self.vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self
    }

    /// A variable; `None` if it is missing or blank.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }
}
