//! The cache over outlines: who reads, when, and what the others are served.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::ConnectionsSubject;
use super::sample::stored;
use super::watched::Watched;
use crate::cached_connections::Freshness;
use crate::cached_outlines::CachedOutlines;
use crate::conformance::samples::{MANY, almost};
use crate::connections::{Connection, ConnectionsError};
use crate::outlines::{Outline, Outlines};

const FRESHNESS: Freshness =
    Freshness { time_to_live: Duration::from_mins(5), back_off: Duration::from_secs(10) };

/// A cache of outlines over a watched source that holds `main-store` and `other-store`, of which `main-store` asks.
struct Stage {
    subject: ConnectionsSubject,
    watched: Arc<Watched>,
    cache: Arc<CachedOutlines>,
    own: Outline,
}

impl Stage {
    async fn set(subject: ConnectionsSubject) -> Self {
        subject.store.put(stored("main-store")).await;
        subject.store.put(stored("other-store")).await;
        let watched = Arc::new(Watched::new(subject.source.clone(), subject.outlines.clone()));
        let clock = Arc::new(subject.clock.clone());
        let cache = Arc::new(CachedOutlines::new(watched.clone(), clock, FRESHNESS));
        Self { subject, watched, cache, own: Outline::from(&stored("main-store")) }
    }

    async fn beside(&self) -> Result<Arc<[Outline]>, ConnectionsError> {
        self.cache.beside(&self.own).await
    }

    /// Stores `other-store` under other rules, and returns its outline.
    async fn store_rules(&self, rules: &str) -> Outline {
        let connection = Connection { rules: rules.to_owned(), ..stored("other-store") };
        let outline = Outline::from(&connection);
        self.subject.store.put(connection).await;
        outline
    }

    fn grow_stale(&self) {
        self.subject.clock.advance(FRESHNESS.time_to_live);
    }

    fn back_off(&self) {
        self.subject.clock.advance(FRESHNESS.back_off);
    }
}

/// Until their time has passed.
pub async fn fresh_outlines_are_served_without_looking(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    let first = stage.beside().await.unwrap();
    assert_eq!(*first, [stage.own.clone(), Outline::from(&stored("other-store"))]);
    stage.store_rules("newer = true").await;
    stage.subject.clock.advance(almost(FRESHNESS.time_to_live));
    assert!(Arc::ptr_eq(&first, &stage.beside().await.unwrap()));
    assert_eq!(stage.watched.reads(), 1);
}

/// That very call is served the new ones.
pub async fn stale_outlines_are_read_by_the_call_that_finds_them_stale(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    stage.beside().await.unwrap();
    let newer = stage.store_rules("newer = true").await;
    stage.grow_stale();
    assert_eq!(*stage.beside().await.unwrap(), [stage.own.clone(), newer]);
    assert_eq!((stage.watched.reads(), stage.cache.failed_reads()), (2, 0));
}

/// A newcomer, and one that changed: and whoever knows an older version of itself does not look with every order.
pub async fn whoever_is_not_among_fresh_outlines_is_looked_for_once(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    let before = Outline::from(&stored("other-store"));
    stage.beside().await.unwrap();
    stage.subject.store.put(stored("a-store")).await;
    let newcomer = Outline::from(&stored("a-store"));
    let changed = stage.store_rules("newer = true").await;
    for _ in 0..MANY {
        assert!(stage.cache.beside(&newcomer).await.unwrap().contains(&newcomer));
        assert!(stage.cache.beside(&changed).await.unwrap().contains(&newcomer));
    }
    assert_eq!(stage.watched.reads(), 2);
    for _ in 0..MANY {
        assert!(stage.cache.beside(&before).await.unwrap().contains(&changed));
        assert!(stage.beside().await.unwrap().contains(&changed), "and the others see the newer one as well");
    }
    assert_eq!(stage.watched.reads(), 3);
    let again = stage.store_rules("newer = 2").await;
    assert!(stage.cache.beside(&again).await.unwrap().contains(&again));
    assert_eq!(stage.watched.reads(), 4);
}

