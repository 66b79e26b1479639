//! The cache over the source: who reads, when, and what the others are served.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::ConnectionId;
use tokio::task::JoinSet;

use super::ConnectionsSubject;
use super::sample::{changes, stored};
use super::watched::Watched;
use crate::cached_connections::{CachedConnections, Freshness};
use crate::conformance::samples::{MANY, almost};
use crate::connections::{Connection, Connections, ConnectionsError};
use crate::sameness::Stored as _;

const FRESHNESS: Freshness =
    Freshness { time_to_live: Duration::from_mins(5), back_off: Duration::from_secs(10) };

/// A cache over a watched source that holds `main-store` and `other-store`.
struct Stage {
    subject: ConnectionsSubject,
    watched: Arc<Watched>,
    cache: Arc<CachedConnections>,
    id: ConnectionId,
}

impl Stage {
    async fn set(subject: ConnectionsSubject) -> Self {
        subject.store.put(stored("main-store")).await;
        subject.store.put(stored("other-store")).await;
        let watched = Arc::new(Watched::new(subject.source.clone(), subject.outlines.clone()));
        let clock = Arc::new(subject.clock.clone());
        let cache = Arc::new(CachedConnections::new(watched.clone(), clock, FRESHNESS));
        Self { subject, watched, cache, id: "main-store".parse().unwrap() }
    }

    async fn get(&self) -> Result<Arc<Connection>, ConnectionsError> {
        self.cache.get(&self.id).await
    }

    async fn store_rules(&self, rules: &str) {
        self.subject.store.put(Connection { rules: rules.to_owned(), ..stored("main-store") }).await;
    }

    fn grow_stale(&self) {
        self.subject.clock.advance(FRESHNESS.time_to_live);
    }

    fn back_off(&self) {
        self.subject.clock.advance(FRESHNESS.back_off);
    }
}

/// Until its time has passed.
pub async fn a_fresh_connection_is_served_without_looking(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    let first = stage.get().await.unwrap();
    stage.store_rules("newer = true").await;
    stage.subject.clock.advance(almost(FRESHNESS.time_to_live));
    assert!(Arc::ptr_eq(&first, &stage.get().await.unwrap()));
    assert_eq!(stage.watched.reads(), 1);
}

/// That very call is served the new value.
pub async fn a_stale_connection_is_refreshed_by_the_call_that_finds_it_stale(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    stage.get().await.unwrap();
    stage.store_rules("newer = true").await;
    stage.grow_stale();
    assert_eq!(stage.get().await.unwrap().rules, "newer = true");
    assert_eq!((stage.watched.reads(), stage.cache.failed_refreshes()), (2, 0));
}

/// At once, and without a read of their own.
pub async fn while_one_call_refreshes_the_others_are_served_the_old_value(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    let old = stage.get().await.unwrap();
    stage.store_rules("newer = true").await;
    stage.grow_stale();
    stage.watched.hold_up(&stage.id);
    let (cache, id) = (stage.cache.clone(), stage.id.clone());
    let refreshing = tokio::spawn(async move { cache.get(&id).await });
    stage.watched.begun(2).await;
    for _ in 0..MANY {
        assert!(Arc::ptr_eq(&old, &stage.get().await.unwrap()));
    }
    stage.watched.go_on();
    let new = refreshing.await.unwrap().unwrap();
    assert_eq!(new.rules, "newer = true");
    assert!(Arc::ptr_eq(&new, &stage.get().await.unwrap()));
    assert_eq!(stage.watched.reads(), 2);
}

/// Where there is no old value, the others wait for the one that reads.
pub async fn of_many_first_calls_one_reads_and_all_are_served(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    stage.watched.hold_up(&stage.id);
    let mut calls = JoinSet::new();
    for _ in 0..MANY {
        let (cache, id) = (stage.cache.clone(), stage.id.clone());
        calls.spawn(async move { cache.get(&id).await.unwrap() });
    }
    stage.watched.begun(1).await;
    stage.watched.go_on();
    let served = calls.join_all().await;
    let known = stage.get().await.unwrap();
    assert!(served.iter().all(|connection| Arc::ptr_eq(connection, &known)));
    assert_eq!(stage.watched.reads(), 1);
}

/// Neither one that is read for the first time, nor one that is stale.
pub async fn a_slow_connection_holds_up_no_other(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    stage.watched.hold_up(&stage.id);
    let (cache, id) = (stage.cache.clone(), stage.id.clone());
    let slow = tokio::spawn(async move { cache.get(&id).await });
    stage.watched.begun(1).await;
    let other: ConnectionId = "other-store".parse().unwrap();
    assert_eq!(stage.cache.get(&other).await.unwrap().id, other);
    stage.grow_stale();
    assert_eq!(stage.cache.get(&other).await.unwrap().id, other);
    assert!(!slow.is_finished());
    stage.watched.go_on();
    assert_eq!(slow.await.unwrap().unwrap().id, stage.id);
}

