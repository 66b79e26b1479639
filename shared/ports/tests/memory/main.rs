//! The ports in memory: the whole suite, and what only an injected clock can show.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::sync::Arc;

use connector_domain::{ManualClock, Timestamp};
use connector_ports::memory::{
    MemoryConnections, MemoryLeases, MemoryLedger, MemoryQueue, MemoryState, QueueSettings,
};

mod queue_in_time;

/// Noon of a day that means nothing.
const NOON: &str = "2024-03-01T12:00:00Z";

fn clock() -> ManualClock {
    ManualClock::at(NOON.parse::<Timestamp>().unwrap())
}

mod ledger {
    use connector_ports::conformance::ledger::LedgerSubject;

    use super::*;

    fn empty() -> LedgerSubject {
        let clock = clock();
        LedgerSubject { ledger: Arc::new(MemoryLedger::new(Arc::new(clock.clone()))), clock }
    }

    connector_ports::ledger_suite!(empty());
}

mod leases {
    use connector_ports::conformance::leases::LeasesSubject;

    use super::*;

    fn none_held() -> LeasesSubject {
        let clock = clock();
        LeasesSubject { leases: Arc::new(MemoryLeases::new(Arc::new(clock.clone()))), clock }
    }

    connector_ports::leases_suite!(none_held());
}

mod state {
    use connector_ports::conformance::state::StateSubject;

    use super::*;

    connector_ports::state_suite!(StateSubject { state: Arc::new(MemoryState::new()) });
}

mod shelf {
    use connector_ports::conformance::shelf::ShelfSubject;
    use connector_ports::memory::MemoryShelf;

    use super::*;

    connector_ports::shelf_suite!(ShelfSubject { shelf: Arc::new(MemoryShelf::new()) });
}

mod queue {
    use connector_ports::conformance::queue::QueueSubject;

    use super::*;

    fn empty() -> QueueSubject {
        let settings = QueueSettings::default();
        let queue = Arc::new(MemoryQueue::new(Arc::new(clock()), settings));
        QueueSubject { queue: queue.clone(), receiver: queue, max_receives: settings.max_receives }
    }

    connector_ports::queue_suite!(empty());
}

mod dead_letters {
    use connector_ports::conformance::dead_letters::DeadLettersSubject;
    use connector_ports::conformance::queue::QueueSubject;

    use super::*;

    fn empty() -> DeadLettersSubject {
        let settings = QueueSettings::default();
        let queue = Arc::new(MemoryQueue::new(Arc::new(clock()), settings));
        let of = QueueSubject {
            queue: queue.clone(),
            receiver: queue.clone(),
            max_receives: settings.max_receives,
        };
        DeadLettersSubject { letters: queue, of }
    }

    connector_ports::dead_letters_suite!(empty());
}

mod connections {
    use connector_ports::conformance::connections::ConnectionsSubject;

    use super::*;

    fn empty() -> ConnectionsSubject {
        let stored = Arc::new(MemoryConnections::new());
        ConnectionsSubject {
            source: stored.clone(),
            doorways: stored.clone(),
            outlines: stored.clone(),
            store: stored,
            clock: clock(),
        }
    }

    connector_ports::connections_suite!(empty());
}
