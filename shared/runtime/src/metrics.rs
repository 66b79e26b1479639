//! Metrics: one line of `CloudWatch`'s embedded metric format an invocation.

use std::fmt::Debug;
use std::io::Write as _;
use std::sync::Arc;

use connector_domain::{Clock, ConnectionId};
use connector_sync::jobs::Figure;
use serde_json::{Map, Value, json};

/// Everything that is measured. `docs/LOGGING.md` says what each means, and which have an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is explained in docs/LOGGING.md, which a test compares")]
pub enum Metric {
    DeliveriesQueued,
    DeliveriesMarked,
    DeliveriesNotForUs,
    DeliveriesRefused,
    DeliveriesMalformed,
    DeliveriesUnreadable,
    DeliveriesNotTaken,
    DeliveriesFailing,
    OrdersSynced,
    OrdersHeld,
    OrdersRetrying,
    OrdersUncertain,
    OrdersWaiting,
    OrdersIgnored,
    OrdersCancelled,
    OrdersBusy,
    OrdersNotDue,
    OrdersContinued,
    OrdersCameBack,
    MessagesDead,
    JobsRun,
    JobsFailed,
    OrdersWoken,
    JobsStarted,
    TickProblems,
    HeldNow,
    OldestHeld,
    OrdersMissed,
    OrdersStale,
    AccountedBehind,
    OpenGaps,
    ProofMismatches,
    HooksMended,
    HooksWrong,
    DomainsBlocked,
    CataloguePublished,
    SkusHeld,
    StockSecondsOld,
    StockWindowSeconds,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 39] = [
        Self::DeliveriesQueued,
        Self::DeliveriesMarked,
        Self::DeliveriesNotForUs,
        Self::DeliveriesRefused,
        Self::DeliveriesMalformed,
        Self::DeliveriesUnreadable,
        Self::DeliveriesNotTaken,
        Self::DeliveriesFailing,
        Self::OrdersSynced,
        Self::OrdersHeld,
        Self::OrdersRetrying,
        Self::OrdersUncertain,
        Self::OrdersWaiting,
        Self::OrdersIgnored,
        Self::OrdersCancelled,
        Self::OrdersBusy,
        Self::OrdersNotDue,
        Self::OrdersContinued,
        Self::OrdersCameBack,
        Self::MessagesDead,
        Self::JobsRun,
        Self::JobsFailed,
        Self::OrdersWoken,
        Self::JobsStarted,
        Self::TickProblems,
        Self::HeldNow,
        Self::OldestHeld,
        Self::OrdersMissed,
        Self::OrdersStale,
        Self::AccountedBehind,
        Self::OpenGaps,
        Self::ProofMismatches,
        Self::HooksMended,
        Self::HooksWrong,
        Self::DomainsBlocked,
        Self::CataloguePublished,
        Self::SkusHeld,
        Self::StockSecondsOld,
        Self::StockWindowSeconds,
    ];

    /// Its name in `CloudWatch`, which is that of the variant.
    pub fn name(self) -> String {
        format!("{self:?}")
    }

    /// Its unit in `CloudWatch`'s words.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::OldestHeld | Self::AccountedBehind | Self::StockSecondsOld | Self::StockWindowSeconds => {
                "Seconds"
            }
            Self::DeliveriesQueued
            | Self::DeliveriesMarked
            | Self::DeliveriesNotForUs
            | Self::DeliveriesRefused
            | Self::DeliveriesMalformed
            | Self::DeliveriesUnreadable
            | Self::DeliveriesNotTaken
            | Self::DeliveriesFailing
            | Self::OrdersSynced
            | Self::OrdersHeld
            | Self::OrdersRetrying
            | Self::OrdersUncertain
            | Self::OrdersWaiting
            | Self::OrdersIgnored
            | Self::OrdersCancelled
            | Self::OrdersBusy
            | Self::OrdersNotDue
            | Self::OrdersContinued
            | Self::OrdersCameBack
            | Self::MessagesDead
            | Self::JobsRun
            | Self::JobsFailed
            | Self::OrdersWoken
            | Self::JobsStarted
            | Self::TickProblems
            | Self::HeldNow
            | Self::OrdersMissed
            | Self::OrdersStale
            | Self::OpenGaps
            | Self::ProofMismatches
            | Self::HooksMended
            | Self::HooksWrong
            | Self::DomainsBlocked
            | Self::CataloguePublished
            | Self::SkusHeld => "Count",
        }
    }
}

