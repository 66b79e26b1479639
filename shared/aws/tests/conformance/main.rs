//! The conformance suites on the AWS ports, against an emulator of AWS's wire protocols.
//!
//! What the emulator does otherwise than AWS stands in `docs/conformance.md`, and is proven by the requests that we send
//! (`tests/requests`).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on may panic")]

mod depth;
mod receiver;

use std::sync::Arc;
use std::time::Duration;

use connector_aws::{Clients, TableName, queues, table};
use connector_domain::{ManualClock, Timestamp};
use connector_emulator::Emulator;
use uuid::Uuid;

/// Noon of a day that means nothing.
const NOON: &str = "2024-03-01T12:00:00Z";

fn clock() -> ManualClock {
    ManualClock::at(NOON.parse::<Timestamp>().unwrap())
}

fn clients() -> Clients {
    let emulator = Emulator::shared().unwrap_or_else(|error| panic!("{error}"));
    Clients::at(emulator.url(), "eu-west-1").unwrap()
}

/// A name that no other test has.
fn fresh(what: &str) -> String {
    format!("{what}-{}", Uuid::new_v4().simple())
}

async fn table(clients: &Clients) -> TableName {
    let name = TableName(fresh("table"));
    table::create(clients, &name).await.unwrap();
    name
}

mod ledger {
    use connector_aws::AwsLedger;
    use connector_ports::conformance::ledger::LedgerSubject;

    use super::*;

    async fn empty() -> LedgerSubject {
        let (clients, clock) = (clients(), clock());
        let ledger = AwsLedger::new(&clients, table(&clients).await, Arc::new(clock.clone()), None);
        LedgerSubject { ledger: Arc::new(ledger), clock }
    }

    connector_ports::ledger_suite!(empty().await);
}

mod leases {
    use connector_aws::AwsLeases;
    use connector_ports::conformance::leases::LeasesSubject;

    use super::*;

    async fn none_held() -> LeasesSubject {
        let (clients, clock) = (clients(), clock());
        let leases = AwsLeases::new(&clients, table(&clients).await, Arc::new(clock.clone()));
        LeasesSubject { leases: Arc::new(leases), clock }
    }

    connector_ports::leases_suite!(none_held().await);
}

mod state {
    use connector_aws::AwsState;
    use connector_ports::conformance::state::StateSubject;

    use super::*;

    async fn empty() -> StateSubject {
        let clients = clients();
        let table = table(&clients).await;
        StateSubject { state: Arc::new(AwsState::new(&clients, table)) }
    }

    connector_ports::state_suite!(empty().await);
}

mod shelf {
    use connector_aws::AwsShelf;
    use connector_ports::conformance::shelf::ShelfSubject;

    use super::*;

    async fn empty() -> ShelfSubject {
        let clients = clients();
        let shelf = AwsShelf::new(&clients, table(&clients).await, Arc::new(clock()));
        ShelfSubject { shelf: Arc::new(shelf) }
    }

    connector_ports::shelf_suite!(empty().await);
}

mod queue {
    use connector_aws::AwsQueue;
    use connector_ports::conformance::queue::QueueSubject;

    use super::receiver::Inboxes;
    use super::*;

    async fn empty() -> QueueSubject {
        let clients = clients();
        let made = queues::create(&clients, &fresh("queue"), Duration::from_mins(30)).await.unwrap();
        QueueSubject {
            queue: Arc::new(AwsQueue::new(&clients, made.urls.clone())),
            receiver: Arc::new(Inboxes::new(&clients, &made)),
            max_receives: queues::MAX_RECEIVES,
        }
    }

    // The emulator deletes with a receipt whose time ran out; that it is SQS who refuses is shown in `tests/requests`.
    connector_ports::queue_suite_where_stale_receipts_delete!(empty().await);
}

mod dead_letters {
    use connector_aws::{AwsDeadLetters, AwsQueue};
    use connector_ports::conformance::dead_letters::DeadLettersSubject;
    use connector_ports::conformance::queue::QueueSubject;

    use super::receiver::Inboxes;
    use super::*;

    async fn empty() -> DeadLettersSubject {
        let clients = clients();
        let made = queues::create(&clients, &fresh("dead"), Duration::from_mins(30)).await.unwrap();
        let of = QueueSubject {
            queue: Arc::new(AwsQueue::new(&clients, made.urls.clone())),
            receiver: Arc::new(Inboxes::new(&clients, &made)),
            max_receives: queues::MAX_RECEIVES,
        };
        let letters = AwsDeadLetters::new(&clients, made.urls, made.dead_letters);
        DeadLettersSubject { letters: Arc::new(letters), of }
    }

    // As for the queue.
    connector_ports::dead_letters_suite_where_stale_receipts_delete!(empty().await);
}

mod connections {
    use async_trait::async_trait;
    use connector_aws::{AwsConnectionStore, AwsConnections, AwsDoorways, SecretsPrefix};
    use connector_domain::ConnectionId;
    use connector_ports::Connection;
    use connector_ports::conformance::connections::{ConnectionStore, ConnectionsSubject};

    use super::*;

    #[derive(Debug)]
    struct Owner(AwsConnectionStore);

    #[async_trait]
    impl ConnectionStore for Owner {
        async fn put(&self, connection: Connection) {
            self.0.put(&connection).await.unwrap();
        }

        async fn remove(&self, id: &ConnectionId) {
            self.0.remove(id).await.unwrap();
        }
    }

    async fn empty() -> ConnectionsSubject {
        let clients = clients();
        let (table, prefix) = (table(&clients).await, SecretsPrefix(fresh("prefix")));
        ConnectionsSubject {
            source: Arc::new(AwsConnections::new(&clients, table.clone(), prefix.clone())),
            doorways: Arc::new(AwsDoorways::new(&clients, table.clone(), prefix.clone())),
            outlines: Arc::new(AwsConnections::new(&clients, table.clone(), prefix.clone())),
            store: Arc::new(Owner(AwsConnectionStore::new(&clients, table, prefix))),
            clock: clock(),
        }
    }

    connector_ports::connections_suite!(empty().await);
}
