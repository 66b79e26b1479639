//! The report for machines.

use std::time::Duration;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::report::{Calls, Check, OrderReport, Report};

/// One document; money stands in it as text.
#[derive(Serialize)]
struct Document<'a> {
    /// Whether every outcome and check is as expected.
    as_expected: bool,
    summary: String,
    failures: Vec<String>,
    counts: Counts<'a>,
    orders: &'a [OrderReport],
    checks: &'a [Check],
    calls: Calls,
    elapsed_seconds: f64,
}

/// `{"orders":7,"synced":6,"held":1}`.
struct Counts<'a>(&'a Report);

impl Serialize for Counts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("orders", &self.0.orders.len())?;
        for (state, count) in self.0.counts() {
            map.serialize_entry(state.as_str(), &count)?;
        }
        map.end()
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Document {
            as_expected: self.holds(),
            summary: self.adding_up(),
            failures: self.failures(),
            counts: Counts(self),
            orders: &self.orders,
            checks: &self.checks,
            calls: self.calls,
            elapsed_seconds: Duration::from_millis(self.elapsed_ms).as_secs_f64(),
        }
        .serialize(serializer)
    }
}
