//! What connections guarantee, wherever they are stored.

mod outlined;
mod refreshed;
mod sample;
mod stored;
mod watched;

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use connector_domain::{ConnectionId, ManualClock};

pub use outlined::*;
pub use refreshed::*;
pub use stored::*;

use crate::connections::{Connection, ConnectionSource, Doorway};
use crate::memory::MemoryConnections;
use crate::outlines::OutlineSource;

/// The writing side of a source: what an owner does, and the connector never.
#[async_trait]
pub trait ConnectionStore: Debug + Send + Sync {
    /// Stores a connection, in place of the one with its id.
    async fn put(&self, connection: Connection);

    /// Removes a connection.
    async fn remove(&self, id: &ConnectionId);
}

#[async_trait]
impl ConnectionStore for MemoryConnections {
    async fn put(&self, connection: Connection) {
        Self::put(self, connection);
    }

    async fn remove(&self, id: &ConnectionId) {
        Self::remove(self, id);
    }
}

/// An empty source with both its sides, and a clock on which what was read grows stale.
#[derive(Debug, Clone)]
pub struct ConnectionsSubject {
    /// The reading side.
    pub source: Arc<dyn ConnectionSource>,
    /// The same source as the receiver of webhooks reads it.
    pub doorways: Arc<dyn ConnectionSource<Doorway>>,
    /// The same source, of which only outlines are read.
    pub outlines: Arc<dyn OutlineSource>,
    /// The writing side.
    pub store: Arc<dyn ConnectionStore>,
    /// The clock.
    pub clock: ManualClock,
}

/// One test a sentence of [`Connections`](crate::Connections) and [`Outlines`](crate::Outlines); each evaluates `$subject`, an empty [`ConnectionsSubject`].
#[macro_export]
macro_rules! connections_suite {
    ($subject:expr) => {
        $crate::one_test_a_sentence! { connections, $subject;
            connections_are_listed_in_order,
            a_connection_comes_back_as_it_was_stored,
            a_doorway_shows_what_checks_a_webhook_and_follows_it,
            a_connection_that_was_removed_is_gone,
            debug_prints_no_secret,
            a_fresh_connection_is_served_without_looking,
            a_stale_connection_is_refreshed_by_the_call_that_finds_it_stale,
            while_one_call_refreshes_the_others_are_served_the_old_value,
            of_many_first_calls_one_reads_and_all_are_served,
            a_slow_connection_holds_up_no_other,
            a_call_that_is_dropped_while_it_refreshes_blocks_nobody,
            a_failed_refresh_serves_the_old_value_and_is_counted,
            a_failed_refresh_is_not_repeated_before_the_back_off,
            a_connection_never_seen_is_unavailable_while_reading_fails,
            a_removed_connection_is_unknown_and_can_return,
            a_failed_list_serves_the_last_one_and_is_counted,
            the_same_connection_is_the_same_arc,
            whatever_changes_is_another_arc,
            outlines_show_every_connection_and_follow_it,
            fresh_outlines_are_served_without_looking,
            stale_outlines_are_read_by_the_call_that_finds_them_stale,
            whoever_is_not_among_fresh_outlines_is_looked_for_once,
            while_one_call_reads_the_others_are_served_the_old_outlines,
            of_many_first_askers_one_reads_outlines_and_all_are_served,
            a_failed_read_of_outlines_serves_the_old_ones_and_is_not_repeated_before_the_back_off,
            outlines_that_never_showed_the_asker_are_unavailable_while_reading_fails,
            the_same_outlines_are_the_same_arc,
        }
    };
}
