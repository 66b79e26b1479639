//! The report for machines.

use std::collections::BTreeMap;
use std::time::Duration;

use rust_decimal::Decimal;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::assignment::Calls;
use super::measure::{OwnShare, Spread, millis, ratio, whole};
use super::report::{HeldFor, Report};
use crate::demo::Check;

/// One document. Times are milliseconds.
#[derive(Serialize)]
struct Document<'a> {
    adds_up: bool,
    summary: String,
    failures: Vec<String>,
    asked: Asked,
    states: States<'a>,
    lost: usize,
    held: &'a BTreeMap<String, HeldFor>,
    orders_per_second: Number,
    calls: Calls,
    calls_per_order: PerOrder,
    sent_to_recorded_ms: Times,
    claimed_to_recorded_ms: Times,
    simulated_latency_ms: Times,
    /// `null` where it was not measured; then the reason is beside it.
    own_share_percent: Option<Number>,
    own_share_not_measured: Option<&'static str>,
    orders_recorded_at_once: usize,
    peak_memory_kib: Option<u64>,
    elapsed_ms: Number,
    checks: &'a [Check],
}

#[derive(Serialize)]
struct Asked {
    orders: usize,
    lines: u32,
    lanes: u32,
    latency_ms: Number,
    faults_percent: u8,
    seed: u64,
    at_once: bool,
}

#[derive(Serialize)]
struct Times {
    p50: Number,
    p99: Number,
}

#[derive(Serialize)]
struct PerOrder {
    bigcommerce: Number,
    kinetic: Number,
}

/// An exact number.
struct Number(Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

/// `{"synced":1996,"held":4,…}`.
struct States<'a>(&'a Report);

impl Serialize for States<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (state, count) in &self.0.states {
            map.serialize_entry(state.as_str(), count)?;
        }
        map.end()
    }
}

fn of(duration: Duration) -> Number {
    Number(millis(duration))
}

fn spread(Spread { p50, p99 }: Spread) -> Times {
    Times { p50: of(p50), p99: of(p99) }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (options, measures) = (&self.options, &self.measures);
        let an_order = |calls| Number(ratio(Decimal::from(calls), whole(self.placed), 2));
        let (own_share_percent, own_share_not_measured) = match measures.own_share {
            OwnShare::Percent(percent) => (Some(Number(percent)), None),
            OwnShare::NotMeasured(why) => (None, Some(why)),
        };
        Document {
            adds_up: self.holds(),
            summary: self.adding_up(),
            failures: self.failures(),
            asked: Asked {
                orders: options.orders,
                lines: options.lines,
                lanes: options.lanes,
                latency_ms: of(options.latency),
                faults_percent: options.faults,
                seed: options.seed,
                at_once: options.at_once,
            },
            states: States(self),
            lost: self.lost,
            held: &self.held,
            orders_per_second: Number(measures.per_second),
            calls: measures.calls,
            calls_per_order: PerOrder {
                bigcommerce: an_order(measures.calls.bigcommerce),
                kinetic: an_order(measures.calls.kinetic),
            },
            sent_to_recorded_ms: spread(measures.sent_to_synced),
            claimed_to_recorded_ms: spread(measures.claimed_to_synced),
            simulated_latency_ms: spread(measures.simulated),
            own_share_percent,
            own_share_not_measured,
            orders_recorded_at_once: measures.at_once,
            peak_memory_kib: measures.peak_kib,
            elapsed_ms: of(measures.elapsed),
            checks: &self.checks,
        }
        .serialize(serializer)
    }
}
