//! What the commands stand on: a deployment in AWS, or a running sandbox.

mod aws;
mod cursors;
mod letters;
mod room;
mod sandbox;
mod shelf;
mod stored;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{anyhow, bail};
use connector_domain::{Clock, ConnectionId, Deadline, Money, OrderId, OrderNum};
use connector_http::{Transport, TransportSettings};
use connector_ports::{
    CachedConnections, CachedOutlines, Connection, ConnectionSource, DeadLetters, Doorway, Freshness, Leases,
    Ledger, OrderKey, OutlineSource, Queue, Shelf, SourceError, State,
};
use connector_sync::catalogue::Catalogue;
use connector_sync::connected::Directory;
use connector_sync::job::Patience;
use connector_sync::orders::{Consumer, link};
use connector_sync::poll::Poller;
use serde::{Deserialize, Serialize};

use crate::cli::Everywhere;
use crate::machine::Machine;

use self::aws::Aws;
pub(crate) use self::room::Compared;
use self::sandbox::Sandbox;

/// For how long an order is claimed when a person links it: what a vendor that hangs may take.
const AT_WORK: Duration = Duration::from_mins(5);

/// What was linked, for the person to compare.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Linked {
    /// The shop's.
    pub(crate) order: OrderId,
    /// Kinetic's.
    pub(crate) kinetic_order: OrderNum,
    /// With tax.
    pub(crate) shop_total: Money,
    /// With tax.
    pub(crate) kinetic_total: Money,
    /// Whether it still follows the shop's edits.
    pub(crate) follows: bool,
}

/// How much of a deployment a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Table and secrets.
    Records,
    /// The queues as well.
    Queues,
    /// And their dead letters.
    DeadLetters,
}

/// A deployment.
#[derive(Debug)]
pub(crate) struct Deployment {
    /// Connections with all their credentials.
    pub(crate) connections: Arc<dyn ConnectionSource<Connection>>,
    /// What tells them apart.
    outlines: Arc<dyn OutlineSource>,
    /// What checks a webhook.
    pub(crate) doorways: Arc<dyn ConnectionSource<Doorway>>,
    /// The orders.
    pub(crate) ledger: Arc<dyn Ledger>,
    /// Where messages are sent to.
    pub(crate) queue: Arc<dyn Queue>,
    /// What the queues gave up.
    pub(crate) letters: Arc<dyn DeadLetters>,
    /// Cursors.
    pub(crate) state: Arc<dyn State>,
    /// What the store shows of the catalogue.
    pub(crate) shelf: Arc<dyn Shelf>,
    leases: Arc<dyn Leases>,
    /// Connections, ready to be used.
    pub(crate) directory: Directory,
    patience: Patience,
    owner: Owner,
}

/// Who does what no port does.
#[derive(Debug)]
enum Owner {
    Aws(Box<Aws>),
    Sandbox(Sandbox),
}

impl Deployment {
    /// The deployment that the command line and the environment name.
    ///
    /// # Errors
    /// Variables are missing.
    pub(crate) async fn of(everywhere: &Everywhere, need: Need, machine: &Machine) -> anyhow::Result<Self> {
        let transport = Transport::new(&TransportSettings::default())?;
        if let Some(url) = &everywhere.sandbox {
            let sandbox = Sandbox::at(url, transport.clone(), &machine.surroundings)?;
            let connections = Arc::new(sandbox.clone());
            return Ok(Self {
                directory: directory(connections.clone(), connections.clone(), transport, machine),
                outlines: connections.clone(),
                connections,
                doorways: Arc::new(sandbox.clone()),
                ledger: Arc::new(sandbox.clone()),
                queue: Arc::new(sandbox.clone()),
                letters: Arc::new(sandbox.clone()),
                state: Arc::new(sandbox.clone()),
                shelf: Arc::new(sandbox.clone()),
                leases: Arc::new(sandbox.clone()),
                patience: Patience::default(),
                owner: Owner::Sandbox(sandbox),
            });
        }
        let aws = Aws::from_env(need, machine).await?;
        let connections = aws.connections();
        Ok(Self {
            directory: directory(connections.clone(), connections.clone(), transport, machine),
            outlines: connections.clone(),
            connections,
            doorways: aws.doorways(),
            ledger: aws.ledger(machine),
            queue: aws.queue(),
            letters: aws.letters(),
            state: Arc::new(aws.state()),
            shelf: Arc::new(aws.shelf(machine)),
            leases: Arc::new(aws.leases(&machine.surroundings.clock)),
            patience: Patience::default(),
            owner: Owner::Aws(Box::new(aws)),
        })
    }

