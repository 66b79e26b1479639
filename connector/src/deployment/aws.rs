//! A deployment in AWS, found by the variables that its functions have.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use connector_aws::{
    AwsConnectionStore, AwsConnections, AwsDeadLetters, AwsDoorways, AwsLeases, AwsLedger, AwsQueue,
    AwsShelf, AwsState, Clients, QueueUrls, SecretsPrefix, TableName,
};
use connector_domain::{Clock, ConnectionId};
use connector_ports::{Connection, ConnectionSource, DeadLetters, Doorway, Ledger, Queue};

use super::Need;
use crate::machine::Machine;

/// Each variable with the output of the stack that says its value.
const RECORDS: [(&str, &str); 2] = [("TABLE_NAME", "TableName"), ("SECRETS_PREFIX", "SecretsPrefix")];
const QUEUES: [(&str, &str); 3] = [
    ("ORDERS_QUEUE_URL", "OrdersQueueUrl"),
    ("JOBS_QUEUE_URL", "JobsQueueUrl"),
    ("CATALOGUE_QUEUE_URL", "CatalogueQueueUrl"),
];
const DEAD_LETTERS: [(&str, &str); 3] = [
    ("ORDERS_DEAD_LETTERS_URL", "OrdersDeadLettersUrl"),
    ("JOBS_DEAD_LETTERS_URL", "JobsDeadLettersUrl"),
    ("CATALOGUE_DEAD_LETTERS_URL", "CatalogueDeadLettersUrl"),
];

/// Table, secrets and queues of one stack.
#[derive(Debug)]
pub(super) struct Aws {
    clients: Clients,
    table: TableName,
    prefix: SecretsPrefix,
    queues: QueueUrls,
    dead_letters: QueueUrls,
}

impl Aws {
    /// As the environment says. Nothing is called yet.
    ///
    /// # Errors
    /// Variables are missing, all of which are named.
    pub(super) async fn from_env(need: Need, machine: &Machine) -> anyhow::Result<Self> {
        let (queues, letters): (&[_], &[_]) = match need {
            Need::Records => (&[], &[]),
            Need::Queues => (&QUEUES, &[]),
            Need::DeadLetters => (&QUEUES, &DEAD_LETTERS),
        };
        let needed = RECORDS.iter().chain(queues).chain(letters);
        let missing: Vec<_> = needed.filter(|(name, _)| machine.var(name).is_none()).collect();
        if !missing.is_empty() {
            let names: Vec<_> = missing.iter().map(|(name, _)| *name).collect();
            let outputs: Vec<_> = missing.iter().map(|(_, output)| *output).collect();
            bail!(
                "missing in the environment: {}; set them to the outputs {} of the deployed stack, or say --sandbox URL",
                names.join(", "),
                outputs.join(", ")
            );
        }
        let var = |name| machine.var(name).unwrap_or_default().trim().to_owned();
        Ok(Self {
            clients: Clients::from_env().await?,
            table: TableName(var("TABLE_NAME")),
            prefix: SecretsPrefix(var("SECRETS_PREFIX")),
            queues: QueueUrls {
                orders: var("ORDERS_QUEUE_URL"),
                jobs: var("JOBS_QUEUE_URL"),
                catalogue: var("CATALOGUE_QUEUE_URL"),
            },
            dead_letters: QueueUrls {
                orders: var("ORDERS_DEAD_LETTERS_URL"),
                jobs: var("JOBS_DEAD_LETTERS_URL"),
                catalogue: var("CATALOGUE_DEAD_LETTERS_URL"),
            },
        })
    }

    pub(super) fn connections(&self) -> Arc<AwsConnections> {
        Arc::new(AwsConnections::new(&self.clients, self.table.clone(), self.prefix.clone()))
    }

    pub(super) fn doorways(&self) -> Arc<dyn ConnectionSource<Doorway>> {
        Arc::new(AwsDoorways::new(&self.clients, self.table.clone(), self.prefix.clone()))
    }

    pub(super) fn ledger(&self, machine: &Machine) -> Arc<dyn Ledger> {
        // For how long trails are kept is the functions' setting; what a person writes here is kept.
        let clock = machine.surroundings.clock.clone();
        Arc::new(AwsLedger::new(&self.clients, self.table.clone(), clock, None))
    }

    pub(super) fn queue(&self) -> Arc<dyn Queue> {
        Arc::new(AwsQueue::new(&self.clients, self.queues.clone()))
    }

    pub(super) fn letters(&self) -> Arc<dyn DeadLetters> {
        Arc::new(AwsDeadLetters::new(&self.clients, self.queues.clone(), self.dead_letters.clone()))
    }

    pub(super) fn leases(&self, clock: &Arc<dyn Clock>) -> AwsLeases {
        AwsLeases::new(&self.clients, self.table.clone(), clock.clone())
    }

    pub(super) fn state(&self) -> AwsState {
        AwsState::new(&self.clients, self.table.clone())
    }

    pub(super) fn shelf(&self, machine: &Machine) -> AwsShelf {
        AwsShelf::new(&self.clients, self.table.clone(), machine.surroundings.clock.clone())
    }

    pub(super) async fn put(&self, connection: &Connection) -> anyhow::Result<()> {
        let store = AwsConnectionStore::new(&self.clients, self.table.clone(), self.prefix.clone());
        Ok(store.put(connection).await?)
    }

    pub(super) async fn remove(&self, id: &ConnectionId) -> anyhow::Result<()> {
        let store = AwsConnectionStore::new(&self.clients, self.table.clone(), self.prefix.clone());
        store.remove(id).await.with_context(|| {
            format!(
                "{id} was not removed, or only in part: give the command again, or, if {id} is not listed any more, delete its secrets \
                 {} and {} in Secrets Manager",
                self.prefix.webhook(id),
                self.prefix.api(id)
            )
        })
    }
}

/// What to do about AWS's words, from where the SDK gives no reason of its own.
pub(super) fn todo(words: &str) -> &'static str {
    if words.contains("could not be reached") || words.contains("in time") {
        "; say the region (AWS_REGION) and credentials as for every tool of AWS (AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), and look whether this machine reaches AWS"
    } else if words.contains("ResourceNotFoundException") {
        "; TABLE_NAME must be the stack's output TableName, and AWS_REGION the stack's region"
    } else if words.contains("AccessDenied")
        || words.contains("UnrecognizedClient")
        || words.contains("ExpiredToken")
    {
        "; use credentials that are valid and may read the table and the secrets of this deployment"
    } else {
        ""
    }
}
