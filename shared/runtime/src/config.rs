//! What each function reads from its environment. A test compares the lists with `template.yaml`.

use std::time::Duration;

use connector_aws::{QueueUrls, SecretsPrefix, TableName};
use url::Url;

use crate::vars::{Reader, Vars, VarsError};

/// Common to all functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Common {
    /// `TABLE_NAME`.
    pub table: TableName,
    /// `SECRETS_PREFIX`: `ml-connector/prod`.
    pub secrets: SecretsPrefix,
    /// `METRICS_NAMESPACE`: under which metrics are found.
    pub namespace: String,
}

/// Of the `webhook-receiver`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverConfig {
    /// Common to all.
    pub common: Common,
    /// `ORDERS_QUEUE_URL`.
    pub orders: String,
}

/// Of the functions that work on a queue, and of `tick`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerConfig {
    /// Common to all.
    pub common: Common,
    /// `ORDERS_QUEUE_URL`, `JOBS_QUEUE_URL` and `CATALOGUE_QUEUE_URL`; empty where the function sends nothing there.
    pub queues: QueueUrls,
    /// `ORDERS_DEAD_LETTERS_URL`, `JOBS_DEAD_LETTERS_URL` or `CATALOGUE_DEAD_LETTERS_URL`, whichever the function receives from.
    pub dead_letters: String,
    /// `AUDIT_DAYS`: for how long trails are kept; for ever if it is not said.
    pub audit_kept: Option<Duration>,
    /// `WEBHOOK_URL`: where webhooks come in, up to and with `/webhooks/`.
    pub door: Option<Url>,
}

impl ReceiverConfig {
    /// What it reads.
    pub const VARIABLES: [&str; 5] =
        ["LOG_FILTER", "METRICS_NAMESPACE", "ORDERS_QUEUE_URL", "SECRETS_PREFIX", "TABLE_NAME"];

    /// Reads it.
    ///
    /// # Errors
    /// [`VarsError`].
    pub fn from_vars(vars: &Vars) -> Result<Self, VarsError> {
        let mut reader = Reader::new(vars);
        let read = Self { common: Common::read(&mut reader), orders: reader.text("ORDERS_QUEUE_URL") };
        reader.done(read)
    }
}

impl WorkerConfig {
    /// What `order-consumer` reads.
    pub const CONSUMER: [&str; 8] = [
        "AUDIT_DAYS",
        "JOBS_QUEUE_URL",
        "LOG_FILTER",
        "METRICS_NAMESPACE",
        "ORDERS_DEAD_LETTERS_URL",
        "ORDERS_QUEUE_URL",
        "SECRETS_PREFIX",
        "TABLE_NAME",
    ];

    /// What `job-runner` reads.
    pub const RUNNER: [&str; 9] = [
        "AUDIT_DAYS",
        "JOBS_DEAD_LETTERS_URL",
        "JOBS_QUEUE_URL",
        "LOG_FILTER",
        "METRICS_NAMESPACE",
        "ORDERS_QUEUE_URL",
        "SECRETS_PREFIX",
        "TABLE_NAME",
        "WEBHOOK_URL",
    ];

    /// What `catalog-poller` reads.
    pub const CATALOGUE: [&str; 7] = [
        "AUDIT_DAYS",
        "CATALOGUE_DEAD_LETTERS_URL",
        "CATALOGUE_QUEUE_URL",
        "LOG_FILTER",
        "METRICS_NAMESPACE",
        "SECRETS_PREFIX",
        "TABLE_NAME",
    ];

    /// What `tick` reads.
    pub const TICK: [&str; 8] = [
        "AUDIT_DAYS",
        "CATALOGUE_QUEUE_URL",
        "JOBS_QUEUE_URL",
        "LOG_FILTER",
        "METRICS_NAMESPACE",
        "ORDERS_QUEUE_URL",
        "SECRETS_PREFIX",
        "TABLE_NAME",
    ];

    /// Reads those of `variables`, which are one function's; the address of a queue that is not among them is empty.
    ///
    /// # Errors
    /// [`VarsError`].
    pub fn from_vars(vars: &Vars, variables: &[&str]) -> Result<Self, VarsError> {
        let mut reader = Reader::new(vars);
        let mut url = |name: &str| {
            if variables.contains(&name) { reader.text(name) } else { String::new() }
        };
        let queues = QueueUrls {
            orders: url("ORDERS_QUEUE_URL"),
            jobs: url("JOBS_QUEUE_URL"),
            catalogue: url("CATALOGUE_QUEUE_URL"),
        };
        let dead_letters = variables.iter().find(|name| name.ends_with("_DEAD_LETTERS_URL"));
        let dead_letters = dead_letters.map(|name| url(name)).unwrap_or_default();
        let days: Option<u32> = reader.optional("AUDIT_DAYS");
        let read = Self {
            common: Common::read(&mut reader),
            queues,
            dead_letters,
            door: reader.optional("WEBHOOK_URL"),
            audit_kept: days.map(|days| Duration::from_hours(u64::from(days).saturating_mul(24))),
        };
        reader.done(read)
    }
}

impl Common {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            table: TableName(reader.text("TABLE_NAME")),
            secrets: SecretsPrefix(reader.text("SECRETS_PREFIX")),
            namespace: reader.text("METRICS_NAMESPACE"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use connector_ports::QueueName;

    use super::*;

    fn all() -> Vars {
        let vars = [
            ("TABLE_NAME", "t"),
            ("SECRETS_PREFIX", "p"),
            ("METRICS_NAMESPACE", "n"),
            ("ORDERS_QUEUE_URL", "o"),
            ("JOBS_QUEUE_URL", "j"),
            ("ORDERS_DEAD_LETTERS_URL", "d"),
            ("AUDIT_DAYS", "90"),
        ];
        Vars::of(&vars)
    }

    #[test]
    fn the_worker_reads_what_it_says_it_reads() {
        let read = WorkerConfig::from_vars(&all(), &WorkerConfig::CONSUMER).unwrap();
        assert_eq!(read.audit_kept, Some(Duration::from_hours(90 * 24)));
        assert_eq!((read.dead_letters.as_str(), read.queues.of(QueueName::Catalogue)), ("d", ""));
        let lists: [&[&str]; 4] =
            [&WorkerConfig::CONSUMER, &WorkerConfig::RUNNER, &WorkerConfig::CATALOGUE, &WorkerConfig::TICK];
        for variables in lists {
            let nothing = WorkerConfig::from_vars(&Vars::default(), variables).unwrap_err();
            // The log filter, the days and the door have a meaning when they are missing.
            let needed =
                variables.iter().filter(|name| !["LOG_FILTER", "AUDIT_DAYS", "WEBHOOK_URL"].contains(name));
            let needed: BTreeSet<_> = needed.map(|name| format!("missing {name}")).collect();
            assert_eq!(nothing.0.into_iter().collect::<BTreeSet<_>>(), needed, "{variables:?}");
        }
    }

    #[test]
    fn the_receiver_reads_what_it_says_it_reads() {
        assert!(ReceiverConfig::from_vars(&all()).is_ok());
        let nothing = ReceiverConfig::from_vars(&Vars::default()).unwrap_err();
        assert_eq!(nothing.0.len(), ReceiverConfig::VARIABLES.len() - 1, "all but the log filter: {nothing}");
    }
}