/// An invocation may end in the middle of it.
pub async fn a_call_that_is_dropped_while_it_refreshes_blocks_nobody(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    stage.watched.hold_up(&stage.id);
    let (cache, id) = (stage.cache.clone(), stage.id.clone());
    let dropped = tokio::spawn(async move { cache.get(&id).await });
    stage.watched.begun(1).await;
    dropped.abort();
    assert!(dropped.await.unwrap_err().is_cancelled());
    stage.watched.go_on();
    assert_eq!(stage.get().await.unwrap().id, stage.id);
}

/// An outage of the store of connections stops nothing that ran.
pub async fn a_failed_refresh_serves_the_old_value_and_is_counted(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    let old = stage.get().await.unwrap();
    stage.store_rules("newer = true").await;
    stage.watched.fail(true);
    for failures in 1..=3 {
        stage.grow_stale();
        assert!(Arc::ptr_eq(&old, &stage.get().await.unwrap()));
        assert_eq!(stage.cache.failed_refreshes(), failures);
    }
    stage.watched.fail(false);
    stage.grow_stale();
    assert_eq!(stage.get().await.unwrap().rules, "newer = true");
    assert_eq!(stage.cache.failed_refreshes(), 3);
}

/// A store of connections that is down is not asked by every order.
pub async fn a_failed_refresh_is_not_repeated_before_the_back_off(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    stage.get().await.unwrap();
    stage.grow_stale();
    stage.watched.fail(true);
    for reads in 2..=4 {
        for _ in 0..MANY {
            stage.get().await.unwrap();
        }
        assert_eq!(stage.watched.reads(), reads);
        stage.back_off();
    }
}

/// Many calls at once ask once, and the next after the back-off.
pub async fn a_connection_never_seen_is_unavailable_while_reading_fails(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    let down = Err(ConnectionsError::Unavailable("out of reach".to_owned()));
    stage.watched.fail(true);
    for reads in 1..=2 {
        for _ in 0..MANY {
            assert_eq!(stage.get().await.map(|connection| connection.id.clone()), down);
        }
        assert_eq!(stage.watched.reads(), reads);
        stage.back_off();
    }
    stage.watched.fail(false);
    assert_eq!(stage.get().await.unwrap().id, stage.id);
}

/// A read that fails afterwards does not bring it back.
pub async fn a_removed_connection_is_unknown_and_can_return(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    let unknown = Err(ConnectionsError::Unknown(stage.id.clone()));
    stage.get().await.unwrap();
    stage.subject.store.remove(&stage.id).await;
    stage.grow_stale();
    assert_eq!(stage.get().await.map(|connection| connection.id.clone()), unknown);
    stage.watched.fail(true);
    stage.back_off();
    assert_eq!(stage.get().await.map(|connection| connection.id.clone()), unknown);
    stage.watched.fail(false);
    stage.back_off();
    stage.store_rules("back = true").await;
    assert_eq!(stage.get().await.unwrap().rules, "back = true");
}

/// Only who has never seen a list gets the error.
pub async fn a_failed_list_serves_the_last_one_and_is_counted(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    stage.watched.fail(true);
    let down = ConnectionsError::Unavailable("out of reach".to_owned());
    assert_eq!(stage.cache.list().await, Err(down));
    stage.watched.fail(false);
    let listed = stage.cache.list().await.unwrap();
    assert_eq!(listed, ["main-store", "other-store"].map(|id| id.parse().unwrap()));
    stage.watched.fail(true);
    assert_eq!(stage.cache.list().await, Ok(listed));
    assert_eq!(stage.cache.failed_refreshes(), 2);
}

/// So that what was built from it need not be built again.
pub async fn the_same_connection_is_the_same_arc(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    let first = stage.get().await.unwrap();
    for _ in 0..3 {
        stage.subject.store.put(stored("main-store")).await;
        stage.grow_stale();
        assert!(Arc::ptr_eq(&first, &stage.get().await.unwrap()));
    }
    assert_eq!(stage.watched.reads(), 4);
}

/// Each rule, each address, each secret.
pub async fn whatever_changes_is_another_arc(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    for (what, change) in changes() {
        let before = stage.get().await.unwrap();
        let mut connection = (*before).clone();
        change(&mut connection);
        stage.subject.store.put(connection.clone()).await;
        stage.grow_stale();
        let after = stage.get().await.unwrap();
        assert!(!Arc::ptr_eq(&before, &after), "{what}");
        assert!(after.is_same_as(&connection), "{what}");
    }
}