/// At once, and without a read of their own.
pub async fn while_one_call_reads_the_others_are_served_the_old_outlines(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    let old = stage.beside().await.unwrap();
    let newer = stage.store_rules("newer = true").await;
    stage.grow_stale();
    stage.watched.hold_up(&stage.own.id);
    let (cache, own) = (stage.cache.clone(), stage.own.clone());
    let reading = tokio::spawn(async move { cache.beside(&own).await });
    stage.watched.begun(2).await;
    for _ in 0..MANY {
        assert!(Arc::ptr_eq(&old, &stage.beside().await.unwrap()));
    }
    stage.watched.go_on();
    assert!(reading.await.unwrap().unwrap().contains(&newer));
    assert!(stage.beside().await.unwrap().contains(&newer));
    assert_eq!(stage.watched.reads(), 2);
}

/// Also after one of them was dropped in the middle of its read, as an invocation may be.
pub async fn of_many_first_askers_one_reads_outlines_and_all_are_served(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    stage.watched.hold_up(&stage.own.id);
    let (cache, own) = (stage.cache.clone(), stage.own.clone());
    let dropped = tokio::spawn(async move { cache.beside(&own).await });
    stage.watched.begun(1).await;
    dropped.abort();
    assert!(dropped.await.unwrap_err().is_cancelled());
    let mut calls = JoinSet::new();
    for _ in 0..MANY {
        let (cache, own) = (stage.cache.clone(), stage.own.clone());
        calls.spawn(async move { cache.beside(&own).await.unwrap() });
    }
    stage.watched.begun(2).await;
    stage.watched.go_on();
    let served = calls.join_all().await;
    let known = stage.beside().await.unwrap();
    assert!(served.iter().all(|outlines| Arc::ptr_eq(outlines, &known)));
    assert_eq!(stage.watched.reads(), 2);
}

/// An outage of the store of connections stops nothing that ran, and is not asked by every order.
pub async fn a_failed_read_of_outlines_serves_the_old_ones_and_is_not_repeated_before_the_back_off(
    subject: ConnectionsSubject,
) {
    let stage = Stage::set(subject).await;
    let old = stage.beside().await.unwrap();
    let newer = stage.store_rules("newer = true").await;
    stage.watched.fail(true);
    stage.grow_stale();
    for failures in 1..=3 {
        for _ in 0..MANY {
            assert!(Arc::ptr_eq(&old, &stage.beside().await.unwrap()));
        }
        assert_eq!(stage.cache.failed_reads(), failures);
        stage.back_off();
    }
    stage.watched.fail(false);
    assert!(stage.beside().await.unwrap().contains(&newer));
    assert_eq!((stage.watched.reads(), stage.cache.failed_reads()), (5, 3));
}

/// Where nothing was ever read, and where what was read is older than whoever asks.
pub async fn outlines_that_never_showed_the_asker_are_unavailable_while_reading_fails(
    subject: ConnectionsSubject,
) {
    let stage = Stage::set(subject).await;
    let down = Err(ConnectionsError::Unavailable("out of reach".to_owned()));
    stage.watched.fail(true);
    for reads in 1..=2 {
        for _ in 0..MANY {
            assert_eq!(stage.beside().await, down);
        }
        assert_eq!(stage.watched.reads(), reads);
        stage.back_off();
    }
    stage.watched.fail(false);
    stage.beside().await.unwrap();
    let newer = stage.store_rules("newer = true").await;
    stage.watched.fail(true);
    for _ in 0..MANY {
        assert_eq!(stage.cache.beside(&newer).await, down);
        assert!(stage.beside().await.is_ok(), "whoever is shown goes on");
    }
    assert_eq!(stage.watched.reads(), 4);
    stage.watched.fail(false);
    stage.back_off();
    assert!(stage.cache.beside(&newer).await.unwrap().contains(&newer));
}

/// So that what was compared need not be compared again.
pub async fn the_same_outlines_are_the_same_arc(subject: ConnectionsSubject) {
    let stage = Stage::set(subject).await;
    let first = stage.beside().await.unwrap();
    for _ in 0..3 {
        stage.subject.store.put(stored("other-store")).await;
        stage.grow_stale();
        assert!(Arc::ptr_eq(&first, &stage.beside().await.unwrap()));
    }
    assert_eq!(stage.watched.reads(), 4);
}
