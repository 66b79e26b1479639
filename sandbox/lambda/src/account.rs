//! A table, queues and secrets on the emulator, which no other test has.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use connector_aws::queues::{self, Made};
use connector_aws::{AwsConnectionStore, AwsInbox, AwsLedger, Clients, SecretsPrefix, TableName, table};
use connector_emulator::Emulator;
use connector_http::SystemClock;
use connector_ports::{Connection, QueueName};
use uuid::Uuid;

/// The resources of one deployment.
#[derive(Debug)]
pub struct Account {
    /// The clients, to look at what a function did.
    pub clients: Clients,
    /// The table.
    pub table: TableName,
    /// The queues.
    pub queues: Made,
    prefix: SecretsPrefix,
    endpoint: String,
}

impl Account {
    /// A new one, on the emulator that all tests of a process share.
    ///
    /// # Errors
    /// The emulator could not be had, or something could not be made on it.
    pub async fn new() -> Result<Self> {
        let emulator = Emulator::shared()?;
        let clients = Clients::at(emulator.url(), "eu-west-1")?;
        let name = format!("connector-{}", Uuid::new_v4().simple());
        let table = TableName(name.clone());
        table::create(&clients, &table).await?;
        let queues = queues::create(&clients, &name, Duration::from_mins(30)).await?;
        let endpoint = emulator.url().to_string();
        Ok(Self { clients, table, queues, prefix: SecretsPrefix(name), endpoint })
    }

    /// Stores a connection, as its owner does.
    ///
    /// # Errors
    /// It could not be stored.
    pub async fn connect(&self, connection: &Connection) -> Result<()> {
        let store = AwsConnectionStore::new(&self.clients, self.table.clone(), self.prefix.clone());
        store.put(connection).await.context("the connection")
    }

    /// The receiving side of a queue.
    pub fn inbox(&self, queue: QueueName) -> AwsInbox {
        let dead = self.queues.dead_letters.of(queue).to_owned();
        AwsInbox::new(&self.clients, queue, self.queue(queue).to_owned(), dead)
    }

    /// The URL of a queue.
    pub fn queue(&self, queue: QueueName) -> &str {
        self.queues.urls.of(queue)
    }

    /// What is in the ledger.
    pub fn ledger(&self) -> AwsLedger {
        AwsLedger::new(&self.clients, self.table.clone(), Arc::new(SystemClock), None)
    }

    /// What a function of this deployment finds in its environment.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let (urls, dead) = (&self.queues.urls, &self.queues.dead_letters);
        vec![
            ("TABLE_NAME", self.table.0.clone()),
            ("SECRETS_PREFIX", self.prefix.0.clone()),
            ("METRICS_NAMESPACE", "ml-connector/test".to_owned()),
            ("ORDERS_QUEUE_URL", urls.orders.clone()),
            ("JOBS_QUEUE_URL", urls.jobs.clone()),
            ("CATALOGUE_QUEUE_URL", urls.catalogue.clone()),
            ("ORDERS_DEAD_LETTERS_URL", dead.orders.clone()),
            ("JOBS_DEAD_LETTERS_URL", dead.jobs.clone()),
            ("CATALOGUE_DEAD_LETTERS_URL", dead.catalogue.clone()),
            ("AWS_ENDPOINT_URL", self.endpoint.clone()),
            ("AWS_REGION", "eu-west-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "emulator".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "emulator".to_owned()),
        ]
    }
}