impl From<Figure> for Metric {
    fn from(figure: Figure) -> Self {
        match figure {
            Figure::OrdersMissed => Self::OrdersMissed,
            Figure::OrdersStale => Self::OrdersStale,
            Figure::AccountedBehind => Self::AccountedBehind,
            Figure::OpenGaps => Self::OpenGaps,
            Figure::ProofMismatches => Self::ProofMismatches,
            Figure::HooksMended => Self::HooksMended,
            Figure::HooksWrong => Self::HooksWrong,
            Figure::DomainsBlocked => Self::DomainsBlocked,
            Figure::SkusHeld => Self::SkusHeld,
            Figure::StockWindow => Self::StockWindowSeconds,
        }
    }
}

/// Where the lines go.
pub trait Sink: Debug + Send + Sync {
    /// Takes one line, without its end.
    fn line(&self, line: &str);
}

/// Standard output, where Lambda collects it.
#[derive(Debug, Clone, Copy)]
pub struct Stdout;

impl Sink for Stdout {
    fn line(&self, line: &str) {
        // A metric that cannot be written must not fail an order.
        drop(writeln!(std::io::stdout().lock(), "{line}"));
    }
}

/// Writes metrics of one function.
#[derive(Debug, Clone)]
pub struct Metrics {
    namespace: String,
    function: &'static str,
    clock: Arc<dyn Clock>,
    sink: Arc<dyn Sink>,
}

impl Metrics {
    /// Metrics of `function` under `namespace`.
    pub fn new(
        namespace: String,
        function: &'static str,
        clock: Arc<dyn Clock>,
        sink: Arc<dyn Sink>,
    ) -> Self {
        Self { namespace, function, clock, sink }
    }

    /// Writes what was measured in one invocation as one line; nothing if there is nothing. The function is the only dimension; the
    /// connection is a property, to search by, because each value of a dimension costs like a metric of its own.
    pub fn write(&self, connection: Option<&ConnectionId>, measured: &[(Metric, u64)]) {
        if measured.is_empty() {
            return;
        }
        let described: Vec<Value> = measured
            .iter()
            .map(|(metric, _)| json!({ "Name": metric.name(), "Unit": metric.unit() }))
            .collect();
        let mut line = Map::new();
        line.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": self.clock.now().as_millisecond(),
                "CloudWatchMetrics": [{
                    "Namespace": self.namespace,
                    "Dimensions": [["function"]],
                    "Metrics": described,
                }],
            }),
        );
        line.insert("function".to_owned(), json!(self.function));
        if let Some(connection) = connection {
            line.insert("connection".to_owned(), json!(connection.as_str()));
        }
        for (metric, value) in measured {
            line.insert(metric.name(), json!(value));
        }
        self.sink.line(&Value::Object(line).to_string());
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use connector_domain::ManualClock;
    use parking_lot::Mutex;

    use super::*;

    #[derive(Debug, Default)]
    pub(crate) struct Kept(Mutex<Vec<String>>);

    impl Kept {
        pub(crate) fn lines(&self) -> Vec<String> {
            self.0.lock().clone()
        }
    }

    impl Sink for Kept {
        fn line(&self, line: &str) {
            self.0.lock().push(line.to_owned());
        }
    }

    #[test]
    fn a_line_has_the_function_as_dimension_and_the_connection_as_property() {
        let kept = Arc::new(Kept::default());
        let clock = ManualClock::at("2026-03-31T12:00:00Z".parse().unwrap());
        let metrics = Metrics::new("ml-connector/prod".to_owned(), "tick", Arc::new(clock), kept.clone());
        metrics.write(None, &[]);
        let connection = "main-store".parse().unwrap();
        metrics.write(Some(&connection), &[(Metric::OldestHeld, 61), (Metric::HeldNow, 2)]);
        let lines = kept.lines();
        assert_eq!(lines.len(), 1);
        let line: Value = serde_json::from_str(&lines[0]).unwrap();
        assert_eq!(
            (&line["OldestHeld"], &line["HeldNow"], &line["connection"]),
            (&json!(61), &json!(2), &json!("main-store"))
        );
        let described = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(described["Dimensions"], json!([["function"]]));
        assert_eq!(described["Metrics"][0], json!({"Name": "OldestHeld", "Unit": "Seconds"}));
        assert_eq!(line["_aws"]["Timestamp"], json!(1_774_958_400_000_i64));
    }

    #[test]
    fn every_metric_is_explained() {
        let page = include_str!("../../../docs/LOGGING.md");
        for metric in Metric::ALL {
            assert!(page.contains(&format!("`{}`", metric.name())), "{metric:?} is not in docs/LOGGING.md");
        }
    }
}