    /// Stores a connection.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn put(&self, connection: &Connection) -> anyhow::Result<()> {
        match &self.owner {
            Owner::Aws(aws) => aws.put(connection).await,
            Owner::Sandbox(sandbox) => sandbox.put(connection).await,
        }
    }

    /// Removes a connection. Its orders stay in the ledger.
    ///
    /// # Errors
    /// The store's; a sandbox keeps its connections.
    pub(crate) async fn remove(&self, id: &ConnectionId) -> anyhow::Result<()> {
        match &self.owner {
            Owner::Aws(aws) => aws.remove(id).await,
            Owner::Sandbox(_) => {
                bail!("a sandbox keeps its connections until it ends: stop `cargo sandbox up` instead")
            }
        }
    }

    /// Links a web order to a Kinetic order; see [`connector_sync::orders::link`].
    ///
    /// # Errors
    /// Why it could not be linked; nothing was written then.
    pub(crate) async fn link(&self, key: &OrderKey, order_num: OrderNum) -> anyhow::Result<Linked> {
        match &self.owner {
            Owner::Sandbox(sandbox) => sandbox.link(key, order_num).await,
            Owner::Aws(aws) => {
                let (leases, state) = (aws.leases(self.clock()), aws.state());
                let consumer = Consumer {
                    ledger: self.ledger.as_ref(),
                    leases: &leases,
                    state: &state,
                    queue: self.queue.as_ref(),
                    directory: &self.directory,
                    patience: &Patience::default(),
                };
                let deadline = Deadline::after(self.clock().as_ref(), AT_WORK);
                let linked = link(key, order_num, consumer, deadline).await?;
                Ok(Linked {
                    order: key.order,
                    kinetic_order: linked.order_num,
                    shop_total: linked.shop,
                    kinetic_total: linked.kinetic,
                    follows: linked.follows,
                })
            }
        }
    }

    /// What looks for orders, and keeps account of them.
    pub(crate) fn poller(&self) -> Poller<'_> {
        Poller {
            ledger: self.ledger.as_ref(),
            queue: self.queue.as_ref(),
            state: self.state.as_ref(),
            directory: &self.directory,
            patience: &self.patience,
        }
    }

    /// What looks after parts, prices and stock.
    pub(crate) fn catalogue(&self) -> Catalogue<'_> {
        Catalogue {
            state: self.state.as_ref(),
            shelf: self.shelf.as_ref(),
            leases: self.leases.as_ref(),
            ledger: self.ledger.as_ref(),
            directory: &self.directory,
            patience: &self.patience,
        }
    }

    fn clock(&self) -> &Arc<dyn Clock> {
        &self.directory.surroundings().clock
    }

    /// The ids of all connections.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn ids(&self) -> anyhow::Result<Vec<ConnectionId>> {
        self.connections.list().await.map_err(|error| self.not_listed(&error))
    }

    fn not_listed(&self, error: &SourceError) -> anyhow::Error {
        let todo = match &self.owner {
            Owner::Aws(_) => aws::todo(&error.to_string()),
            Owner::Sandbox(_) => "",
        };
        anyhow!("the connections cannot be listed: {error}{todo}")
    }

    /// The connection that was named, or the only one there is.
    ///
    /// # Errors
    /// There is none of that name, or several and none was named.
    pub(crate) async fn chosen(&self, named: Option<&ConnectionId>) -> anyhow::Result<ConnectionId> {
        let ids = self.ids().await?;
        let listed = || ids.iter().map(ConnectionId::as_str).collect::<Vec<_>>().join(", ");
        match (named, ids.as_slice()) {
            (_, []) => bail!("there is no connection yet; store one with `connector connection put FILE`"),
            (Some(named), _) if ids.contains(named) => Ok(named.clone()),
            (Some(named), _) => bail!("there is no connection {named}; there are: {}", listed()),
            (None, [only]) => Ok(only.clone()),
            (None, _) => bail!("there are several connections; say --connection with one of: {}", listed()),
        }
    }

    /// Every connection as stored, or why it cannot be read.
    ///
    /// # Errors
    /// They cannot even be listed.
    pub(crate) async fn all(&self) -> anyhow::Result<BTreeMap<ConnectionId, Result<Connection, String>>> {
        let mut all = BTreeMap::new();
        for id in self.ids().await? {
            match self.connections.read(&id).await {
                Ok(Some(connection)) => drop(all.insert(id, Ok(connection))),
                // Removed since it was listed.
                Ok(None) => {}
                Err(error) => drop(all.insert(id, Err(error.to_string()))),
            }
        }
        Ok(all)
    }
}

fn directory(
    connections: Arc<dyn ConnectionSource<Connection>>,
    outlines: Arc<dyn OutlineSource>,
    transport: Transport,
    machine: &Machine,
) -> Directory {
    let (surroundings, freshness) = (machine.surroundings.clone(), Freshness::default());
    let clock = surroundings.clock.clone();
    let outlines = CachedOutlines::new(outlines, clock.clone(), freshness);
    let connections: CachedConnections = CachedConnections::new(connections, clock, freshness);
    Directory::new(Arc::new(connections), Arc::new(outlines), transport, surroundings)
}
