//! The five ports on AWS's services.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_aws::{
    AwsConnectionStore, AwsConnections, AwsDoorways, AwsLeases, AwsLedger, AwsQueue, AwsShelf, AwsState,
    Clients, SecretsPrefix, TableName,
};
use connector_domain::Clock;
use connector_ports::{
    CachedConnections, CachedOutlines, Connection, Connections, Doorway, Freshness, Leases, Ledger, Outlines,
    Queue, Shelf, State,
};
use connector_sandbox::pipeline::ConnectFailed;
use connector_sandbox::{Inbox, Ports};

use crate::Account;
use crate::inbox::Inboxes;
use crate::short_leases::ShortLeases;

/// All ports in one account of an emulator.
#[derive(Debug)]
pub struct Aws {
    clients: Clients,
    table: TableName,
    prefix: SecretsPrefix,
    clock: Arc<dyn Clock>,
    ledger: Box<dyn Ledger>,
    leases: Box<dyn Leases>,
    state: AwsState,
    shelf: AwsShelf,
    queue: AwsQueue,
    inbox: Inboxes,
}

impl Aws {
    /// The ports of `account`. Leases lapse on `clock`, visibility on the emulator's.
    ///
    /// # Errors
    /// The clients could not be built.
    pub fn of(account: &Account, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let clients = account.clients()?;
        let (table, prefix) =
            (TableName(account.name().to_owned()), SecretsPrefix(account.name().to_owned()));
        let made = account.queues();
        Ok(Self {
            ledger: Box::new(AwsLedger::new(&clients, table.clone(), clock.clone(), None)),
            leases: Box::new(AwsLeases::new(&clients, table.clone(), clock.clone())),
            state: AwsState::new(&clients, table.clone()),
            shelf: AwsShelf::new(&clients, table.clone(), clock.clone()),
            queue: AwsQueue::new(&clients, made.urls.clone()),
            inbox: Inboxes::new(&clients, made, clock.clone()),
            clients,
            table,
            prefix,
            clock,
        })
    }

    /// With claims that outlive the deadline by `remote` only, the longest call to a vendor there is, and leases of `longest` at most:
    /// what a killed process had in hand is then free after seconds.
    #[must_use]
    pub fn with_short_leases(self, remote: Duration, longest: Duration) -> Self {
        Self {
            ledger: Box::new(ShortLeases { inner: self.ledger, remote, longest }),
            leases: Box::new(ShortLeases { inner: self.leases, remote, longest }),
            ..self
        }
    }
}

#[async_trait]
impl Ports for Aws {
    fn ledger(&self) -> &dyn Ledger {
        self.ledger.as_ref()
    }

    fn leases(&self) -> &dyn Leases {
        self.leases.as_ref()
    }

    fn state(&self) -> &dyn State {
        &self.state
    }

    fn shelf(&self) -> &dyn Shelf {
        &self.shelf
    }

    fn queue(&self) -> &dyn Queue {
        &self.queue
    }

    fn inbox(&self) -> &dyn Inbox {
        &self.inbox
    }

    fn connections(&self) -> Arc<dyn Connections<Connection>> {
        let source = AwsConnections::new(&self.clients, self.table.clone(), self.prefix.clone());
        let (clock, freshness) = (self.clock.clone(), Freshness::default());
        Arc::new(CachedConnections::<Connection>::new(Arc::new(source), clock, freshness))
    }

    fn outlines(&self) -> Arc<dyn Outlines> {
        let source = AwsConnections::new(&self.clients, self.table.clone(), self.prefix.clone());
        Arc::new(CachedOutlines::new(Arc::new(source), self.clock.clone(), Freshness::default()))
    }

    fn doorways(&self) -> Arc<dyn Connections<Doorway>> {
        let source = AwsDoorways::new(&self.clients, self.table.clone(), self.prefix.clone());
        let (clock, freshness) = (self.clock.clone(), Freshness::default());
        Arc::new(CachedConnections::<Doorway>::new(Arc::new(source), clock, freshness))
    }

    async fn connect(&self, connection: Connection) -> Result<(), ConnectFailed> {
        let store = AwsConnectionStore::new(&self.clients, self.table.clone(), self.prefix.clone());
        store.put(&connection).await.map_err(|error| ConnectFailed(error.to_string()))
    }
}
