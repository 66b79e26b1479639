//! Calling a method: parameters by profile, a tableset in, a tableset and outs back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use connector_domain::Deadline;
use connector_http::{Answer, Call, Remote, Safety};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::dataset::{Fed, Received, Returned};
use crate::error::KineticError;
use crate::profile::{Method, MethodProfiles, Preset};
use crate::row::{ColumnError, Row};
use crate::settings::Settings;
use crate::words::scrubbed;

/// The company's address with what every operation needs to know of its habits.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub(crate) remote: Remote,
    pub(crate) or_terms: usize,
    pub(crate) url_bytes: usize,
    profile: Arc<MethodProfiles>,
    save_timeout: Option<Duration>,
}

/// A value for a parameter.
pub(crate) type Values = BTreeMap<&'static str, Box<RawValue>>;

/// Adds a value for a parameter.
pub(crate) fn value<T: Serialize + ?Sized>(mut values: Values, name: &'static str, of: &T) -> Values {
    // Texts, numbers and flags can always be written as JSON.
    values.insert(name, to_raw_value(of).unwrap_or_else(|_| RawValue::NULL.to_owned()));
    values
}

/// What a method answered: a tableset, and outs beside it (§8.1).
#[derive(Debug)]
pub(crate) struct Reply {
    answer: Answer,
    method: Method,
    /// Where in the answer the tableset stands.
    place: &'static str,
    pub(crate) ds: Received,
    outs: BTreeMap<String, Box<RawValue>>,
}

#[derive(Deserialize)]
struct Envelope {
    parameters: BTreeMap<String, Box<RawValue>>,
}

impl Door {
    pub(crate) fn new(remote: Remote, settings: Settings) -> Self {
        let Settings { or_terms, url_bytes, profile, save_timeout, .. } = settings;
        Self { remote, or_terms, url_bytes, profile: Arc::new(profile), save_timeout }
    }

    /// The names of the parameters that `method` is called with.
    pub(crate) fn sends(&self, method: Method) -> BTreeSet<&'static str> {
        self.profile.parameters(method).iter().map(|parameter| parameter.name).collect()
    }

    /// Calls `method` with exactly the parameters of the profile; the tableset comes back as an out, under `parameters`.
    ///
    /// # Errors
    /// The call's, or an answer that is not wrapped as agreed.
    pub(crate) async fn invoke(
        &self,
        method: Method,
        values: Values,
        ds: &Fed,
        safety: Safety,
        deadline: Deadline,
    ) -> Result<Reply, KineticError> {
        let answer = self.post(method, self.body(method, &values, ds), safety, deadline).await?;
        let Envelope { parameters: mut outs } = answer.json()?;
        let ds = outs.remove("ds").and_then(|raw| serde_json::from_str(raw.get()).ok());
        let ds = ds.ok_or_else(|| answer.unreadable("parameters.ds: expected a tableset"))?;
        Ok(Reply { answer, method, place: "parameters.ds", ds, outs })
    }

    /// Calls a method that takes no tableset; the one it gives is its value, under `returnObj`.
    ///
    /// # Errors
    /// As [`Self::invoke`].
    pub(crate) async fn ask(
        &self,
        method: Method,
        values: Values,
        safety: Safety,
        deadline: Deadline,
    ) -> Result<Reply, KineticError> {
        let body = self.body(method, &values, &Fed::default());
        let answer = self.post(method, body, safety, deadline).await?;
        let Returned { return_obj: ds } = answer.json()?;
        Ok(Reply { answer, method, place: "returnObj", ds, outs: BTreeMap::new() })
    }

    async fn post(
        &self,
        method: Method,
        body: String,
        safety: Safety,
        deadline: Deadline,
    ) -> Result<Answer, KineticError> {
        let mut call = Call::post(method.label(), method.path(), safety).body(body);
        if let (Some(timeout), Safety::Unsafe | Safety::Idempotent) = (self.save_timeout, safety) {
            call = call.timeout(timeout);
        }
        Ok(self.remote.send(&call, deadline).await?)
    }

    fn body(&self, method: Method, values: &Values, ds: &Fed) -> String {
        // A JSON value would read numbers into floats, so the text is put together from texts.
        let mut parts = Vec::new();
        for parameter in self.profile.parameters(method) {
            let default = match parameter.default {
                Preset::Tableset => serde_json::to_string(ds).unwrap_or_default(),
                Preset::Text(text) => serde_json::Value::from(text).to_string(),
                Preset::Whole(number) => number.to_string(),
                Preset::Flag(flag) => flag.to_string(),
            };
            let text = values.get(parameter.name).map_or(default, |raw| raw.get().to_owned());
            parts.push(format!("{}:{text}", serde_json::Value::from(parameter.name)));
        }
        format!("{{{}}}", parts.join(","))
    }
}

impl Reply {
    /// Which method answered.
    pub(crate) const fn method(&self) -> Method {
        self.method
    }

    /// What Kinetic says in an out text, as one short line without addresses; absent or null is empty.
    pub(crate) fn text(&self, name: &str) -> String {
        scrubbed(&self.out::<String>(name).unwrap_or_default(), &[])
    }

    /// An out flag, if it is there.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.out(name)
    }

    fn out<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.outs.get(name).and_then(|raw| serde_json::from_str::<Option<T>>(raw.get()).ok().flatten())
    }

    /// The rows of a table of the tableset.
    ///
    /// # Errors
    /// It is no array of rows.
    pub(crate) fn rows(&self, table: &'static str) -> Result<Vec<Row>, KineticError> {
        self.ds.rows(table).map_err(|table| self.unreadable(&format!("{table}: expected rows")))
    }

    /// The newest row of a table.
    ///
    /// # Errors
    /// It is no array of rows.
    pub(crate) fn newest(&self, table: &'static str) -> Result<Option<Row>, KineticError> {
        self.ds.newest(table).map_err(|table| self.unreadable(&format!("{table}: expected rows")))
    }

    /// The error of an answer that holds something else than agreed.
    pub(crate) fn unreadable(&self, words: &str) -> KineticError {
        self.answer.unreadable(format!("{}.{words}", self.place)).into()
    }

    /// The error of a column.
    pub(crate) fn column(&self, table: &str, error: ColumnError) -> KineticError {
        self.unreadable(&format!("{table}.{error}"))
    }
}
